"""Bodies and queries that come in (pydantic, unknown keys refused) and answers that are the API's own (msgspec).

Answers that show the centre or the records use their structs as they are: `live/views.py`, the store's rows.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ctiserver.call.words import Presence
from ctiserver.directory import Disposition, ReasonCode, Role
from ctiserver.live.views import AgentView, ComponentHealth, QueueView, TotalsView
from ctiserver.staffing import Advice

NO_CONTROL_CHARACTERS = r"^[^\x00-\x1f\x7f]*$"
NO_NUL = r"^[^\x00]*$"  # Postgres refuses NUL in text

Word = Annotated[str, StringConstraints(max_length=64, pattern=NO_CONTROL_CHARACTERS)]
Instant = Annotated[float, Field(ge=0, le=253_402_300_799, allow_inf_nan=False, description="UTC seconds since 1970")]
SearchText = Annotated[str, StringConstraints(max_length=80, pattern=NO_CONTROL_CHARACTERS)]
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
RowId = Annotated[int, Field(ge=1, le=2_147_483_647)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class SignIn(Body):
    login: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=NO_CONTROL_CHARACTERS)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=NO_NUL)]


class LanguageChoice(Body):
    language: Literal["zh-CN", "en"]


class PresenceChoice(Body):
    """`reason` is a reason code of the directory, for breaks and training; empty: none given."""

    presence: Presence
    reason: Word = ""


class LegalHoldReason(Body):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=NO_NUL)]


class WrapUpExtension(Body):
    seconds: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)]


class DispositionChoice(Body):
    code: Annotated[Word, Field(min_length=1)]
    note: Annotated[str, StringConstraints(max_length=4000, pattern=NO_NUL)] = ""


class Paged(Query):
    from_: Annotated[Instant | None, Field(alias="from")] = None
    to: Instant | None = None
    queue: Word = ""
    agent: RowId | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=200)] = 50


class CallSearch(Paged):
    number: Annotated[str, StringConstraints(max_length=40, pattern=NO_CONTROL_CHARACTERS)] = ""
    outcome: Literal["", "answered", "abandoned", "self_service", "refused", "failed"] = ""
    dialled: Word = ""
    disposition: Word = ""
    direction: Literal["", "inbound", "outbound", "internal", "conference"] = ""
    ended_by: Word = ""
    customer: Annotated[SearchText, Field(description="part of the name, or the customer number")] = ""
    note: Annotated[SearchText, Field(description="part of what the agent wrote")] = ""
    flow: Word = ""
    node: Word = ""
    waited_from_s: Seconds | None = None
    waited_to_s: Seconds | None = None
    talk_from_s: Seconds | None = None
    talk_to_s: Seconds | None = None
    recorded: bool | None = None
    transferred: bool | None = None
    mark: Literal["", "important", "example", "training", "inspect", "complaint", "follow_up"] = ""
    comment: Annotated[SearchText, Field(description="part of what somebody wrote beside it")] = ""
    commented: bool | None = None


class RecordingSearch(Paged):
    pass


class RecordingUse(Query):
    """`download`: to be kept as a file, for who supervises."""

    download: bool = False


class CustomerSearch(Query):
    query: Annotated[str, StringConstraints(max_length=80, pattern=NO_CONTROL_CHARACTERS)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class FeedPosition(Query):
    """Where a page's stream broke off; both or neither."""

    epoch: Annotated[str, StringConstraints(max_length=32, pattern=r"^[0-9a-f]*$")] = ""
    after: Annotated[int | None, Field(ge=0)] = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    pass


class Accepted(Answer, frozen=True, kw_only=True):
    """The command is on its way; the feed tells what became of it."""


class SessionUser(Answer, frozen=True, kw_only=True):
    id: int
    login: str
    name: str
    role: Role
    language: str
    team: str | None


class SessionAgent(Answer, frozen=True, kw_only=True):
    id: int
    number: str
    extension: str


class Session(Answer, frozen=True, kw_only=True):
    user: SessionUser
    agent: SessionAgent | None
    csrf_token: str
    server_time: float
    timezone: str  # of the centre, as in the settings: pages show times in it


class QueueName(Answer, frozen=True, kw_only=True):
    id: str
    name: dict[str, str]  # by language


class Reference(Answer, frozen=True, kw_only=True):
    """Names of everything that views and rows mention by id or code."""

    queues: tuple[QueueName, ...]
    skills: dict[str, dict[str, str]]
    teams: dict[str, dict[str, str]]  # team → name by language
    reason_codes: tuple[ReasonCode, ...]
    dispositions: tuple[Disposition, ...]
    lines: dict[str, str]  # dialled number → name of the line
    nodes: dict[str, dict[str, dict[str, str]]]  # flow → node → title by language, where the flow gives one


class Wallboard(Answer, frozen=True, kw_only=True):
    totals: TotalsView
    queues: tuple[QueueView, ...]
    agents: tuple[AgentView, ...]  # an agent sees only themselves


class QueueStaffing(Answer, frozen=True, kw_only=True):
    """`advice` None: not worked out yet, it takes a minute after the start."""

    queue_id: str
    agents_signed_in: int
    service_level_s: float
    service_level_target: float
    advice: Advice | None


class Alive(Answer, frozen=True, kw_only=True):
    status: Literal["live"] = "live"


class Readiness(Answer, frozen=True, kw_only=True):
    ready: bool
    components: tuple[ComponentHealth, ...]
