"""What queries answer: rows as pages and programs see them. Instants are UTC seconds, durations milliseconds."""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.call.screen_pop import LastContact
from ctiserver.directory import Role


class Row(msgspec.Struct, frozen=True, kw_only=True):
    pass


class AgentName(Row, frozen=True, kw_only=True):
    id: int
    number: str
    name: str


class CustomerName(Row, frozen=True, kw_only=True):
    id: int
    name: str


class RecordingLength(Row, frozen=True, kw_only=True):
    id: str
    duration_ms: int


class CallRow(Row, frozen=True, kw_only=True):
    """One call; `outcome` and `ended_by` are empty while it goes on."""

    id: str
    started_at: float
    ended_at: float | None
    dialled: str
    caller_number: str
    caller_name: str
    customer: CustomerName | None
    queue_id: str
    agent: AgentName | None
    outcome: str
    ended_by: str
    waited_ms: int
    ring_ms: int
    talk_ms: int
    hold_ms: int
    disposition: str
    recordings: tuple[RecordingLength, ...]
    marks: tuple[str, ...] = ()
    comments: int = 0  # how many


class CallComment(Row, frozen=True, kw_only=True):
    """`position_s`: seconds after the call's beginning that it is about; None: the whole call."""

    id: int
    text: str
    position_s: float | None
    user_id: int | None  # None: a machine, or somebody who is gone
    author: str
    at: float
    edited_at: float | None


class CallMark(Row, frozen=True, kw_only=True):
    mark: str
    author: str
    at: float


class CallNotes(Row, frozen=True, kw_only=True):
    """What people left on the record of a call."""

    comments: tuple[CallComment, ...]
    marks: tuple[CallMark, ...]


class SavedSearch(Row, frozen=True, kw_only=True):
    """`criteria` as the search for calls takes them; `span` ("" or today, yesterday, week, month) goes before them.
    `team`: whose it is where it is shared; None: everybody's."""

    id: int
    owner_id: int
    owner: str
    name: str
    criteria: dict[str, str | float | bool]
    span: str
    shared: bool
    team: str | None
    changed_at: float


class Segment(Row, frozen=True, kw_only=True):
    kind: str  # ivr, queue, ring, talk, hold, wrap_up, consult, conference, pause
    started_at: float
    ended_at: float | None
    detail: str
    queue_id: str = ""
    agent: AgentName | None = None
    outcome: str = ""


class DecisionRow(Row, frozen=True, kw_only=True):
    """What routing decided about a call. `reason` and `params` are codes and figures that pages translate:
    of an offer strategy, step, waited_s, score_s, idle_s, level, last_agent."""

    at: float
    decision: Literal["offered", "answered", "refused", "withdrawn", "adopted", "overflowed", "let_go"]
    agent: AgentName | None
    queue_id: str
    reason: str
    params: dict[str, str | int | float | bool]


class OfferRow(Row, frozen=True, kw_only=True):
    agent: AgentName
    started_at: float
    ended_at: float | None
    outcome: str
    cause: str
    why: str


class TransferRow(Row, frozen=True, kw_only=True):
    """The caller was sent elsewhere; `by` None: by the flow. `outcome` is empty while it goes on."""

    kind: str  # blind, consult, pickup, flow
    started_at: float
    ended_at: float | None
    by: AgentName | None
    target_kind: str  # agent, number, queue, flow
    target: str
    outcome: str
    reason: str


class PathStep(Row, frozen=True, kw_only=True):
    flow: str
    node: str
    at: float


class InputRow(Row, frozen=True, kw_only=True):
    variable: str
    value: str
    at: float


class RecordingRow(Row, frozen=True, kw_only=True):
    id: str
    call_id: str
    started_at: float
    duration_ms: int
    size_bytes: int
    status: Literal["stored", "mismatch", "lost", "removed"]  # removed: its time was over
    agent: AgentName | None
    queue_id: str
    caller_number: str


class LegalHold(Row, frozen=True, kw_only=True):
    """Nothing of the call is removed until it is lifted."""

    reason: str
    set_by: str
    set_at: float


class CallDetails(Row, frozen=True, kw_only=True):
    id: str
    started_at: float
    ended_at: float | None
    dialled: str
    caller_number: str
    caller_name: str
    customer: CustomerName | None
    queue_id: str
    agent: AgentName | None
    outcome: str
    ended_by: str
    waited_ms: int
    ring_ms: int
    talk_ms: int
    hold_ms: int
    disposition: str
    segments: tuple[Segment, ...]
    offers: tuple[OfferRow, ...]
    path: tuple[PathStep, ...]
    inputs: tuple[InputRow, ...]
    recordings: tuple[RecordingRow, ...]
    legal_hold: LegalHold | None = None
    direction: str = "inbound"
    note: str = ""  # what the agent wrote
    wrap_up_ms: int = 0
    transfers: tuple[TransferRow, ...] = ()


class CallPage(Row, frozen=True, kw_only=True):
    items: tuple[CallRow, ...]
    total: int
    page: int
    page_size: int


class RecordingPage(Row, frozen=True, kw_only=True):
    items: tuple[RecordingRow, ...]
    total: int
    page: int
    page_size: int


class CustomerRow(Row, frozen=True, kw_only=True):
    id: int
    name: str
    customer_number: str
    meter_number: str
    address: str
    tags: tuple[str, ...]


class CustomerDetails(Row, frozen=True, kw_only=True):
    id: int
    name: str
    customer_number: str
    meter_number: str
    address: str
    tags: tuple[str, ...]
    numbers: tuple[str, ...]
    notes: str
    last_contacts: tuple[LastContact, ...]


class CallFilter(msgspec.Struct, frozen=True, kw_only=True):
    """None and "" mean: any. `started_to` is not included; pages begin at 1."""

    started_from: float | None = None
    started_to: float | None = None
    queue_id: str = ""
    agent_id: int | None = None
    scope: tuple[int, ...] | None = None  # rows of these agents and of nobody; None: of all
    number: str = ""
    outcome: str = ""
    dialled: str = ""
    disposition: str = ""
    direction: str = ""
    ended_by: str = ""
    customer: str = ""  # part of the name, or the customer number
    note: str = ""  # part of what the agent wrote
    flow: str = ""
    node: str = ""  # of any flow, or of `flow`
    waited_from_ms: int | None = None
    waited_to_ms: int | None = None
    talk_from_ms: int | None = None
    talk_to_ms: int | None = None
    recorded: bool | None = None
    transferred: bool | None = None
    mark: str = ""
    comment: str = ""  # part of what somebody wrote beside it
    commented: bool | None = None
    page: int = 1
    page_size: int = 50


class UserRow(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    login: str
    name: str
    role: Role
    language: str
    team: str | None
    agent_id: int | None
