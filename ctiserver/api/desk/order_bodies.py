"""What comes in about work orders."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ctiserver.api.desk.field_types import AreaCode, Key, Line, Needed, Page, PageSize, Path, Text, Values, Version
from ctiserver.api.schemas import Body, Instant, Query, RowId, Word
from ctiserver.desk.words import Action, Channel, Urgency


class NewOrderBody(Body):
    """`then` leads the new order on; `key` makes repeats find the same order (so does an Idempotency-Key)."""

    title: Needed
    category: Path = ""
    urgency: Urgency | None = None
    channel: Channel = "call"
    area: AreaCode = ""
    text: Text = ""
    wanted: Text = ""
    caller_number: Line = ""
    contact_number: Line = ""
    contact_name: Line = ""
    confidential: bool = False
    customer_id: RowId | None = None
    address: Line = ""
    fields: Values = Field(default={})
    repeat_of: RowId | None = None
    incident: bool = False
    call_ids: Annotated[list[Word], Field(max_length=10)] = Field(default=[])
    draft: bool = False
    key: Key = ""
    then: Literal["", "request_dispatch", "dispatch", "resolve_on_call", "merge"] = ""
    unit: Word = ""
    parent_id: RowId | None = None
    solution: Text = ""


class OrderChangeBody(Body):
    """What is left out stays as it is."""

    version: Version
    title: Needed | None = None
    category: Path | None = None
    urgency: Urgency | None = None
    text: Text | None = None
    wanted: Text | None = None
    contact_number: Line | None = None
    contact_name: Line | None = None
    confidential: bool | None = None
    customer_id: RowId | None = None
    address: Line | None = None
    fields: Values | None = None


class ActionBody(Body):
    """`seconds`: of an extension, counted as its deadline counts. `detail`: scores of a follow-up, cause of a reply."""

    action: Action
    version: Version
    reason: Line = ""
    text: Text = ""
    unit: Word = ""
    assignee: RowId | None = None
    forced: bool = False
    seconds: Annotated[float, Field(ge=0, le=366 * 86_400, allow_inf_nan=False)] = 0.0
    parent_id: RowId | None = None
    level: Annotated[int, Field(ge=0, le=9)] = 0
    detail: Values = Field(default={})
    call_id: Word = ""


class OrderSearch(Query):
    """`state`: one or more, separated by commas."""

    state: Annotated[str, StringConstraints(max_length=200, pattern=r"^[a-z_,]*$")] = ""
    open: bool | None = None
    unit: Word = ""
    assignee: RowId | None = None
    category: Path = ""
    area: AreaCode = ""
    urgency: Literal["", "low", "normal", "high", "critical"] = ""
    customer: RowId | None = None
    number: Line = ""
    call: Word = ""
    text: Line = ""
    overdue: bool | None = None
    incident: bool | None = None
    supervised: bool | None = None
    parent: RowId | None = None
    from_: Annotated[Instant | None, Field(alias="from")] = None
    to: Instant | None = None
    order_by: Literal["newest", "due"] = "newest"
    page: Page = 1
    page_size: PageSize = 50


class RepeatSearch(Query):
    customer: RowId | None = None
    number: Line = ""
    address: Line = ""
    category: Path = ""


class CallPrefill(Query):
    call: Word


class FileName(Query):
    name: Line = ""
