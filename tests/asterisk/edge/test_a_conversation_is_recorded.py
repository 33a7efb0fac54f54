"""Two real phones with a tone each: who hears whom, and which side of the recording has whose voice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ctiserver.asterisk.local import LocalAsterisk
from ctiserver.asterisk.telephony import AsteriskTelephony
from ctiserver.demo import tones
from ctiserver.demo.phones import SipPhones
from ctiserver.ports import ChannelEntered, ChannelLeft, DigitPressed, HoldToggled, LinkUp, PlaybackEnded
from ctiserver.store.audio_files import AudioFiles
from tests.asterisk.edge.conftest import PASSWORD, Listener, listening, offer, settings_of

CALLER_HZ, AGENT_HZ = 440, 600


@pytest.mark.parametrize("shared", [True, False])
async def test_caller_left_agent_right(
    edge: Listener, phones: SipPhones, asterisk: LocalAsterisk, tmp_path: Path, shared: bool
) -> None:
    """Fetched from the shared folder by this daemon, over HTTP by one without."""
    agent = await phones.register("1001", PASSWORD, answer="auto", tone_hz=AGENT_HZ)
    call = await phones.call(f"sip:96100@{asterisk.sip_address}", caller_number="13800138000", tone_hz=CALLER_HZ)
    caller = (await edge.caller()).channel_id
    telephony = edge.telephony
    assert await telephony.hold_with_music(caller, "default") == "done"
    await call.hears_sound()
    await telephony.make_bridge("n1-7-b")
    await telephony.dial(offer(caller, "n1-7-o1"))
    await edge.hear(ChannelEntered, lambda event: event.channel_id == "n1-7-o1")
    assert await telephony.connect("n1-7-b", [caller, "n1-7-o1"]) == "done"
    assert await telephony.start_recording("n1-7-r1", caller) == "done"
    incoming = await agent.next_call()
    await asyncio.gather(call.hears(AGENT_HZ, lasting=1), incoming.hears(CALLER_HZ, lasting=1))

    assert await telephony.stop_recording("n1-7-r1", caller) == "done"

    async def kept(telephony: AsteriskTelephony) -> tuple[str, int]:
        async with telephony.recording("n1-7-r1") as raw, telephony.recording("n1-7-r9") as none:
            assert raw is not None
            assert none is None
            stored, milliseconds, _, _ = await AudioFiles(tmp_path).keep("n1-7-r1", raw, 0, {})
            return stored, milliseconds

    if shared:
        path, duration_ms = await kept(telephony)
    else:
        distant = settings_of(asterisk, app="distant", recording_folder=None)
        async with listening(distant) as other:
            await other.hear(LinkUp)
            path, duration_ms = await kept(other.telephony)
    assert await telephony.delete_recording("n1-7-r1") == "done"
    async with telephony.recording("n1-7-r1") as raw:
        assert raw is None

    audio = tones.read_wav(tmp_path / path)
    assert audio.seconds == pytest.approx(duration_ms / 1000, abs=0.01)
    tones.assert_tone(audio.left, audio.rate, CALLER_HZ, at_least_s=0.8)
    tones.assert_no_tone(audio.left, audio.rate, AGENT_HZ)
    tones.assert_tone(audio.right, audio.rate, AGENT_HZ, at_least_s=0.8)
    tones.assert_no_tone(audio.right, audio.rate, CALLER_HZ)


async def test_a_recording_survives_the_daemon(edge: Listener, phones: SipPhones, asterisk: LocalAsterisk) -> None:
    """Begun by one daemon, stopped by the next, which takes the application over."""
    await phones.call(f"sip:96100@{asterisk.sip_address}", caller_number="13800138000", tone_hz=CALLER_HZ)
    caller = (await edge.caller()).channel_id
    assert await edge.telephony.start_recording("n1-8.r1", caller) == "done"
    async with listening(settings_of(asterisk, app="next")) as later:
        await later.hear(LinkUp)
        assert [channel.channel_id for channel in await later.telephony.channels()] == [caller]
        assert await later.telephony.stop_recording("n1-8.r1", caller) == "done"
        assert await later.telephony.stop_recording("n1-8.r1", caller) == "refused", "that very recording, once"
        async with later.telephony.recording("n1-8.r1") as raw:
            assert raw is not None
    assert await edge.telephony.delete_recording("n1-8.r1") == "done"


async def test_keys_prompts_and_hold(edge: Listener, phones: SipPhones, asterisk: LocalAsterisk) -> None:
    call = await phones.call(f"sip:96100@{asterisk.sip_address}", caller_number="13800138000")
    caller = (await edge.caller()).channel_id
    await call.wait_for("connected")
    await call.dtmf("1")
    assert (await edge.hear(DigitPressed)).digit == "1"
    await call.dtmf("#", method="info")
    assert (await edge.hear(DigitPressed, nth=2)).digit == "#"

    assert await edge.telephony.play("n1-9-p1", f"channel:{caller}", ["sound:no-such-file"]) == "done"
    assert (await edge.hear(PlaybackEnded)).ok is False
    assert await edge.telephony.play("n1-9-p2", f"channel:{caller}", ["tone:ring"]) == "done"
    assert await edge.telephony.playback_exists("n1-9-p2")
    await call.hears_sound()
    assert await edge.telephony.stop_playback("n1-9-p2") == "done"
    assert (await edge.hear(PlaybackEnded, nth=2)).ok is True
    assert not await edge.telephony.playback_exists("n1-9-p2")

    await call.hold()
    assert (await edge.hear(HoldToggled)).held is True
    await call.unhold()
    assert (await edge.hear(HoldToggled, nth=2)).held is False
    await call.hang_up()
    await edge.hear(ChannelLeft)
    assert await edge.telephony.answer(caller) == "gone"
    assert await edge.telephony.stop_playback("n1-9-p2") == "gone"


async def test_callers_stay_while_the_daemon_is_away(
    phones: SipPhones, edge: Listener, asterisk: LocalAsterisk
) -> None:
    """A daemon leaves, another comes: the caller is in the listing and the next event is told."""
    settings = settings_of(asterisk, app="cti")
    call = await phones.call(f"sip:96100@{asterisk.sip_address}", caller_number="13800138000")
    caller = (await edge.caller()).channel_id
    await edge.telephony.hold_with_music(caller, "default")
    async with listening(settings) as later:
        assert (await later.hear(LinkUp)).restarted is False
        (seen,) = await later.telephony.channels()
        assert (seen.channel_id, seen.ours) == (caller, True)
        assert [bridge.channels for bridge in await later.telephony.bridges()] == [(caller,)]
        await call.hears_sound()
        await call.hang_up()
        assert (await later.hear(ChannelLeft)).channel_id == caller
        await later.telephony.destroy_bridge("cti-hold-default")
