"""ARI's JSON, as Asterisk 22.10.1 writes it → what the rest of the system hears."""

from __future__ import annotations

import orjson
import pytest

from ctiserver.asterisk.ari_events import (
    ApplicationReplaced,
    EventTranslator,
    RESTResponse,
    bridges_seen,
    channels_seen,
    decode,
)
from ctiserver.ports import (
    BridgeSeen,
    ChannelEntered,
    ChannelLeft,
    ChannelRinging,
    ChannelSeen,
    DigitPressed,
    HoldToggled,
    PlaybackEnded,
    TelephonyEvent,
)

CHANNEL = {
    "id": "1795301888.1",
    "name": "PJSIP/trunk-00000001",
    "state": "Up",
    "protocol_id": "88afc111",
    "caller": {"name": "张伟", "number": "13800138000"},
    "connected": {"name": "", "number": ""},
    "dialplan": {"context": "callers", "exten": "96100", "priority": 2, "app_name": "Stasis", "app_data": "cti,96100"},
    "creationtime": "2026-11-21T22:58:13.610+0000",
    "language": "zh",
}
PLAYBACK = {"id": "p1", "media_uri": "sound:x", "target_uri": "channel:1", "language": "zh", "state": "done"}


def told(*events: dict[str, object]) -> list[TelephonyEvent | None]:
    translator = EventTranslator()
    result: list[TelephonyEvent | None] = []
    for event in events:
        message = decode(orjson.dumps({"application": "cti", "asterisk_id": "x", "timestamp": "t"} | event))
        assert message is not None
        assert not isinstance(message, RESTResponse | ApplicationReplaced)
        result.append(translator.translate(message))
    return result


START: dict[str, object] = {"type": "StasisStart", "args": ["96100"], "channel": CHANNEL}
END: dict[str, object] = {"type": "StasisEnd", "channel": CHANNEL}
DESTROYED: dict[str, object] = {
    "type": "ChannelDestroyed",
    "cause": 17,
    "cause_txt": "User busy",
    "tech_cause": 486,
    "channel": CHANNEL,
}
ENTERED = ChannelEntered(
    channel_id="1795301888.1",
    arguments=("96100",),
    caller_number="13800138000",
    caller_name="张伟",
    channel_name="PJSIP/trunk-00000001",
    answered=True,
)


def test_a_caller_enters_and_leaves_once() -> None:
    assert told(START, END, DESTROYED) == [ENTERED, ChannelLeft(channel_id="1795301888.1"), None]


def test_the_cause_of_a_leg_that_never_answered() -> None:
    assert told(DESTROYED) == [ChannelLeft(channel_id="1795301888.1", cause=17, tech_cause=486)]


def test_a_channel_that_comes_again_leaves_again() -> None:
    left = ChannelLeft(channel_id="1795301888.1")
    assert told(START, END, START, END) == [ENTERED, left, ENTERED, left]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            {"type": "ChannelStateChange", "channel": CHANNEL | {"state": "Ringing"}},
            ChannelRinging(channel_id="1795301888.1"),
        ),
        ({"type": "ChannelStateChange", "channel": CHANNEL}, None),
        (
            {"type": "ChannelDtmfReceived", "channel": CHANNEL, "digit": "#", "duration_ms": 100},
            DigitPressed(channel_id="1795301888.1", digit="#"),
        ),
        ({"type": "PlaybackFinished", "playback": PLAYBACK}, PlaybackEnded(playback_id="p1", ok=True)),
        (
            {"type": "PlaybackFinished", "playback": PLAYBACK | {"state": "failed"}},
            PlaybackEnded(playback_id="p1", ok=False),
        ),
        (
            {"type": "ChannelHold", "channel": CHANNEL, "musicclass": "x"},
            HoldToggled(channel_id="1795301888.1", held=True),
        ),
        ({"type": "ChannelUnhold", "channel": CHANNEL}, HoldToggled(channel_id="1795301888.1", held=False)),
    ],
)
def test_each_event(event: dict[str, object], expected: TelephonyEvent | None) -> None:
    assert told(event) == [expected]


@pytest.mark.parametrize("text", [b'{"type": "SomethingNew"}', b"{", b"[]", b'{"type": "StasisStart"}', b"\xff"])
def test_what_we_do_not_understand_is_none(text: bytes) -> None:
    assert decode(text) is None


def test_only_channels_in_our_application_are_ours() -> None:
    leg = CHANNEL | {"id": "n1-7-o1", "dialplan": {"app_name": "Stasis", "app_data": "cti,leg,n1-7-o1"}}
    ringing = CHANNEL | {"id": "o2", "state": "Ringing", "dialplan": {"app_name": "AppDial2", "app_data": "(Out)"}}
    foreign = CHANNEL | {"id": "f", "dialplan": {"app_name": "Stasis", "app_data": "other,96100"}}
    seen = channels_seen(orjson.dumps([CHANNEL, leg, ringing, foreign]).decode(), "cti")

    def channel(ident: str, *arguments: str, up: bool = True, dialled: str = "") -> ChannelSeen:
        return ChannelSeen(
            channel_id=ident,
            name="PJSIP/trunk-00000001",
            up=up,
            ours=bool(arguments),
            arguments=arguments,
            caller_number="13800138000",
            caller_name="张伟",
            dialled=dialled,
        )

    assert seen == [
        channel("1795301888.1", "96100", dialled="96100"),
        channel("n1-7-o1", "leg", "n1-7-o1"),
        channel("o2", up=False),
        channel("f"),
    ]


def test_bridges() -> None:
    body = b'[{"id": "b1", "technology": "simple_bridge", "channels": ["a", "b"]}, {"id": "b2", "channels": []}]'
    assert bridges_seen(body.decode()) == [
        BridgeSeen(bridge_id="b1", channels=("a", "b")),
        BridgeSeen(bridge_id="b2", channels=()),
    ]
