"""Rules and a caller for tests of deciding: flows from text, two queues, local time in Shanghai."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from ctiserver.call.decide import Rules
from ctiserver.call.events import CallArrived
from ctiserver.directory import Queue
from ctiserver.ivr.flow_file import build_flow_set

CALL_ID = "n1-1-1"
NOON = 1_767_240_000.0

FLOWS = {
    "lines.yaml": 'lines:\n  "100": {flow: direct}\n  "101": {flow: with_menu}\n  "102": {flow: survey}\n',
    "direct.yaml": "flow: direct\nmenu: none\nqueue: {queue: service, announce: {position: true, every: 20s}}\n",
    "with_menu.yaml": """
flow: with_menu
entry: welcome
nodes:
  welcome: {menu: {say: 请选择。, timeout: 5s, retries: 1, choices: {"2": repairs, "0": people}, no_input: bye}}
  repairs: {queue: {queue: repairs, timeout: 30s, on_timeout: bye}}
  people: {queue: {queue: service, keys: {"1": bye}}}
  bye: {hang_up: 再见。}
""",
    "survey.yaml": """
flow: survey
entry: people
nodes:
  people: {queue: {queue: service, after: rate}}
  rate: {menu: {say: 请评价。, choices: {"1": thanks, "2": thanks}, no_input: thanks}}
  thanks: {hang_up: 谢谢。}
""",
}
RULES = Rules(
    flows=build_flow_set(FLOWS),
    queues={
        "service": Queue(id="service", name={}, skills={}),
        "repairs": Queue(id="repairs", name={}, skills={}, record=False, announce_agent=False),
    },
    timezone=ZoneInfo("Asia/Shanghai"),
)


def arrival(line: str = "100") -> CallArrived:
    flow = {"100": "direct", "101": "with_menu", "102": "survey"}[line]
    return CallArrived(
        call_id=CALL_ID, channel_id="1.1", dialled=line, caller_number="13800138000", caller_name="", flow=flow
    )
