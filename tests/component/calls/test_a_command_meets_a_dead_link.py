"""A command that finds its link down neither stops the daemon nor the commands behind it."""

from __future__ import annotations

from ctiserver.call.events import CallEnded, RecordingFailed
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_without_ami_the_conversation_goes_on_and_the_recording_is_lost(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    await fake.ami.stop()
    await fake.until(lambda: house.telephony.problems()["ami"], "the loss of AMI is noticed")
    leg.answer()
    await caller.wait_for_prompt("工号")
    caller.finish_prompt()
    await caller.wait_until_talking_to(leg)
    caller.hang_up()
    await leg.wait_until_gone()
    await house.until_quiet()
    assert [lost.reason for lost in house.facts(RecordingFailed)] == ["start_link_down"]
    assert [ended.outcome for ended in house.facts(CallEnded)] == ["answered"]


async def test_a_command_under_way_when_the_link_drops_is_carried_out_afterwards(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    fake.slow["addChannel"] = 2.0
    asked = len(fake.commands)
    leg.answer()
    await fake.until(lambda: any("addChannel" in path for _, path, _ in fake.commands[asked:]), "the two are joined")
    await fake.drop_sockets("abort")
    fake.slow.clear()
    await caller.wait_for_prompt("工号")
    caller.finish_prompt()
    await caller.wait_until_talking_to(leg)
    caller.hang_up()
    await house.until_quiet()
