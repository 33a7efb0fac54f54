"""Days of a call centre made of chance: steps as the call core would journal them, in order of time."""

from __future__ import annotations

import random

from ctiserver.call import events as ev
from ctiserver.call.events import Fact, Step
from ctiserver.call.words import Activity

QUEUES = ("repairs", "bills", "gone")
AGENTS = (1, 2)


def random_steps(seed: int, first: float, last: float, calls: int, *, led_elsewhere: bool = True) -> list[Step]:
    """Calls that begin in [first, last): menus, waits in one or two queues, talks, wrap-ups, own calls of agents."""
    chance = random.Random(seed)  # noqa: S311 - a day that can be made again
    steps: list[Step] = []
    for number in range(calls):
        steps += _call(chance, f"n1-{seed}-{number}", chance.uniform(first, last), led_elsewhere)
    steps.sort(key=lambda step: step.at)
    return _wrap_ups_in_order(steps)


def _call(chance: random.Random, call: str, at: float, led_elsewhere: bool) -> list[Step]:
    direction = chance.choice(("inbound", "inbound", "inbound", "inbound", "outbound"))
    arrived = ev.CallArrived(
        call_id=call, channel_id=f"{call}-c", dialled="96100", caller_number="", caller_name="", flow="main"
    )
    begun = ev.CallStarted(
        call_id=call, dialled="96100", caller_number="", caller_name="", flow="main", direction=direction
    )
    steps = [_step(at, call, arrived, begun)]
    begin, outcome = at, "self_service"
    agent = chance.choice(AGENTS)
    if direction == "outbound":
        at += chance.uniform(1, 300)
        talked = ev.TalkEnded(agent_id=agent, queue_id="", started_at=begin, talk_s=at - begin, hold_s=0.0)
        outcome = "answered"
        steps.append(_step(at, call, ev.CallerHungUp(cause=16), talked))
    elif chance.random() < 0.85:
        at += chance.uniform(1, 30)
        queue = chance.choice(QUEUES)
        steps.append(_step(at, call, ev.DeadlinePassed(name="menu"), ev.QueueEntered(queue_id=queue)))
        for _ in range(chance.choice((0, 0, 0, 1)) * led_elsewhere):  # led into another queue
            at, left = _left(chance, at, queue, "overflowed")
            queue = chance.choice(QUEUES)
            steps.append(_step(at, call, ev.DeadlinePassed(name="wait"), left, ev.QueueEntered(queue_id=queue)))
        outcome = chance.choice(("answered", "answered", "answered", "abandoned"))
        at, left = _left(chance, at, queue, outcome)
        if outcome == "answered":
            rung = max(begin, at - 8)
            refused = ev.OfferEnded(
                offer_id=f"{call}-o", agent_id=agent, queue_id=queue, started_at=rung,
                outcome=chance.choice(("refused", "withdrawn")), cause="no_answer",
            )  # fmt: skip
            steps.append(_step(at, call, ev.PartiesConnected(bridge_id=f"{call}-b"), left, refused))
            talk_s, hold_s, begun_at = chance.uniform(5, 400), chance.choice((0.0, 0.0, 31.5)), at
            at += talk_s + hold_s
            talked = ev.TalkEnded(agent_id=agent, queue_id=queue, started_at=begun_at, talk_s=talk_s, hold_s=hold_s)
            steps.append(_step(at, call, ev.CallerHungUp(cause=16), talked, _activity(agent, "talking", call)))
        else:
            steps.append(_step(at, call, ev.CallerHungUp(cause=16), left))
    ended = ev.CallEnded(
        call_id=call,
        started_at=begin,
        ended_by="caller",
        reason="hang_up",
        outcome=outcome,
        cause=16,  # pyright: ignore[reportArgumentType] - one of its words
    )
    last = steps[-1]
    steps[-1] = Step(at=last.at, subject=last.subject, input=last.input, facts=(*last.facts, ended))
    return steps


def _left(chance: random.Random, entered: float, queue: str, outcome: str) -> tuple[float, ev.QueueLeft]:
    # In whole milliseconds and often right on the threshold, where ≤ counts.
    waited = chance.choice((5.0, 20.0, 20.001, 4.999, round(chance.uniform(0.2, 120), 3)))
    left = ev.QueueLeft(queue_id=queue, outcome=outcome, reason="", entered_at=entered, waited_s=waited)  # pyright: ignore[reportArgumentType] - one of its words
    return entered + waited, left


def _activity(agent: int, old: Activity, call: str) -> ev.AgentStateChanged:
    return ev.AgentStateChanged(
        agent_id=agent, presence="ready", reason="", activity="wrap_up", reachable=True, call_id=call,
        old_presence="ready", old_activity=old, old_since=None,
    )  # fmt: skip


def _wrap_ups_in_order(steps: list[Step]) -> list[Step]:
    """An agent's wrap-up ends 10 s later, or sooner when the next conversation of the same agent ends before that."""
    found = list(steps)
    ends: dict[int, float] = {}
    for at, step in enumerate(steps):
        for fact in step.facts:
            if not isinstance(fact, ev.AgentStateChanged):
                continue
            if ends.get(fact.agent_id, 0.0) > step.at:  # still wraps up: this one has none of its own
                kept = tuple(one for one in step.facts if not isinstance(one, ev.AgentStateChanged))
                found[at] = Step(at=step.at, subject=step.subject, input=step.input, facts=kept)
                continue
            ends[fact.agent_id] = step.at + 10
            over = ev.AgentStateChanged(
                agent_id=fact.agent_id, presence="ready", reason="", activity="idle", reachable=True, call_id="",
                old_presence="ready", old_activity="wrap_up", old_since=step.at,
            )  # fmt: skip
            finished = ev.WrapUpFinished(agent_id=fact.agent_id, by="timer")
            found.append(_step(step.at + 10, f"agent:{fact.agent_id}", finished, over))
    return sorted(found, key=lambda step: step.at)


def _step(at: float, subject: str, made_by: ev.Input, *facts: Fact) -> Step:
    return Step(at=at, subject=subject, input=made_by, facts=facts)
