"""A conversation ends while its recording can't be fetched or kept: the file waits in Asterisk and comes home later."""

from __future__ import annotations

import asyncio
import errno
from typing import Any

import pytest

from ctiserver.call.events import RecordingFailed, RecordingStored
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import conversation
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_ami_is_away_for_minutes(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    house.recordings.seconds = 4.0
    talk = await conversation(house, fake, 1)
    await fake.until(lambda: talk.caller.recorded, "the recording runs")
    await asyncio.sleep(4)
    await fake.ami.stop()
    talk.caller.hang_up()
    await talk.agent.wait_until_gone()
    await asyncio.sleep(600)
    assert house.facts(RecordingFailed) == []
    assert [call.phase for session in house.centre.registry if (call := session.call)] == ["ended"]
    await fake.ami.start()
    await house.until_fact(RecordingStored)
    await house.until_quiet()
    assert house.facts(RecordingFailed) == []


async def test_a_file_that_asterisk_does_not_have_is_lost(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    talk = await conversation(house, fake, 1)
    await fake.until(lambda: talk.caller.recorded, "the recording runs")
    fake.world.recordings.clear()
    talk.caller.hang_up()
    lost = await house.until_fact(RecordingFailed)
    assert lost.reason == "no file came from Asterisk"
    await house.until_quiet()


async def test_the_disk_is_full_for_an_hour(
    fake: FakeAsterisk, open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await open_house(agent(1, service=9))
    house.recordings.seconds = 4.0
    keep, full = house.recordings.keep, [True]

    async def keep_if_there_is_room(*wanted: Any) -> tuple[str, int, int, str]:
        if full[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        return await keep(*wanted)

    monkeypatch.setattr(house.recordings, "keep", keep_if_there_is_room)
    talk = await conversation(house, fake, 1)
    await fake.until(lambda: talk.caller.recorded, "the recording runs")
    await asyncio.sleep(4)
    talk.caller.hang_up()
    await talk.agent.wait_until_gone()
    await house.until_activity(1, "idle")
    await asyncio.sleep(3600)
    assert house.facts(RecordingFailed) == []
    assert fake.world.recordings, "the original stays"
    full[0] = False
    await house.until_fact(RecordingStored, within_s=300)
    await house.until_quiet()
    assert house.facts(RecordingFailed) == []
