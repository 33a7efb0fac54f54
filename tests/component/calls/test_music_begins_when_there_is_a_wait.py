"""Who is joined at once hears no music, and Asterisk is spared it; who has to wait, or hears a phone ring on, does."""

from __future__ import annotations

from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk

ONE = agent(1, service=9)


def was_held(fake: FakeAsterisk) -> bool:
    return any("cti-hold-" in path for _, path, _ in fake.commands)


async def test_an_agent_who_answers_at_once_is_joined_without_music(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(ONE)
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.answer()
    await caller.wait_for_prompt("工号")
    caller.finish_prompt()
    await caller.wait_until_talking_to(leg)
    assert not was_held(fake)
    caller.hang_up()
    await house.until_quiet()


async def test_a_phone_that_rings_on_is_waited_for_with_music(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(ONE)
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    assert not was_held(fake)
    await caller.wait_for_music()
    leg.answer()
    await caller.wait_for_prompt("工号")
    caller.finish_prompt()
    await caller.wait_until_talking_to(leg)
    caller.hang_up()
    await house.until_quiet()


async def test_while_nobody_is_free_music_begins_at_once(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(ONE)
    caller = await fake.call("100")
    await caller.wait_for_music()
    caller.hang_up()
    await house.until_quiet()
