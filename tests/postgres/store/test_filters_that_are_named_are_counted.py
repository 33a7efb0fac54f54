"""The catalogue names a filter of a report exactly where it changes the report's figures."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import text

from ctiserver.kpi.booking import BOOKINGS
from ctiserver.store.database import Database
from ctiserver.store.reporting.catalogue import SPECS, without_uncounted
from ctiserver.store.reporting.reports import Reports
from ctiserver.store.reporting.shapes import FILTERS, Contract, Wanted
from tests.postgres.store.month import make_month
from tests.postgres.store.test_a_month_adds_up import project_month

SHANGHAI = "Asia/Shanghai"
DAY = (2027, 3, 27)
SINCE, UNTIL = 1_806_033_600, 1_806_292_800  # 26th to 29th of March
BESIDE = (  # what the calls of a day do not bring with them
    "UPDATE call SET dialled = '4002' WHERE caller_number LIKE '%1'",
    """INSERT INTO survey_answer (id, call_id, at, survey, question, score, agent_id, queue_id)
        SELECT id, id, ended_at, 'after', 'how', 5, agent_id, queue_id FROM call WHERE outcome = 'answered'""",
    "INSERT INTO area (id, name) VALUES ('CD', '{}')",
    """INSERT INTO work_order (number, state, category, area, title, created_at, changed_at)
        SELECT id, 'accepted', 'repair', 'CD', '', started_at, started_at FROM call""",
    """INSERT INTO flow_passage (started_at, flow, node, way, edge, to_flow, to_node, callers, spent_ms)
        SELECT DISTINCT date_bin('15 minutes', started_at, to_timestamp(0)), 'main', 'welcome', 'edge', '1', 'main',
            'x', 1, 5000 FROM call""",
)
OF_FILTERS = {
    "queue": {"queues": ("bills",)},
    "team": {"agents": (2,)},  # a team is asked for as its agents
    "agent": {"agents": (2,)},
    "dialled": {"dialled": ("4002",)},
}


@pytest.fixture
async def reports(database: Database) -> Reports:
    await project_month(database, make_month(SHANGHAI, seed=11, days=(DAY,)))
    async with database.writing() as connection:
        for statement in BESIDE:
            await connection.execute(text(statement))
    return Reports(database, ZoneInfo(SHANGHAI), SHANGHAI)


async def test_what_is_named_is_counted_and_nothing_else(reports: Reports) -> None:
    contract = Contract(formula="SL1", within_ms=20_000, short_ms=5_000, target=0.8)
    for report, spec in SPECS.items():
        for booking in BOOKINGS:
            wanted = Wanted(
                report=report,
                since=SINCE,
                until=UNTIL,
                interval="total",
                by=spec.by[0],
                booking=booking,
                formula="SL1",
                formula_asked=False,
                usual=contract,
                contracts={},
                now=float(UNTIL),
            )
            whole = (await reports.read(wanted)).part
            first = spec.figures[0]
            assert whole.totals.values[first], report
            for name in FILTERS:
                part = (await reports.read(msgspec.structs.replace(wanted, **OF_FILTERS[name]))).part
                if name in spec.filters:
                    assert 0 < (part.totals.values[first] or 0) < (whole.totals.values[first] or 0), (report, name)
                else:
                    assert part == whole, (report, name)


def test_a_query_loses_the_filters_that_are_not_counted() -> None:
    asked: dict[str, str | int] = {"interval": "hour", "days": 3, **dict.fromkeys(FILTERS, "1")}
    for report, spec in SPECS.items():
        assert set(without_uncounted(report, asked)) == {"interval", "days", *spec.filters}
    assert without_uncounted("of_former_days", asked) == asked
