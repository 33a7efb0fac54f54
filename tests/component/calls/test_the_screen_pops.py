"""The agent's page has the caller's card while the phone rings; a slow customers' table only delays the card."""

from __future__ import annotations

from pathlib import Path

from ctiserver.call.screen_pop import CustomerCard
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import agent
from tests.component.calls.test_the_daemon_restarts import AGENTS, restarted
from tests.component.fake_asterisk import FakeAsterisk

CARD = CustomerCard(id=7, name="李先生", customer_number="10000007", address="和平里一区 1 号楼", tags=("vip",))


async def test_card_path_and_input_are_there_while_the_phone_rings(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    house.customers.cards["13800138000"] = CARD
    await house.sign_in(1)
    caller = await fake.call("101")
    await caller.wait_for_prompt()
    caller.press("0")
    leg = await fake.next_dial()
    leg.ring()
    await fake.until(lambda: house.centre.pop(1))
    pop = house.centre.pop(1)
    assert pop is not None
    assert (pop.state, pop.customer, pop.caller_number) == ("ringing", CARD, "13800138000")
    assert [(entry.flow, entry.node) for entry in pop.path] == [("with_menu", "welcome"), ("with_menu", "people")]
    assert [entry.value for entry in pop.entered] == ["0"]
    assert pop.region["zh-CN"] == "北京市"

    leg.answer()
    await fake.until(lambda: (p := house.centre.pop(1)) and p.state == "talking")
    caller.hang_up()
    await fake.until(lambda: (p := house.centre.pop(1)) and p.state == "wrap_up")
    house.centre.finish_wrap_up(1)
    await fake.until(lambda: house.centre.pop(1) is None)


async def test_a_slow_table_patches_the_pop_later(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    house.customers.cards["13800138000"] = CARD
    house.customers.slow_s = 3.0
    await house.sign_in(1)
    await fake.call("100")
    await fake.next_dial()
    await fake.until(lambda: house.centre.pop(1))
    first = house.centre.pop(1)
    assert first is not None
    assert first.customer is None
    await fake.until(lambda: (p := house.centre.pop(1)) and p.customer == CARD)


async def test_who_does_not_answer_loses_the_pop(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    await fake.call("100")
    leg = await fake.next_dial()
    await fake.until(lambda: house.centre.pop(1))
    leg.reject(603)
    await fake.until(lambda: house.centre.pop(1) is None)


async def test_who_is_calling_is_looked_up_again_after_a_restart(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(*AGENTS)
    house.customers.slow_s = 60.0
    house.customers.cards["13800138000"] = CARD
    await house.sign_in(1)
    await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    await house.stop()

    successor = await restarted(house, tmp_path)
    await fake.until(lambda: (p := successor.centre.pop(1)) and p.customer == CARD)
    await successor.stop()
