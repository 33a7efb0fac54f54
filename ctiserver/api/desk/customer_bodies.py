"""What comes in about customers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ctiserver.api.desk.field_types import Line, Needed, Text, Version, Words
from ctiserver.api.schemas import Body, Query, RowId


class CustomerBody(Body):
    name: Needed
    customer_number: Line = ""
    meter_number: Line = ""
    district: Line = ""
    estate: Line = ""
    building: Line = ""
    unit: Line = ""
    room: Line = ""
    tags: Words = Field(default=[])
    notes: Text = ""
    consent: bool | None = None
    numbers: Annotated[list[Line], Field(max_length=20)] = Field(default=[])


class CustomerChange(CustomerBody):
    version: Version


class CustomerMerge(Body):
    duplicate_id: RowId
    version: Version


class ImportChoice(Query):
    write: bool = False


class HistoryLength(Query):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
