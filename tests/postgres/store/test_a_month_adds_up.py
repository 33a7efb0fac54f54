"""A month with known totals gives exactly those totals in every report and interval: where clocks change, at midnight,
for calls over ends of intervals and agents over ends of shifts; and again when all is rebuilt from the journal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from ctiserver.clock import to_datetime
from ctiserver.kpi.booking import Booking
from ctiserver.kpi.intervals import Interval, edges
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.driver import driver_connection
from ctiserver.store.projection import Projection
from ctiserver.store.rebuild import rebuild
from ctiserver.store.reporting.reports import Reports
from ctiserver.store.reporting.shapes import Contract, Part, ReportView, Wanted
from tests.postgres.store.call_stories import numbered
from tests.postgres.store.month import PEOPLE, QUEUES, SHORT_MS, WITHIN_MS, MadeCall, Month, make_month

BERLIN, SHANGHAI, KATHMANDU = "Europe/Berlin", "Asia/Shanghai", "Asia/Kathmandu"
SPRING = ((2027, 3, 27), (2027, 3, 28), (2027, 3, 29), (2027, 3, 31))  # clocks go forward on the 28th
AUTUMN = ((2027, 10, 30), (2027, 10, 31), (2027, 11, 1))  # and back on the 31st of October
STORIES = [(BERLIN, SPRING), (BERLIN, AUTUMN), (SHANGHAI, SPRING), (KATHMANDU, AUTUMN)]
INTERVALS: tuple[Interval, ...] = ("15min", "30min", "hour", "day", "week", "month", "year", "total")
BOOKINGS: tuple[Booking, ...] = ("event", "cohort", "completion")


def contract(queue: str, within_ms: int | None = None) -> Contract:
    within = WITHIN_MS[queue] if within_ms is None else within_ms
    return Contract(formula="SL1", within_ms=within, short_ms=SHORT_MS[queue], target=0.8)


class Asking:
    def __init__(self, database: Database, zone: str, month: Month) -> None:
        self.timezone = ZoneInfo(zone)
        self.reports = Reports(database, self.timezone, zone)
        begin = min(call.begun for call in month.calls) // 1000
        end = max(max(span.end for span in month.spans), max(call.ended for call in month.calls)) // 1000
        self.since, self.until = (begin // 900 - 8) * 900, (end // 900 + 8) * 900

    async def part(
        self,
        report: str,
        by: str,
        interval: Interval,
        booking: Booking = "event",
        within_ms: int | None = None,
        since: int | None = None,
        until: int | None = None,
    ) -> Part:
        wanted = Wanted(
            report=report,
            since=since or self.since,
            until=until or self.until,
            interval=interval,
            by=by,
            booking=booking,
            formula="SL1",
            formula_asked=False,
            usual=contract("repairs"),
            contracts={queue: contract(queue, within_ms) for queue in QUEUES},
            now=float(self.until),
        )
        view: ReportView = await self.reports.read(wanted)
        return view.part


async def project_month(database: Database, month: Month) -> None:
    async with database.writing() as connection:
        for statement in PEOPLE:
            await connection.execute(text(statement))
    async with driver_connection(database) as connection:
        projection = Projection("n1", "CN")
        await projection.write(connection, numbered(month.steps))
    assert projection.errors == 0


@pytest.fixture(params=STORIES, ids=lambda story: f"{story[0]} {story[1][0][1]}/{story[1][0][0]}")
async def story(request: pytest.FixtureRequest, database: Database) -> tuple[Database, Asking, Month]:
    zone, days = request.param
    month = make_month(zone, seed=8, days=days)
    await project_month(database, month)
    return database, Asking(database, zone, month), month


def counted(calls: Sequence[MadeCall], booking: Booking, slot: Callable[[int], int]) -> Counter[tuple[str, int]]:
    """By figure and interval; `slot` says in which interval an instant lies."""
    found: Counter[tuple[str, int]] = Counter()
    for call in calls:
        entered, left = slot(call.entered), slot(call.left)
        found["offered", left if booking == "completion" else entered] += 1
        at = entered if booking == "cohort" else left
        found[call.outcome, at] += 1
        if call.outcome != "overflowed":
            found[f"{call.outcome}_within", at] += call.waited <= WITHIN_MS[call.queue]
        if call.outcome == "abandoned":
            found["short_abandoned", at] += call.waited <= SHORT_MS[call.queue]
        if call.outcome == "answered":
            found["answer_wait", at] += call.waited
    return found


FIGURES = ("offered", "answered", "abandoned", "overflowed", "answered_within", "abandoned_within", "short_abandoned")


async def test_every_call_is_counted_where_its_convention_says(story: tuple[Database, Asking, Month]) -> None:
    _, asking, month = story
    for interval in INTERVALS:
        starts = edges(asking.since, asking.until, interval, asking.timezone)

        def slot(ms: int, starts: list[int] = starts) -> int:
            return max(start for start in starts if start * 1000 <= ms)

        for booking in BOOKINGS:
            expected = counted(month.calls, booking, slot)
            part = await asking.part("traffic", "none", interval, booking)
            for row in part.rows:
                told = {name: row.values[name] for name in FIGURES}
                assert told == {name: expected[name, row.start] for name in FIGURES}, (interval, booking, row.start)
                answered = expected["answered", row.start]
                mean = expected["answer_wait", row.start] / answered if answered else None
                assert row.values["asa_ms"] == pytest.approx(mean)
            assert [row.start for row in part.rows] == starts[:-1]
            assert part.totals.values["offered"] == len(month.calls)
            assert part.reconciliation is not None
            assert part.reconciliation.difference == 0


async def test_days_are_those_of_the_local_calendar(story: tuple[Database, Asking, Month]) -> None:
    _, asking, month = story
    dates = Counter(datetime.fromtimestamp(call.entered / 1000, asking.timezone).date() for call in month.calls)
    part = await asking.part("traffic", "none", "day")
    told = {
        datetime.fromtimestamp(row.start, asking.timezone).date(): row.values["offered"]
        for row in part.rows
        if row.values["offered"]
    }
    assert told == dates


async def test_queues_add_up_to_the_whole(story: tuple[Database, Asking, Month]) -> None:
    _, asking, month = story
    whole = await asking.part("traffic", "none", "day")
    parts = await asking.part("traffic", "queue", "day")
    for name in FIGURES:
        assert sum(row.values[name] or 0 for row in parts.rows) == whole.totals.values[name]
        assert parts.totals.values[name] == whole.totals.values[name]
    by_queue = Counter(call.queue for call in month.calls)
    told: Counter[str] = Counter()
    for row in parts.rows:
        told[row.key] += int(row.values["offered"] or 0)
    assert told == by_queue


async def test_a_changed_threshold_holds_for_the_past(story: tuple[Database, Asking, Month]) -> None:
    _, asking, month = story
    for within_ms in (0, 19_999, 30_000):
        part = await asking.part("traffic", "none", "total", within_ms=within_ms)
        expected = sum(call.outcome == "answered" and call.waited <= within_ms for call in month.calls)
        assert part.totals.values["answered_within"] == expected


async def test_a_span_that_cuts_through_waits_is_reconciled(story: tuple[Database, Asking, Month]) -> None:
    _, asking, month = story
    edge = (asking.since + asking.until) // 2 // 900 * 900
    middle = min((call.entered // 900_000 * 900 for call in month.calls), key=lambda at: abs(at - edge))
    part = await asking.part("traffic", "none", "total", since=middle, until=middle + 900)
    [row] = [part.reconciliation]
    assert row is not None
    first, last = middle * 1000, (middle + 900) * 1000
    assert row.waiting_before == sum(call.entered < first <= call.left < last for call in month.calls)
    assert row.waiting_after == sum(first <= call.entered < last <= call.left for call in month.calls)
    assert row.offered == sum(first <= call.entered < last for call in month.calls)
    assert row.difference == 0


async def test_agents_time_is_cut_at_every_edge(story: tuple[Database, Asking, Month]) -> None:
    _, asking, month = story
    names = {"talking": "state_talk_ms", "wrap_up": "state_wrap_up_ms"}
    for interval in INTERVALS:
        part = await asking.part("agents", "agent", interval)
        for row in part.rows:
            expected: defaultdict[str, int] = defaultdict(int)
            for span in month.spans:
                ms = min(span.end, row.end * 1000) - max(span.start, row.start * 1000)
                if str(span.agent) == row.key and ms > 0:
                    state = names.get(span.activity) or ("break_ms" if span.presence == "break" else "state_idle_ms")
                    expected[state] += ms
                    expected["signed_in_ms"] += ms
            for name in ("state_talk_ms", "state_wrap_up_ms", "break_ms", "state_idle_ms", "signed_in_ms"):
                assert (row.values[name] or 0) == expected[name], (interval, row.key, row.start, name)
        lasted = sum(span.end - span.start for span in month.spans)
        assert part.totals.values["signed_in_ms"] == lasted
        lunch = sum(span.end - span.start for span in month.spans if span.reason == "lunch")
        assert lunch > 0
        assert part.totals.values["break_ms:lunch"] == lunch


async def test_work_is_that_of_the_calls(story: tuple[Database, Asking, Month]) -> None:
    _, asking, month = story
    answered = [call for call in month.calls if call.outcome == "answered"]
    for by in ("agent", "team", "queue", "none"):
        totals = (await asking.part("agents", by, "day")).totals.values
        assert totals["handled"] == totals["offers_answered"] == totals["offers"] == len(answered)
        assert totals["talk_ms"] == sum(call.talk for call in answered)
        assert totals["hold_ms"] == sum(call.hold for call in answered)
        assert totals["wrap_up_ms"] == sum(call.wrap_up for call in answered)
        together = sum(call.talk + call.hold + call.wrap_up for call in answered)
        assert totals["aht_ms"] == pytest.approx(together / len(answered))
    calls = (await asking.part("calls", "agent", "day")).totals.values
    assert calls["calls"] == len(month.calls)
    assert calls["answered"] == len(answered)
    assert calls["wrap_up_ms"] == sum(call.wrap_up for call in answered)
    waits = await asking.part("abandonment", "wait", "total")
    assert sum(row.values["abandoned"] or 0 for row in waits.rows) == sum(c.outcome == "abandoned" for c in month.calls)
    up_to_5 = next(row for row in waits.rows if row.key == "0-5")
    expected = sum(call.waited <= 5_000 for call in month.calls if call.outcome == "abandoned")
    assert up_to_5.values["abandoned"] == expected


async def test_who_calls_again(story: tuple[Database, Asking, Month]) -> None:
    _, asking, month = story
    part = await asking.part("repeats", "none", "total")
    week = 7 * 86_400_000
    repeats = followed = 0
    for call in month.calls:
        same = [other.begun for other in month.calls if other.number == call.number and other is not call]
        repeats += any(0 <= call.begun - other <= week for other in same)
        followed += any(0 <= other - call.begun <= week for other in same)
    assert part.totals.values["calls"] == len(month.calls)
    assert abs((part.totals.values["repeats"] or 0) - repeats) <= ties(month)
    assert abs((part.totals.values["followed"] or 0) - followed) <= ties(month)


def ties(month: Month) -> int:
    """Two calls of a caller in the same instant: only one of them is the other's repeat."""
    seen = Counter((call.number, call.begun) for call in month.calls)
    return sum(number for number in seen.values() if number > 1)


