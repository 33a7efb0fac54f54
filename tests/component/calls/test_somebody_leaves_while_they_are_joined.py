"""A sick link brings a hang-up before Asterisk's answer that the two were joined: the conversation has been one."""

from __future__ import annotations

import pytest

from ctiserver.call.events import CallEnded, OfferStarted, QueueLeft, TalkEnded, TalkStarted
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import FakeCaller, FakeLeg


async def answered_by_one_of_two(fake: FakeAsterisk, open_house: OpenHouse) -> tuple[House, FakeCaller, FakeLeg]:
    house = await open_house(agent(1, service=9), agent(2, service=5))
    await house.sign_in(1, 2)
    caller = await fake.call("100")
    return house, caller, await fake.next_dial()


@pytest.mark.parametrize("who", ["caller", "agent"])
async def test_the_answer_to_the_join_comes_after_the_hang_up(
    fake: FakeAsterisk, open_house: OpenHouse, who: str
) -> None:
    house, caller, leg = await answered_by_one_of_two(fake, open_house)
    fake.late["addChannel"] = 3.0
    leg.answer()
    await caller.wait_until_talking_to(leg)
    (caller if who == "caller" else leg).hang_up()
    await caller.wait_until_gone()
    await leg.wait_until_gone()
    fake.late.clear()
    await house.until_quiet()
    assert [(ended.outcome, ended.ended_by) for ended in house.facts(CallEnded)] == [("answered", who)]
    assert [left.outcome for left in house.facts(QueueLeft)] == ["answered"]
    assert len(house.facts(TalkStarted)) == len(house.facts(TalkEnded)) == 1
    assert [offer.agent_id for offer in house.facts(OfferStarted)] == [1], "nobody else was rung"


async def test_a_caller_who_left_before_was_never_joined(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house, caller, leg = await answered_by_one_of_two(fake, open_house)
    fake.slow["addChannel"] = 3.0
    leg.answer()
    await fake.until(lambda: any("addChannel" in path for _, path, _ in fake.commands), "the two are to be joined")
    caller.hang_up()
    await leg.wait_until_gone()
    await house.until_quiet()
    assert [ended.outcome for ended in house.facts(CallEnded)] == ["abandoned"]
    assert not house.facts(TalkStarted)
    assert [offer.agent_id for offer in house.facts(OfferStarted)] == [1], "nobody was rung for a caller who had gone"


async def test_an_agent_who_left_before_leaves_the_caller_to_another(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house, caller, leg = await answered_by_one_of_two(fake, open_house)
    fake.slow["addChannel"] = 3.0
    leg.answer()
    await fake.until(lambda: any("addChannel" in path for _, path, _ in fake.commands), "the two are to be joined")
    leg.hang_up()
    other = await fake.next_dial()
    fake.slow.clear()
    other.answer()
    await caller.wait_for_prompt("工号")
    caller.finish_prompt()
    await caller.wait_until_talking_to(other)
    caller.hang_up()
    await house.until_quiet()
    assert [ended.outcome for ended in house.facts(CallEnded)] == ["answered"]
    assert [talk.agent_id for talk in house.facts(TalkStarted)] == [2]
