"""Commands spread over several sockets: one call's in order, one call's blocked command never in another's way."""

from __future__ import annotations

import asyncio

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


async def test_a_call_and_its_legs_share_a_socket(fake: FakeAsterisk) -> None:
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
                heard.telephony.hang_up(caller.channel_id),
            )
            assert outcomes == ["done"] * 4
            paths = [path for _, path, _ in fake.commands]
            assert paths == [
                f"channels/{caller.channel_id}/answer",
                "channels",
                f"channels/{leg}",
                f"channels/{caller.channel_id}",
            ]


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
