"""kill -9 in every phase: calls go on in Asterisk, the next process takes them up and ends each as one record."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctiserver.call.events import CallEnded, CallStarted, OfferEnded, QueueEntered, TalkEnded, TalkStarted
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk

AGENTS = (agent(1, service=9), agent(2, service=5))


async def restarted(house: House, tmp_path: Path) -> House:
    """Another process with the same spool."""
    successor = House(house.fake, tmp_path, agents=AGENTS, journal=house.journal)
    house.journal.listeners[:] = [successor.centre._publisher.on_durable]  # pyright: ignore[reportPrivateUsage]
    successor.customers.cards.update(house.customers.cards)
    await successor.start(house.remembered())
    return successor


async def test_during_a_conversation(fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path) -> None:
    house = await open_house(*AGENTS)
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.answer()
    await caller.wait_for_prompt("工号")
    caller.finish_prompt()
    await caller.wait_until_talking_to(leg)
    await house.stop()
    assert caller.hears == leg.channel_id, "the two go on talking"

    successor = await restarted(house, tmp_path)
    await successor.until_activity(1, "talking")
    caller.hang_up()
    await leg.wait_until_gone()
    await successor.until_quiet()
    assert len(successor.facts(CallStarted)) == len(successor.facts(CallEnded)) == 1
    assert len(successor.facts(TalkStarted)) == len(successor.facts(TalkEnded)) == 1
    assert successor.facts(CallEnded)[0].outcome == "answered"
    assert successor.agent(1).activity == "wrap_up"
    await successor.stop()


@pytest.mark.parametrize("who", ["caller", "agent"])
async def test_a_hang_up_that_was_missed_is_made_up_for(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path, who: str
) -> None:
    house = await open_house(*AGENTS)
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.answer()
    await house.until_activity(1, "talking")
    await house.stop()
    (caller if who == "caller" else leg).hang_up()

    successor = await restarted(house, tmp_path)
    await successor.until_quiet()
    assert caller.gone
    assert leg.gone
    (ended,) = successor.facts(CallEnded)
    assert (ended.outcome, ended.ended_by) == ("answered", who)
    await successor.stop()


async def test_waiting_callers_keep_their_order(fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path) -> None:
    house = await open_house(*AGENTS)
    first = await fake.call("100", number="13800138001")
    await first.wait_for_music()
    second = await fake.call("100", number="13800138002")
    await second.wait_for_music()
    await house.until_fact(QueueEntered, 2)
    await house.stop()
    assert (first.hears, second.hears) == ("music:default", "music:default")

    successor = await restarted(house, tmp_path)
    await fake.until(lambda: successor.centre.queues()[0].waiting == 2)
    await successor.sign_in(1)
    leg = await fake.next_dial()
    assert leg.caller_number == "13800138001"
    assert len(successor.facts(QueueEntered)) == 2
    await successor.stop()


async def test_an_answer_that_was_missed_connects_the_two(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(*AGENTS)
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.ring()
    await house.until_activity(1, "ringing")
    await house.stop()
    leg.answer()

    successor = await restarted(house, tmp_path)
    await caller.wait_for_prompt("工号")
    await successor.until_activity(1, "talking")
    assert [offer.outcome for offer in successor.facts(OfferEnded)] == ["answered"]
    await successor.stop()


async def test_a_caller_in_the_menu_hears_it_from_its_beginning(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(*AGENTS)
    await house.sign_in(1)
    caller = await fake.call("101")
    await caller.wait_for_prompt("人工请按0")
    await house.stop()

    successor = await restarted(house, tmp_path)
    await fake.until(lambda: caller.hears.startswith("prompt:"))
    caller.press("0")
    assert (await fake.next_dial()).extension == "1001"
    await successor.stop()


async def test_a_caller_who_came_while_nobody_served_is_taken_up(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(*AGENTS)
    await house.sign_in(1)
    await house.stop()
    caller = await fake.call("100")

    successor = await restarted(house, tmp_path)
    leg = await fake.next_dial()
    leg.answer()
    await caller.wait_for_prompt("工号")
    await successor.stop()
