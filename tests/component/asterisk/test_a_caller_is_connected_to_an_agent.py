"""The whole way of a call over the telephony port: in, prompt, digit, music, ring, talk, record, end."""

from __future__ import annotations

import asyncio

from ctiserver.ports import (
    ChannelEntered,
    ChannelLeft,
    ChannelRinging,
    DialRequest,
    DigitPressed,
    LinkUp,
    PlaybackEnded,
)
from tests.component.asterisk.conftest import listening
from tests.component.fake_asterisk import FakeAsterisk


def offer(caller: str, leg: str = "leg-1", *, extension: str = "1001", auto_answer: bool = False) -> DialRequest:
    return DialRequest(
        channel_id=leg,
        endpoint=f"PJSIP/{extension}",
        originator=caller,
        caller_number="13800138000",
        caller_name="张伟",
        timeout_s=20,
        call_id="n1-7",
        auto_answer=auto_answer,
    )


async def test_a_caller_is_connected_to_an_agent(fake: FakeAsterisk) -> None:
    fake.phone("1001")
    async with listening(fake) as heard:
        telephony = heard.telephony
        assert (await heard.hear(LinkUp)).restarted is False

        caller = await fake.call("96100", number="13800138000", name="张伟")
        entered = await heard.hear(ChannelEntered)
        assert (entered.arguments, entered.caller_number, entered.caller_name) == (("96100",), "13800138000", "张伟")
        assert await telephony.answer(caller.channel_id) == "done"
        assert await telephony.play("p1", f"channel:{caller.channel_id}", ["sound:a", "sound:b"]) == "done"
        assert await telephony.playback_exists("p1")
        assert caller.hears == "prompt:sound:a,sound:b"
        caller.press("1")
        assert (await heard.hear(DigitPressed)).digit == "1"
        assert await telephony.stop_playback("p1") == "done"
        assert (await heard.hear(PlaybackEnded)).ok

        assert await telephony.hold_with_music(caller.channel_id, "default") == "done"
        await caller.wait_for_music("default")

        assert await telephony.make_bridge("b1") == "done"
        assert await telephony.dial(offer(caller.channel_id, auto_answer=True)) == "done"
        leg = await fake.next_dial()
        assert (leg.caller_name, leg.caller_number) == ("张伟", "13800138000")
        assert leg.headers["X-CTI-Call-Id"] == "n1-7"
        assert leg.headers["Call-Info"].endswith(";answer-after=0")
        leg.ring()
        assert (await heard.hear(ChannelRinging)).channel_id == "leg-1"
        leg.answer()
        assert (await heard.hear(ChannelEntered, nth=2)).arguments == ("leg", "leg-1")
        assert await telephony.connect("b1", [caller.channel_id, "leg-1"]) == "done"
        await caller.wait_until_talking_to(leg)
        assert fake.world.bridges["cti-hold-default"].channels == []

        assert await telephony.start_recording("n1-7-r1", caller.channel_id) == "done"
        assert caller.recorded
        assert {channel.channel_id for channel in await telephony.channels() if channel.ours} == {
            caller.channel_id,
            "leg-1",
        }
        assert [bridge.channels for bridge in await telephony.bridges() if bridge.bridge_id == "b1"] == [
            (caller.channel_id, "leg-1")
        ]
        leg.hang_up()
        assert (await heard.hear(ChannelLeft)).channel_id == "leg-1"
        assert await telephony.stop_recording("n1-7-r1", caller.channel_id) == "done"
        assert await telephony.hang_up(caller.channel_id) == "done"
        await caller.wait_until_gone()
        assert caller.by_us
        assert await telephony.destroy_bridge("b1") == "done"
        async with telephony.recording("n1-7-r1") as raw:
            assert raw is not None
            assert raw.stat().st_size % 4 == 0


