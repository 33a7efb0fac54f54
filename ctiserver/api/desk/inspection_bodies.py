"""What comes in about quality inspection."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ctiserver.api.desk.field_types import Names, Needed, Page, PageSize, Text, Version
from ctiserver.api.schemas import Body, Instant, Query, RowId


class CriterionBody(Body):
    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    name: Names
    points: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
    fatal: bool = False


class SheetBody(Body):
    name: Needed
    subject: Literal["call", "order"]
    criteria: Annotated[list[CriterionBody], Field(min_length=1, max_length=100)]


class DrawBody(Body):
    sheet_id: RowId
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    per_agent: Annotated[int, Field(ge=1, le=50)] = 3


Marks = dict[Annotated[str, StringConstraints(max_length=40)], Annotated[float, Field(allow_inf_nan=False)] | None]


class MarksBody(Body):
    version: Version
    marks: Marks
    words: Text = ""


class DisputeBody(Body):
    version: Version
    reason: Annotated[Text, Field(min_length=1)]


class InspectionSearch(Query):
    state: Literal["", "drawn", "published", "disputed", "settled"] = ""
    agent: RowId | None = None
    page: Page = 1
    page_size: PageSize = 50


class Span(Query):
    from_: Annotated[Instant, Field(alias="from")] = 0
    to: Instant = 253_402_300_799
