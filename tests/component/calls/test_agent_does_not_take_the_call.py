"""Five causes for which an agent doesn't get the caller; the caller keeps the place and goes to the next one."""

from __future__ import annotations

import asyncio

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


@pytest.mark.parametrize(
    ("status", "cause", "rests_s"),
    [(486, "busy", 5), (603, "rejected", 10), (404, "unreachable", 15), (488, "failed", 5), (0, "no_answer", 10)],
)
@pytest.mark.parametrize("configured", [False, True])
async def test_each_cause_has_its_cool_down(
    fake: FakeAsterisk, open_house: OpenHouse, status: int, cause: str, rests_s: float, configured: bool
) -> None:
    rests_s = 33 if configured else rests_s
    routing: dict[str, object] = {"cool_down_s": {cause: rests_s}} if configured else {}
    house = await open_house(agent(1, service=9), routing=routing)
    await house.sign_in(1)
    await fake.call("100")
    leg = await fake.next_dial()
    if status == 488:
        leg.end(58, status)  # no codec in common
    elif status:
        leg.reject(status)
    else:
        leg.ring()
    refused = await house.until_fact(OfferEnded)
    lost_at = house.clock.now()
    assert (refused.outcome, refused.cause) == ("refused", cause)
    (call,) = house.centre.calls()
    explained = house.centre.explain(call.id)
    assert [(one.number, one.obstacle) for one in explained.candidates] == [("1001", "cooling_down")]
    await fake.next_dial(within_s=60)
    assert rests_s - 0.5 <= house.clock.now() - lost_at <= rests_s + 0.5


async def test_a_team_that_nobody_can_reach_is_not_rung_again_and_again(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    team = [agent(number, service=9) for number in (1, 2, 3)]
    house = await open_house(*team, phones=False)
    for one in team:
        fake.phone(one.extension, rejects_with=404)
    await house.sign_in(1, 2, 3)
    caller = await fake.call("100")
    await caller.wait_for_music()
    await asyncio.sleep(60)
    tried = len(house.facts(OfferEnded))
    assert 12 <= tried <= 15, "each phone once in the fifteen seconds of its cool-down"
    assert all(house.agent(one.id).presence == "ready" for one in team), "a dead phone is no missed call"
    fake.phone("1002", answers_after=1.0)
    await house.until_activity(2, "talking")
    assert not caller.gone


async def test_misses_are_counted_in_a_row_and_the_limit_is_set(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), routing={"max_misses": 2})
    await house.sign_in(1)
    caller = await fake.call("100")
    (await fake.next_dial()).ring()
    await house.until_fact(OfferEnded)
    (await fake.next_dial(within_s=60)).answer()
    await house.until_activity(1, "talking")
    caller.hang_up()
    await house.until_activity(1, "wrap_up")
    house.centre.finish_wrap_up(1)
    await fake.call("100")
    (await fake.next_dial(within_s=60)).ring()
    await house.until_fact(OfferEnded, 3)
    assert house.agent(1).presence == "ready", "the call in between was taken"
    (await fake.next_dial(within_s=60)).ring()
    await fake.until(lambda: house.agent(1).presence == "break", "the second in a row", 60)
    assert house.agent(1).reason == "missed_calls"
    house.centre.choose_presence(1, "ready", "", "agent")
    await fake.next_dial(within_s=60)


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
