"""Five causes for which an agent doesn't get the caller; the caller keeps the place and goes to the next one."""

from __future__ import annotations

import pytest

from ctiserver.call.events import OfferEnded, QueueEntered
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_no_answer_goes_to_the_next_agent_and_keeps_the_place(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=5))
    await house.sign_in(1, 2)
    first = await fake.call("100")
    leg = await fake.next_dial()
    leg.ring()
    later = await fake.call("100", number="13900139000")
    other = await fake.next_dial()
    other.ring()
    refused = await house.until_fact(OfferEnded)
    assert (refused.outcome, refused.cause) == ("refused", "no_answer")
    await first.wait_for_music()
    first_bridge = first.channel.bridge_id
    await house.until_fact(OfferEnded, 2)
    again = await fake.next_dial(within_s=60)
    again.answer()
    await first.wait_for_prompt("工号")
    assert later.channel.bridge_id == first_bridge, "who came first is served first"
    assert len(house.facts(QueueEntered)) == 2, "nobody entered the queue a second time"


@pytest.mark.parametrize(
    ("status", "cause"), [(486, "busy"), (603, "rejected"), (480, "no_answer"), (404, "unreachable")]
)
async def test_the_phone_says_no(fake: FakeAsterisk, open_house: OpenHouse, status: int, cause: str) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.reject(status)
    refused = await house.until_fact(OfferEnded)
    assert refused.cause == cause
    assert not caller.gone
    again = await fake.next_dial(within_s=60)
    assert again.extension == leg.extension, "after the cool-down the only agent is asked again"


async def test_an_agent_without_a_phone_is_not_asked_at_all(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=1), phones=False)
    fake.phone("1002")
    await house.sign_in(2)
    house.centre.choose_presence(1, "ready", "", "agent")
    await fake.call("100")
    leg = await fake.next_dial()
    assert leg.extension == "1002"
    assert house.agent(1).phone == "unreachable"


async def test_the_agent_answers_and_drops_before_the_two_are_joined(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=9))
    await house.sign_in(1, 2)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.answer()
    leg.hang_up()
    second = await fake.next_dial()
    assert second.extension != leg.extension
    assert (await house.until_fact(OfferEnded)).cause == "failed"
    second.answer()
    await caller.wait_for_prompt("工号")


async def test_three_misses_in_a_row_put_the_agent_on_break_visibly(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    await fake.call("100")
    for _ in range(3):
        (await fake.next_dial(within_s=120)).ring()
    await fake.until(lambda: house.agent(1).presence == "break", "the agent is on break", 120)
    assert house.agent(1).reason == "missed_calls"
    await fake.until(lambda: house.agent(1).missed_today == 3)


async def test_presence_chosen_while_the_phone_rings_waits_for_the_call(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.ring()
    house.centre.choose_presence(1, "break", "lunch", "agent")
    assert house.agent(1).presence == "ready"
    assert house.agent(1).pending_presence == "break"
    leg.answer()
    await house.until_activity(1, "talking")
    caller.hang_up()
    await house.until_activity(1, "wrap_up")
    house.centre.finish_wrap_up(1)
    assert (house.agent(1).presence, house.agent(1).reason) == ("break", "lunch")
