"""What is asked of a report and what it answers. Instants are UTC seconds, durations milliseconds, shares 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, get_args

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.clock import to_datetime
from ctiserver.kpi.booking import Booking, Reconciliation
from ctiserver.kpi.figures import Figure
from ctiserver.kpi.intervals import Interval
from ctiserver.kpi.service_level import Formula
from ctiserver.store.database import fetch_all

SameAs = Literal["caller", "customer", "address", "category"]
Filter = Literal["queue", "team", "agent", "dialled"]
FILTERS: Final[tuple[Filter, ...]] = get_args(Filter)


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """What is promised for a queue: `within_ms` is T, `short_ms` is S."""

    formula: Formula
    within_ms: int
    short_ms: int
    target: float


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """One report. Empty tuples mean: all. `same` and `days` say what a repeat call is."""

    report: str
    since: int
    until: int
    interval: Interval
    by: str
    booking: Booking
    formula: Formula  # of all queues together
    formula_asked: bool  # then it holds for each of them as well
    usual: Contract  # of queues that are no longer known
    contracts: Mapping[str, Contract]
    queues: tuple[str, ...] = ()
    agents: tuple[int, ...] = ()
    dialled: tuple[str, ...] = ()
    same: SameAs = "caller"
    days: int = 7
    now: float


class Measured(NamedTuple):
    """The measures of a key in the interval of that number."""

    slot: int
    key: str
    measures: dict[str, float]


class ReportRow(msgspec.Struct, frozen=True, kw_only=True):
    """[start, end) and what it is about; "" is all together. A figure is None where there is nothing to divide by."""

    start: int
    end: int
    key: str
    values: dict[str, float | None]


class ReconciliationRow(msgspec.Struct, frozen=True, kw_only=True):
    """waiting_before + offered = answered + abandoned + overflowed + waiting_after; else `difference`."""

    waiting_before: int
    offered: int
    answered: int
    abandoned: int
    overflowed: int
    waiting_after: int
    difference: int

    @classmethod
    def of(cls, found: Reconciliation) -> ReconciliationRow:
        return cls(**msgspec.structs.asdict(found), difference=found.difference)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one span, and all of it together."""

    since: int
    until: int
    rows: tuple[ReportRow, ...]
    totals: ReportRow
    reconciliation: ReconciliationRow | None = None


class ReportView(msgspec.Struct, frozen=True, kw_only=True):
    """A report as a table: columns are figures, `names` gives the words of keys. `compared` is an earlier span."""

    report: str
    by: str
    interval: Interval
    booking: Booking
    formula: Formula
    timezone: str
    columns: tuple[Figure, ...]
    names: dict[str, dict[str, str]]
    part: Part
    compared: Part | None = None


async def rows_of(connection: AsyncConnection, query: str, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Rows of a query; of the values those that it names."""
    return await fetch_all(connection, query, {name: value for name, value in values.items() if f":{name}" in query})


def key_of(row: Mapping[str, Any]) -> str:
    """Numbers of agents become words here: a year's rows are grouped by them faster than by words."""
    return "" if row["key"] is None else str(row["key"])


def numbers(row: Mapping[str, Any], *besides: str) -> dict[str, float]:
    """All columns but those, as measures; nothing counted is 0."""
    return {name: float(value or 0) for name, value in row.items() if name not in besides}


def edges_of(edges: list[int]) -> list[datetime]:
    return [to_datetime(edge) for edge in edges]
