"""VIP and blacklist: what the tags of a recognised customer do to the call, and that a slow table locks nobody out."""

from __future__ import annotations

import asyncio

import pytest

from ctiserver.call.events import CallEnded, CustomerKnown, CustomerTreated, NodeEntered, QueueEntered
from ctiserver.call.screen_pop import CustomerCard
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk

EARLY, LATE = "13800138000", "13900139000"
RULES: dict[str, object] = {
    "customer_tags": {
        "vip": {"priority_s": 60.0},
        "elderly": {"priority_s": 30.0},
        "complaint": {"priority_s": -60.0},
        "blacklist": {"flow": "sorry"},
        "nuisance": {"refuse": True},
        "gone": {"flow": "no_such_flow"},
    }
}


def marked(house: House, number: str, *tags: str) -> None:
    house.customers.cards[number] = CustomerCard(id=7, name="李先生", tags=tags)


async def first_served(house: House, fake: FakeAsterisk) -> str:
    await house.sign_in(1)
    return (await fake.next_dial()).caller_number


@pytest.mark.parametrize(
    ("tags", "later_s", "first"),
    [
        (("vip",), 50, LATE),
        (("vip",), 70, EARLY),
        (("vip", "elderly"), 80, LATE),
        (("stranger",), 1, EARLY),
    ],
)
async def test_tags_give_a_head_start_on_a_line_whose_flow_knows_nothing_of_them(
    fake: FakeAsterisk, open_house: OpenHouse, tags: tuple[str, ...], later_s: float, first: str
) -> None:
    house = await open_house(agent(1, service=9), routing=RULES)
    marked(house, LATE, *tags)
    await (await fake.call("100", number=EARLY)).wait_for_music()
    await asyncio.sleep(later_s)
    await (await fake.call("100", number=LATE)).wait_for_music()
    assert await first_served(house, fake) == first


async def test_less_than_nothing_comes_behind_who_rang_later(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), routing=RULES)
    marked(house, EARLY, "complaint")
    await (await fake.call("100", number=EARLY)).wait_for_music()
    await asyncio.sleep(30)
    await (await fake.call("100", number=LATE)).wait_for_music()
    assert await first_served(house, fake) == LATE


async def test_one_who_is_recognised_while_waiting_moves_up_once(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), routing={"customer_tags": {"vip": {"priority_s": 60.0}}})
    house.customers.slow_s = 5.0
    marked(house, LATE, "vip")
    await (await fake.call("100", number=EARLY)).wait_for_music()
    await asyncio.sleep(30)
    await (await fake.call("100", number=LATE)).wait_for_music()
    assert [fact.priority_s for fact in house.facts(QueueEntered)] == [0.0, 0.0]
    await house.until_fact(CustomerKnown, 2)
    (late,) = [session.call for session in house.centre.registry if session.call and session.call.caller_number == LATE]
    assert late.queue is not None
    assert late.queue.priority_s == 60.0
    assert await first_served(house, fake) == LATE


async def test_a_blacklisted_caller_gets_the_flow_that_is_meant_for_them(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9), routing=RULES)
    marked(house, EARLY, "vip", "blacklist")
    await fake.call("100", number=EARLY)
    treated = await house.until_fact(CustomerTreated)
    assert (treated.flow, treated.refused) == ("sorry", False)
    entered = await house.until_fact(NodeEntered)
    assert entered.flow == "sorry"
    await fake.call("100", number=LATE)
    await house.until_fact(QueueEntered)
    assert len(house.facts(CustomerTreated)) == 1


async def test_a_refused_one_is_never_heard_of_by_an_agent(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), routing=RULES)
    await house.sign_in(1)
    marked(house, EARLY, "nuisance")
    caller = await fake.call("100", number=EARLY)
    await caller.wait_until_gone()
    ended = await house.until_fact(CallEnded)
    assert (ended.outcome, ended.reason) == ("refused", "customer_refused")
    assert house.facts(NodeEntered) == []


async def test_a_slow_table_locks_nobody_out(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), routing=RULES)
    house.customers.slow_s = 3.0
    marked(house, EARLY, "nuisance")
    began = house.clock.now()
    await fake.call("100", number=EARLY)
    await house.until_fact(QueueEntered)
    assert house.clock.now() - began == pytest.approx(1.0, abs=0.2)
    await house.until_fact(CustomerKnown)
    assert house.facts(CallEnded) == []


async def test_an_anonymous_caller_does_not_wait_and_a_flow_that_is_gone_leads_nowhere(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9), routing=RULES)
    began = house.clock.now()
    await fake.call("100", number="")
    await house.until_fact(QueueEntered)
    assert house.clock.now() - began < 0.5
    marked(house, LATE, "gone")
    await fake.call("100", number=LATE)
    await house.until_fact(QueueEntered, 2)
    assert house.facts(CustomerTreated) == []
