"""While a caller waits the queue asks for less, step by step; nobody loses the place by it."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from ctiserver.call.events import OfferStarted
from ctiserver.directory import Agent, Queue
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import QUEUES, House, agent
from tests.component.fake_asterisk import FakeAsterisk


def service(*steps: dict[str, Any], **fields: Any) -> tuple[Queue, ...]:
    fields = {"skills": {"service": 8}, "options": {"steps": list(steps)}, **fields}
    return (msgspec.structs.replace(QUEUES[0], announce_agent=False, **fields), QUEUES[1])


def waited(house: House, since: float) -> float:
    return house.clock.now() - since


async def busy(fake: FakeAsterisk, house: House, agent_id: int) -> None:
    """The agent who is ready talks with somebody else."""
    await house.sign_in(agent_id)
    await fake.call("100", number="13700137000")
    (await fake.next_dial()).answer()
    await house.until_activity(agent_id, "talking")


def of(number: int, group: str, **skills: int) -> Agent:
    return msgspec.structs.replace(agent(number, **skills), options={"groups": [group]})


BULLSEYE = service(
    skills={"service": 8, "english": 3},
    options={
        "groups": ["day"],
        "steps": [
            {"after_s": 20, "levels": {"service": 5}},
            {"after_s": 40, "drop": ["english"]},
            {"after_s": 60, "levels": {"service": 1}, "add_groups": ["reserve"]},
        ],
    },
)
ALL = (
    of(1, "day", service=9, english=9),
    of(2, "day", service=5, english=9),
    of(3, "day", service=5),
    of(4, "reserve", service=1),
)


@pytest.mark.parametrize(("free", "after_s"), [(2, 20), (3, 40), (4, 60)])
async def test_lower_levels_then_without_a_skill_then_the_reserve(
    fake: FakeAsterisk, open_house: OpenHouse, free: int, after_s: int
) -> None:
    """The steps add up: at each age one more agent may be asked."""
    house = await open_house(*ALL, queues=BULLSEYE)
    await busy(fake, house, 1)
    await house.sign_in(free)
    came = house.clock.now()
    await fake.call("100")
    leg = await fake.next_dial(within_s=90)
    assert (leg.extension, round(waited(house, came))) == (f"100{free}", after_s)
    assert house.facts(OfferStarted)[-1].why.split()[1] == f"step={after_s // 20}"


async def test_the_next_step_begins_at_once_where_an_offer_is_lost_and_nobody_else_is_free(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(*ALL, queues=BULLSEYE)
    await house.sign_in(1, 2, 3, 4)
    came = house.clock.now()
    caller = await fake.call("100")
    asked: list[str] = []
    for _ in range(4):
        leg = await fake.next_dial()
        asked.append(leg.extension)
        leg.reject(603)
    assert asked == ["1001", "1002", "1003", "1004"]
    assert waited(house, came) < 5
    assert not caller.gone


async def test_a_step_for_which_nobody_is_signed_in_is_skipped_at_once(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    queues = service({"after_s": 300, "levels": {"service": 1}})
    house = await open_house(agent(1, service=9), agent(2, service=2), queues=queues)
    await house.sign_in(2)
    came = house.clock.now()
    await fake.call("100")
    leg = await fake.next_dial()
    assert (leg.extension, round(waited(house, came))) == ("1002", 0)


async def test_while_somebody_better_is_signed_in_the_caller_waits_for_the_step(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    queues = service({"after_s": 30, "levels": {"service": 1}})
    house = await open_house(agent(1, service=9), agent(2, service=2), queues=queues)
    await busy(fake, house, 1)
    await house.sign_in(2)
    came = house.clock.now()
    first = await fake.call("100", number="13800138000")
    await first.wait_for_music()
    await asyncio.sleep(10)
    later = await fake.call("100", number="13900139000")
    await later.wait_for_music()
    explained = house.centre.explain(next(c.id for c in house.centre.calls() if c.caller_number == "13800138000"))
    assert explained.step == 0
    assert explained.next_step_at is not None
    assert round(explained.next_step_at - came) == 30
    leg = await fake.next_dial(within_s=60)
    assert (leg.extension, leg.caller_number, round(waited(house, came))) == ("1002", "13800138000", 30)
    leg.reject(486)
    again = await fake.next_dial(within_s=60)
    assert again.caller_number == "13800138000", "the place is kept through every step and every refusal"


async def test_who_helps_another_queue_does_so_after_the_delay(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    helper = msgspec.structs.replace(agent(2, service=9, repairs=9), options={"queues": {"repairs": 0, "service": 25}})
    house = await open_house(agent(1, service=9), helper, queues=service(skills={"service": 1}))
    await busy(fake, house, 1)
    await house.sign_in(2)
    came = house.clock.now()
    await fake.call("100")
    leg = await fake.next_dial(within_s=60)
    assert (leg.extension, round(waited(house, came))) == ("1002", 25)


async def test_a_restart_does_not_begin_the_steps_anew(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    queues = service({"after_s": 30, "levels": {"service": 1}})
    house = await open_house(agent(1, service=9), agent(2, service=2), queues=queues)
    await busy(fake, house, 1)
    await house.sign_in(2)
    came = house.clock.now()
    await fake.call("100")
    await asyncio.sleep(20)
    await house.stop()
    successor = House(fake, house.folder, agents=house.directory.agents, queues=queues, journal=house.journal)
    await successor.start(house.remembered())
    try:
        leg = await fake.next_dial(within_s=60)
        assert (leg.extension, round(waited(successor, came))) == ("1002", 30)
    finally:
        await successor.stop()
