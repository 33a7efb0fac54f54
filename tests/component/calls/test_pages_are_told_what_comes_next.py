"""Changes that are no fact of any report still reach the pages: what an agent chose for later, more time, a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from ctiserver.call.events import DigitReceived
from ctiserver.live.audience import Viewer
from ctiserver.live.feed import Subscription
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.calls.test_the_daemon_restarts import AGENTS, restarted
from tests.component.fake_asterisk import FakeAsterisk

OWN_PAGE = Viewer(staff=False, agent_id=1)


async def own_page(house: House) -> Subscription:
    """Agent 1's page, after its first snapshot."""
    page = house.feed.subscribe(OWN_PAGE, lambda: house.centre.snapshot(1))
    await page.next_message()
    return page


async def told(page: Subscription, type: str, **fields: object) -> dict[str, object]:
    """The data of the first message of that type in which these fields have these values."""
    async with asyncio.timeout(10):
        while True:
            message = msgspec.json.decode(await page.next_message())
            data = message["data"]
            if message["type"] == type and all(data[name] == value for name, value in fields.items()):
                return data


async def test_a_break_chosen_during_a_call_is_confirmed_at_once(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    page = await own_page(house)
    house.centre.choose_presence(1, "break", "lunch", "agent")
    state = await told(page, "agent", pending_presence="break")
    assert state["activity"] == "talking"


async def test_more_time_for_wrap_up_is_shown(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    caller.hang_up()
    await house.until_activity(1, "wrap_up")
    page = await own_page(house)
    house.centre.extend_wrap_up(1, 60)
    await told(page, "agent", wrap_up_until=house.agent(1).wrap_up_until)


async def test_after_a_restart_the_agent_has_the_card_again(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(*AGENTS)
    await house.sign_in(1)
    await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    before = house.centre.pop(1)
    assert before is not None
    await house.stop()

    successor = await restarted(house, tmp_path)
    await fake.until(lambda: successor.centre.pop(1))
    after = successor.centre.pop(1)
    assert after is not None
    assert (after.call_id, after.state, after.since) == (before.call_id, "talking", before.since)
    await successor.stop()


async def test_a_word_in_the_numbers_place_is_no_number(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    await fake.call("100", number="anonymous")
    await fake.next_dial()
    await fake.until(lambda: house.centre.pop(1))
    pop = house.centre.pop(1)
    assert pop is not None
    assert pop.caller_number == ""


async def test_two_things_in_the_same_instant_leave_no_call_on_the_page(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9))
    caller = await fake.call("101")
    await caller.wait_for_prompt("人工请按0")
    (live,) = house.centre.calls()
    page = house.feed.subscribe(Viewer(staff=True), lambda: house.centre.snapshot(None))
    await page.next_message()
    house.centre.registry.post(live.id, DigitReceived(digit="0"))
    house.centre.hang_up(live.id, "supervisor", 1)  # before the first of the two is on the disk
    await told(page, "call_removed", id=live.id)
    await house.until_quiet()
    assert not house.centre.calls()
