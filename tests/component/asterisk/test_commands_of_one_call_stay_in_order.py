"""Commands spread over several sockets: one call's in order, one call's blocked command never in another's way."""

from __future__ import annotations

import asyncio
import zlib

from ctiserver.ports import ChannelEntered, LinkUp, PlaybackEnded
from tests.component.asterisk.conftest import listening
from tests.component.asterisk.test_a_caller_is_connected_to_an_agent import offer
from tests.component.fake_asterisk import FakeAsterisk


async def test_a_prompt_that_blocks_one_call_blocks_no_other(fake: FakeAsterisk) -> None:
    """While a prompt plays Asterisk answers no addChannel of that channel, nor anything behind it on that socket."""
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        await fake.until(lambda: len(fake.ari.sessions) == 4)
        callers = [await fake.call("96100") for _ in range(6)]
        await heard.hear(ChannelEntered, nth=6)
        first, *others = callers
        await heard.telephony.make_bridge("b1")
        await heard.telephony.play("p1", f"channel:{first.channel_id}", ["sound:long"])
        blocked = asyncio.ensure_future(heard.telephony.connect("b1", [first.channel_id]))
        answering = [asyncio.ensure_future(heard.telephony.answer(other.channel_id)) for other in others]
        await fake.until(lambda: sum(task.done() for task in answering) >= 2)
        assert not blocked.done()
        assert await heard.telephony.stop_playback("p1") == "done", "overtakes what waits for it"
        assert await blocked == "done"
        await asyncio.gather(*answering)
        await heard.hear(PlaybackEnded)


async def test_commands_about_one_channel_stay_in_order(fake: FakeAsterisk) -> None:
    """Sent without waiting for each other's answers, they still arrive in order."""
    fake.phone("1001")
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        await fake.until(lambda: len(fake.ari.sessions) == 4)
        for round_number in range(8):
            caller = await fake.call("96100")
            await heard.hear(ChannelEntered, lambda event, c=caller: event.channel_id == c.channel_id)
            fake.commands.clear()
            leg = f"leg-{round_number}"
            outcomes = await asyncio.gather(
                heard.telephony.answer(caller.channel_id),
                heard.telephony.dial(offer(caller.channel_id, leg)),
                heard.telephony.hang_up(leg),
            )
            assert outcomes == ["done"] * 3
            assert await heard.telephony.hang_up(caller.channel_id) == "done"
            paths = [path for _, path, _ in fake.commands]
            assert paths.index("channels") < paths.index(f"channels/{leg}")
            assert paths.index(f"channels/{caller.channel_id}/answer") < paths.index(f"channels/{caller.channel_id}")


async def test_a_leg_rings_while_a_prompt_holds_up_its_caller(fake: FakeAsterisk) -> None:
    """What is asked of the caller's channel waits for the prompt; the agent's phone must not."""
    fake.phone("1001")
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        await fake.until(lambda: len(fake.ari.sessions) == 4)
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)
        await heard.telephony.make_bridge("b1")
        await heard.telephony.play("p1", f"channel:{caller.channel_id}", ["sound:long"])
        blocked = asyncio.ensure_future(heard.telephony.connect("b1", [caller.channel_id]))
        leg = next(name for name in map("leg-{}".format, range(99)) if _lane(name) != _lane(caller.channel_id))
        assert await heard.telephony.dial(offer(caller.channel_id, leg)) == "done"
        assert not blocked.done()
        await heard.telephony.stop_playback("p1")
        assert await blocked == "done"


def _lane(channel_id: str) -> int:
    return zlib.crc32(channel_id.encode()) % 3


async def test_without_its_command_sockets_a_call_goes_on(fake: FakeAsterisk) -> None:
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        await fake.until(lambda: len(fake.ari.sessions) == 4)
        for number in (1, 2, 3):
            await fake.drop_sockets("abort", f"cti-c{number}")
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)
        await fake.until(lambda: len(fake.ari.sessions) >= 1)
        assert await heard.telephony.answer(caller.channel_id) == "done"
        assert len(heard.of(LinkUp)) == 1
        await fake.until(lambda: len(fake.ari.sessions) == 4)
