"""What we concluded about a call: read models, pages and metrics follow these, `decide` never sees them again."""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.call.event import Event
from ctiserver.call.parties import Role
from ctiserver.call.words import Direction, EndedBy, WayOut


class CallStarted(Event, frozen=True, kw_only=True):
    call_id: str
    dialled: str
    caller_number: str
    caller_name: str
    flow: str
    direction: Direction = "inbound"
    agent_id: int | None = None  # who makes the call, where an agent does


class CustomerKnown(Event, frozen=True, kw_only=True):
    customer_id: int | None
    matches: int


class AnnouncementHeard(Event, frozen=True, kw_only=True):
    """An emergency announcement is played to the caller before the flow begins."""

    announcement_id: int
    title: str


class CustomerTreated(Event, frozen=True, kw_only=True):
    """The customer's tags led into another flow, or the call was refused for them. A head start is in QueueEntered."""

    flow: str
    refused: bool


class NodeEntered(Event, frozen=True, kw_only=True):
    """The caller reached a node of the flow."""

    flow: str
    node: str


class NodeLeft(Event, frozen=True, kw_only=True):
    """The caller left a node of the flow: by `edge` to another node, or (then without one) with the call's end."""

    flow: str
    node: str
    way: WayOut
    edge: str = ""  # as in ivr.cursor.Visit.by
    to_flow: str = ""
    to_node: str = ""
    spent_s: float = 0.0


class InputCollected(Event, frozen=True, kw_only=True):
    node: str
    variable: str
    value: str  # masked where the flow says secret


class QueueEntered(Event, frozen=True, kw_only=True):
    queue_id: str
    priority_s: float = 0.0


class QueueLeft(Event, frozen=True, kw_only=True):
    """`outcome`: answered, abandoned, overflowed (then `reason` says timeout, full, no_agents, closed, key)."""

    queue_id: str
    outcome: Literal["answered", "abandoned", "overflowed"]
    reason: str
    entered_at: float
    waited_s: float
    place_at: float | None = None  # from when the place counted, where that is before `entered_at`


class OfferStarted(Event, frozen=True, kw_only=True):
    offer_id: str
    agent_id: int
    queue_id: str
    why: str


class OfferEnded(Event, frozen=True, kw_only=True):
    offer_id: str
    agent_id: int
    queue_id: str
    started_at: float
    outcome: Literal["answered", "refused", "withdrawn", "caller_gone"]
    cause: str = ""  # a RefusalCause where refused


class TalkStarted(Event, frozen=True, kw_only=True):
    agent_id: int
    queue_id: str
    recording_id: str = ""


class TalkEnded(Event, frozen=True, kw_only=True):
    agent_id: int
    queue_id: str
    started_at: float
    talk_s: float  # without hold
    hold_s: float


class HoldStarted(Event, frozen=True, kw_only=True):
    by: str  # agent | agent_phone | caller_phone
    agent_id: int


class HoldEnded(Event, frozen=True, kw_only=True):
    agent_id: int
    held_s: float


class PartyInvited(Event, frozen=True, kw_only=True):
    """Somebody is rung beside the caller and the agent in charge."""

    party_id: str
    role: Role | Literal["agent"]
    number: str
    agent_id: int | None = None
    endpoint: str = ""


class PartyJoined(Event, frozen=True, kw_only=True):
    party_id: str
    role: Role


class PartyLeft(Event, frozen=True, kw_only=True):
    """`joined_at` None: never answered; `reason` then is a RefusalCause or cancelled."""

    party_id: str
    role: Role
    number: str
    reason: str
    since: float
    agent_id: int | None = None
    joined_at: float | None = None


class TransferStarted(Event, frozen=True, kw_only=True):
    """`target`: an agent's number, a number outside, a queue or a flow, as `target_kind` says."""

    kind: str  # blind | consult | pickup | flow | refer
    target_kind: Literal["agent", "number", "queue", "flow"]
    target: str
    agent_id: int | None = None  # who sends the caller there
    target_agent_id: int | None = None


class TransferEnded(Event, frozen=True, kw_only=True):
    outcome: Literal["answered", "returned", "queued", "failed", "caller_gone"]
    reason: str = ""


class RecordingPaused(Event, frozen=True, kw_only=True):
    recording_id: str


class RecordingResumed(Event, frozen=True, kw_only=True):
    recording_id: str
    paused_at: float


