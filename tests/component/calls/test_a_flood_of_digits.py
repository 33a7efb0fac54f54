"""A phone that sends hundreds of keys: they are read in order, others go on, and the call ends as one record."""

from __future__ import annotations

import pytest

from ctiserver.call.events import CallEnded
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import conversation
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk

KEYS = "9#*1234567" * 40


@pytest.mark.parametrize("line", ["100", "101"])
async def test_while_another_is_connected(fake: FakeAsterisk, open_house: OpenHouse, line: str) -> None:
    """In the queue keys have no meaning; in the menu wrong ones lead to its end, once."""
    house = await open_house(agent(1, service=9))
    flooding = await fake.call(line, number="13900139000")
    await fake.until(lambda: flooding.hears != "silence", "served")
    for key in KEYS:
        flooding.press(key)
    talk = await conversation(house, fake, 1) if line == "101" else None
    if talk is not None:
        talk.caller.hang_up()
    if not flooding.gone:
        flooding.hang_up()
    await house.until_quiet()
    assert len(house.facts(CallEnded)) == (2 if line == "101" else 1)


async def test_in_a_conversation(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    talk = await conversation(house, fake, 1)
    for key in KEYS:
        talk.caller.press(key)
    assert talk.caller.hears == talk.agent.channel_id
    talk.caller.hang_up()
    await talk.is_over()
    (ended,) = house.facts(CallEnded)
    assert (ended.outcome, ended.ended_by) == ("answered", "caller")
