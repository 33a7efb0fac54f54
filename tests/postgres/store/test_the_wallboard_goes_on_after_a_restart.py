"""Today's figures from Postgres are the ones that the running centre counted from the same steps, at any instant."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from ctiserver.call.events import Step
from ctiserver.directory import Queue
from ctiserver.live.local_day import local_midnight
from ctiserver.live.statistics import TodayStatistics
from ctiserver.store.database import Database
from ctiserver.store.driver import driver_connection
from ctiserver.store.projection import Projection
from ctiserver.store.reports import today
from tests.postgres.store.call_stories import START, abandoned_call, answered_call, arrival, queue_entered
from tests.postgres.store.projecting import project
from tests.unit.live.random_days import random_steps

SHANGHAI = ZoneInfo("Asia/Shanghai")
MIDNIGHT = local_midnight(START, SHANGHAI)
CONTRACTS = {"repairs": Queue(id="repairs", name={}, skills={}), "bills": Queue(id="bills", name={}, skills={})}


def statistics() -> TodayStatistics:
    return TodayStatistics(SHANGHAI, lambda: CONTRACTS)


async def agree(database: Database, live: TodayStatistics, now: float) -> None:
    """A process that begins now, from what was stored, shows what the one before showed."""
    live.begin_day(now)
    fresh = statistics()
    fresh.seed(await today(database, local_midnight(now, SHANGHAI), now), local_midnight(now, SHANGHAI))
    fresh.begin_day(now)
    for queue in {*live.queues, *fresh.queues}:
        assert fresh.queue(queue).counts == live.queue(queue).counts
        assert fresh.queue(queue).answer_wait_s == pytest.approx(live.queue(queue).answer_wait_s, abs=0.1)
        assert fresh.counts_now(queue, now) == live.counts_now(queue, now)
        assert fresh.traffic_points(now, {queue}) == live.traffic_points(now, {queue})
    assert fresh.traffic_points(now) == live.traffic_points(now)
    assert fresh.calls_in == live.calls_in
    for agent in {*live.agents, *fresh.agents}:
        before, after = live.agent(agent), fresh.agent(agent)
        assert (after.answered, after.missed) == (before.answered, before.missed)
        assert after.talk_s == pytest.approx(before.talk_s, abs=0.1)
    for key in {*live.work, *fresh.work}:
        before, after = live.work[key], fresh.work[key]
        assert after.handled == before.handled
        assert after.talk_s == pytest.approx(before.talk_s, abs=0.1)
        assert after.hold_s == pytest.approx(before.hold_s, abs=0.1)
        assert after.wrap_up_s == pytest.approx(before.wrap_up_s, abs=0.1)


async def test_figures_agree_with_those_counted_live(centre: Database) -> None:
    steps = [
        *answered_call("n1-0", at=0),
        *answered_call("n1-1", at=400),
        *abandoned_call("n1-2", at=100, waits=3.0),
        *abandoned_call("n1-3", at=700, waits=90.0),
        arrival("n1-4", 790),
        queue_entered("n1-4", 795),  # still waits
    ]
    steps.sort(key=lambda step: step.at)
    live = statistics()
    live.take(steps)
    await project(centre, steps)
    await agree(centre, live, START + 900)
    assert live.queues["repairs"].offered == 5


@pytest.mark.parametrize("seed", [3, 8])
async def test_at_any_instant_of_a_random_night(centre: Database, seed: int) -> None:
    """Through midnight, while callers wait, agents talk and wrap up.

    Nobody waits in a second queue: of such a stay the tables know the entry only when it has ended (docs/reports.md).
    """
    first, last = MIDNIGHT + 22 * 3600, MIDNIGHT + 26 * 3600
    made = random_steps(seed, first, last, calls=150, led_elsewhere=False)
    steps = [Step(seq=at, at=s.at, subject=s.subject, input=s.input, facts=s.facts) for at, s in enumerate(made, 1)]
    live, projection, taken = statistics(), Projection("n1", "CN"), 0
    for hours in (22.9, 23.99, 24.02, 25.3, 26.5):
        now = MIDNIGHT + hours * 3600
        due = next((at for at, step in enumerate(steps) if step.at > now), len(steps))
        async with driver_connection(centre) as connection:
            await projection.write(connection, steps[taken:due])
        live.take(steps[taken:due])
        taken = due
        await agree(centre, live, now)


async def test_yesterday_does_not_count(centre: Database) -> None:
    await project(centre, answered_call("n1-0", at=0))
    stored = await today(centre, START + 900, START + 7200 + 900)
    assert (stored.queues, stored.agents, stored.work, stored.intervals) == ({}, {}, (), ())
