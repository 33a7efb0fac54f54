"""What happens to calls and agents: past-tense facts, at once mailbox message, journal line and test fixture.

Two kinds:

* *Inputs* are what the world did (Asterisk, a timer, the routing engine, a person). They are all that `decide` gets;
  replaying a call's inputs gives the same call.
* *Facts* are what we concluded from them. They never go back into `decide`; read models, pages and metrics follow them.

Instants are UTC seconds since 1970; durations are seconds. Numbers are as the network gave them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.call.commands import Command
from ctiserver.call.parties import AgentTarget, Callback, Dialled, Role, Target
from ctiserver.call.screen_pop import CustomerCard
from ctiserver.call.words import Activity, Direction, EndedBy, Presence, WayOut


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Base of all inputs and facts; `type` is the class name."""


# ── inputs to a call ────────────────────────────────────────────────────────────────────────────────────────────────


class CallArrived(Event, frozen=True, kw_only=True):
    """A caller's channel entered Stasis."""

    call_id: str
    channel_id: str
    dialled: str
    caller_number: str  # empty: anonymous
    caller_name: str = ""
    flow: str = ""  # chosen by the dialled number; empty: nobody serves it
    region: str = ""  # of the caller's number, in Chinese; empty: unknown
    on_duty: int | None = None  # people on duty by the roster; None: nothing was planned
    agents_signed_in: int = 0


class CallerIdentified(Event, frozen=True, kw_only=True):
    """The lookup by number ended. `card` is None where nobody or nobody alone matches; `failed`: nobody could say."""

    card: CustomerCard | None
    matches: int
    failed: bool = False
    last_agent_id: int | None = None  # who talked with this customer last


class PromptFinished(Event, frozen=True, kw_only=True):
    playback_id: str
    ok: bool  # False: missing, unreadable, or the engine gave nothing


class DigitReceived(Event, frozen=True, kw_only=True):
    digit: str  # 0-9 * # A-D; masked as "•" where the flow says secret, before it is journaled


class DeadlinePassed(Event, frozen=True, kw_only=True):
    name: str  # key of Call.deadlines


class OfferMade(Event, frozen=True, kw_only=True):
    """The routing engine reserved an agent for this call."""

    offer_id: str  # also the id of the agent's channel
    agent_id: int
    agent_number: str
    agent_name: str
    endpoint: str  # "PJSIP/1001"
    ring_timeout_s: float
    auto_answer: bool = False
    why: str = ""


class OfferWithdrawn(Event, frozen=True, kw_only=True):
    offer_id: str
    reason: str  # lease_expired | answered_elsewhere | agent_removed | …


class QueuePositionChanged(Event, frozen=True, kw_only=True):
    position: int  # 1 is next
    expected_wait_s: float | None = None  # half of those in this place wait less
    expected_wait_p90_s: float | None = None  # nine in ten wait less


class QueueRefused(Event, frozen=True, kw_only=True):
    """The routing engine let go of the call: full, timeout, no_agents, closed, forecast; or would not take it."""

    reason: str
    flow: str = ""  # where the queue's rules send it; "": the flow that it came from knows


class QueueMoved(Event, frozen=True, kw_only=True):
    """The routing engine overflowed the call into another queue; the place there is already taken."""

    queue_id: str
    reason: str


class PlaceResumed(Event, frozen=True, kw_only=True):
    """The caller gave up before, has come back in time, and waits at the old place."""

    place_at: float


class AgentLegRinging(Event, frozen=True, kw_only=True):
    offer_id: str


class AgentLegAnswered(Event, frozen=True, kw_only=True):
    offer_id: str


class AgentLegEnded(Event, frozen=True, kw_only=True):
    offer_id: str
    cause: int = 0  # ITU-T Q.850
    tech_cause: int = 0  # SIP status, 0 where unknown


class PartiesConnected(Event, frozen=True, kw_only=True):
    bridge_id: str


class ConnectFailed(Event, frozen=True, kw_only=True):
    """The two could not be joined: one of them had gone in that instant."""

    bridge_id: str


class CallerHungUp(Event, frozen=True, kw_only=True):
    cause: int = 0
    tech_cause: int = 0


class HangUpRequested(Event, frozen=True, kw_only=True):
    by: EndedBy
    user_id: int | None = None


class HoldChanged(Event, frozen=True, kw_only=True):
    """A phone put the other side on hold by re-INVITE, or took it back; Asterisk plays the music."""

    held: bool
    by: Literal["caller", "agent"]


class RecordingBegan(Event, frozen=True, kw_only=True):
    recording_id: str


class RecordingCollected(Event, frozen=True, kw_only=True):
    """The file was fetched, converted and measured; `ok` is False where its length contradicts the conversation."""

    recording_id: str
    path: str  # below the recordings folder
    duration_ms: int
    size_bytes: int
    sha256: str
    ok: bool


class RecordingLost(Event, frozen=True, kw_only=True):
    recording_id: str
    reason: str


class LookupFinished(Event, frozen=True, kw_only=True):
    """An outside system has answered, or has not in time."""

    lookup_id: str
    outcome: Literal["ok", "not_found", "failed"]
    data: object = None
    reason: str = ""


