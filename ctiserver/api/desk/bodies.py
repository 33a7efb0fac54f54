"""What comes in at the desk's routes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field, StringConstraints

from ctiserver.api.schemas import NO_CONTROL_CHARACTERS, NO_NUL, Body, Instant, Query, RowId, Word
from ctiserver.desk.words import Action, Channel, Stage, Urgency

Line = Annotated[str, StringConstraints(max_length=200, pattern=NO_CONTROL_CHARACTERS)]
Needed = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_CONTROL_CHARACTERS)]
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=NO_NUL)]
Key = Annotated[str, StringConstraints(max_length=80, pattern=r"^[A-Za-z0-9_.:-]*$")]
Path = Annotated[str, StringConstraints(max_length=100, pattern=r"^([a-z0-9_]+(\.[a-z0-9_]+){0,2})?$")]
AreaCode = Annotated[str, StringConstraints(max_length=6, pattern=r"^[A-Z0-9]*$")]
Version = Annotated[int, Field(ge=0, le=2_147_483_647, description="of the row as it was read; 0: whatever it is now")]
Names = dict[Literal["zh-CN", "en"], Needed]
Words = Annotated[list[Line], Field(max_length=50)]
Page = Annotated[int, Field(ge=1, le=200)]
PageSize = Annotated[int, Field(ge=1, le=200)]


def _plain_values(values: dict[str, object]) -> dict[str, object]:
    """What Postgres can keep: short names, no NUL, no deep nesting."""
    if len(values) > 60:
        raise ValueError("at most 60 values")
    for name, value in values.items():
        listed = cast("list[object]", value) if isinstance(value, list) else [value]
        for each in listed:
            if isinstance(each, dict | list):
                raise ValueError(f"{name[:40]}: only texts, numbers, yes or no, and lists of these")
            if isinstance(each, str) and ("\x00" in each or len(each) > 10_000):
                raise ValueError(f"{name[:40]}: too long, or with a NUL")
            if isinstance(each, int | float) and abs(each) > 1e15:
                raise ValueError(f"{name[:40]}: too large")
        if "\x00" in name or len(name) > 80:
            raise ValueError("a name is too long, or has a NUL")
    return values


def _a_date(value: str) -> str:
    if value:
        date.fromisoformat(value)
    return value


Values = Annotated[dict[str, Any], AfterValidator(_plain_values)]
DateText = Annotated[str, StringConstraints(max_length=10, pattern=r"^(\d{4}-\d{2}-\d{2})?$"), AfterValidator(_a_date)]


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


class OutageBody(Body):
    title: Needed
    area: Annotated[AreaCode, Field(min_length=1)]
    category: Annotated[Path, Field(min_length=1)]
    starts_at: Instant
    ends_at: Instant
    estates: Words = Field(default=[])
    text: Text = ""
    spoken: dict[Literal["zh-CN", "en"], Text] = Field(default={})
    orders_since: Instant | None = None
    key: Key = ""


class BulletinBody(Body):
    title: Needed
    starts_at: Instant
    ends_at: Instant
    kind: Literal["outage", "repair", "notice"] = "notice"
    text: Text = ""
    spoken: dict[Literal["zh-CN", "en"], Text] = Field(default={})
    areas: Annotated[list[AreaCode], Field(max_length=50)] = Field(default=[])
    estates: Words = Field(default=[])
    order_id: RowId | None = None
    version: Version = 0


class BulletinSearch(Query):
    area: AreaCode = ""
    past: bool = False


class StepBody(Body):
    say: Text
    hint: Text = ""
    answers: dict[Needed, Annotated[int, Field(ge=0, le=500)] | None] = Field(default={})


class ArticleBody(Body):
    title: Needed
    kind: Literal["article", "script"] = "article"
    state: Literal["draft", "published", "retired"] = "draft"
    body: Annotated[str, StringConstraints(max_length=60_000, pattern=NO_NUL)] = ""
    steps: Annotated[list[StepBody], Field(max_length=100)] = Field(default=[])
    topic: Line = ""
    categories: Annotated[list[Path], Field(max_length=50)] = Field(default=[])
    keywords: Words = Field(default=[])
    audio: Word = ""
    review_on: DateText = ""
    version: Version = 0


class ArticleSearch(Query):
    words: Line = ""
    kind: Literal["", "article", "script"] = ""
    topic: Line = ""
    state: Literal["", "draft", "published", "retired"] = "published"
    category: Path = ""
    review_due: bool = False
    page: Page = 1
    page_size: PageSize = 20


class Rating(Body):
    helpful: bool


class NoticeSearch(Query):
    unread: bool = False
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class NoticesRead(Body):
    ids: Annotated[list[Annotated[int, Field(ge=1, le=2**62)]], Field(max_length=500)]


class MessageBody(Body):
    """To one user or to one unit."""

    text: Annotated[Text, Field(min_length=1)]
    user_id: RowId | None = None
    unit_id: Word = ""


class TaskBody(Body):
    title: Needed
    to_user_id: RowId
    text: Text = ""
    order_id: RowId | None = None
    due_at: Instant | None = None


class TaskEnd(Body):
    state: Literal["done", "declined"]
    answer: Text = ""


class TaskSearch(Query):
    ended: bool = False


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


class AreaBody(Body):
    name: Names
    districts: Words = Field(default=[])
    position: Annotated[int, Field(ge=0, le=10_000)] = 0


class UnitBody(Body):
    name: Names
    kind: Literal["unit", "crew"] = "unit"
    parent_id: Annotated[Word, Field(min_length=1)] | None = None
    areas: Annotated[list[AreaCode], Field(max_length=50)] = Field(default=[])
    phone: Line = ""
    position: Annotated[int, Field(ge=0, le=10_000)] = 0
    retired: bool = False


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


class StaffSearch(Query):
    unit: Word = ""
    words: Line = ""
    retired: bool = False
