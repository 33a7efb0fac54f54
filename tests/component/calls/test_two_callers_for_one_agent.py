"""One agent, two callers: in order, one at a time, with wrap-up in between; the second hears the position."""

from __future__ import annotations

from ctiserver.call.events import CustomerKnown, QueueLeft
from ctiserver.call.screen_pop import CustomerCard
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_in_order_with_wrap_up_between(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    fake.world.prompt_seconds = 2.0
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    first = await fake.call("100", number="13800138001")
    leg = await fake.next_dial()
    second = await fake.call("100", number="13800138002")
    leg.answer()
    await first.wait_until_talking_to(leg)
    await second.wait_for_prompt("下一位")
    await second.wait_for_music()
    leg.hang_up()
    await first.wait_until_gone()
    await house.until_activity(1, "wrap_up")
    began = house.clock.now()
    next_leg = await fake.next_dial()
    assert house.clock.now() - began >= 9.9, "not before the wrap-up of ten seconds is over"
    next_leg.answer()
    await second.wait_until_talking_to(next_leg)
    second.hang_up()
    await house.until_quiet()
    assert [left.outcome for left in house.facts(QueueLeft)] == ["answered", "answered"]


async def test_finishing_the_wrap_up_early_frees_the_agent(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    first = await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    await fake.call("100", number="13800138002")
    first.hang_up()
    await house.until_activity(1, "wrap_up")
    house.centre.extend_wrap_up(1, 60)
    assert (house.agent(1).wrap_up_until or 0) - house.clock.now() > 60
    house.centre.finish_wrap_up(1)
    assert (await fake.next_dial()).extension == "1001"


async def test_who_waits_too_long_is_led_on_by_the_flow(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    fake.world.prompt_seconds = 2.0
    house = await open_house(agent(1, service=9))
    caller = await fake.call("104")
    await caller.wait_for_prompt("座席全忙", within_s=60)
    await caller.wait_until_gone()
    left = await house.until_fact(QueueLeft)
    assert (left.outcome, left.reason) == ("overflowed", "timeout")
    assert left.waited_s >= 30


async def test_a_vip_overtakes_who_came_a_little_earlier(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    house.customers.cards["13900139000"] = CustomerCard(id=9, name="王女士", tags=("vip",))
    ordinary = await fake.call("100", number="13800138001")
    await ordinary.wait_for_music()
    vip = await fake.call("105", number="13900139000")
    await vip.wait_for_prompt()
    await house.until_fact(CustomerKnown, 2)
    vip.press("0")
    await vip.wait_for_music()
    await house.sign_in(1)
    assert (await fake.next_dial()).caller_number == "13900139000"