class MessageFinished(Event, frozen=True, kw_only=True):
    """The recording of the caller has ended: by key, silence, length, or hang-up."""

    message_id: str
    ok: bool
    seconds: float = 0.0
    sound_s: float | None = None  # of it with sound, where Asterisk has measured silence


class MessageCollected(Event, frozen=True, kw_only=True):
    """The file was fetched and measured. `pages` are a fax's."""

    message_id: str
    path: str  # below the recordings folder
    duration_ms: int
    size_bytes: int
    sha256: str
    ok: bool
    pages: int = 0


class MessageLost(Event, frozen=True, kw_only=True):
    """`too_short`: nothing worth keeping, and deleted."""

    message_id: str
    reason: str


class WordsUnderstood(Event, frozen=True, kw_only=True):
    message_id: str
    text: str  # empty: nothing was understood


class RoomRefused(Event, frozen=True, kw_only=True):
    room: str


class FaxFinished(Event, frozen=True, kw_only=True):
    """The channel is back from the fax engine."""

    fax_id: str
    ok: bool
    pages: int = 0
    detail: str = ""


class CallRecovered(Event, frozen=True, kw_only=True):
    """The daemon was restarted and found this call in its spool. What changed meanwhile follows as ordinary inputs."""


class AsteriskRestarted(Event, frozen=True, kw_only=True):
    """All channels are gone with the Asterisk that held them."""


# what people do with a call; `user_id` is who asked, for the journal


class OutboundRequested(Event, frozen=True, kw_only=True):
    """An agent makes a call: to a number, to a colleague, or a conference that begins empty."""

    call_id: str
    agent: AgentTarget
    target: Dialled | None
    direction: Direction
    shown: str = ""  # the number that the other side sees
    longest_s: float = 0.0
    user_id: int | None = None
    record: bool = True
    callback: Callback | None = None  # that this agent alone is to make


class CallbackDue(Event, frozen=True, kw_only=True):
    """Somebody of the queue is to ring this customer back: the contact waits in the place of `waiting_since`."""

    call_id: str
    queue_id: str
    callback: Callback
    waiting_since: float
    shown: str = ""  # the number that the customer sees
    language: str = "zh-CN"


class HoldRequested(Event, frozen=True, kw_only=True):
    """The agent lets the caller wait with music, or takes the caller back."""

    held: bool
    user_id: int | None = None


class MuteRequested(Event, frozen=True, kw_only=True):
    """`party_id`: "agent", "caller", or a party's."""

    party_id: str
    muted: bool
    user_id: int | None = None


class DigitsRequested(Event, frozen=True, kw_only=True):
    """Keys pressed on the page. Secret by nature, so the journal has only how many."""

    digits: str
    user_id: int | None = None


class PieceRequested(Event, frozen=True, kw_only=True):
    """A recorded piece is played to everybody in the conversation; an empty one stops what plays."""

    prompt: str
    language: str = "zh-CN"
    user_id: int | None = None


class RecordingPauseRequested(Event, frozen=True, kw_only=True):
    paused: bool
    user_id: int | None = None


class RecordingPauseFailed(Event, frozen=True, kw_only=True):
    """Asterisk did not do it: what is said is being recorded."""

    recording_id: str


class TransferRequested(Event, frozen=True, kw_only=True):
    """Blind: the agent is rid of the caller at once."""

    target: Target
    user_id: int | None = None


class ConsultRequested(Event, frozen=True, kw_only=True):
    target: Target  # not a flow
    user_id: int | None = None


class ConsultChosen(Event, frozen=True, kw_only=True):
    """swap: speak with the other one · merge: all together · complete: the caller goes there · cancel."""

    choice: Literal["swap", "merge", "complete", "cancel"]
    user_id: int | None = None


class InviteRequested(Event, frozen=True, kw_only=True):
    """One more into the conversation."""

    target: Dialled
    user_id: int | None = None


class RemoveRequested(Event, frozen=True, kw_only=True):
    party_id: str
    user_id: int | None = None


class LeaveRequested(Event, frozen=True, kw_only=True):
    """The agent in charge leaves; the others go on where that makes sense."""

    agent_id: int
    user_id: int | None = None


class TakeOverRequested(Event, frozen=True, kw_only=True):
    """A colleague takes a caller who waits or rings elsewhere (代答), or a supervisor the conversation (拦截)."""

    by: AgentTarget
    user_id: int | None = None


class QueueMoveRequested(Event, frozen=True, kw_only=True):
    """A supervisor sends a caller who waits into another queue."""

    queue_id: str
    user_id: int | None = None


class PriorityRequested(Event, frozen=True, kw_only=True):
    priority_s: float
    user_id: int | None = None


class ReferReceived(Event, frozen=True, kw_only=True):
    """The agent's phone asked for a transfer by REFER. `target` None: to where nobody may be sent.

    Attended (with Replaces): the two calls of the phone, on whichever of them it asked, are to become one.
    """

    leg: str
    target: Target | None
    attended: bool = False
    other: str = ""  # attended: the phone's other channel


