"""An agent dials out on the own phone: nothing is offered until it is free, whatever the agent did before."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import Party
from tests.component.fake_asterisk.world import Channel


def dial_out(fake: FakeAsterisk) -> Party:
    """Agent 1 calls somebody on the own phone."""
    channel = Channel("1900000000.1", "PJSIP/1001-out", state="Up", endpoint="PJSIP/1001")
    fake.world.add_channel(channel)
    return Party(fake, channel)


async def test_dialling_out_while_ready(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    outside = dial_out(fake)
    await house.until_activity(1, "busy")
    caller = await fake.call("100")
    await caller.wait_for_music()
    assert house.agent(1).activity == "busy"
    outside.hang_up()
    await fake.next_dial()


async def test_calling_a_customer_back_in_wrap_up(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    first = await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    first.hang_up()
    await house.until_activity(1, "wrap_up")
    outside = dial_out(fake)
    second = await fake.call("100", number="13900139000")
    await second.wait_for_music()
    await house.until_activity(1, "busy")
    await asyncio.sleep(60)
    assert len(fake.legs) == 1
    outside.hang_up()
    await fake.next_dial()


async def test_a_phone_heard_of_before_its_conversation_is_known_does_not_stay_busy(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=5))
    await house.sign_in(1)
    caller = await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    await house.stop()

    successor = House(fake, tmp_path, agents=house.directory.agents, journal=house.journal)
    successor.centre.remember(house.remembered())
    successor.centre.start()
    successor.centre.dispatcher.phone_seen("1001", reachable=True, in_use=True)  # AMI is there first
    await successor.telephony.start()
    await successor.until_activity(1, "talking")
    caller.hang_up()
    await successor.until_activity(1, "wrap_up")
    successor.centre.finish_wrap_up(1)
    await successor.until_activity(1, "idle")
    await successor.stop()
