"""A recording's way to us: from a shared folder or over HTTP, also when another run of ours began it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ctiserver.errors import LinkDownError, Rejected
from ctiserver.ports import ChannelEntered, LinkUp
from tests.component.asterisk.conftest import listening
from tests.component.fake_asterisk import FakeAsterisk

SECOND = 8000 * 4  # bytes


@pytest.mark.parametrize("shared", [True, False])
async def test_the_raw_file_comes_complete(fake: FakeAsterisk, tmp_path: Path, shared: bool) -> None:
    spool = tmp_path / "spool" if shared else None
    if spool:
        spool.mkdir()
        fake.world.spool = spool
    async with listening(fake, recording_folder=spool) as heard:
        await heard.hear(LinkUp)
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)
        assert await heard.telephony.start_recording("r1", caller.channel_id) == "done"
        await asyncio.sleep(12)
        assert await heard.telephony.stop_recording("r1", caller.channel_id) == "done"
        async with heard.telephony.recording("r1") as raw, heard.telephony.recording("r2") as none:
            assert raw is not None
            assert abs(raw.stat().st_size / SECOND - 12) < 0.1
            assert none is None
        assert raw.exists() == shared, "what was fetched goes, Asterisk's own stays until it is deleted"


async def test_a_request_that_is_never_answered_is_given_up_soon(fake: FakeAsterisk) -> None:
    """A connection of the pool that died without a word: whoever waits for the recording asks again on another one."""
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)
        await heard.telephony.start_recording("r1", caller.channel_id)
        caller.hang_up()
        fake.ari.unanswered_http = 1
        began = asyncio.get_running_loop().time()
        with pytest.raises(LinkDownError):
            await heard.telephony.recording("r1").__aenter__()
        assert asyncio.get_running_loop().time() - began < 15
        async with heard.telephony.recording("r1") as raw:
            assert raw is not None


async def test_a_recording_that_an_earlier_run_began_is_stopped(fake: FakeAsterisk) -> None:
    """Its id stands in a variable of the channel: without it, Stop would end just any monitor."""
    caller = await fake.call("96100")
    async with listening(fake) as heard:
        await heard.hear(ChannelEntered)
        await heard.telephony.start_recording("n1-7.r1", caller.channel_id)
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        assert caller.recorded
        assert await heard.telephony.stop_recording("n1-7.r1", caller.channel_id) == "done"
        assert not caller.recorded


async def test_it_ends_with_its_channel(fake: FakeAsterisk) -> None:
    async with listening(fake) as heard:
        caller = await fake.call("96100")
        await heard.hear(ChannelEntered)
        await heard.telephony.start_recording("r1", caller.channel_id)
        caller.hang_up()
        assert await heard.telephony.stop_recording("r1", caller.channel_id) == "gone"
        async with heard.telephony.recording("r1") as raw:
            assert raw is not None
        assert await heard.telephony.delete_recording("r1") == "done"
        assert await heard.telephony.delete_recording("r1") == "gone"


@pytest.mark.parametrize("name", ["../x", "a/b", "a,b", "", "x\r\n"])
async def test_a_name_can_lead_nowhere_else(fake: FakeAsterisk, name: str) -> None:
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        with pytest.raises(Rejected):
            await heard.telephony.start_recording(name, "x")
        with pytest.raises(Rejected):
            await heard.telephony.recording(name).__aenter__()
