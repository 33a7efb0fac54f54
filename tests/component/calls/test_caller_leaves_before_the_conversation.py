"""Callers who hang up: in the menu, in the queue, while a phone rings, and in the very instant of the answer."""

from __future__ import annotations

import pytest

from ctiserver.call.events import CallEnded, OfferEnded, QueueLeft
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_in_the_menu(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    caller = await fake.call("101")
    await caller.wait_for_prompt()
    caller.hang_up()
    ended = await house.until_fact(CallEnded)
    assert (ended.outcome, ended.ended_by) == ("self_service", "caller")
    await house.until_quiet()


async def test_in_the_queue(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    caller = await fake.call("100")
    await caller.wait_for_music()
    await fake.until(lambda: house.centre.queues()[0].waiting == 1)
    caller.hang_up()
    left = await house.until_fact(QueueLeft)
    assert left.outcome == "abandoned"
    assert (await house.until_fact(CallEnded)).outcome == "abandoned"
    assert house.centre.queues()[0].waiting == 0
    await house.until_quiet()
    await fake.until(lambda: house.centre.queues()[0].abandoned == 1)


@pytest.mark.parametrize("ringing", [False, True], ids=["before the phone rings", "while it rings"])
async def test_while_the_agents_phone_is_called(fake: FakeAsterisk, open_house: OpenHouse, ringing: bool) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    if ringing:
        leg.ring()
        await house.until_activity(1, "ringing")
    caller.hang_up()
    await leg.wait_until_gone()
    assert leg.by_us, "the phone does not ring on"
    offer = await house.until_fact(OfferEnded)
    assert offer.outcome == "caller_gone"
    await house.until_quiet()
    assert house.agent(1).activity == "idle"
    assert house.agent(1).missed_today == 0, "it is not the agent's miss"


async def test_in_the_instant_in_which_the_agent_answers(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.answer()
    caller.hang_up()
    await leg.wait_until_gone()
    await house.until_quiet()
    assert len(house.facts(CallEnded)) == 1
    assert house.agent(1).presence == "ready"
    await house.until_activity(1, "idle")
