"""Ring-all: every free agent is asked, one gets the caller, and the others are let go without a missed call."""

from __future__ import annotations

from pathlib import Path

from ctiserver.call.events import OfferEnded, OfferStarted
from ctiserver.directory import Queue
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import FakeLeg

TOGETHER = (
    Queue(
        id="service",
        name={"en": "Service"},
        skills={"service": 1},
        strategy="ring_all",
        ring_timeout_s=15.0,
        wrap_up_s=0.0,
        announce_agent=False,
    ),
    Queue(id="repairs", name={"en": "Repairs"}, skills={"repairs": 5}, wrap_up_s=0.0),
)
THREE = (agent(1, service=9), agent(2, service=5), agent(3, service=1))


async def all_ring(fake: FakeAsterisk, count: int = 3) -> list[FakeLeg]:
    legs = [await fake.next_dial() for _ in range(count)]
    for leg in legs:
        leg.ring()
    return sorted(legs, key=lambda leg: leg.extension)


def losers_are_free(house: House, *agents: int) -> bool:
    return all((house.agent(a).activity, house.agent(a).missed_today) == ("idle", 0) for a in agents)


async def test_the_first_to_answer_gets_the_caller_and_the_others_stop(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(*THREE, queues=TOGETHER)
    await house.sign_in(1, 2, 3)
    caller = await fake.call("100")
    first, second, third = await all_ring(fake)
    await fake.until(lambda: {house.agent(a).activity for a in (1, 2, 3)} == {"ringing"}, "all ring")
    await fake.until(lambda: all(house.centre.pop(a) is not None for a in (1, 2, 3)), "each sees who is calling")
    second.answer()
    await caller.wait_until_talking_to(second)
    for loser in (first, third):
        await loser.wait_until_gone()
        assert loser.gone_reason == "answered_elsewhere", "no missed call on the phone"
    await house.until_activity(2, "talking")
    await fake.until(lambda: losers_are_free(house, 1, 3), "the others are free at once, without blame")
    await fake.until(lambda: house.centre.pop(1) is None and house.centre.pop(3) is None, "their cards close")
    assert house.centre.pop(2) is not None
    other = await fake.call("100", number="13900139000")
    assert {leg.extension for leg in await all_ring(fake, 2)} == {"1001", "1003"}
    other.hang_up()
    caller.hang_up()
    await house.until_quiet()
    ended = house.facts(OfferEnded)
    assert len(ended) == len(house.facts(OfferStarted)) == 5
    assert [e.outcome for e in ended[:3]].count("withdrawn") == 2


async def test_two_answer_in_the_same_instant(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(*THREE, queues=TOGETHER)
    await house.sign_in(1, 2, 3)
    caller = await fake.call("100")
    legs = await all_ring(fake)
    for leg in legs[:2]:
        leg.answer()
    await fake.until(lambda: sum(leg.gone for leg in legs) == 2, "two of three are let go")
    (winner,) = [leg for leg in legs if not leg.gone]
    await caller.wait_until_talking_to(winner)
    assert winner in legs[:2]
    caller.hang_up()
    await house.until_quiet()
    await fake.until(lambda: losers_are_free(house, 1, 2, 3))


async def test_the_caller_hangs_up_while_all_ring(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(*THREE, queues=TOGETHER)
    await house.sign_in(1, 2, 3)
    caller = await fake.call("100")
    legs = await all_ring(fake)
    caller.hang_up()
    for leg in legs:
        await leg.wait_until_gone()
    await house.until_quiet()
    assert [e.outcome for e in house.facts(OfferEnded)] == ["caller_gone"] * 3
    assert losers_are_free(house, 1, 2, 3)


async def test_one_refuses_and_the_others_ring_on(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(*THREE, queues=TOGETHER)
    await house.sign_in(1, 2, 3)
    caller = await fake.call("100")
    first, second, third = await all_ring(fake)
    first.reject(603)
    await house.until_fact(OfferEnded)
    second.reject(486)
    await house.until_fact(OfferEnded, 2)
    assert not third.gone
    assert [(e.outcome, e.cause) for e in house.facts(OfferEnded)] == [("refused", "rejected"), ("refused", "busy")]
    third.answer()
    await caller.wait_until_talking_to(third)


async def test_nobody_answers_and_the_caller_keeps_the_place(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(*THREE[:2], queues=TOGETHER)
    await house.sign_in(1, 2)
    caller = await fake.call("100")
    await all_ring(fake, 2)
    await house.until_fact(OfferEnded, 2)
    assert {e.cause for e in house.facts(OfferEnded)} == {"no_answer"}
    assert caller.hears == "music:default"
    again = await fake.next_dial(within_s=60)
    again.answer()
    await caller.wait_until_talking_to(again)


async def test_who_answered_drops_before_the_two_are_joined(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(*THREE[:2], queues=TOGETHER)
    await house.sign_in(1, 2)
    caller = await fake.call("100")
    first, second = await all_ring(fake, 2)
    first.answer()
    first.hang_up()
    await second.wait_until_gone()
    again = await fake.next_dial()
    assert again.extension == "1002", "let go without blame, so asked at once"
    again.answer()
    await caller.wait_until_talking_to(again)


async def test_a_restart_while_all_ring(fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path) -> None:
    house = await open_house(*THREE, queues=TOGETHER)
    await house.sign_in(1, 2, 3)
    caller = await fake.call("100")
    legs = await all_ring(fake)
    await house.until_activity(3, "ringing")
    await house.stop()
    legs[0].reject(603)  # while nobody listens
    second = House(fake, tmp_path, agents=THREE, queues=TOGETHER, journal=house.journal)
    house.journal.listeners[:] = [second.centre._publisher.on_durable]  # pyright: ignore[reportPrivateUsage]
    await second.start(house.remembered())
    try:
        await second.until_activity(3, "ringing")
        await fake.until(lambda: second.agent(1).activity == "idle", "the refusal was found")
        assert not caller.gone
        legs[2].answer()
        await caller.wait_until_talking_to(legs[2])
        await legs[1].wait_until_gone()
        assert legs[1].gone_reason == "answered_elsewhere"
        caller.hang_up()
        await second.until_quiet()
    finally:
        await second.stop()
