"""What `decide` asks for: imperatives, carried out in order by the call's session.

Ids are ours and derived from the call's, so that a repeated command is refused by Asterisk and not done twice.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.call.errands import Purpose
from ctiserver.call.words import RefusalCause
from ctiserver.ivr.messages import Utterance


class CommandBase(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Base of all commands; `type` is the class name."""


# ── to Asterisk ─────────────────────────────────────────────────────────────────────────────────────────────────────


class AnswerCaller(CommandBase, frozen=True, kw_only=True):
    channel_id: str


class PlayPrompt(CommandBase, frozen=True, kw_only=True):
    playback_id: str
    target: str  # "channel:ID" or "bridge:ID"
    pieces: tuple[Utterance, ...]


class StopPrompt(CommandBase, frozen=True, kw_only=True):
    playback_id: str


class HoldWithMusic(CommandBase, frozen=True, kw_only=True):
    """Into the shared holding bridge of that music class."""

    channel_id: str
    music: str


class MakeBridge(CommandBase, frozen=True, kw_only=True):
    bridge_id: str


class DialAgent(CommandBase, frozen=True, kw_only=True):
    """Rings the agent's phone; `offer_id` is the id of the new channel."""

    offer_id: str
    endpoint: str
    originator: str
    caller_number: str
    caller_name: str
    timeout_s: float
    auto_answer: bool = False


class ConnectParties(CommandBase, frozen=True, kw_only=True):
    bridge_id: str
    channel_ids: tuple[str, ...]


class DestroyBridge(CommandBase, frozen=True, kw_only=True):
    bridge_id: str


class HangUp(CommandBase, frozen=True, kw_only=True):
    channel_id: str
    reason: str = "normal"  # normal | busy | congestion | answered_elsewhere | unallocated


class StartRecording(CommandBase, frozen=True, kw_only=True):
    recording_id: str
    channel_id: str


class CollectRecording(CommandBase, frozen=True, kw_only=True):
    """Stops the recording if it still runs, fetches, converts and checks it against the expected length."""

    recording_id: str
    channel_id: str
    started_at: float
    expected_s: float
    agent_number: str
    queue_id: str


class JoinBridge(CommandBase, frozen=True, kw_only=True):
    """One channel into a bridge of the call, out of wherever it was. One that has gone is told by its own hang-up."""

    bridge_id: str
    channel_id: str


class PlaySound(CommandBase, frozen=True, kw_only=True):
    """Media as Asterisk names them ("tone:ring"); a tone goes on until it is stopped."""

    playback_id: str
    target: str
    media: tuple[str, ...]


class Mute(CommandBase, frozen=True, kw_only=True):
    """Nobody hears this channel, which goes on hearing the others."""

    channel_id: str
    muted: bool


class SendDigits(CommandBase, frozen=True, kw_only=True):
    channel_id: str
    digits: str


class PauseRecording(CommandBase, frozen=True, kw_only=True):
    """Silence is written instead of the voices; the clock of the recording goes on."""

    recording_id: str
    channel_id: str
    paused: bool


class AnswerRefer(CommandBase, frozen=True, kw_only=True):
    """Tells the phone what became of the transfer that it asked for by REFER."""

    channel_id: str
    state: Literal["channel_progress", "channel_answered", "channel_unavailable", "channel_declined"]


class LeaveMusic(CommandBase, frozen=True, kw_only=True):
    """Out of the holding bridge, into silence."""

    channel_id: str
    music: str


class DialLeg(CommandBase, frozen=True, kw_only=True):
    """Rings somebody outside of the queues; `leg_id` is the id of the new channel."""

    leg_id: str
    endpoint: str
    originator: str
    caller_number: str
    caller_name: str
    timeout_s: float


class StartMessage(CommandBase, frozen=True, kw_only=True):
    """Records the caller alone, after a tone."""

    message_id: str
    channel_id: str
    max_s: float
    silence_s: float
    beep: bool = True
    end: str = "#"  # # * any none


class StopMessage(CommandBase, frozen=True, kw_only=True):
    message_id: str


class DeleteMessage(CommandBase, frozen=True, kw_only=True):
    message_id: str


class EnterRoom(CommandBase, frozen=True, kw_only=True):
    channel_id: str
    room: str


class ExitRoom(CommandBase, frozen=True, kw_only=True):
    channel_id: str
    room: str


class StartFax(CommandBase, frozen=True, kw_only=True):
    """Hands the channel to Asterisk's fax engine; it comes back by itself. `document`: what is sent; empty: receive."""

    fax_id: str
    channel_id: str
    dialled: str
    document: str = ""


class SeeCaller(CommandBase, frozen=True, kw_only=True):
    """Is the caller's channel still there? While it is in the dialplan nobody tells us of its end.

    `fax_id`: the fax for which it is there.
    """

    channel_id: str
    fax_id: str = ""


# ── to the routing engine ───────────────────────────────────────────────────────────────────────────────────────────


