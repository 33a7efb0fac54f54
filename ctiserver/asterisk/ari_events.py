"""What ARI sends, typed, and its reduction to what the rest of the system acts on.

Decoded by msgspec straight into these structs: fields that we don't use cost nothing, a missing one has a default.
"""

from __future__ import annotations

from collections import OrderedDict

import msgspec

from ctiserver.ports import (
    BridgeSeen,
    ChannelEntered,
    ChannelLeft,
    ChannelRinging,
    ChannelSeen,
    DigitPressed,
    HoldToggled,
    MessageEnded,
    PlaybackEnded,
    ReferAsked,
    TelephonyEvent,
)

HIDDEN_NUMBERS = frozenset({"anonymous", "restricted", "unavailable", "unknown"})
REMEMBERED_ENDINGS = 20_000  # channels whose StasisEnd was told and whose ChannelDestroyed may still follow


class Party(msgspec.Struct, frozen=True):
    name: str = ""
    number: str = ""

    @property
    def shown_number(self) -> str:
        """Empty where the network sends a word in the number's place (RFC 3323: sip:anonymous@anonymous.invalid)."""
        return "" if self.number.lower() in HIDDEN_NUMBERS else self.number


class Dialplan(msgspec.Struct, frozen=True):
    exten: str = ""
    app_name: str = ""
    app_data: str = ""


class Channel(msgspec.Struct, frozen=True):
    id: str
    name: str = ""
    state: str = ""  # Down | Ring | Ringing | Up | …
    caller: Party = Party()
    dialplan: Dialplan = Dialplan()


class Playback(msgspec.Struct, frozen=True):
    id: str
    state: str = ""  # done | failed


class LiveRecording(msgspec.Struct, frozen=True):
    name: str
    duration: float | None = None  # seconds
    talking_duration: float | None = None  # where silence was measured


class Bridge(msgspec.Struct, frozen=True):
    id: str
    channels: tuple[str, ...] = ()


class AriMessage(msgspec.Struct, frozen=True, tag_field="type"):
    """Base of all that comes over the websocket; `type` is the class name."""


class RESTResponse(AriMessage, frozen=True):
    request_id: str
    status_code: int
    message_body: str = ""


class ApplicationReplaced(AriMessage, frozen=True):
    """Another connection took our application over: step down."""


class StasisStart(AriMessage, frozen=True):
    channel: Channel
    args: tuple[str, ...] = ()


class StasisEnd(AriMessage, frozen=True):
    channel: Channel


class ChannelDestroyed(AriMessage, frozen=True):
    channel: Channel
    cause: int = 0
    tech_cause: int = 0


class ChannelStateChange(AriMessage, frozen=True):
    channel: Channel


class ChannelDtmfReceived(AriMessage, frozen=True):
    channel: Channel
    digit: str


class ChannelHold(AriMessage, frozen=True):
    channel: Channel


class ChannelUnhold(AriMessage, frozen=True):
    channel: Channel


class Destination(msgspec.Struct, frozen=True):
    """Blind: what was dialled. Attended: the SIP call that is to be replaced."""

    destination: str = ""
    protocol_id: str = ""


class ReferTo(msgspec.Struct, frozen=True):
    requested_destination: Destination = Destination()
    destination_channel: Channel | None = None  # attended: the phone's other call


class ReferredBy(msgspec.Struct, frozen=True):
    source_channel: Channel


class ChannelTransfer(AriMessage, frozen=True):
    """A phone sent REFER; Asterisk does nothing by itself (PJSIP_TRANSFER_HANDLING)."""

    refer_to: ReferTo
    referred_by: ReferredBy


class PlaybackFinished(AriMessage, frozen=True):
    playback: Playback


class RecordingFinished(AriMessage, frozen=True):
    """Of a message: conversations are recorded otherwise and tell nothing here."""

    recording: LiveRecording


class RecordingFailed(AriMessage, frozen=True):
    recording: LiveRecording


AriEvent = (
    StasisStart
    | StasisEnd
    | ChannelDestroyed
    | ChannelStateChange
    | ChannelDtmfReceived
    | ChannelHold
    | ChannelUnhold
    | PlaybackFinished
    | ChannelTransfer
    | RecordingFinished
    | RecordingFailed
)

EVENT_TYPES = (
    "StasisStart",
    "StasisEnd",
    "ChannelDestroyed",
    "ChannelStateChange",
    "ChannelDtmfReceived",
    "ChannelHold",
    "ChannelUnhold",
    "PlaybackFinished",
    "ChannelTransfer",
    "RecordingFinished",
    "RecordingFailed",
    "ApplicationReplaced",
    "RESTResponse",  # answers pass the same filter
)
"""The allow list of the application: 5 events and 5 kB per call instead of 58 and 35 kB."""

