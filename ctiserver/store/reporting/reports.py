"""A report from the question to the table: count measures by interval and key, make figures of them, add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.errors import Rejected
from ctiserver.kpi import figures
from ctiserver.kpi.intervals import edges as interval_edges
from ctiserver.kpi.service_level import Formula
from ctiserver.store.database import Database
from ctiserver.store.reporting import contacts
from ctiserver.store.reporting.catalogue import SPECS, Spec
from ctiserver.store.reporting.shapes import Measured, Part, ReconciliationRow, ReportRow, ReportView, Wanted

MOST_ROWS = 50_000
# A statement that was prepared is planned for any span after its fifth use, and a year is not like a day: six times as
# slow (docs/measurements.md).
PLANNED_FOR_THE_SPAN = "SET LOCAL plan_cache_mode = force_custom_plan"
# A year's groups and sorts fit into memory instead of into files; at most a handful of reports are read at once.
ROOM_TO_SORT = "SET LOCAL work_mem = '64MB'"
NOT_COMPILED = "SET LOCAL jit = off"  # compiling takes longer than it saves within a second
Members = Mapping[str, frozenset[str]]
"""Skill → the keys (queues, agents) that have it."""


class TooManyRowsError(Rejected):
    """A coarser interval or a shorter span is needed."""


class Reports:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database, timezone: tzinfo, timezone_name: str) -> None:
        self._database = database
        self._timezone = timezone
        self._timezone_name = timezone_name

    async def read(
        self, wanted: Wanted, *, compared: tuple[int, int] | None = None, members: Members | None = None
    ) -> ReportView:
        """`compared`: another span, of which the same is told. `members` are needed by skill.

        Raises ValueError for a span that no interval fits, TooManyRowsError.
        """
        spec = SPECS[wanted.report]
        async with self._database.reading() as connection:
            for setting in (PLANNED_FOR_THE_SPAN, ROOM_TO_SORT, NOT_COMPILED):
                await connection.exec_driver_sql(setting)
            part, seen = await self._part(connection, spec, wanted, members or {})
            other = None
            if compared is not None:
                earlier = msgspec.structs.replace(wanted, since=compared[0], until=compared[1])
                other, seen_then = await self._part(connection, spec, earlier, members or {})
                seen |= seen_then
        columns = [*spec.figures, *sorted(name for name in seen if ":" in name)]
        return ReportView(
            report=wanted.report,
            by=wanted.by,
            interval=wanted.interval,
            booking=wanted.booking,
            formula=wanted.formula,
            timezone=self._timezone_name,
            columns=tuple(figures.figure(name) for name in columns),
            names={},
            part=part,
            compared=other,
        )

    async def _part(
        self, connection: AsyncConnection, spec: Spec, wanted: Wanted, members: Members
    ) -> tuple[Part, set[str]]:
        edges = interval_edges(wanted.since, wanted.until, wanted.interval, self._timezone)
        found = _complete(await spec.measure(connection, wanted, edges))
        seen = {name for one in found for name in one.measures}
        columns = [*spec.figures, *sorted(name for name in seen if ":" in name)]
        whole = figures.add(one.measures for one in found) if found else dict.fromkeys(spec.figures, 0.0)
        shown = _by_member(found, members) if wanted.by == "skill" else found
        if wanted.by == "none":
            shown = _without_gaps(shown, len(edges) - 1, whole)
        if len(shown) > MOST_ROWS:
            raise TooManyRowsError(f"{len(shown)} rows: more than {MOST_ROWS}")
        shown = sorted(shown, key=lambda one: (one.slot, _in_order(one.key)))

        def row(start: int, end: int, key: str, measures: Mapping[str, float], formula: Formula) -> ReportRow:
            values = {name: figures.compute(name, measures, formula) for name in columns}
            if "target" in values and key in wanted.contracts and wanted.by == "queue":
                values["target"] = wanted.contracts[key].target
            return ReportRow(start=start, end=end, key=key, values=values)

        part = Part(
            since=wanted.since,
            until=wanted.until,
            rows=tuple(
                row(edges[one.slot], edges[one.slot + 1], one.key, one.measures, _formula(wanted, one.key))
                for one in shown
            ),
            totals=row(wanted.since, wanted.until, "", whole, wanted.formula),
            reconciliation=ReconciliationRow.of(await contacts.reconcile(connection, wanted, whole))
            if spec.balance
            else None,
        )
        return part, seen


def _formula(wanted: Wanted, key: str) -> Formula:
    """Each queue has the formula of its contract, unless one was asked for."""
    if wanted.by == "queue" and not wanted.formula_asked and key in wanted.contracts:
        return wanted.contracts[key].formula
    return wanted.formula


def _complete(found: list[Measured]) -> list[Measured]:
    """What was counted anywhere is 0 where it was not."""
    nothing = dict.fromkeys((name for one in found for name in one.measures if not name.startswith("max_")), 0.0)
    return [Measured(one.slot, one.key, {**nothing, **one.measures}) for one in found]


def _by_member(found: Iterable[Measured], members: Members) -> list[Measured]:
    """What has several skills is counted with each of them; the total is not the sum of the rows."""
    parts: defaultdict[tuple[int, str], list[Mapping[str, float]]] = defaultdict(list)
    for one in found:
        for skill in [skill for skill, keys in members.items() if one.key in keys] or [""]:
            parts[one.slot, skill].append(one.measures)
    return [Measured(slot, skill, figures.add(measures)) for (slot, skill), measures in parts.items()]


def _without_gaps(found: Sequence[Measured], slots: int, whole: Mapping[str, float]) -> list[Measured]:
    """An interval in which nothing happened is a row of zeros."""
    there = {one.slot: one for one in found}
    nothing = {name: 0.0 for name in whole if not name.startswith("max_")}
    return [there.get(slot, Measured(slot, "", dict(nothing))) for slot in range(slots)]


def _in_order(key: str) -> tuple[float, str]:
    """Keys that begin with a number by it: agents, waits, scores."""
    digits = key.partition("-")[0]
    return (float(digits), key) if digits.isascii() and digits.isdigit() else (float("inf"), key)
