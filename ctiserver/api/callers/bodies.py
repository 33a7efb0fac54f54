"""What may be sent and asked for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ctiserver.api.control_schemas import Number
from ctiserver.api.schemas import NO_CONTROL_CHARACTERS, NO_NUL, Body, Instant, Query, RowId, Word
from ctiserver.store.callers.rows import Span

Note = Annotated[str, StringConstraints(max_length=1000, pattern=NO_NUL)]
Mail = Annotated[str, StringConstraints(max_length=200, pattern=r"^([^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+)?$")]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{2,20}$")]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Pin = Annotated[str, StringConstraints(pattern=r"^([0-9]{4,8})?$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=NO_CONTROL_CHARACTERS)]
Version = Annotated[int, Field(ge=0, le=2_147_483_647, description="as it was read; 0: whatever stands there")]


class Listing(Query):
    from_: Annotated[Instant | None, Field(alias="from")] = None
    to: Instant | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=200)] = 50

    @property
    def span(self) -> Span:
        return Span(since=self.from_, until=self.to, page=self.page, page_size=self.page_size)


class VoicemailSearch(Listing):
    """`state`: new, heard, or any."""

    box: Word = ""
    state: Literal["", "new", "heard"] = ""


class FaxSearch(Listing):
    box: Word = ""
    direction: Literal["", "received", "sent"] = ""


class CallbackSearch(Listing):
    """`mine`: those that the asking agent alone is to make."""

    status: Literal["", "open", "done", "cancelled", "expired", "failed"] = ""
    queue: Word = ""
    agent: RowId | None = None
    mine: bool = False


class SurveySearch(Listing):
    survey: Word = ""
    queue: Word = ""
    agent: RowId | None = None
    call: Word = ""


class HeardBody(Body):
    heard: bool


class MessageOrderBody(Body):
    """The message becomes a work order; without a title it gets one that names the box."""

    title: Annotated[str, StringConstraints(max_length=200, pattern=NO_CONTROL_CHARACTERS)] = ""
    category: Annotated[str, StringConstraints(max_length=80, pattern=NO_CONTROL_CHARACTERS)] = ""
    text: Note = ""


class BoxBody(Body):
    """Who is responsible: teams, agents, a mail address; `phones` are extensions or numbers that are rung about new
    messages, from `ring_from` to `ring_to` of local time (both the same: at any hour)."""

    title: dict[Literal["zh-CN", "en"], Name] = Field(default={})
    teams: Annotated[list[Word], Field(max_length=50)] = Field(default=[])
    agents: Annotated[list[RowId], Field(max_length=200)] = Field(default=[])
    mail: Mail = ""
    phones: Annotated[list[Phone], Field(max_length=10)] = Field(default=[])
    language: Literal["zh-CN", "en"] = "zh-CN"
    ring_from: TimeOfDay = "08:00"
    ring_to: TimeOfDay = "21:00"
    pin: Annotated[Pin | None, Field(description='asked for on the phone; null: as it is, "": none any more')] = None
    version: Version = 0


class ForwardBody(Body):
    mail: Annotated[Mail, Field(min_length=3)]


class CallbackBody(Body):
    """For the asking agent, or with `queue_id` for whoever is free there. `due_at`: not before; none: at once."""

    number: Number
    queue_id: Word = ""
    due_at: Instant | None = None
    note: Note = ""
    call_id: Word = ""  # about which
    customer_id: RowId | None = None


class CallbackChange(Body):
    due_at: Instant | None = None
    note: Note = ""


class CallbackEnd(Body):
    """`done`: somebody has reached the customer otherwise."""

    status: Literal["done", "cancelled"]
