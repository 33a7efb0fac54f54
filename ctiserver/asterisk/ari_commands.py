"""Every ARI request that we make, as data: what is sent can be read and tested without a connection.

Ids end up in paths and are escaped; texts from outside (caller names) are reduced to what is harmless in SIP and in
Asterisk's dialplan, where `${…}` and quotes have a meaning.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from urllib.parse import quote

import msgspec
import orjson

from ctiserver.ports import DialRequest, MessageRequest

NOWHERE = "nowhere"  # a context of the dialplan without extensions
HANG_UP_REASONS = frozenset(
    {
        "normal",
        "busy",
        "congestion",
        "no_answer",
        "timeout",
        "rejected",
        "unallocated",
        "normal_unspecified",
        "number_incomplete",
        "codec_mismatch",
        "interworking",
        "failure",
        "answered_elsewhere",
    }
)
"""What `DELETE channels/ID?reason=` accepts; anything else is answered with 400."""

MAX_NAME = 64  # characters of a caller's name that a phone is shown
MAX_NUMBER = 32
_NAME_REFUSED = frozenset('"\\<>${}[]`|;')


class AriCommand(msgspec.Struct, frozen=True):
    """One request. `name` is its label in metrics and logs; query values are raw UTF-8, never escaped."""

    name: str
    method: str
    uri: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


class AriAnswer(msgspec.Struct, frozen=True):
    """`body` is JSON as text, or empty."""

    status: int
    body: str = ""


def ring(channel_id: str) -> AriCommand:
    return AriCommand("ring", "POST", f"channels/{_id(channel_id)}/ring")


def answer(channel_id: str) -> AriCommand:
    return AriCommand("answer", "POST", f"channels/{_id(channel_id)}/answer")


def play(playback_id: str, target: str, media: Sequence[str]) -> AriCommand:
    """`target`: "channel:ID" or "bridge:ID"."""
    kind, _, ident = target.partition(":")
    if kind not in ("channel", "bridge") or not ident:
        raise ValueError(f"play on {target!r}: expected channel:ID or bridge:ID")
    uri = f"{kind}s/{_id(ident)}/play/{_id(playback_id)}"
    return AriCommand("play", "POST", uri, (("media", ",".join(media)),))


def stop_playback(playback_id: str) -> AriCommand:
    return AriCommand("stop_playback", "DELETE", f"playbacks/{_id(playback_id)}")


def show_playback(playback_id: str) -> AriCommand:
    return AriCommand("show_playback", "GET", f"playbacks/{_id(playback_id)}")


def dial(request: DialRequest, app: str) -> AriCommand:
    """Creates and rings the leg in one request; it enters Stasis with the arguments "leg", ID when answered."""
    query = {
        "endpoint": request.endpoint,
        "channelId": request.channel_id,
        "originator": request.originator,
        "app": app,
        "appArgs": f"leg,{request.channel_id}",
        "timeout": str(max(1, round(request.timeout_s))),
        "callerId": caller_id(request.caller_name, request.caller_number),
    }
    body = orjson.dumps({"variables": _leg_variables(request)})
    return AriCommand("dial", "POST", "channels", tuple((key, value) for key, value in query.items() if value), body)


def _leg_variables(request: DialRequest) -> Mapping[str, str]:
    """Set on the new channel before its INVITE is sent."""
    variables = {
        "PJSIP_TRANSFER_HANDLING()": "ari-only",  # a REFER of the phone becomes an event and nothing else
        "PJSIP_HEADER(add,X-CTI-Call-Id)": safe_token(request.call_id),
        # A phone that answers 302 would have Asterisk dial wherever it likes, at our cost. Not `set_var` of an account:
        # what has one can't be changed over ARI ("Allocation failed").
        "FORWARD_CONTEXT": NOWHERE,
    }
    if request.auto_answer:  # desk phones disagree on how to ask, browsers read either
        variables["PJSIP_HEADER(add,Call-Info)"] = "<sip:localhost>;answer-after=0"
        variables["PJSIP_HEADER(add,Alert-Info)"] = "<http://localhost>;info=alert-autoanswer;delay=0"
    return variables


def hang_up(channel_id: str, reason: str) -> AriCommand:
    known = reason if reason in HANG_UP_REASONS else "normal"
    return AriCommand("hang_up", "DELETE", f"channels/{_id(channel_id)}", (("reason", known),))


def snoop(snoop_id: str, channel_id: str, whisper: str, app: str) -> AriCommand:
    query = (("spy", "both"), ("whisper", whisper), ("app", app), ("appArgs", f"leg,{snoop_id}"))
    return AriCommand("snoop", "POST", f"channels/{_id(channel_id)}/snoop/{_id(snoop_id)}", query)


def mute(channel_id: str, *, muted: bool) -> AriCommand:
    """`direction=in`: what comes from the channel."""
    uri = f"channels/{_id(channel_id)}/mute"
    return AriCommand("mute", "POST" if muted else "DELETE", uri, (("direction", "in"),))


def send_digits(channel_id: str, digits: str) -> AriCommand:
    """Raises ValueError for what is no key."""
    if not digits or set(digits) - set("0123456789*#ABCD"):
        raise ValueError("keys are 0-9, *, # and A-D")
    return AriCommand("send_digits", "POST", f"channels/{_id(channel_id)}/dtmf", (("dtmf", digits),))


def transfer_progress(channel_id: str, state: str) -> AriCommand:
    return AriCommand(
        "transfer_progress", "POST", f"channels/{_id(channel_id)}/transfer_progress", (("states", state),)
    )


def make_bridge(bridge_id: str) -> AriCommand:
    return AriCommand("make_bridge", "POST", f"bridges/{_id(bridge_id)}", (("type", "mixing"),))


def make_room_bridge(bridge_id: str) -> AriCommand:
    """Keys are told: two members alone would otherwise exchange their RTP past Asterisk's ears."""
    return AriCommand("make_room_bridge", "POST", f"bridges/{_id(bridge_id)}", (("type", "mixing,dtmf_events"),))


