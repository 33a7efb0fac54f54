"""The page shows the agent's phone as it is: used from the first ring to the last hang-up, whoever calls."""

from __future__ import annotations

import asyncio

import msgspec

from ctiserver.live.audience import Viewer
from ctiserver.live.feed import Subscription
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import conversation, dialled
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import Party
from tests.component.fake_asterisk.world import Channel


async def page_of(house: House, agent_id: int) -> Subscription:
    viewer = Viewer(staff=False, agent_id=agent_id)
    page = house.feed.subscribe(viewer, lambda: house.centre.snapshot(agent_id))
    await page.next_message()
    return page


async def shown(page: Subscription, agent_id: int, phone: str, activity: str = "") -> None:
    """Until the feed itself says so: what a fresh snapshot would say is of no use to an open page."""
    async with asyncio.timeout(30):
        while True:
            message = msgspec.json.decode(await page.next_message())
            told = message["data"]
            if message["type"] != "agent" or told["id"] != agent_id or told["phone"] != phone:
                continue
            if told["activity"] == activity or not activity:
                return


async def test_a_call_of_ours_from_ring_to_hang_up(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    page = await page_of(house, 1)
    caller = await fake.call("100")
    leg = await dialled(fake)
    await shown(page, 1, "in_use", "ringing")
    leg.answer()
    await shown(page, 1, "in_use", "talking")
    caller.hang_up()
    await shown(page, 1, "reachable", "wrap_up")


async def test_a_private_call_of_somebody_who_is_signed_out(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await fake.until(lambda: house.agent(1).phone == "reachable", "the phone is there")
    page = await page_of(house, 1)
    channel = Channel("1900000000.1", "PJSIP/1001-out", state="Up", endpoint="PJSIP/1001")
    fake.world.add_channel(channel)
    await shown(page, 1, "in_use")
    Party(fake, channel).hang_up()
    await shown(page, 1, "reachable")


async def test_a_phone_that_rings_on_after_the_call_is_over_is_still_used(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    """AMI and the call say the same thing at different moments; the page follows whichever says "used" longer."""
    house = await open_house(agent(1, service=9))
    talk = await conversation(house, fake, 1)
    page = await page_of(house, 1)
    second = Channel("1900000000.2", "PJSIP/1001-own", state="Ringing", endpoint="PJSIP/1001")
    fake.world.add_channel(second)
    talk.caller.hang_up()
    await house.until_activity(1, "busy")
    assert house.agent(1).phone == "in_use"
    Party(fake, second).hang_up()
    await shown(page, 1, "reachable")