class RecordingStored(Event, frozen=True, kw_only=True):
    recording_id: str
    agent_id: int
    started_at: float
    path: str
    duration_ms: int
    size_bytes: int
    sha256: str
    ok: bool


class RecordingFailed(Event, frozen=True, kw_only=True):
    recording_id: str
    reason: str


class LookupEnded(Event, frozen=True, kw_only=True):
    """What came of a question to an outside system; the answer itself stays in the flow."""

    source: str
    outcome: Literal["ok", "not_found", "failed"]
    reason: str = ""
    took_s: float = 0.0


class VoicemailLeft(Event, frozen=True, kw_only=True):
    """A message is stored. `ok` is False where its length contradicts what Asterisk has measured."""

    message_id: str
    box: str
    started_at: float
    path: str
    duration_ms: int
    size_bytes: int
    sha256: str
    ok: bool


class VoicemailLost(Event, frozen=True, kw_only=True):
    message_id: str
    box: str
    reason: str


class FaxReceived(Event, frozen=True, kw_only=True):
    """`path`: the TIFF below the recordings folder."""

    fax_id: str
    box: str
    started_at: float
    path: str
    pages: int
    size_bytes: int
    sha256: str


class FaxSent(Event, frozen=True, kw_only=True):
    fax_id: str
    document: str
    ok: bool
    pages: int = 0
    detail: str = ""


class CallbackRequested(Event, frozen=True, kw_only=True):
    """`waiting_since`: the instant from which the wait counts, earlier than now where the place is kept."""

    request_id: str
    queue_id: str
    number: str
    keep_place: bool
    waiting_since: float
    customer_id: int | None = None


class CallbackTried(Event, frozen=True, kw_only=True):
    """An attempt is over. `outcome`: answered, or why not; `next_at`: the next attempt, where there is to be one."""

    request_id: str
    attempt: int  # how many have been made
    outcome: str
    status: Literal["open", "done", "failed"]
    next_at: float | None = None


class NoticeTried(Event, frozen=True, kw_only=True):
    """A phone was rung about messages. `outcome`: listened, wrong_pin, no_pin, or why nobody picked up."""

    box: str
    phone: str
    voicemail_ids: tuple[str, ...]
    attempt: int
    outcome: str


class MessageHeard(Event, frozen=True, kw_only=True):
    """A message was heard to its end on a phone, or marked as read there."""

    voicemail_id: str
    box: str
    phone: str


class SurveyAnswered(Event, frozen=True, kw_only=True):
    """`agent_id`: who talked last with the caller, None where nobody did."""

    answer_id: str
    survey: str
    question: str
    score: int
    agent_id: int | None = None
    queue_id: str = ""


class SmsRequested(Event, frozen=True, kw_only=True):
    message_id: str
    number: str
    text: str


class WorkOrderRequested(Event, frozen=True, kw_only=True):
    request_id: str
    category: str
    title: str = ""
    text: str = ""
    area: str = ""
    fields: dict[str, object] = msgspec.field(default_factory=dict[str, object])
    customer_id: int | None = None


class ForwardStarted(Event, frozen=True, kw_only=True):
    """The flow rings somebody outside of the queues."""

    leg_id: str
    kind: str  # extension, agent, outside
    target: str
    endpoint: str


class ForwardAnswered(Event, frozen=True, kw_only=True):
    leg_id: str
    recording_id: str = ""


class ForwardEnded(Event, frozen=True, kw_only=True):
    """`outcome`: completed, busy, no_answer, rejected, unreachable, failed, caller_gone."""

    leg_id: str
    kind: str
    outcome: str
    started_at: float
    talk_s: float = 0.0


class ConferenceEntered(Event, frozen=True, kw_only=True):
    room: str


class ConferenceLeft(Event, frozen=True, kw_only=True):
    room: str
    seconds: float


class CallEnded(Event, frozen=True, kw_only=True):
    """The last fact of the conversation itself (a recording may still follow)."""

    call_id: str
    started_at: float
    ended_by: EndedBy
    reason: str
    outcome: Literal["answered", "abandoned", "self_service", "refused", "failed"]
    cause: int = 0


class CallCrashed(Event, frozen=True, kw_only=True):
    """Our own code failed on this call; it was hung up, the others go on."""

    error: str