def make_holding_bridge(bridge_id: str) -> AriCommand:
    return AriCommand("make_holding_bridge", "POST", f"bridges/{_id(bridge_id)}", (("type", "holding"),))


def start_music(bridge_id: str, music: str) -> AriCommand:
    return AriCommand("start_music", "POST", f"bridges/{_id(bridge_id)}/moh", (("mohClass", music),))


def add_channels(bridge_id: str, channel_ids: Sequence[str]) -> AriCommand:
    return AriCommand(
        "add_channels", "POST", f"bridges/{_id(bridge_id)}/addChannel", (("channel", ",".join(channel_ids)),)
    )


def destroy_bridge(bridge_id: str) -> AriCommand:
    return AriCommand("destroy_bridge", "DELETE", f"bridges/{_id(bridge_id)}")


def remove_channel(bridge_id: str, channel_id: str) -> AriCommand:
    return AriCommand("remove_channel", "POST", f"bridges/{_id(bridge_id)}/removeChannel", (("channel", channel_id),))


def stop_music(bridge_id: str) -> AriCommand:
    return AriCommand("stop_music", "DELETE", f"bridges/{_id(bridge_id)}/moh")


def show_bridge(bridge_id: str) -> AriCommand:
    return AriCommand("show_bridge", "GET", f"bridges/{_id(bridge_id)}")


def show_channel(channel_id: str) -> AriCommand:
    return AriCommand("show_channel", "GET", f"channels/{_id(channel_id)}")


def record_message(request: MessageRequest) -> AriCommand:
    """The channel's own voice as 8 kHz mono WAV, until the end key, silence, or the longest time."""
    query = {
        "name": request.message_id,
        "format": "wav",
        "maxDurationSeconds": str(max(1, round(request.max_s))),
        "maxSilenceSeconds": str(max(1, round(request.silence_s))),
        "ifExists": "overwrite",
        "beep": "true" if request.beep else "false",
        "terminateOn": request.end,
    }
    return AriCommand("record_message", "POST", f"channels/{_id(request.channel_id)}/record", tuple(query.items()))


def stop_message(message_id: str) -> AriCommand:
    return AriCommand("stop_message", "POST", f"recordings/live/{_id(message_id)}/stop")


def show_message(message_id: str) -> AriCommand:
    return AriCommand("show_message", "GET", f"recordings/live/{_id(message_id)}")


def set_variable(channel_id: str, name: str, value: str) -> AriCommand:
    query = (("variable", name), ("value", value))
    return AriCommand("set_variable", "POST", f"channels/{_id(channel_id)}/variable", query)


