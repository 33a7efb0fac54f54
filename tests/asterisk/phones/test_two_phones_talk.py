"""A caller from outside rings an extension: they hear each other, and both saw the same call."""

import asyncio

import pytest

from ctiserver.asterisk.local import AsteriskPrograms
from ctiserver.demo import tones
from ctiserver.demo.phones import CallEnded, NotHeard, SipPhones
from tests.asterisk.phones.plain_asterisk import PASSWORD, PlainAsterisk


async def test_each_hears_the_other_and_not_itself(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    agent = await phones.register("1001", PASSWORD, tone_hz=600)
    call = await phones.call(
        f"sip:1001@{plain_asterisk.address}", caller_number="13800138000", caller_name='张伟 "老张"', tone_hz=440
    )
    incoming = await agent.next_call()

    assert (incoming.number, incoming.name) == ("13800138000", '张伟 "老张"')
    assert incoming.header("x-cti-call-id") == "call-1"

    await call.wait_for("ringing")
    await incoming.answer()
    await call.wait_for("connected")
    await asyncio.gather(call.hears(600), incoming.hears(440))
    await asyncio.gather(call.hears_not(440, 0.5), incoming.hears_not(600, 0.5))

    await call.hang_up()
    ended = await incoming.wait_for("ended")
    assert ended.q850 == 16
    assert call.hung_up_here
    assert not incoming.hung_up_here

    heard_by_caller = tones.read_wav(call.received_audio())
    tones.assert_tone(heard_by_caller.left, heard_by_caller.rate, 600, at_least_s=1)
    tones.assert_no_tone(heard_by_caller.left, heard_by_caller.rate, 440)


async def test_times_of_both_phones_are_on_one_clock(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    agent = await phones.register("1001", PASSWORD, answer="auto")
    call = await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000")
    await call.wait_for("connected")
    incoming = await agent.next_call()
    names = ("invite_sent", "ringing", "answered", "connected")
    times = [event.at for name in names if (event := call.event(name))]
    received = incoming.events[0]

    assert len(times) == len(names)
    assert times == sorted(times)
    assert received.name == "invite_received"
    assert times[0] < received.at < times[2]


async def test_holding_silences_the_other_until_unhold(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    agent = await phones.register("1001", PASSWORD, answer="auto", tone_hz=600)
    call = await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000")
    incoming = await agent.next_call()
    await call.hears(600)

    for _ in range(2):
        await incoming.hold()
        await call.hears_not(600, 0.5)
        await incoming.unhold()
        await asyncio.gather(call.hears(600), incoming.hears(440))


async def test_a_blind_transfer_moves_the_caller(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    first = await phones.register("1001", PASSWORD, answer="auto", tone_hz=600)
    await phones.register("1002", PASSWORD, answer="auto", tone_hz=800)
    call = await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000")
    incoming = await first.next_call()
    await call.hears(600)

    accepted = await incoming.transfer(f"sip:1002@{plain_asterisk.address}")

    assert accepted.reason == "Accepted"
    await call.hears(800)
    await incoming.hang_up()
    await call.hears(800)


async def test_what_is_not_there_is_not_heard(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    call = await phones.call(f"sip:echo@{plain_asterisk.address}", caller_number="13800138000", tone_hz=440)
    await call.hears(440)

    with pytest.raises(NotHeard, match=r"did not hear 600 Hz within 1.\d s but .* 4[34]\d Hz"):
        await call.hears(600, timeout=1)
    with pytest.raises(NotHeard, match=r"hears 4[34]\d Hz"):
        await call.hears_not(440, 1)
    await call.hang_up()
    with pytest.raises(CallEnded):
        await call.hears_not(600, 1)


async def test_a_silent_phone_sends_nothing_audible(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    call = await phones.call(f"sip:echo@{plain_asterisk.address}", caller_number="13800138000", tone_hz=None)
    await call.wait_for("connected")

    with pytest.raises(NotHeard, match="did not hear any sound"):
        await call.hears_sound(timeout=1)


async def test_a_spoken_prompt_is_sound_but_no_tone(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    call = await phones.call(f"sip:prompt@{plain_asterisk.address}", caller_number="13800138000", tone_hz=None)
    await call.hears_sound()
    await asyncio.gather(*(call.hears_not(hz, 5) for hz in (440, 500, 600, 700, 800, 900)))


async def test_speech_is_heard_with_a_faint_tone_in_its_pauses(
    plain_asterisk: PlainAsterisk, phones: SipPhones, asterisk_programs: AsteriskPrograms
) -> None:
    speech = asterisk_programs.share / "sounds" / "en_US_f_Allison" / "demo-congrats.wav"
    agent = await phones.register("1001", PASSWORD, answer="auto", tone_hz=600, speech=speech)
    call = await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000", speech=speech)
    incoming = await agent.next_call()

    await asyncio.gather(call.hears_sound(), call.hears(600, 20), incoming.hears(440, 20))
    await call.hang_up()
    heard = tones.read_wav(call.received_audio())
    assert tones.amplitude(heard.left, heard.rate, 600) < 0.08