_message = msgspec.json.Decoder(AriEvent | RESTResponse | ApplicationReplaced)
_channels = msgspec.json.Decoder(list[Channel])
_bridges = msgspec.json.Decoder(list[Bridge])


def decode(text: bytes | memoryview | str) -> AriEvent | RESTResponse | ApplicationReplaced | None:
    """One websocket message; None where it is of a type we don't know, or malformed."""
    try:
        return _message.decode(text)
    except msgspec.DecodeError:
        return None


class EventTranslator:
    """ARI's events → ours; remembers only what it needs to tell each channel's end once."""

    def __init__(self) -> None:
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._lent: set[str] = set()  # channels that are in the dialplan by our own wish

    def translate(self, event: AriEvent) -> TelephonyEvent | None:
        """None: nothing that anybody acts on."""
        match event:
            case StasisStart(channel, args):
                self._ended.pop(channel.id, None)  # it may leave Stasis and come again
                self._lent.discard(channel.id)
                return ChannelEntered(
                    channel_id=channel.id,
                    arguments=args,
                    caller_number=channel.caller.shown_number,
                    caller_name=channel.caller.name,
                    channel_name=channel.name,
                    answered=channel.state == "Up",
                )
            case StasisEnd(channel) if channel.id in self._lent:
                self._lent.discard(channel.id)
                return None
            case StasisEnd(channel):
                return self._left(channel.id, 0, 0)
            case ChannelDestroyed(channel, cause, tech_cause):
                return self._left(channel.id, cause, tech_cause)
            case ChannelStateChange(channel):
                return ChannelRinging(channel_id=channel.id) if channel.state == "Ringing" else None
            case ChannelDtmfReceived(channel, digit):
                return DigitPressed(channel_id=channel.id, digit=digit)
            case ChannelHold(channel):
                return HoldToggled(channel_id=channel.id, held=True)
            case ChannelUnhold(channel):
                return HoldToggled(channel_id=channel.id, held=False)
            case ChannelTransfer(refer_to, referred_by):
                other = refer_to.destination_channel
                return ReferAsked(
                    channel_id=referred_by.source_channel.id,
                    destination=refer_to.requested_destination.destination,
                    attended=other is not None or bool(refer_to.requested_destination.protocol_id),
                    other_channel_id=other.id if other is not None else "",
                )
            case PlaybackFinished(playback):
                return PlaybackEnded(playback_id=playback.id, ok=playback.state == "done")
            case RecordingFinished(recording):
                return MessageEnded(
                    message_id=recording.name,
                    ok=True,
                    seconds=recording.duration or 0.0,
                    sound_s=recording.talking_duration,
                )
            case RecordingFailed(recording):
                return MessageEnded(message_id=recording.name, ok=False)

    def lend(self, channel_id: str) -> None:
        """It is about to leave Stasis for a while: that end is none."""
        self._lent.add(channel_id)

    def take_back(self, channel_id: str) -> None:
        """It did not leave after all."""
        self._lent.discard(channel_id)

    def _left(self, channel_id: str, cause: int, tech_cause: int) -> ChannelLeft | None:
        """A leg that never was in Stasis ends with ChannelDestroyed alone, which carries its cause."""
        if channel_id in self._ended:
            return None
        self._ended[channel_id] = None
        if len(self._ended) > REMEMBERED_ENDINGS:
            self._ended.popitem(last=False)
        return ChannelLeft(channel_id=channel_id, cause=cause, tech_cause=tech_cause)


def channels_seen(body: str, app: str) -> list[ChannelSeen]:
    """The answer to `GET channels`. In Stasis the application's data are "app,argument,…"."""
    return [_channel_seen(channel, app) for channel in _channels.decode(body)]


def _channel_seen(channel: Channel, app: str) -> ChannelSeen:
    name, *arguments = channel.dialplan.app_data.split(",")
    ours = channel.dialplan.app_name == "Stasis" and name == app
    return ChannelSeen(
        channel_id=channel.id,
        name=channel.name,
        up=channel.state == "Up",
        ours=ours,
        arguments=tuple(arguments) if ours else (),
        caller_number=channel.caller.shown_number,
        caller_name=channel.caller.name,
        dialled=arguments[0] if ours and arguments and arguments[0] != "leg" else "",
    )


def decode_bridge(body: str) -> Bridge:
    """The answer to `GET bridges/ID`. Raises msgspec.DecodeError."""
    return msgspec.json.decode(body, type=Bridge)


def bridges_seen(body: str) -> list[BridgeSeen]:
    """The answer to `GET bridges`."""
    return [BridgeSeen(bridge_id=bridge.id, channels=bridge.channels) for bridge in _bridges.decode(body)]
