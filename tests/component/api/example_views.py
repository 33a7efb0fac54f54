"""What a small centre shows: two agents, a queue, two calls, a screen pop; and a clock that stands."""

from __future__ import annotations

from typing import Any

import msgspec

from ctiserver.call.screen_pop import ScreenPop
from ctiserver.live.views import AgentView, LiveCallView, QueueView, TotalsView

CALLER = "13800138000"
OTHER_CALLER = "13911112222"


class ManualClock:
    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.time = now

    def now(self) -> float:
        return self.time


def agent_view(agent_id: int, **changes: Any) -> AgentView:
    view = AgentView(
        id=agent_id,
        number=f"100{agent_id}",
        name=f"Agent {agent_id}",
        extension=f"100{agent_id}",
        team=None,
        skills={"service": 5},
        presence="ready",
        reason="",
        presence_since=1.0,
        pending_presence=None,
        activity="idle",
        activity_since=1.0,
        phone="reachable",
        call_id="",
        queue_id="",
        wrap_up_until=None,
        answered_today=0,
        missed_today=0,
        talk_s_today=0.0,
    )
    return msgspec.structs.replace(view, **changes)


def queue_view(queue_id: str = "repairs", **changes: Any) -> QueueView:
    view = QueueView(
        id=queue_id,
        name={"zh-CN": "报修", "en": "Repairs"},
        waiting=0,
        longest_wait_since=None,
        offered=0,
        answered=0,
        abandoned=0,
        abandoned_short=0,
        overflowed=0,
        answered_within=0,
        abandoned_within=0,
        service_level=None,
        service_level_s=20.0,
        service_level_target=0.8,
        average_answer_s=None,
        agents_signed_in=0,
        agents_ready=0,
        expected_wait_s=None,
    )
    return msgspec.structs.replace(view, **changes)


def call_view(call_id: str, **changes: Any) -> LiveCallView:
    view = LiveCallView(
        id=call_id,
        dialled="96100",
        caller_number=CALLER,
        caller_name="",
        customer_name="",
        phase="waiting",
        phase_since=1.0,
        started_at=1.0,
        flow="",
        node="",
        queue_id="repairs",
        queued_at=1.0,
        position=1,
        agent_id=None,
        held=False,
        direction="inbound",
        held_by=(),
        agent_muted=False,
        caller_muted=False,
        caller_present=True,
        priority_s=0.0,
        parties=(),
        consult=None,
        recording="off",
        recording_paused_at=None,
        transfer_to="",
    )
    return msgspec.structs.replace(view, **changes)


def totals_view(**changes: Any) -> TotalsView:
    view = TotalsView(
        waiting=0,
        longest_wait_since=None,
        live_calls=0,
        offered=0,
        answered=0,
        abandoned=0,
        service_level=None,
        average_answer_s=None,
        agents={"ready": 2},
        traffic=(),
    )
    return msgspec.structs.replace(view, **changes)


def screen_pop(agent_id: int, call_id: str = "c1") -> ScreenPop:
    return ScreenPop(
        call_id=call_id,
        offer_id="o1",
        agent_id=agent_id,
        state="ringing",
        since=1.0,
        dialled="96100",
        queue_id="repairs",
        waited_s=3.0,
        caller_number=CALLER,
        caller_name="",
        region={"zh-CN": "北京市", "en": "Beijing"},
        identified="done",
        matches=0,
        customer=None,
        outside=(),
        path=(),
        entered=(),
        last_contacts=(),
    )
