"""Property: the wallboard's figures at any instant are those that anybody recomputes from the journal up to it.

The other way of counting is as plain as can be: it goes through all steps each time and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctiserver.call import events as ev
from ctiserver.call.events import Step
from ctiserver.directory import Queue
from ctiserver.kpi.service_level import FORMULAS, Counts, service_level
from ctiserver.live.statistics import TodayStatistics
from tests.unit.live.random_days import AGENTS, QUEUES, random_steps

CONTRACTS = {
    "repairs": Queue(id="repairs", name={}, skills={}, service_level_s=20, short_abandon_s=5),
    "bills": Queue(id="bills", name={}, skills={}, service_level_s=30.5, short_abandon_s=4.999),
}
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")
# Nights in which clocks are changed, and one in which they are not.
NIGHTS = ((2026, 3, 29), (2026, 10, 25), (2026, 11, 1), (2026, 3, 8), (2026, 6, 14))
HOUR = 3600.0


def recount(steps: Sequence[Step], queue: str, since: float, until: float) -> Counts:
    """Of stays that ended, and entries that were made, in [since, until]."""
    contract = CONTRACTS.get(queue)
    within, short = (contract.service_level_s, contract.short_abandon_s) if contract else (20.0, 5.0)
    facts = [(fact, step.at) for step in steps if since <= step.at <= until for fact in step.facts]
    left = [fact for fact, _ in facts if isinstance(fact, ev.QueueLeft) and fact.queue_id == queue]

    def ended(outcome: str, longest: float | None = None) -> int:
        ms = float("inf") if longest is None else round(longest * 1000)
        return sum(fact.outcome == outcome and round(fact.waited_s * 1000) <= ms for fact in left)

    return Counts(
        answered=ended("answered"),
        abandoned=ended("abandoned"),
        overflowed=ended("overflowed"),
        answered_within=ended("answered", within),
        abandoned_within=ended("abandoned", within),
        overflowed_within=ended("overflowed", within),
        short_abandoned=ended("abandoned", short),
        entries=sum(isinstance(fact, ev.QueueEntered) and fact.queue_id == queue for fact, _ in facts),
    )


def midnight_of(now: float, zone: ZoneInfo) -> float:
    local = datetime.fromtimestamp(now, zone)
    return datetime(local.year, local.month, local.day, tzinfo=zone).timestamp()


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    zone=st.sampled_from(ZONES),
    night=st.sampled_from(NIGHTS),
    moments=st.lists(st.floats(-3, 27), min_size=1, max_size=4),
)
def test_at_any_instant(seed: int, zone: str, night: tuple[int, int, int], moments: list[float]) -> None:
    where = ZoneInfo(zone)
    start = datetime(*night, tzinfo=where).timestamp()
    steps = random_steps(seed, start - 4 * HOUR, start + 26 * HOUR, calls=120)
    counted = TodayStatistics(where, lambda: CONTRACTS)
    taken = 0
    for now in sorted(start + hours * HOUR for hours in moments):
        due = next((at for at, step in enumerate(steps) if step.at > now), len(steps))
        counted.take(steps[taken:due])
        taken = due
        counted.begin_day(now)
        compare(counted, steps[:due], now, where)


def compare(counted: TodayStatistics, steps: Sequence[Step], now: float, where: ZoneInfo) -> None:
    midnight = midnight_of(now, where)
    for queue in QUEUES:
        counts = recount(steps, queue, midnight, now)
        assert counted.queue(queue).counts == counts
        assert [service_level(formula, counted.queue(queue).counts) for formula in FORMULAS] == [
            service_level(formula, counts) for formula in FORMULAS
        ]
        first = now - now % 300 - 5 * 300
        assert counted.counts_now(queue, now) == recount(steps, queue, first, now)
    today = [(fact, step) for step in steps if step.at >= midnight for fact in step.facts]
    answered = [fact for fact, _ in today if isinstance(fact, ev.QueueLeft) and fact.outcome == "answered"]
    waited = sum(counted.queue(queue).answer_wait_s for queue in QUEUES)
    assert waited == pytest.approx(sum(fact.waited_s for fact in answered))
    for agent in AGENTS:
        talks = [fact for fact, _ in today if isinstance(fact, ev.TalkEnded) and fact.agent_id == agent]
        own = [work for (who, _), work in counted.work.items() if who == agent]
        assert sum(work.handled for work in own) == len(talks) == counted.agent(agent).answered
        assert sum(work.talk_s + work.hold_s for work in own) == pytest.approx(
            sum(fact.talk_s + fact.hold_s for fact in talks)
        )
        wrapped = [
            step.at - (fact.old_since or 0.0)
            for fact, step in today
            if isinstance(fact, ev.AgentStateChanged) and fact.agent_id == agent and fact.old_activity == "wrap_up"
        ]
        assert sum(work.wrap_up_s for work in own) == pytest.approx(sum(wrapped))
    made = {step.subject: fact.direction for step in steps for fact in step.facts if isinstance(fact, ev.CallStarted)}
    ended = [fact for fact, step in today if isinstance(fact, ev.CallEnded) and made[step.subject] == "inbound"]
    assert counted.calls_in.ended == len(ended)
    assert counted.calls_in.answered == sum(fact.outcome == "answered" for fact in ended)
    shown = counted.traffic_points(now)
    assert len(shown) == 24
    for point in shown:
        parts = [recount(steps, queue, point.at, min(now, point.at + 299.999_999)) for queue in QUEUES]
        assert point.offered == sum(part.entries for part in parts)
        assert point.answered == sum(part.answered for part in parts)
        assert point.abandoned == sum(part.abandoned for part in parts)