READ_MODELS = {
    "call": "SELECT * FROM call ORDER BY id",
    "segments": "SELECT call_id, kind, started_at, ended_at, queue_id, agent_id, outcome FROM call_segment"
    " ORDER BY call_id, kind, started_at",
    "queues": "SELECT * FROM queue_interval ORDER BY 1, 2",
    "work": "SELECT * FROM agent_interval ORDER BY 1, 2, 3",
    "time": "SELECT * FROM agent_time_interval ORDER BY 1, 2, 3, 4, 5",
    "blocks": "SELECT * FROM agent_time_block ORDER BY 1, 2, 3, 4, 5",
}


async def everything(database: Database) -> dict[str, list[dict[str, object]]]:
    async with database.reading() as connection:
        return {name: [dict(row) for row in await fetch_all(connection, query)] for name, query in READ_MODELS.items()}


async def test_a_rebuild_gives_the_same_figures(database: Database) -> None:
    month = make_month(BERLIN, seed=9, days=SPRING[:2])
    await project_month(database, month)
    asking = Asking(database, BERLIN, month)
    before, shown = await everything(database), await asking.part("traffic", "queue", "hour")
    steps, refused = await rebuild(database, "CN")
    assert (steps, refused) == (len(month.steps), 0)
    assert await everything(database) == before
    assert await asking.part("traffic", "queue", "hour") == shown


