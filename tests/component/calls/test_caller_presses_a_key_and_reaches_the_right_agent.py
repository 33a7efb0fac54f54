"""A caller hears the menu, presses 2, waits with music, and is joined with the agent who knows repairs."""

from __future__ import annotations

from ctiserver.call.events import CallEnded, OfferStarted, QueueLeft, TalkEnded, TalkStarted
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_the_whole_main_job(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=5))
    await house.sign_in(1, 2)

    caller = await fake.call("101", number="13800138000", name="张伟")
    prompt = await caller.wait_for_prompt("维修请按2")
    caller.press("2")
    leg = await fake.next_dial()
    assert leg.extension == "1002"
    assert (leg.caller_number, leg.caller_name) == ("13800138000", "张伟")
    assert prompt.id not in fake.world.playbacks
    await caller.wait_for_music()

    leg.ring()
    await house.until_activity(2, "ringing")
    leg.answer()
    await caller.wait_for_prompt("工号")
    caller.finish_prompt()
    await caller.wait_until_talking_to(leg)
    assert leg.hears == caller.channel_id
    assert caller.recorded
    assert house.agent(2).activity == "talking"

    caller.hang_up()
    await leg.wait_until_gone()
    await house.until_quiet()
    (ended,) = house.facts(CallEnded)
    assert (ended.outcome, ended.ended_by) == ("answered", "caller")
    (left,) = house.facts(QueueLeft)
    assert (left.queue_id, left.outcome) == ("repairs", "answered")
    assert [offer.agent_id for offer in house.facts(OfferStarted)] == [2]
    assert len(house.facts(TalkStarted)) == len(house.facts(TalkEnded)) == 1
    assert house.agent(2).activity == "idle", "the queue asks for no wrap-up"


async def test_who_presses_nothing_hears_the_menu_again_and_is_let_go(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9))
    fake.world.prompt_seconds = 3.0
    caller = await fake.call("101")
    await fake.until(lambda: caller.gone, "the caller is let go", 120)
    assert caller.by_us
    ended = await house.until_fact(CallEnded)
    assert (ended.outcome, ended.ended_by) == ("self_service", "flow")
    assert not house.facts(OfferStarted)


async def test_a_wrong_key_is_answered_and_the_menu_goes_on(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("101")
    await caller.wait_for_prompt("维修请按2")
    caller.press("7")
    await caller.wait_for_prompt("输入有误")
    caller.press("0")
    assert (await fake.next_dial()).extension == "1001"


async def test_a_number_that_nobody_serves_is_refused(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    caller = await fake.call("999")
    await caller.wait_until_gone()
    ended = await house.until_fact(CallEnded)
    assert (ended.outcome, ended.reason) == ("refused", "number_not_served")
