"""What the world did to a call: Asterisk, a timer, the routing engine, machines beside. Inputs of `decide`."""

from __future__ import annotations

from typing import Literal

from ctiserver.call.event import Event
from ctiserver.call.screen_pop import CustomerCard
from ctiserver.call.words import EndedBy


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
    trunk: str = ""  # by which the caller comes, where that is known
    gave_up: bool = False  # hung up while it rang, before it was taken (live/admission.py)


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
    fax_pages: int | None = None  # of a fax that had come through, with nobody left to tell so


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

    unanswered: bool = False  # the caller still rings


class AsteriskRestarted(Event, frozen=True, kw_only=True):
    """All channels are gone with the Asterisk that held them."""