async def test_at_any_instant_reports_say_what_the_journal_says_up_to_it(database: Database) -> None:
    month = make_month(SHANGHAI, seed=10, days=SPRING[:1])
    steps = numbered(month.steps)
    async with database.writing() as connection:
        for statement in PEOPLE:
            await connection.execute(text(statement))
    asking = Asking(database, SHANGHAI, month)
    projection = Projection("n1", "CN")
    async with driver_connection(database) as connection:
        for cut in range(1, len(steps), len(steps) // 9):
            await projection.write(connection, steps[:cut])
            now = steps[cut - 1].at * 1000
            entered = [call for call in month.calls if call.entered < now]
            part = await asking.part("traffic", "none", "total")
            assert (part.totals.values["offered"] or 0) >= len(entered)
            left = [call for call in month.calls if call.left < now]
            done = sum(int(part.totals.values[name] or 0) for name in ("answered", "abandoned", "overflowed"))
            assert len(left) <= done <= sum(call.left <= now for call in month.calls)
            assert part.reconciliation is not None
            assert part.reconciliation.difference == 0


async def test_nobody_called(database: Database) -> None:
    month = make_month(SHANGHAI, seed=10, days=SPRING[:1])
    asking = Asking(database, SHANGHAI, month)
    for report, by in (
        ("traffic", "none"),
        ("calls", "none"),
        ("agents", "none"),
        ("repeats", "none"),
        ("ivr", "none"),
    ):
        part = await asking.part(report, by, "day")
        assert all(not value for row in part.rows for value in row.values.values())
    for report, by in (("business", "category"), ("satisfaction", "question"), ("abandonment", "wait")):
        assert (await asking.part(report, by, "day")).rows == ()
    assert to_datetime(asking.since).minute % 15 == 0
