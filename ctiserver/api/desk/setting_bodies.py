"""What comes in about the desk's configuration and directory."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ctiserver.api.desk.field_types import AreaCode, Line, Names, Needed, Path, Words
from ctiserver.api.schemas import NO_CONTROL_CHARACTERS, Body, Instant, Query, RowId, Word
from ctiserver.desk.words import Stage, Urgency

Seen = Annotated[
    str | None, Field(max_length=16, pattern=r"^[0-9a-f]*$", description="as it was read; empty: new; null: any")
]


class AreaBody(Body):
    name: Names
    districts: Words = Field(default=[])
    position: Annotated[int, Field(ge=0, le=10_000)] = 0
    version: Seen = None


class UnitBody(Body):
    name: Names
    kind: Literal["unit", "crew"] = "unit"
    parent_id: Annotated[Word, Field(min_length=1)] | None = None
    areas: Annotated[list[AreaCode], Field(max_length=50)] = Field(default=[])
    phone: Line = ""
    position: Annotated[int, Field(ge=0, le=10_000)] = 0
    retired: bool = False
    version: Seen = None


class CustomFieldBody(Body):
    name: Annotated[str, StringConstraints(max_length=40, pattern=NO_CONTROL_CHARACTERS)]
    label: Names = Field(default={})
    kind: Literal["text", "number", "boolean", "date", "choice", "choices"] = "text"
    required: bool = False
    choices: Words = Field(default=[])
    least: Annotated[float, Field(allow_inf_nan=False)] | None = None
    most: Annotated[float, Field(allow_inf_nan=False)] | None = None


class CategoryBody(Body):
    name: Names
    urgency: Urgency = "normal"
    unit_id: Annotated[Word, Field(min_length=1)] | None = None
    follow_up: bool = True
    fields: Annotated[list[CustomFieldBody], Field(max_length=60)] = Field(default=[])
    position: Annotated[int, Field(ge=0, le=10_000)] = 0
    retired: bool = False
    version: Seen = None


class DeadlineBody(Body):
    stage: Stage
    amount: Annotated[int, Field(ge=1, le=100_000)]
    unit: Literal["minutes", "working_days", "calendar_days"]
    starting: Literal["now", "next_working_day"] = "now"
    category: Path = ""
    urgency: Literal["", "low", "normal", "high", "critical"] = ""
    area: AreaCode = ""
    since: Annotated[int, Field(ge=0, le=1439)] | None = None
    until: Annotated[int, Field(ge=0, le=1440)] | None = None


class EscalationBody(Body):
    after_s: Annotated[int, Field(ge=-2_592_000, le=2_592_000)]
    level: Annotated[int, Field(ge=0, le=9)]
    audience: Annotated[list[Literal["unit", "dispatcher", "supervisor"]], Field(min_length=1, max_length=3)]
    stage: Literal["", "respond", "arrive", "finish", "reply", "follow_up"] = ""


class RulesBody(Body):
    """All deadlines and escalations anew."""

    deadlines: Annotated[list[DeadlineBody], Field(max_length=500)]
    escalations: Annotated[list[EscalationBody], Field(max_length=100)]
    version: Seen = None


class StaffBody(Body):
    name: Needed
    title: Line = ""
    unit_id: Annotated[Word, Field(min_length=1)] | None = None
    user_id: RowId | None = None
    phone: Line = ""
    mobile: Line = ""
    email: Line = ""
    on_duty: bool = True
    retired: bool = False
    version: Seen = None


class RemovalSeen(Query):
    version: Seen = None


class DueQuestion(Query):
    """An order that is accepted at `at` (UTC seconds since 1970; left out: now)."""

    category: Path = ""
    urgency: Urgency = "normal"
    area: AreaCode = ""
    at: Instant | None = None


class StaffSearch(Query):
    unit: Word = ""
    words: Line = ""
    retired: bool = False
