"""Consulting while the caller waits: swap, merge, complete, cancel; and whoever hangs up in between."""

from __future__ import annotations

from ctiserver.call.events import (
    ConsultChosen,
    ConsultRequested,
    InviteRequested,
    LeaveRequested,
    MuteRequested,
    RecordingStored,
    TalkStarted,
    TransferEnded,
)
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import Conversation, conversation, dialled
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import FakeLeg


async def consulting(house: House, fake: FakeAsterisk) -> tuple[Conversation, FakeLeg]:
    talk = await conversation(house, fake, 1, 2)
    controls = house.centre.controls
    controls.give(talk.call_id, ConsultRequested(target=controls.agent(2)))
    await talk.caller.wait_for_music()
    await talk.agent.wait_for_prompt("tone:ring")
    colleague = await dialled(fake)
    colleague.answer()
    await talk.agent.wait_until_talking_to(colleague)
    assert talk.caller.hears.startswith("music")
    return talk, colleague


async def test_swap_and_complete(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk, colleague = await consulting(house, fake)
    house.centre.controls.give(talk.call_id, ConsultChosen(choice="swap"))
    await talk.caller.wait_until_talking_to(talk.agent)
    await colleague.wait_for_music()
    house.centre.controls.give(talk.call_id, ConsultChosen(choice="swap"))
    await talk.agent.wait_until_talking_to(colleague)
    house.centre.controls.give(talk.call_id, ConsultChosen(choice="complete"))
    await talk.caller.wait_until_talking_to(colleague)
    await talk.agent.wait_until_gone()
    await house.until_activity(1, "wrap_up")
    await house.until_activity(2, "talking")
    colleague.hang_up()
    await talk.caller.wait_until_gone()
    await talk.is_over()
    assert [fact.agent_id for fact in house.facts(TalkStarted)] == [1, 2]
    assert len(house.facts(RecordingStored)) == len(house.facts(TransferEnded)) == 1


async def test_merge_makes_a_conference_that_outlives_the_agent(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk, colleague = await consulting(house, fake)
    house.centre.controls.give(talk.call_id, ConsultChosen(choice="merge"))
    await fake.until(lambda: set(talk.caller.hears.split(",")) == {talk.agent.channel_id, colleague.channel_id})
    assert [party.role for party in talk.view.parties] == ["conference"]
    house.centre.controls.give(talk.call_id, MuteRequested(party_id=colleague.channel_id, muted=True))
    await fake.until(lambda: colleague.channel.muted, "muted")
    house.centre.controls.give(talk.call_id, LeaveRequested(agent_id=1))
    await talk.caller.wait_until_talking_to(colleague)
    await fake.until(lambda: not colleague.channel.muted, "in charge, and heard again")
    talk.caller.hang_up()
    await talk.is_over()


async def test_cancel_and_the_colleague_who_does_not_answer(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk = await conversation(house, fake, 1, 2)
    controls = house.centre.controls
    controls.give(talk.call_id, ConsultRequested(target=controls.agent(2)))
    colleague = await dialled(fake)
    controls.give(talk.call_id, ConsultChosen(choice="cancel"))
    await colleague.wait_until_gone()
    await talk.caller.wait_until_talking_to(talk.agent)
    controls.give(talk.call_id, ConsultRequested(target=controls.agent(2)))
    (await dialled(fake)).reject(486)
    await talk.caller.wait_until_talking_to(talk.agent)
    await house.until_activity(2, "idle")
    assert house.agent(2).missed_today == 0
    talk.caller.hang_up()
    await talk.is_over()


async def test_the_agent_hangs_up_while_the_colleague_still_rings(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk = await conversation(house, fake, 1, 2)
    house.centre.controls.give(talk.call_id, ConsultRequested(target=house.centre.controls.agent(2)))
    colleague = await dialled(fake)
    talk.agent.hang_up()
    await talk.caller.wait_for_music()
    colleague.answer()
    await talk.caller.wait_until_talking_to(colleague)
    talk.caller.hang_up()
    await talk.is_over()


async def test_the_caller_hangs_up_in_the_middle(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk, colleague = await consulting(house, fake)
    talk.caller.hang_up()
    await talk.agent.wait_until_gone()
    await colleague.wait_until_gone()
    await talk.is_over()


async def test_a_queue_is_asked_and_finds_somebody_else_when_the_first_refuses(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9), agent(3, repairs=9))
    talk = await conversation(house, fake, 1, 2, 3)
    house.centre.controls.give(talk.call_id, ConsultRequested(target=house.centre.controls.queue("repairs", None)))
    first = await dialled(fake)
    first.reject(603)
    second = await dialled(fake)
    assert {first.extension, second.extension} == {"1002", "1003"}
    second.answer()
    await talk.agent.wait_until_talking_to(second)
    house.centre.controls.give(talk.call_id, ConsultChosen(choice="complete"))
    await talk.caller.wait_until_talking_to(second)
    talk.caller.hang_up()
    await talk.is_over()


async def test_the_daemon_is_killed_in_the_middle(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk, colleague = await consulting(house, fake)
    again = await house.restarted()
    try:
        await fake.until(lambda: bool(again.centre.calls()), "taken up")
        await again.until_activity(1, "talking")
        await again.until_activity(2, "talking")
        again.centre.controls.give(again.centre.calls()[0].id, ConsultChosen(choice="complete"))
        await talk.caller.wait_until_talking_to(colleague)
        talk.caller.hang_up()
        await again.until_quiet()
        await again.until_activity(2, "idle")
    finally:
        await again.stop()


async def test_many_in_one_conference_and_the_caller_leaves_first(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), *(agent(n, repairs=1) for n in range(2, 8)))
    talk = await conversation(house, fake, 1, *range(2, 8))
    legs: list[FakeLeg] = []
    for number in range(2, 8):
        target = house.centre.controls.agent(number)
        house.centre.controls.give(talk.call_id, InviteRequested(target=target))
        leg = await dialled(fake)
        leg.answer()
        legs.append(leg)
    everyone = {talk.caller.channel_id, talk.agent.channel_id, *(leg.channel_id for leg in legs)}
    await fake.until(lambda: set(talk.caller.hears.split(",")) == everyone - {talk.caller.channel_id}, "all")
    talk.caller.hang_up()
    await fake.until(lambda: not talk.view.caller_present, "goes on")
    assert talk.agent.hears
    for leg in legs:
        leg.hang_up()
    await talk.agent.wait_until_gone()
    await talk.is_over()
