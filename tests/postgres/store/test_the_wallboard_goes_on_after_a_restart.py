"""Today's figures from Postgres are the ones that the running centre counted from the same steps."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from ctiserver.directory import Queue
from ctiserver.live.statistics import TodayStatistics
from ctiserver.store.database import Database
from ctiserver.store.reports import today
from tests.postgres.store.call_stories import START, abandoned_call, answered_call, arrival, queue_entered
from tests.postgres.store.projecting import project

FIELDS = (
    "offered", "answered", "abandoned", "abandoned_short", "overflowed", "answered_within", "abandoned_within",
    "overflowed_within", "answer_wait_s",
)  # fmt: skip
MIDNIGHT = START - 8 * 3600 + 8 * 3600 - 16 * 3600  # 16:00 UTC of the day before: midnight in Shanghai


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
    repairs = Queue(id="repairs", name={}, skills={})
    live = TodayStatistics(ZoneInfo("Asia/Shanghai"), lambda: {"repairs": repairs})
    live.take(steps)
    await project(centre, steps)

    stored = await today(centre, MIDNIGHT, START + 900)
    figures = live.queues["repairs"]
    assert {name: getattr(stored.queues["repairs"], name) for name in FIELDS} == {
        name: getattr(figures, name) for name in FIELDS
    }
    assert figures.offered == 5
    for agent_id, counted in live.agents.items():
        kept = stored.agents[agent_id]
        assert (kept.answered, kept.missed, kept.talk_s) == (counted.answered, counted.missed, counted.talk_s)
    assert [(point.at, point.offered, point.answered, point.abandoned) for point in stored.traffic] == [
        (point.at, point.offered, point.answered, point.abandoned) for point in live.traffic
    ]


async def test_yesterday_does_not_count(centre: Database) -> None:
    await project(centre, answered_call("n1-0", at=0))
    stored = await today(centre, START + 900, START + 7200 + 900)
    assert stored.queues == {}
    assert stored.agents == {}
    assert stored.traffic == ()