class EnterQueue(CommandBase, frozen=True, kw_only=True):
    queue_id: str
    skills: dict[str, int]  # asked for by the flow, beyond the queue's own
    priority_s: float
    entered_at: float
    customer_id: int | None = None
    caller_number: str = ""
    contact_id: str = ""  # empty: the call's own; otherwise a party's, for whom an agent is sought beside the call
    place_at: float | None = None  # waited in another queue before: the place counts from then
    last_agent_id: int | None = None
    callback: str = ""  # nobody is on the line: this number is to be rung back
    offers_before: int = 0  # the number of this call's latest offer: an engine made anew must not give it again


class PreferAgent(CommandBase, frozen=True, kw_only=True):
    """Who talked with this customer last became known while the caller waits."""

    agent_id: int


class LeaveQueue(CommandBase, frozen=True, kw_only=True):
    reason: str  # abandoned | key | timeout | ended
    contact_id: str = ""


class ReportOffer(CommandBase, frozen=True, kw_only=True):
    """What became of an offer."""

    offer_id: str
    result: Literal["ringing", "answered", "refused", "released"]  # released: let go of, and nobody is to blame
    cause: RefusalCause | None = None  # where refused


class AdoptOffer(CommandBase, frozen=True, kw_only=True):
    """After a restart: this agent is being rung for the call (or talks with it) since before the engine was rebuilt."""

    offer_id: str
    agent_id: int
    queue_id: str
    entered_at: float
    answered: bool
    customer_id: int | None = None
    contact_id: str = ""
    caller_number: str = ""
    place_at: float | None = None  # as in EnterQueue, like those below: whoever isn't served goes on waiting
    priority_s: float = 0.0
    skills: dict[str, int] = {}


class ReportTalkEnded(CommandBase, frozen=True, kw_only=True):
    """The agent's part is over: wrap-up begins."""

    offer_id: str
    agent_id: int
    contact_id: str = ""


class ReserveAgent(CommandBase, frozen=True, kw_only=True):
    """This very agent is rung, without a queue's choice. Answered by OfferWithdrawn(offer_id) where that can't be."""

    offer_id: str  # the leg
    contact_id: str
    agent_id: int
    queue_id: str  # whose rules of wrap-up hold; empty: none


class ReleaseAgent(CommandBase, frozen=True, kw_only=True):
    """The agent of a contact is free: after a conversation to wrap up, otherwise without a miss."""

    offer_id: str
    contact_id: str
    agent_id: int
    talked: bool
    unreached: bool = False  # who was to be rung back did not pick up, or was not joined: nothing to wrap up


class ReportHold(CommandBase, frozen=True, kw_only=True):
    """The agent's conversation is held, or goes on."""

    agent_id: int
    held: bool


class ChangePriority(CommandBase, frozen=True, kw_only=True):
    priority_s: float


# ── beside the call ─────────────────────────────────────────────────────────────────────────────────────────────────


class RunLookup(CommandBase, frozen=True, kw_only=True):
    """Asks an outside system. `secret`: path and body hold what was entered in secret and are written down nowhere."""

    lookup_id: str
    source: str
    path: str
    method: Literal["GET", "POST"] = "GET"
    body: dict[str, object] | None = None
    timeout_s: float | None = None
    secret: bool = False


class CollectMessage(CommandBase, frozen=True, kw_only=True):
    """Fetches a message (or fax), checks it against the expected length, stores it."""

    message_id: str
    purpose: Purpose
    box: str
    started_at: float
    expected_s: float | None = None
    min_s: float = 0.0


class UnderstandWords(CommandBase, frozen=True, kw_only=True):
    """Fetches what the caller has just said, and has it recognised."""

    message_id: str
    words: tuple[str, ...]
    language: str


# ── to others ───────────────────────────────────────────────────────────────────────────────────────────────────────


class IdentifyCaller(CommandBase, frozen=True, kw_only=True):
    """Look the caller up by number; the call does not wait for it."""

    number: str


TelephonyCommand = (
    AnswerCaller
    | PlayPrompt
    | StopPrompt
    | HoldWithMusic
    | MakeBridge
    | DialAgent
    | ConnectParties
    | DestroyBridge
    | HangUp
    | StartRecording
    | JoinBridge
    | PlaySound
    | Mute
    | SendDigits
    | PauseRecording
    | AnswerRefer
    | LeaveMusic
    | DialLeg
    | StartMessage
    | StopMessage
    | DeleteMessage
    | EnterRoom
    | ExitRoom
    | StartFax
    | SeeCaller
)
ErrandCommand = RunLookup | CollectMessage | UnderstandWords
RoutingCommand = (
    EnterQueue
    | PreferAgent
    | LeaveQueue
    | ReportOffer
    | AdoptOffer
    | ReportTalkEnded
    | ReserveAgent
    | ReleaseAgent
    | ReportHold
    | ChangePriority
)
Command = TelephonyCommand | RoutingCommand | ErrandCommand | CollectRecording | IdentifyCaller
