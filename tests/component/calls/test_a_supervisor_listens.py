"""Listening, whispering, barging in; following the agent; nothing is heard of a paused part."""

from __future__ import annotations

import pytest

from ctiserver.call.events import RecordingPauseRequested
from ctiserver.errors import Refused
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import Conversation, conversation, dialled
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import FakeLeg
from tests.component.fake_asterisk.world import Channel


def snoops(fake: FakeAsterisk) -> list[Channel]:
    return [channel for channel in fake.world.channels.values() if channel.spies_on is not None]


def is_listening(fake: FakeAsterisk, talk: Conversation, boss: FakeLeg, whisper: str) -> bool:
    """One snoop of the agent's channel, in one bridge with the supervisor."""
    found = snoops(fake)
    return (
        len(found) == 1
        and found[0].spies_on is talk.agent.channel
        and found[0].whisper == whisper
        and boss.hears == found[0].id
    )


async def test_modes_change_without_a_gap_and_the_call_goes_on(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=1))
    talk = await conversation(house, fake, 1)
    supervision = house.centre.supervision
    watch = supervision.begin(1, "PJSIP/1002", "boss", "listen")
    boss = await dialled(fake)
    boss.answer()
    await fake.until(lambda: is_listening(fake, talk, boss, "none"), "listens")
    for mode, whisper in (("whisper", "out"), ("barge", "both"), ("listen", "none")):
        supervision.change(watch, mode)  # pyright: ignore[reportArgumentType] - the three words are modes
        await fake.until(lambda w=whisper: is_listening(fake, talk, boss, w), mode)
    assert talk.caller.hears == talk.agent.channel_id
    with pytest.raises(Refused, match="already"):
        supervision.begin(1, "PJSIP/1002", "boss", "listen")
    supervision.change(watch, "whisper")
    with pytest.raises(Refused, match="speaks to this agent"):
        supervision.begin(1, "PJSIP/1003", "other", "barge")
    boss.hang_up()
    await fake.until(lambda: not snoops(fake) and not len(supervision), "over")
    talk.caller.hang_up()
    await talk.is_over()


async def test_a_paused_part_is_not_heard(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=1))
    talk = await conversation(house, fake, 1)
    watch = house.centre.supervision.begin(1, "PJSIP/1002", "boss", "listen")
    boss = await dialled(fake)
    boss.answer()
    await fake.until(lambda: is_listening(fake, talk, boss, "none"), "listens")
    house.centre.controls.give(talk.call_id, RecordingPauseRequested(paused=True))
    await fake.until(lambda: not snoops(fake), "hears nothing")
    house.centre.controls.give(talk.call_id, RecordingPauseRequested(paused=False))
    await fake.until(lambda: is_listening(fake, talk, boss, "none"), "listens again")
    house.centre.supervision.end(watch)
    await boss.wait_until_gone()
    talk.caller.hang_up()
    await talk.is_over()


async def test_the_agent_is_followed_to_the_next_caller(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=1))
    talk = await conversation(house, fake, 1)
    house.centre.supervision.begin(1, "PJSIP/1002", "boss", "listen")
    boss = await dialled(fake)
    boss.answer()
    await fake.until(lambda: is_listening(fake, talk, boss, "none"), "listens")
    talk.caller.hang_up()
    await fake.until(lambda: not snoops(fake), "nothing to hear")
    assert not boss.gone
    house.centre.finish_wrap_up(1)
    following = await conversation(house, fake, 1)
    await fake.until(lambda: is_listening(fake, following, boss, "none"), "listens to the next")
    boss.hang_up()
    following.caller.hang_up()
    await following.is_over()


async def test_a_restart_of_the_daemon_ends_the_listening_not_the_call(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=1))
    talk = await conversation(house, fake, 1)
    house.centre.supervision.begin(1, "PJSIP/1002", "boss", "listen")
    boss = await dialled(fake)
    boss.answer()
    await fake.until(lambda: is_listening(fake, talk, boss, "none"), "listens")
    again = await house.restarted()
    try:
        await boss.wait_until_gone()
        await fake.until(lambda: not snoops(fake), "no snoop left")
        assert talk.caller.hears == talk.agent.channel_id
        talk.caller.hang_up()
        await again.until_quiet()
    finally:
        await again.stop()