class ConsultDialled(Event, frozen=True, kw_only=True):
    """The phone of the agent in charge rings somebody by itself, on a second line, while the caller waits."""

    channel_id: str  # the phone's second channel
    target: Dialled | None  # None: nobody who may be rung, or can be now


CallInput = (
    CallArrived
    | CallerIdentified
    | PromptFinished
    | DigitReceived
    | DeadlinePassed
    | OfferMade
    | OfferWithdrawn
    | QueuePositionChanged
    | QueueRefused
    | QueueMoved
    | PlaceResumed
    | AgentLegRinging
    | AgentLegAnswered
    | AgentLegEnded
    | PartiesConnected
    | ConnectFailed
    | CallerHungUp
    | HangUpRequested
    | HoldChanged
    | RecordingBegan
    | RecordingCollected
    | RecordingLost
    | LookupFinished
    | MessageFinished
    | MessageCollected
    | MessageLost
    | WordsUnderstood
    | RoomRefused
    | FaxFinished
    | CallRecovered
    | AsteriskRestarted
    | OutboundRequested
    | CallbackDue
    | HoldRequested
    | MuteRequested
    | DigitsRequested
    | PieceRequested
    | RecordingPauseRequested
    | RecordingPauseFailed
    | TransferRequested
    | ConsultRequested
    | ConsultChosen
    | InviteRequested
    | RemoveRequested
    | LeaveRequested
    | TakeOverRequested
    | QueueMoveRequested
    | PriorityRequested
    | ReferReceived
    | ConsultDialled
)

# ── facts about a call ──────────────────────────────────────────────────────────────────────────────────────────────


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
    fields: dict[str, object] = {}
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


CallFact = (
    CallStarted
    | CustomerKnown
    | AnnouncementHeard
    | CustomerTreated
    | NodeEntered
    | NodeLeft
    | InputCollected
    | QueueEntered
    | QueueLeft
    | OfferStarted
    | OfferEnded
    | TalkStarted
    | TalkEnded
    | RecordingStored
    | RecordingFailed
    | LookupEnded
    | VoicemailLeft
    | VoicemailLost
    | FaxReceived
    | FaxSent
    | CallbackRequested
    | CallbackTried
    | SurveyAnswered
    | SmsRequested
    | WorkOrderRequested
    | ForwardStarted
    | ForwardAnswered
    | ForwardEnded
    | ConferenceEntered
    | ConferenceLeft
    | CallEnded
    | CallCrashed
    | HoldStarted
    | HoldEnded
    | PartyInvited
    | PartyJoined
    | PartyLeft
    | TransferStarted
    | TransferEnded
    | RecordingPaused
    | RecordingResumed
)

# ── agents ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class PresenceChosen(Event, frozen=True, kw_only=True):
    """Somebody (the agent, a supervisor, the system) set an agent's presence."""

    agent_id: int
    presence: Presence
    reason: str = ""  # reason code of a break
    by: str = "agent"  # agent | supervisor:<user id> | system


class PhoneStateChanged(Event, frozen=True, kw_only=True):
    agent_id: int
    reachable: bool
    in_use: bool = False  # busy in something that is not ours


class WrapUpFinished(Event, frozen=True, kw_only=True):
    agent_id: int
    by: Literal["agent", "timer", "system"]


class WrapUpExtended(Event, frozen=True, kw_only=True):
    agent_id: int
    seconds: float


class DispositionChosen(Event, frozen=True, kw_only=True):
    agent_id: int
    call_id: str
    code: str
    note: str = ""


class RoutingDecided(Event, frozen=True, kw_only=True):
    """The routing engine decided something about this agent: the decision log."""

    agent_id: int
    decision: str  # name of the engine's decision or of the report that caused it
    call_id: str = ""
    offer_id: str = ""
    why: str = ""
    params: dict[str, str | int | float | bool] = {}  # of an offer: what the rule went by (live/decision_log.py)


AgentInput = RoutingDecided | PresenceChosen | PhoneStateChanged | WrapUpFinished | WrapUpExtended | DispositionChosen


class AgentStateChanged(Event, frozen=True, kw_only=True):
    """One agent's state, old and new in one piece; the old one lasted from `old_since` until this fact's instant."""

    agent_id: int
    presence: Presence
    reason: str
    activity: Activity
    reachable: bool
    call_id: str = ""
    old_presence: Presence = "signed_out"
    old_reason: str = ""
    old_activity: Activity = "idle"
    old_since: float | None = None  # None: first state we know of


AgentFact = AgentStateChanged

Input = CallInput | AgentInput
Fact = CallFact | AgentFact


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the journal: one input, and all that was concluded and commanded because of it, atomically.

    `state` is the whole subject afterwards (a Call, or an agent's record). It stays in the local spool, where a restart
    takes the last one of each subject, and is not shipped to Postgres.
    """

    seq: int = 0  # per node, without gaps; 0 until the journal has numbered it
    at: float
    subject: str  # call id, or "agent:<id>"
    input: Input
    facts: tuple[Fact, ...] = ()
    commands: tuple[Command, ...] = ()
    state: msgspec.Raw = msgspec.Raw()
