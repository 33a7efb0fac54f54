"""What the running system needs from outside, as protocols; `app.py` decides who provides it.

Journal has a contract test for all who implement it (tests/component/contracts); Telephony is held to the same stories
against the fake Asterisk (tests/component) and a real one (tests/asterisk).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from ctiserver.call.events import Step
from ctiserver.call.screen_pop import KnownCaller

Outcome = Literal["done", "gone", "refused"]
"""How Asterisk answered: done; gone (404: hung up meanwhile); refused (400, 409, 412, 422, 500: not in that state)."""


class TelephonyEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Base of what Asterisk tells us, already reduced to what we act on."""


class ChannelEntered(TelephonyEvent, frozen=True, kw_only=True):
    """StasisStart. For a caller `arguments` begins with the dialled number; for a leg of ours with "leg"."""

    channel_id: str
    arguments: tuple[str, ...]
    caller_number: str
    caller_name: str
    channel_name: str
    answered: bool = False  # already, by the dialplan


class ChannelLeft(TelephonyEvent, frozen=True, kw_only=True):
    """StasisEnd or ChannelDestroyed, whichever came first; told once per channel."""

    channel_id: str
    cause: int = 0  # ITU-T Q.850
    tech_cause: int = 0  # SIP status


class ChannelRinging(TelephonyEvent, frozen=True, kw_only=True):
    channel_id: str


class DigitPressed(TelephonyEvent, frozen=True, kw_only=True):
    channel_id: str
    digit: str


class PlaybackEnded(TelephonyEvent, frozen=True, kw_only=True):
    playback_id: str
    ok: bool


class MessageEnded(TelephonyEvent, frozen=True, kw_only=True):
    """A recording of the caller alone has ended; `sound_s` leaves silence out, where it was measured."""

    message_id: str
    ok: bool
    seconds: float = 0.0
    sound_s: float | None = None


class HoldToggled(TelephonyEvent, frozen=True, kw_only=True):
    channel_id: str
    held: bool


class ReferAsked(TelephonyEvent, frozen=True, kw_only=True):
    """A phone asked by REFER that its call be transferred; nothing has been done about it yet."""

    channel_id: str
    destination: str  # as dialled
    attended: bool
    other_channel_id: str = ""  # attended: the phone's second call


class PhoneSeen(TelephonyEvent, frozen=True, kw_only=True):
    """Contact or device state of an extension changed (AMI)."""

    extension: str
    reachable: bool
    in_use: bool


class LinkUp(TelephonyEvent, frozen=True, kw_only=True):
    """ARI is connected, the filter is set; `restarted` when this is another Asterisk process than before."""

    restarted: bool


class LinkDown(TelephonyEvent, frozen=True, kw_only=True):
    reason: str


class ChannelSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A channel as listed by Asterisk now."""

    channel_id: str
    name: str = ""
    up: bool
    ours: bool  # in our Stasis application
    arguments: tuple[str, ...] = ()
    caller_number: str = ""
    caller_name: str = ""
    dialled: str = ""


class BridgeSeen(msgspec.Struct, frozen=True, kw_only=True):
    bridge_id: str
    channels: tuple[str, ...]


class DialRequest(msgspec.Struct, frozen=True, kw_only=True):
    channel_id: str  # ours: a repeated request is a 409 and not a second phone ringing
    endpoint: str
    originator: str  # the caller's channel
    caller_number: str
    caller_name: str
    timeout_s: float
    call_id: str  # goes to the phone as X-CTI-Call-Id
    auto_answer: bool = False


class MessageRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Record one channel's own voice. `end`: the key that ends it (#, *, any, none)."""

    message_id: str
    channel_id: str
    max_s: float
    silence_s: float
    beep: bool = True
    end: str = "#"


class FaxRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`document`: id of what is sent, without it something is received. `dialled` names the line for the way back."""

    fax_id: str
    channel_id: str
    dialled: str
    document: str = ""


class Telephony(Protocol):
    """Asterisk as we use it. Methods raise LinkDownError when it can't be asked; everything else is an Outcome.

    What returns an Awaitable is sent when it is called, so that the order of calls is the order in Asterisk, whether
    or not anybody awaits the outcome in between.
    """

    def events(self) -> AsyncIterator[TelephonyEvent]: ...

    def lane_of(self, channel_id: str) -> int:
        """By which way commands about the channel are sent. Asterisk carries those of one lane out one by one."""
        ...

    def unanswered(self, lane: int) -> int:
        """How many commands of the lane Asterisk has not answered yet: how far it is behind there."""
        ...

    def ring(self, channel_id: str) -> Awaitable[Outcome]:
        """Lets a caller who is not answered yet hear ringing."""
        ...

    def answer(self, channel_id: str) -> Awaitable[Outcome]: ...

    def play(self, playback_id: str, target: str, media: Sequence[str]) -> Awaitable[Outcome]:
        """`target` is "channel:ID" or "bridge:ID"; media are Asterisk URIs ("sound:http://…")."""
        ...

    def stop_playback(self, playback_id: str) -> Awaitable[Outcome]: ...

    def hold_with_music(self, channel_id: str, music: str) -> Awaitable[Outcome]:
        """Into the shared holding bridge of that music class, made on first use."""
        ...

    async def leave_music(self, channel_id: str, music: str) -> Outcome: ...

    async def record_message(self, request: MessageRequest) -> Outcome:
        """Its end comes as MessageEnded; not while the channel is in a bridge."""
        ...

    async def stop_message(self, message_id: str) -> Outcome: ...

    async def message_lives(self, message_id: str) -> bool: ...

    def message(self, message_id: str) -> AbstractAsyncContextManager[Path | None]:
        """The WAV (8 kHz, 16-bit, mono) of a message that has ended; None: not there. To be read inside the block."""
        ...

    async def delete_message(self, message_id: str) -> Outcome: ...

    async def enter_room(self, channel_id: str, room: str) -> Outcome:
        """Into the bridge that all who give this room share; who is alone in it hears music."""
        ...

    async def exit_room(self, channel_id: str, room: str) -> Outcome: ...

    async def start_fax(self, request: FaxRequest) -> Outcome:
        """The channel leaves for the dialplan and comes back as ChannelEntered with "fax", id, status, pages."""
        ...

    async def fetch_fax(self, fax_id: str, into: Path) -> bool:
        """The TIFF that was received; only where Asterisk's folder is shared."""
        ...

    async def fax_confirmed(self, fax_id: str) -> int | None:
        """Pages of a fax that came through though its channel never came back; None: it is not known to have."""
        ...

    async def channel_exists(self, channel_id: str) -> bool: ...

    def dial(self, request: DialRequest) -> Awaitable[Outcome]:
        """ "refused": the endpoint is unknown or unregistered."""
        ...

    def make_bridge(self, bridge_id: str) -> Awaitable[Outcome]: ...

    def connect(self, bridge_id: str, channel_ids: Sequence[str]) -> Awaitable[Outcome]: ...

    def destroy_bridge(self, bridge_id: str) -> Awaitable[Outcome]: ...

    def hang_up(self, channel_id: str, reason: str = "normal") -> Awaitable[Outcome]: ...

    async def snoop(self, snoop_id: str, channel_id: str, whisper: str) -> Outcome:
        """A channel of ours that hears both sides of `channel_id`; it enters the application like a leg.

        `whisper`: none; out (only the channel's own end hears what is said into it); both (everybody does).
        """
        ...

    async def mute(self, channel_id: str, *, muted: bool) -> Outcome:
        """Nobody hears the channel any more; it hears the others."""
        ...

    async def send_digits(self, channel_id: str, digits: str) -> Outcome: ...

    async def answer_refer(self, channel_id: str, state: str) -> Outcome: ...

    async def pause_recording(self, recording_id: str, channel_id: str, *, paused: bool) -> Outcome:
        """Silence is written while paused. Raises LinkDownError without AMI."""
        ...

    async def set_lamp(self, extension: str, state: str) -> Outcome:
        """What phones that subscribed to this agent show: NOT_INUSE, INUSE, RINGING, ONHOLD, BUSY, UNAVAILABLE."""
        ...

    async def start_recording(self, recording_id: str, channel_id: str) -> Outcome: ...

    async def stop_recording(self, recording_id: str, channel_id: str) -> Outcome: ...

    async def channels(self) -> list[ChannelSeen]: ...

    async def bridges(self) -> list[BridgeSeen]: ...

    async def phones(self) -> list[PhoneSeen]:
        """All phones as they are now. Raises LinkDownError without AMI."""
        ...

    def read_phones_anew(self) -> None:
        """Every phone is told again among the events."""
        ...

    async def playback_exists(self, playback_id: str) -> bool: ...

    def recording(self, recording_id: str) -> AbstractAsyncContextManager[Path | None]:
        """The raw file (16-bit, 8 kHz, two channels interleaved) of a stopped recording; None: not there.

        To be read inside the block and not changed: it may be Asterisk's own.
        """
        ...

    async def delete_recording(self, recording_id: str) -> Outcome:
        """Removes Asterisk's own copy, once ours is stored."""
        ...