async def test_what_has_gone_is_an_outcome_and_not_an_error(fake: FakeAsterisk) -> None:
    fake.phone("1001")
    async with listening(fake) as heard:
        telephony = heard.telephony
        await heard.hear(LinkUp)
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)

        assert await telephony.answer("nobody") == "gone"
        assert await telephony.play("p1", "channel:nobody", ["sound:a"]) == "gone"
        assert await telephony.stop_playback("p1") == "gone"
        assert not await telephony.playback_exists("p1")
        assert await telephony.hang_up("nobody") == "gone"
        assert await telephony.hold_with_music("nobody", "default") == "refused"
        assert await telephony.connect("no-bridge", [caller.channel_id]) == "gone"
        assert await telephony.make_bridge("b1") == "done"
        assert await telephony.make_bridge("b1") == "refused"
        assert await telephony.connect("b1", [caller.channel_id, "nobody"]) == "refused"
        assert fake.world.bridges["b1"].channels == [], "all or none"
        assert await telephony.dial(offer(caller.channel_id, extension="1099")) == "refused", "no contact"
        assert await telephony.dial(offer("nobody")) == "gone", "the caller hung up"
        assert await telephony.start_recording("r1", "nobody") == "gone"
        assert await telephony.stop_recording("r1", "nobody") == "gone"
        async with telephony.recording("r1") as raw:
            assert raw is None


async def test_a_repeated_dial_rings_no_second_phone(fake: FakeAsterisk) -> None:
    fake.phone("1001")
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)
        assert await heard.telephony.dial(offer(caller.channel_id)) == "done"
        assert await heard.telephony.dial(offer(caller.channel_id)) == "done"
        await fake.next_dial()
        assert len(fake.legs) == 1


async def test_each_way_not_to_answer_has_its_cause(fake: FakeAsterisk) -> None:
    fake.phone("1001", rejects_with=486)
    fake.phone("1002", rejects_with=603)
    fake.phone("1003")
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)
        for number in (1, 2, 3):
            await heard.telephony.dial(offer(caller.channel_id, f"leg-{number}", extension=f"100{number}"))
        await heard.hear(ChannelLeft, nth=3)
        causes = {left.channel_id: (left.cause, left.tech_cause) for left in heard.of(ChannelLeft)}
        assert causes == {"leg-1": (17, 486), "leg-2": (21, 603), "leg-3": (19, 480)}


async def test_an_end_is_told_once(fake: FakeAsterisk) -> None:
    """Asterisk tells StasisEnd and then ChannelDestroyed."""
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        first = await fake.call("96100")
        await heard.hear(ChannelEntered)
        first.hang_up()
        await fake.call("96100")
        await heard.hear(ChannelEntered, nth=2)  # by then everything before it has been told
        assert [left.channel_id for left in heard.of(ChannelLeft)] == [first.channel_id]
        kinds = [event["type"] for event in fake.ari.sent if event.get("channel", {}).get("id") == first.channel_id]
        assert kinds == ["StasisStart", "StasisEnd", "ChannelDestroyed"]


async def test_prompts_of_a_channel_play_one_after_another(fake: FakeAsterisk) -> None:
    """Also the same id again: playbacks are the one thing whose repetition Asterisk does not refuse."""
    fake.world.prompt_seconds = 2.0
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)
        loop = asyncio.get_running_loop()
        began = loop.time()
        for playback_id, media in (("p1", "sound:a"), ("p1", "sound:a"), ("p2", "sound:b")):
            assert await heard.telephony.play(playback_id, f"channel:{caller.channel_id}", [media]) == "done"
        assert caller.hears == "prompt:sound:a"
        await heard.hear(PlaybackEnded, nth=3)
        assert [ended.playback_id for ended in heard.of(PlaybackEnded)] == ["p1", "p1", "p2"]
        assert 6 <= loop.time() - began < 6.5


async def test_a_prompt_ends_with_its_listeners(fake: FakeAsterisk) -> None:
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)
        await heard.telephony.make_bridge("b1")
        await heard.telephony.connect("b1", [caller.channel_id])
        await heard.telephony.play("p1", "bridge:b1", ["sound:a"])
        assert caller.hears == "prompt:sound:a"
        caller.hang_up()
        assert (await heard.hear(PlaybackEnded)).ok is False
        assert not await heard.telephony.playback_exists("p1")
