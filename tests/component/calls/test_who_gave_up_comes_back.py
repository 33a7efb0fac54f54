"""Who hangs up in the queue and rings again in time has the old place, whatever happens to the daemon meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from ctiserver.call.events import OfferEnded, QueueEntered, QueueLeft
from ctiserver.directory import Queue
from ctiserver.live.recovery import remember
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import QUEUES, House, agent
from tests.component.calls.test_agents_wrap_up_by_the_rule import successor_of
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import FakeCaller

ANNE, BERTA = "13800138000", "13900139000"


def service(return_s: float = 120.0) -> tuple[Queue, ...]:
    return (msgspec.structs.replace(QUEUES[0], announce_agent=False, options={"return_s": return_s}), QUEUES[1])


async def waiting(fake: FakeAsterisk, number: str) -> FakeCaller:
    caller = await fake.call("100", number=number)
    await caller.wait_for_music()
    return caller


async def anne_gives_up_behind_whom_berta_waits(fake: FakeAsterisk, house: House) -> FakeCaller:
    """Returns Berta."""
    anne = await waiting(fake, ANNE)
    await asyncio.sleep(30)
    berta = await waiting(fake, BERTA)
    anne.hang_up()
    await house.until_fact(QueueLeft)
    return berta


async def served_first(fake: FakeAsterisk, house: House) -> str:
    """The number of the caller for whom the only agent is rung."""
    await house.sign_in(1)
    return (await fake.next_dial()).caller_number


async def test_in_time_for_the_old_place(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service())
    await anne_gives_up_behind_whom_berta_waits(fake, house)
    await asyncio.sleep(60)
    again = await waiting(fake, ANNE)
    (call,) = [call for call in house.centre.calls() if call.caller_number == ANNE]
    assert call.position == 1
    assert await served_first(fake, house) == ANNE
    assert not again.gone


@pytest.mark.parametrize("return_s", [120.0, 0.0])
async def test_too_late_for_it(fake: FakeAsterisk, open_house: OpenHouse, return_s: float) -> None:
    house = await open_house(agent(1, service=9), queues=service(return_s))
    await anne_gives_up_behind_whom_berta_waits(fake, house)
    await asyncio.sleep(return_s + 1)
    await waiting(fake, ANNE)
    assert await served_first(fake, house) == BERTA


async def test_a_place_is_resumed_once(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service())
    berta = await anne_gives_up_behind_whom_berta_waits(fake, house)
    await waiting(fake, ANNE)
    second_phone = await waiting(fake, ANNE)
    assert await served_first(fake, house) == ANNE
    places = {call.id: call.position for call in house.centre.calls()}
    assert len(places) == 3
    assert not berta.gone
    assert not second_phone.gone
    (latest,) = [call for call in house.centre.calls() if call.position == 3]
    assert latest.caller_number == ANNE


async def test_without_a_number_nobody_is_recognised(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service())
    hidden = await waiting(fake, "")
    await asyncio.sleep(30)
    await waiting(fake, BERTA)
    hidden.hang_up()
    await house.until_fact(QueueLeft)
    await waiting(fake, "")
    assert await served_first(fake, house) == BERTA


@pytest.mark.parametrize("rotated", [False, True], ids=["from the steps", "from the head of a segment"])
async def test_a_restart_keeps_the_place_that_was_given_up(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path, rotated: bool
) -> None:
    house = await open_house(agent(1, service=9), queues=service())
    await anne_gives_up_behind_whom_berta_waits(fake, house)
    kept = remember(house.centre.checkpoint(), []) if rotated else house.remembered()
    assert [(place.queue_id, place.customer) for place in kept.places] == [("service", ANNE)]
    queues = house.centre.directory.queues
    await house.stop()
    successor = House(fake, tmp_path, agents=(agent(1, service=9),), queues=queues, journal=house.journal)
    successor.centre.remember(kept)
    assert remember(successor.centre.checkpoint(), []).places == kept.places, "killed again before it has begun"
    await successor.start(kept)
    try:
        await asyncio.sleep(30)
        await waiting(fake, ANNE)
        assert await served_first(fake, successor) == ANNE
    finally:
        await successor.stop()


async def test_a_restart_keeps_the_place_that_was_resumed(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(agent(1, service=9), queues=service())
    await anne_gives_up_behind_whom_berta_waits(fake, house)
    await waiting(fake, ANNE)
    assert house.remembered().places == (), "she has come back"
    successor = await successor_of(house, tmp_path, service())
    try:
        await fake.until(lambda: len(successor.centre.calls()) == 2, "both are adopted")
        assert await served_first(fake, successor) == ANNE
    finally:
        await successor.stop()


async def test_a_refusal_after_a_restart_costs_neither_place_nor_wishes(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    """The phone rang when the daemon went down; the new one must know what the caller is entitled to."""
    house = await open_house(agent(1, service=9), queues=service())
    await anne_gives_up_behind_whom_berta_waits(fake, house)
    await waiting(fake, ANNE)
    await house.sign_in(1)
    leg = await fake.next_dial()
    leg.ring()
    await house.until_activity(1, "ringing")
    successor = await successor_of(house, tmp_path, service())
    try:
        await successor.until_activity(1, "ringing")
        leg.reject(486)
        await successor.until_fact(OfferEnded)
        again = await fake.next_dial(within_s=60)
        assert again.caller_number == ANNE
        assert len(successor.facts(QueueEntered)) == 3
    finally:
        await successor.stop()
