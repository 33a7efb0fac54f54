"""The connection to Asterisk ends in every way that it can; calls go on, and so do we."""

from __future__ import annotations

import asyncio

import pytest

from ctiserver.errors import LinkDownError
from ctiserver.ports import ChannelEntered, ChannelLeft, LinkDown, LinkUp, PhoneSeen
from tests.component.asterisk.conftest import listening
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.ari_server import Drop


@pytest.mark.parametrize("how", ["abort", "close", "silent"])
async def test_a_broken_connection_is_noticed_and_made_again(fake: FakeAsterisk, how: Drop) -> None:
    """ "silent" is a half-open TCP connection: nothing fails, nothing comes."""
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)
        began = asyncio.get_running_loop().time()
        await fake.drop_sockets(how)
        await heard.hear(LinkDown)
        assert asyncio.get_running_loop().time() - began < 16
        assert (await heard.hear(LinkUp, nth=2)).restarted is False

        assert not caller.gone, "Asterisk keeps what we leave alone"
        assert [channel.channel_id for channel in await heard.telephony.channels()] == [caller.channel_id]
        caller.hang_up()
        await heard.hear(ChannelLeft)


async def test_the_event_filter_is_set_on_each_connection(fake: FakeAsterisk) -> None:
    """Asterisk forgets it with a connection that holds no channel."""
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        assert fake.app in fake.ari.rest.filters
        await fake.drop_sockets("abort")
        await heard.hear(LinkDown)
        await heard.hear(LinkUp, nth=2)
        assert "StasisStart" in fake.ari.rest.filters[fake.app]
        assert "RESTResponse" in fake.ari.rest.filters[fake.app]


async def test_while_the_link_is_down_commands_say_so_and_are_not_repeated(fake: FakeAsterisk) -> None:
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        await fake.go_down()
        await heard.hear(LinkDown)
        with pytest.raises(LinkDownError):
            await heard.telephony.make_bridge("b1")
        assert "can't be reached" in heard.telephony.problems()["ari"] or "ended" in heard.telephony.problems()["ari"]
        await fake.come_up()
        await heard.hear(LinkUp, nth=2)
        assert "b1" not in fake.world.bridges


async def test_a_command_under_way_fails_when_the_link_ends(fake: FakeAsterisk) -> None:
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        fake.slow["bridges"] = 3.0
        asking = asyncio.ensure_future(heard.telephony.make_bridge("b1"))
        await fake.until(lambda: any(path == "bridges/b1" for _, path, _ in fake.commands))
        await fake.drop_sockets("abort")
        with pytest.raises(LinkDownError):
            await asking


async def test_another_asterisk_is_told_from_the_same_one(fake: FakeAsterisk) -> None:
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        await fake.restart()
        assert (await heard.hear(LinkUp, nth=2)).restarted is True
        await fake.drop_sockets("abort")
        assert (await heard.hear(LinkUp, nth=3)).restarted is False


async def test_music_plays_again_after_a_restart(fake: FakeAsterisk) -> None:
    """The holding bridge went with the old Asterisk."""
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        for nth in (1, 2):
            caller = await fake.call("96100")
            await heard.hear(ChannelEntered, lambda event, c=caller: event.channel_id == c.channel_id)
            assert await heard.telephony.hold_with_music(caller.channel_id, "default") == "done"
            assert caller.hears == "music:default"
            await fake.restart()
            await heard.hear(LinkUp, nth=nth + 1)


async def test_music_plays_again_after_somebody_removed_the_holding_bridge(fake: FakeAsterisk) -> None:
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)
        await heard.telephony.hold_with_music(caller.channel_id, "default")
        fake.world.destroy_bridge(fake.world.bridges["cti-hold-default"])
        assert await heard.telephony.hold_with_music(caller.channel_id, "default") == "done"
        assert caller.hears == "music:default"


async def test_another_daemon_takes_over_and_we_step_down(fake: FakeAsterisk) -> None:
    """A rolling restart: who reconnects would start a tug of war."""
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        await fake.take_over()
        assert (await heard.hear(LinkDown)).reason == "replaced"
        await asyncio.sleep(60)
        assert len(heard.of(LinkUp)) == 1
        assert heard.telephony.problems()["ari"] == "another ctiserver took the calls over"
        with pytest.raises(LinkDownError):
            await heard.telephony.make_bridge("b1")


async def test_ami_may_be_away_while_calls_go_on(fake: FakeAsterisk) -> None:
    await fake.ami.stop()
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)
        assert await heard.telephony.answer(caller.channel_id) == "done"
        with pytest.raises(LinkDownError):
            await heard.telephony.start_recording("r1", caller.channel_id)
        fake.phone("1001")
        await fake.ami.start()
        assert (await heard.hear(PhoneSeen)).extension == "1001"
        assert await heard.telephony.start_recording("r1", caller.channel_id) == "done"


async def test_events_received_before_the_link_is_told_up_come_after_it(fake: FakeAsterisk) -> None:
    await fake.ami.stop()  # the start waits a moment for it
    async with listening(fake) as heard:
        await fake.until_served()
        await fake.call("96100")
        await heard.hear(ChannelEntered)
        assert [type(event) for event in heard.told] == [LinkUp, ChannelEntered]


async def test_a_caller_who_came_while_we_were_away_is_served_when_we_return(fake: FakeAsterisk) -> None:
    """The dialplan's retry loop; after its last try the fallback takes the caller."""
    caller = await fake.call("96100")
    await asyncio.sleep(5)
    async with listening(fake) as heard:
        assert (await heard.hear(ChannelEntered)).channel_id == caller.channel_id
    late = await fake.call("96100")
    await fake.until(lambda: late.fallback)


async def test_the_dialplan_sees_that_we_live(fake: FakeAsterisk) -> None:
    """By Asterisk's own clock: ours may differ."""
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        assert fake.ari.rest.globals["CTI_HEARTBEAT"] == "1767250800"
        fake.ari.rest.globals.clear()
        await fake.until(lambda: fake.ari.rest.globals, "the next beat", within_s=6)
