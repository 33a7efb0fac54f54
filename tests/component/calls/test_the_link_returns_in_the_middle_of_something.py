"""The lists that Asterisk sends after a gap are older than what we do meanwhile: neither is mistaken for the other."""

from __future__ import annotations

from ctiserver.call.events import CallEnded, CallStarted, OfferEnded
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_a_phone_that_is_yet_to_be_rung_is_not_missed(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    caller = await fake.call("100")
    await caller.wait_for_music()
    await fake.until(lambda: house.agent(1).phone == "reachable")
    await fake.drop_sockets("abort")
    house.centre.choose_presence(1, "ready", "", "agent")
    leg = await fake.next_dial(within_s=60)
    leg.ring()
    leg.answer()
    await caller.wait_for_prompt("工号")
    assert [offer.outcome for offer in house.facts(OfferEnded)] == ["answered"]


async def test_a_call_ended_by_a_supervisor_in_the_gap_is_one_call(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    caller = await fake.call("100")
    await caller.wait_for_music()
    (live,) = house.centre.calls()
    await fake.drop_sockets("abort")
    house.centre.hang_up(live.id, "supervisor", 1)
    await caller.wait_until_gone(60)
    await house.until_quiet()
    assert len(house.facts(CallStarted)) == len(house.facts(CallEnded)) == 1