class Journal(Protocol):
    """The truth: append-only, on this machine's disk, shipped to Postgres behind the calls' back."""

    def append(self, step: Step) -> None:
        """Queues the step; returns at once. `on_durable` hears of it after the next fsync, in order."""
        ...

    def on_durable(self, listener: Callable[[Sequence[Step]], None]) -> None: ...


class CustomerLookup(Protocol):
    async def known(self, number: str, contacts: int) -> KnownCaller:
        """Who calls (the number as E.164 or as dialled), with at most so many of the last contacts."""
        ...


class LookupRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a flow (or a screen pop) to an outside system."""

    source: str  # as configured: "billing"
    path: str  # "/accounts/20310457", variables already filled in and quoted
    method: Literal["GET", "POST"] = "GET"
    body: dict[str, object] | None = None  # JSON, for POST
    timeout_s: float | None = None  # at most the source's own


class LookupAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`failed` says why in `reason`: unknown_source, timeout, busy (too many at once), breaker_open, unreachable,
    broken_off, refused_target, redirected, too_large, too_deep, not_json, bad_request, crashed, status_500 …"""

    outcome: Literal["ok", "not_found", "failed"]
    data: object = None  # parsed JSON where ok
    reason: str = ""


class Lookups(Protocol):
    async def look_up(self, request: LookupRequest) -> LookupAnswer:
        """Never raises and always ends within the time-out."""
        ...


class MessageStore(Protocol):
    async def keep_message(
        self, message_id: str, source: Path, at: float, labels: Mapping[str, str]
    ) -> tuple[str, int, int, str]:
        """Stores a WAV; returns path below the folder, duration in ms, size in bytes, sha256."""
        ...

    async def drop(self, path: str) -> None:
        """Nothing worth keeping after all."""
        ...

    async def keep_fax(self, fax_id: str, source: Path, at: float) -> tuple[str, int, int, str]:
        """Stores a TIFF; returns path below the folder, pages, size in bytes, sha256."""
        ...


class Recogniser(Protocol):
    async def understand(self, sound: Path, language: str, words: Sequence[str]) -> str:
        """What was said in a WAV (8 kHz, 16-bit, mono); empty: not understood. `words` are what is expected. Never
        raises and ends in time.
        """
        ...


class PromptSource(Protocol):
    async def media(self, utterances: Sequence[object]) -> Sequence[str]:
        """Asterisk media URIs for texts and recorded prompts; never raises, falls back to a tone."""
        ...


class RecordingStore(Protocol):
    async def keep(
        self, recording_id: str, raw: Path, at: float, labels: Mapping[str, str]
    ) -> tuple[str, int, int, str]:
        """Converts and stores; returns path below the folder, duration in ms, size in bytes, sha256."""
        ...
