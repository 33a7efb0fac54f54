"""What may be asked of reports, and the catalogue of what there is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ctiserver.api.schemas import NO_CONTROL_CHARACTERS, Answer, Query
from ctiserver.kpi.booking import Booking
from ctiserver.kpi.figures import Figure
from ctiserver.kpi.intervals import Interval
from ctiserver.kpi.service_level import Formula
from ctiserver.store.reporting.shapes import Filter, SameAs

LAST_INSTANT = 4_102_444_800  # the year 2100
Words = Annotated[
    str, StringConstraints(max_length=2000, pattern=NO_CONTROL_CHARACTERS), Field(description="separated by commas")
]
Edge = Annotated[
    int, Field(ge=0, le=LAST_INSTANT, multiple_of=900, description="UTC seconds, a whole quarter of an hour")
]
Milliseconds = Annotated[int, Field(ge=0, le=86_400_000)]


class ReportQuery(Query):
    """Left out, `formula`, `booking`, `within_ms` (T) and `short_ms` (S) are those of the settings. `same` and `days`
    say what a repeat call is. `queue`, `agent`, `team` and `dialled` are refused by a report whose `filters` in the
    catalogue do not name them. `compare_from` and `compare_to` name another span, told beside this one."""

    from_: Annotated[Edge, Field(alias="from")]
    to: Edge
    interval: Interval = "day"
    by: Annotated[str, StringConstraints(max_length=20, pattern="^[a-z_0-9]*$")] = ""
    booking: Booking | None = None
    formula: Formula | None = None
    within_ms: Milliseconds | None = None
    short_ms: Milliseconds | None = None
    queue: Words = ""
    agent: Words = ""
    team: Words = ""
    dialled: Words = ""
    same: SameAs = "caller"
    days: Annotated[int, Field(ge=1, le=90)] = 7
    compare_from: Edge | None = None
    compare_to: Edge | None = None


class ExportQuery(ReportQuery):
    format: Literal["xlsx", "csv"] = "xlsx"
    language: Literal["zh-CN", "en"] = "zh-CN"


class ReportKind(Answer, frozen=True, kw_only=True):
    """`by`: what it can be broken down by, the default first. `filters`: those that it counts, of queue, team, agent
    and dialled; others are refused."""

    id: str
    name: dict[str, str]
    by: tuple[str, ...]
    filters: tuple[Filter, ...]
    figures: tuple[Figure, ...]


class FormulaKind(Answer, frozen=True, kw_only=True):
    id: Formula
    formula: str


class ReportCatalogue(Answer, frozen=True, kw_only=True):
    """`formula` and `booking` are the centre's settings, which hold where none is asked for."""

    reports: tuple[ReportKind, ...]
    formulas: tuple[FormulaKind, ...]
    bookings: tuple[Booking, ...]
    formula: Formula
    booking: Booking
    timezone: str