def go_to_dialplan(channel_id: str, context: str, extension: str) -> AriCommand:
    """Out of Stasis; the dialplan brings it back."""
    query = (("context", context), ("extension", extension), ("priority", "1"))
    return AriCommand("continue", "POST", f"channels/{_id(channel_id)}/continue", query)


def list_channels() -> AriCommand:
    return AriCommand("list_channels", "GET", "channels")


def list_bridges() -> AriCommand:
    return AriCommand("list_bridges", "GET", "bridges")


def set_event_filter(app: str, types: Sequence[str]) -> AriCommand:
    body = orjson.dumps({"allowed": [{"type": kind} for kind in types]})
    return AriCommand("set_event_filter", "PUT", f"applications/{_id(app)}/eventFilter", (), body)


def asterisk_info() -> AriCommand:
    return AriCommand("asterisk_info", "GET", "asterisk/info")


def ping() -> AriCommand:
    return AriCommand("ping", "GET", "asterisk/ping")


def set_global(name: str, value: str) -> AriCommand:
    return AriCommand("set_global", "POST", "asterisk/variable", (("variable", name), ("value", value)))


def show_global(name: str) -> AriCommand:
    return AriCommand("show_global", "GET", "asterisk/variable", (("variable", name),))


def value_of(answer: AriAnswer) -> str:
    """Of a variable; "": it is not set."""
    return msgspec.json.decode(answer.body, type=_Variable).value if answer.status == 200 else ""


class _Variable(msgspec.Struct, frozen=True):
    value: str = ""


def put_object(kind: str, ident: str, fields: Mapping[str, str]) -> AriCommand:
    """Creates or updates one object of res_pjsip (auth, aor, endpoint)."""
    body = orjson.dumps({"fields": [{"attribute": key, "value": value} for key, value in fields.items()]})
    return AriCommand("put_object", "PUT", _object_uri(kind, ident), (), body)


def set_lamp(extension: str, state: str) -> AriCommand:
    """The state of an agent as phones may subscribe to it: context `lamps` of the dialplan names the same device."""
    device = quote(f"Stasis:agent-{safe_number(extension)}", safe="")
    return AriCommand("set_lamp", "PUT", f"deviceStates/{device}", (("deviceState", state),))


def delete_object(kind: str, ident: str) -> AriCommand:
    return AriCommand("delete_object", "DELETE", _object_uri(kind, ident))


def stored_recording_file(recording_id: str) -> str:
    """Path below /ari/ for HTTP: binary answers don't pass the websocket (406)."""
    return f"recordings/stored/{_id(recording_id)}/file"


def delete_stored_recording(recording_id: str) -> AriCommand:
    return AriCommand("delete_recording", "DELETE", f"recordings/stored/{_id(recording_id)}")


def caller_id(name: str, number: str) -> str:
    """`"name" <number>` as Asterisk parses it: it knows no escape inside the quotes, so quotes are dropped.

    >>> caller_id('张伟 "x" ${SHELL(id)}', "13800138000")
    '"张伟 x SHELL(id)" <13800138000>'
    >>> caller_id("", "")
    ''
    """
    shown, dialled = safe_name(name), safe_number(number)
    if shown and dialled:
        return f'"{shown}" <{dialled}>'
    return f"<{dialled}>" if dialled else f'"{shown}" <anonymous>' if shown else ""


def safe_name(name: str) -> str:
    """A display name of any script without control characters, bidi marks, quotes, brackets and `$`."""
    harmless = "".join(" " if char.isspace() else char for char in name if _harmless(char))
    return " ".join(harmless.split())[:MAX_NAME].rstrip()


def _harmless(char: str) -> bool:
    return char.isspace() or (char not in _NAME_REFUSED and unicodedata.category(char)[0] != "C")


def safe_number(number: str) -> str:
    """What a caller's number may consist of: ASCII letters, digits and `+ * # . _ -`."""
    return "".join(char for char in number if char.isascii() and (char.isalnum() or char in "+*#._-"))[:MAX_NUMBER]


def safe_token(text: str) -> str:
    """An id of ours fit for a SIP header."""
    return "".join(char for char in text if char.isascii() and (char.isalnum() or char in "._:~-"))[:128]


def _id(ident: str) -> str:
    return quote(ident, safe="")


def _object_uri(kind: str, ident: str) -> str:
    return f"asterisk/config/dynamic/res_pjsip/{kind}/{_id(ident)}"
