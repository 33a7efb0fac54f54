"""An agent is in one state at a time: what is booked follows on one another, without a gap and without an overlap."""

from __future__ import annotations

import asyncio

from ctiserver.call.events import AgentStateChanged, HoldRequested
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import conversation
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk

ONE = agent(1, service=9)


def booked(house: House, agent_id: int) -> list[tuple[str, float, float]]:
    """(activity, from, until) as reports take it from the journal: where presence, reason or activity changed."""
    spans: list[tuple[str, float, float]] = []
    for step in house.journal.steps:
        for fact in step.facts:
            if not isinstance(fact, AgentStateChanged) or fact.agent_id != agent_id or fact.old_since is None:
                continue
            old = (fact.old_presence, fact.old_reason, fact.old_activity)
            if old != (fact.presence, fact.reason, fact.activity):
                spans.append((fact.old_activity, fact.old_since, step.at))
    return spans


def assert_one_after_the_other(house: House, *activities: str) -> None:
    """`activities` among others, such as the moment in which a phone still puts down."""
    spans = booked(house, 1)
    been = iter(activity for activity, _, _ in spans)
    assert all(activity in been for activity in activities), spans
    assert [until for _, _, until in spans[:-1]] == [since for _, since, _ in spans[1:]]


async def test_an_offer_that_comes_to_nothing_does_not_book_the_idling_twice(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    """The agent keeps the place in the order of idling, which is another thing than time."""
    house = await open_house(ONE)
    await house.sign_in(1)
    await asyncio.sleep(100)
    caller = await fake.call("100")
    (await fake.next_dial()).ring()
    await house.until_activity(1, "ringing")
    await asyncio.sleep(3)
    caller.hang_up()
    await house.until_activity(1, "idle")
    await asyncio.sleep(100)
    await conversation(house, fake, 1)
    assert_one_after_the_other(house, "idle", "offered", "ringing", "idle", "offered", "ringing")


async def test_a_hold_within_a_conversation(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(ONE)
    talk = await conversation(house, fake, 1)
    await asyncio.sleep(20)
    for held in (True, False):
        house.centre.controls.give(talk.call_id, HoldRequested(held=held, user_id=1))
        await house.until_activity(1, "hold" if held else "talking")
        await asyncio.sleep(10)
    talk.caller.hang_up()
    await talk.is_over()
    await house.until_activity(1, "idle")
    assert_one_after_the_other(house, "talking", "hold", "talking", "wrap_up")


async def test_a_restart_in_between(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(ONE)
    await house.sign_in(1)
    await asyncio.sleep(100)
    again = await house.restarted()
    talk = await conversation(again, fake, 1)
    talk.caller.hang_up()
    await again.until_activity(1, "idle")
    assert_one_after_the_other(again, "idle", "offered", "ringing", "talking", "wrap_up")
    await again.stop()
