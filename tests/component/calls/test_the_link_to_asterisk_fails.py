"""The websocket drops, Asterisk restarts: calls go on where they can, and end with a cause where they can't."""

from __future__ import annotations

import pytest

from ctiserver.call.events import CallEnded, OfferEnded
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.ari_server import Drop


@pytest.mark.parametrize("how", ["abort", "close", "silent"])
async def test_a_hang_up_in_the_gap_is_made_up_for(fake: FakeAsterisk, open_house: OpenHouse, how: Drop) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.answer()
    await house.until_activity(1, "talking")
    await fake.drop_sockets(how)
    caller.hang_up()
    await fake.until(lambda: leg.gone, "the agent's leg is hung up", 120)
    await house.until_quiet()
    assert [ended.outcome for ended in house.facts(CallEnded)] == ["answered"]


async def test_a_drop_without_consequences_changes_nothing(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.answer()
    await caller.wait_for_prompt("工号")
    caller.finish_prompt()
    await caller.wait_until_talking_to(leg)
    await fake.drop_sockets("abort")
    await fake.until_served(within_s=60)
    assert caller.hears == leg.channel_id
    leg.hang_up()
    await caller.wait_until_gone()
    await house.until_quiet()


async def test_who_picks_up_while_nobody_serves_the_application_has_missed_nothing(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    """Asterisk lets such a phone go at once: the agent has answered, and must not be sent on a break for it."""
    house = await open_house(agent(1, service=9), routing={"max_misses": 1})
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.ring()
    await house.until_activity(1, "ringing")
    await fake.drop_sockets("abort")
    leg.hang_up()
    again = await fake.next_dial(within_s=30)
    again.answer()
    await caller.wait_for_prompt("工号")
    caller.finish_prompt()
    await caller.wait_until_talking_to(again)
    assert house.agent(1).presence == "ready"
    assert [ended.cause for ended in house.facts(OfferEnded)] == ["failed", ""]


async def test_asterisk_restarts_and_every_call_ends_with_that_cause(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    await fake.call("100", number="13900139000")
    await fake.until(lambda: house.centre.queues()[0].waiting == 1)
    await fake.restart()
    await house.until_fact(CallEnded, 2, within_s=120)
    assert {ended.ended_by for ended in house.facts(CallEnded)} == {"asterisk"}
    await house.until_quiet()
    assert house.agent(1).activity in ("wrap_up", "idle")


async def test_a_way_that_died_in_silence_is_given_up_as_a_whole(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    """Command sockets ping seldom, since a command may block them: they go with the events' socket."""
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.answer()
    await house.until_activity(1, "talking")
    former = set(fake.ari.sessions)
    await fake.drop_sockets("silent")
    await fake.until(lambda: not former & fake.ari.sessions, "all sockets are made anew", 30)
    caller.hang_up()
    await fake.until(lambda: leg.gone, "the agent's leg is hung up", 5)
