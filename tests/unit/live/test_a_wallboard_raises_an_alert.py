"""Story: a figure misses its target for some time; who supervises is told, says so, and it ends by itself."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import msgspec
import pytest

from ctiserver.errors import DatabaseAwayError, Rejected
from ctiserver.kpi.boards import Alert, Board, FigureRule
from ctiserver.live.audience import Viewer
from ctiserver.live.board_figures import Figured, Moment
from ctiserver.live.board_watch import TAKE_UP_S, BoardWatch
from ctiserver.live.feed import Feed
from ctiserver.live.views import CentreSnapshot, TotalsView
from tests.component.api.example_views import ManualClock

BOARD = Board(
    id="floor", name={"en": "Floor"}, figures=(FigureRule(figure="waiting", target=2, limit=4, alert=True, after_s=30),)
)


class Source:
    def __init__(self, clock: ManualClock) -> None:
        self.clock, self.waiting, self.computed = clock, 0, 0

    def moment(self) -> Moment:
        self.computed += 1
        return Moment(now=self.clock.now(), queues={}, agents=(), states={}, live_calls=0, lines=0)

    def of(self, board: Board, moment: Moment) -> Figured:
        figures: dict[str, float | None] = {"waiting": self.waiting, "longest_wait": moment.now}
        return Figured(queues=(), figures=figures, contract={}, longest_wait_since=None, agents={}, traffic=())


class Store:
    """Remembers what was written; `away`: as if Postgres were not there."""

    def __init__(self) -> None:
        self.away, self.kept, self.written = False, dict[str, Alert](), list[str]()

    def _there(self) -> None:
        if self.away:
            raise DatabaseAwayError("away")

    async def all(self) -> tuple[Board, ...]:
        self._there()
        return (BOARD,)

    async def open_alerts(self) -> list[Alert]:
        self._there()
        return [alert for alert in self.kept.values() if alert.cleared_at is None]

    async def raise_alert(self, alert: Alert, board: Board, told: dict[str, object]) -> None:
        self._there()
        self.written.append(f"raised {alert.figure} {told['value']}")
        self.kept[alert.id] = alert

    async def clear_alert(self, alert_id: str, at: float) -> None:
        self._there()
        self.written.append("cleared")

    async def acknowledge(self, alert_id: str, *, by: str, note: str, at: float) -> Alert | None:
        self._there()
        found = self.kept.get(alert_id)
        if found is None or found.acknowledged_at is not None:
            return None
        self.kept[alert_id] = msgspec.structs.replace(found, acknowledged_at=at, acknowledged_by=by, note=note)
        return self.kept[alert_id]


class Stage:
    def __init__(self) -> None:
        self.clock, self.store = ManualClock(), Store()
        self.source = Source(self.clock)
        self.feed = Feed(self.clock)
        self.watch = BoardWatch(self.source, self.store, self.feed, self.clock)

    async def wait(self, seconds: float) -> None:
        """Time passes, and the watch has one turn."""
        self.clock.time += seconds
        turn = asyncio.create_task(self.watch.run())
        for _ in range(20):
            await asyncio.sleep(0)
        turn.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await turn


@pytest.fixture
async def stage() -> Stage:
    made = Stage()
    await made.wait(0)
    return made


async def test_missed_long_enough_then_seen_then_over(stage: Stage) -> None:
    stage.source.waiting = 9
    await stage.wait(1)
    assert stage.watch.alerts() == ()
    await stage.wait(29)
    assert stage.watch.alerts() == ()
    await stage.wait(1)
    (alert,) = stage.watch.alerts()
    assert (alert.board, alert.figure, alert.value, alert.target) == ("floor", "waiting", 9, 2)
    assert stage.store.written == ["raised waiting 9"]
    seen = await stage.watch.acknowledge(alert.id, by="李班长", note="加派两人")
    assert (seen.acknowledged_by, stage.watch.alerts()) == ("李班长", (seen,))
    with pytest.raises(Rejected):
        await stage.watch.acknowledge(alert.id, by="王班长", note="")
    stage.source.waiting = 1
    await stage.wait(1)
    assert stage.watch.alerts() == ()
    assert stage.store.written == ["raised waiting 9", "cleared"]


async def test_a_short_peak_tells_nobody(stage: Stage) -> None:
    for waiting in (9, 1, 9, 1):
        stage.source.waiting = waiting
        await stage.wait(29)
    assert stage.store.written == []


async def test_without_postgres_it_is_raised_all_the_same_and_written_later(stage: Stage) -> None:
    stage.store.away = True
    stage.source.waiting = 9
    await stage.wait(1)
    await stage.wait(31)
    assert len(stage.watch.alerts()) == 1
    assert stage.store.written == []
    stage.store.away = False
    await stage.wait(1)
    assert stage.store.written == ["raised waiting 9"]


async def test_an_alert_outlives_the_daemon(stage: Stage) -> None:
    stage.source.waiting = 9
    await stage.wait(1)
    await stage.wait(31)
    successor = Stage()
    successor.store, successor.source.waiting = stage.store, 9
    successor.watch = BoardWatch(successor.source, stage.store, successor.feed, successor.clock)
    await successor.wait(0)
    assert [alert.id for alert in successor.watch.alerts()] == [alert.id for alert in stage.watch.alerts()]
    assert stage.store.written == ["raised waiting 9"]
    successor.source.waiting = 0
    await successor.wait(TAKE_UP_S - 1)
    successor.source.waiting = 9  # Asterisk has answered: they wait as before, and it is no second alert
    await successor.wait(31)
    assert stage.store.written == ["raised waiting 9"]
    successor.source.waiting = 0
    await successor.wait(1)
    assert stage.store.written[-1] == "cleared"


async def test_pages_are_told_only_of_what_is_different(stage: Stage) -> None:
    totals: Any = TotalsView(
        waiting=0, longest_wait_since=None, live_calls=0, offered=0, answered=0, abandoned=0, service_level=None,
        average_answer_s=None, agents={}, traffic=(),
    )  # fmt: skip
    snapshot = CentreSnapshot(now=0.0, agents=(), queues=(), calls=(), totals=totals, pop=None)
    page = stage.feed.subscribe(Viewer(staff=False, board=True), lambda: snapshot)
    await page.next_message()
    await stage.wait(1)
    await stage.wait(1)
    assert page.waiting == 0  # only the longest wait went on, and pages count that themselves
    stage.source.waiting = 1
    await stage.wait(1)
    assert b'"type":"board"' in await page.next_message()
    page.close()


async def test_a_burst_is_computed_once(stage: Stage) -> None:
    before = stage.source.computed
    for _ in range(50):
        stage.watch.on_durable([None])  # pyright: ignore[reportArgumentType] - any step
    assert stage.source.computed <= before + 1
