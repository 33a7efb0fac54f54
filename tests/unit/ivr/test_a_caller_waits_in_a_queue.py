"""The queue node: what it asks for, every way out, and what comes after the agent."""

from __future__ import annotations

import pytest

from ctiserver.ivr import interpreter
from ctiserver.ivr.messages import Announce, QueueRequest
from tests.unit.ivr.flow_texts import flow_set, ring

QUEUE = """
entry: people
nodes:
  people:
    queue:
      queue: service
      priority: "{90 if customer.vip else 5}"
      skills: {service: 3}
      announce: {position: true, wait: true, every: 20s}
      timeout: 300s
      on_timeout: late
      no_agents: nobody
      closed: night
      keys: {"1": message}
      after: survey
  late: {hang_up: 忙}
  nobody: {hang_up: 无人}
  night: {hang_up: 夜间}
  message: {hang_up: 留言}
  survey: {menu: {say: 满意请按1, choices: {"1": late}, no_input: late}}
"""


def test_the_request_carries_everything_the_acd_needs() -> None:
    caller = ring(flow_set(QUEUE), customer={"vip": True})
    assert caller.queue == QueueRequest(
        queue="service",
        language="zh-CN",
        priority=90,
        skills={"service": 3},
        announce=Announce(position=True, wait=True, every_s=20.0),
        timeout_s=300.0,
        keys=("1",),
        node="people",
    )


def test_an_unknown_customer_has_the_ordinary_priority() -> None:
    caller = ring(flow_set(QUEUE), customer=None)
    assert caller.queue is not None
    assert caller.queue.priority == 5


@pytest.mark.parametrize(
    ("outcome", "node"), [("timeout", "late"), ("no_agents", "nobody"), ("closed", "night"), ("refused", "nobody")]
)
def test_each_way_out_leads_somewhere_else(outcome: str, node: str) -> None:
    caller = ring(flow_set(QUEUE))
    caller.queue_ends(outcome)
    assert caller.visited[-1] == node


def test_a_key_leads_out_and_other_keys_do_not() -> None:
    caller = ring(flow_set(QUEUE))
    caller.press("5")
    assert caller.queue is not None
    caller.press("1")
    assert caller.visited[-1] == "message"


def test_after_the_agent_comes_the_survey() -> None:
    caller = ring(flow_set(QUEUE))
    caller.queue_ends("agent_done")
    assert caller.heard == ["满意请按1"]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ("timeout", "queue_timeout"),
        ("no_agents", "no_agents"),
        ("closed", "closed"),
        ("refused", "refused"),
        ("agent_done", "agent_done"),
    ],
)
def test_without_a_target_the_call_ends_and_says_why(outcome: str, reason: str) -> None:
    caller = ring(flow_set("entry: people\nnodes: {people: {queue: service}}\n"))
    caller.queue_ends(outcome)
    assert caller.ended == reason


def test_what_becomes_known_later_counts_from_then_on() -> None:
    flows = flow_set("entry: hello\nnodes: {hello: {say: 您好, next: people}, " + PEOPLE + "}")
    caller = ring(flows, customer=None)
    assert caller.cursor is not None
    caller.cursor = interpreter.inform(caller.cursor, {"customer": {"vip": True}})
    caller.listen_to_the_end()
    assert caller.queue is not None
    assert caller.queue.priority == 90


PEOPLE = 'people: {queue: {queue: service, priority: "{90 if customer.vip else 0}"}}'
