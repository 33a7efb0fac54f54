"""What may be sent; whether hours can be read and names exist is asked where it is stored."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ctiserver.api.schemas import NO_NUL, Body, Instant, Query, RowId

Language = Literal["zh-CN", "en"]
Label = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")
]
Spoken = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=NO_NUL)]
Dialled = Annotated[str, StringConstraints(pattern=r"^[0-9+*#]{1,32}$")]
Hours = Annotated[str, Field(max_length=200, description='"08:30-12:00, 13:30-17:30", or "closed"')]
Version = Annotated[int, Field(ge=0, le=2_147_483_647, description="as it was read; 0: whatever stands there")]
IsoDay = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class AnnouncementBody(Body):
    """Either `texts` or a `prompt`. Without `dialled` and `areas` everybody hears it."""

    title: Label
    texts: dict[Language, Spoken] = Field(default_factory=dict[Language, Spoken])
    prompt: Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9_][A-Za-z0-9_.-]{0,79})?$")] = ""
    dialled: Annotated[list[Dialled], Field(max_length=100)] = Field(default_factory=list[str])
    areas: Annotated[list[Label], Field(max_length=100)] = Field(default_factory=list[str])
    active_from: Instant | None = None
    active_until: Instant | None = None
    enabled: bool = True
    hang_up: bool = False
    version: Version = 0


class CalendarBody(Body):
    """As in lines.yaml: `weekly` is {"mon-fri": "08:30-12:00, 13:30-17:30"}, `days` {"2026-12-31": "closed"}."""

    title: dict[Language, Label] = Field(default_factory=dict[Language, Label])
    timezone: Annotated[str, StringConstraints(max_length=64)] = ""
    weekly: Annotated[dict[str, Hours], Field(max_length=14)]
    holidays: Literal["china", "none"] = "china"
    holiday_hours: Hours = "closed"
    days: Annotated[dict[str, Hours], Field(max_length=1000)] = Field(default_factory=dict[str, str])
    version: Version = 0


class DayBody(Body):
    kind: Literal["holiday", "working_day"]
    name: dict[Language, Label] = Field(default_factory=dict[Language, Label])


class ShiftBody(Body):
    """Hours by ISO weekday, "1" is Monday; an end at or before the beginning is on the next day."""

    hours: Annotated[dict[Literal["1", "2", "3", "4", "5", "6", "7"], Hours], Field(min_length=1)]


class DutiesBody(Body):
    """Who works which shift on that day; this replaces what was planned."""

    shifts: Annotated[dict[Label, Annotated[list[RowId], Field(max_length=1000)]], Field(max_length=50)]


class Period(Query):
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
