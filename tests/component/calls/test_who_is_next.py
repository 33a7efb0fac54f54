"""An agent becomes free: which of those who wait is next, by head start, strict priority and weight of the queues."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from ctiserver.call.events import CustomerKnown, PriorityRequested
from ctiserver.call.screen_pop import CustomerCard
from ctiserver.directory import Queue
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import QUEUES, House, agent
from tests.component.fake_asterisk import FakeAsterisk

EARLY, LATE = "13800138000", "13900139000"


def queues(service: dict[str, Any] | None = None, repairs: dict[str, Any] | None = None) -> tuple[Queue, ...]:
    both = {"announce_agent": False, "wrap_up_s": 0.0}
    return (
        msgspec.structs.replace(QUEUES[0], **{**both, **(service or {})}),
        msgspec.structs.replace(QUEUES[1], **{**both, **(repairs or {})}),
    )


async def for_repairs(fake: FakeAsterisk, number: str) -> None:
    caller = await fake.call("101", number=number)
    await caller.wait_for_prompt()
    caller.press("2")
    await caller.wait_for_music()


async def for_service(fake: FakeAsterisk, number: str) -> None:
    await (await fake.call("100", number=number)).wait_for_music()


async def for_vip(fake: FakeAsterisk, house: House) -> None:
    house.customers.cards[LATE] = CustomerCard(id=7, name="", tags=("vip",))
    known = len(house.facts(CustomerKnown))
    caller = await fake.call("105", number=LATE)
    await caller.wait_for_prompt()
    await house.until_fact(CustomerKnown, known + 1)
    caller.press("0")
    await caller.wait_for_music()


async def next_for(house: House, fake: FakeAsterisk) -> str:
    await house.sign_in(1)
    return (await fake.next_dial()).caller_number


@pytest.mark.parametrize(("later_s", "first"), [(80, LATE), (100, EARLY)])
async def test_a_vip_has_a_head_start_of_90_s_and_no_more(
    fake: FakeAsterisk, open_house: OpenHouse, later_s: float, first: str
) -> None:
    house = await open_house(agent(1, service=9), queues=queues())
    await for_service(fake, EARLY)
    await asyncio.sleep(later_s)
    await for_vip(fake, house)
    assert await next_for(house, fake) == first


@pytest.mark.parametrize(("later_s", "first"), [(50, LATE), (70, EARLY)])
async def test_the_priority_of_a_queue_is_a_head_start_too(
    fake: FakeAsterisk, open_house: OpenHouse, later_s: float, first: str
) -> None:
    house = await open_house(agent(1, service=9, repairs=9), queues=queues(repairs={"priority_s": 60.0}))
    await for_service(fake, EARLY)
    await asyncio.sleep(later_s)
    await for_repairs(fake, LATE)
    assert await next_for(house, fake) == first


async def test_strict_priority_goes_first_however_long_others_have_waited(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    strict = {"options": {"strict_priority": True}}
    house = await open_house(agent(1, service=9), queues=queues(strict))
    await for_service(fake, EARLY)
    await asyncio.sleep(300)
    await for_vip(fake, house)
    assert await next_for(house, fake) == LATE


@pytest.mark.parametrize(("weight", "first"), [(1.0, EARLY), (3.0, LATE)])
async def test_a_queue_that_weighs_more_is_served_sooner(
    fake: FakeAsterisk, open_house: OpenHouse, weight: float, first: str
) -> None:
    """60 s in one queue against 30 s in one that weighs three times as much."""
    house = await open_house(agent(1, service=9, repairs=9), queues=queues(repairs={"options": {"weight": weight}}))
    await for_service(fake, EARLY)
    await asyncio.sleep(30)
    await for_repairs(fake, LATE)
    await asyncio.sleep(30)
    assert await next_for(house, fake) == first


@pytest.mark.parametrize(("choice", "first"), [("oldest_contact", EARLY), ("queue_order", LATE)])
async def test_a_freed_agent_looks_at_the_oldest_or_at_its_best_queue(
    fake: FakeAsterisk, open_house: OpenHouse, choice: str, first: str
) -> None:
    house = await open_house(agent(1, service=3, repairs=9), queues=queues(), routing={"agent_choice": choice})
    await for_service(fake, EARLY)
    await asyncio.sleep(30)
    await for_repairs(fake, LATE)
    assert await next_for(house, fake) == first


async def test_a_supervisor_gives_priority_to_one_who_waits(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=queues())
    await for_service(fake, EARLY)
    await for_service(fake, LATE)
    (late,) = [call.id for call in house.centre.calls() if call.caller_number == LATE]
    house.centre.registry.post(late, PriorityRequested(priority_s=600.0))
    await fake.until(lambda: [c.position for c in house.centre.calls() if c.id == late] == [1], "it is first now")
    assert await next_for(house, fake) == LATE
