"""Click to dial, internal calls, a conference from nothing, taking a call over, moving who waits."""

from __future__ import annotations

import pytest

from ctiserver.call.events import (
    CallEnded,
    CallStarted,
    InviteRequested,
    OfferEnded,
    PriorityRequested,
    QueueMoveRequested,
    RecordingStored,
    TakeOverRequested,
)
from ctiserver.errors import Refused
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import conversation, dialled
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_the_agents_phone_first_then_the_other_side(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    fake.phone("02885551234@trunk")
    await house.sign_in(1)
    controls = house.centre.controls
    call_id = controls.dial(1, controls.number("02885551234"), 7)
    own = await dialled(fake)
    assert own.extension == "1001"
    await house.until_activity(1, "ringing")
    with pytest.raises(Refused):
        controls.dial(1, controls.number("02885551234"), 7)
    own.answer()
    await own.wait_for_prompt("tone:ring")
    other = await dialled(fake)
    assert other.caller_number == "96100", "the number that is shown"
    other.answer()
    await own.wait_until_talking_to(other)
    assert other.recorded
    (call,) = house.centre.calls()
    assert (call.id, call.direction, call.agent_id) == (call_id, "outbound", 1)
    other.hang_up()
    await own.wait_until_gone()
    await house.until_quiet()
    await house.until_activity(1, "idle")
    (ended,) = house.facts(CallEnded)
    assert (ended.outcome, ended.ended_by) == ("answered", "caller")
    assert house.facts(CallStarted)[0].agent_id == 1
    assert len(house.facts(RecordingStored)) == 1


@pytest.mark.parametrize(("status", "reason"), [(486, "busy"), (404, "unreachable"), (480, "no_answer")])
async def test_the_other_side_is_not_reached(
    fake: FakeAsterisk, open_house: OpenHouse, status: int, reason: str
) -> None:
    house = await open_house(agent(1, service=9))
    fake.phone("02885551234@trunk")
    await house.sign_in(1)
    controls = house.centre.controls
    controls.dial(1, controls.number("02885551234"), 7)
    own = await dialled(fake)
    own.answer()
    (await dialled(fake)).reject(status)
    await own.wait_until_gone()
    await house.until_quiet()
    await house.until_activity(1, "idle")
    (ended,) = house.facts(CallEnded)
    assert (ended.outcome, ended.reason) == ("failed", reason)


async def test_the_agent_changes_their_mind(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    fake.phone("02885551234@trunk")
    await house.sign_in(1)
    controls = house.centre.controls
    controls.dial(1, controls.number("02885551234"), 7)
    own = await dialled(fake)
    own.answer()
    other = await dialled(fake)
    own.hang_up()
    await other.wait_until_gone()
    await house.until_quiet()
    await house.until_activity(1, "idle")
    controls.dial(1, controls.number("02885551234"), 7)
    (await dialled(fake)).reject(603)
    await house.until_quiet()
    await house.until_activity(1, "idle")


async def test_a_daemon_that_is_drained_begins_no_call(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    controls = house.centre.controls
    controls.refuse_new_calls()
    with pytest.raises(Refused, match="about to stop"):
        controls.dial(1, controls.number("02885551234"), 7)
    assert len(house.centre.registry) == 0


async def test_too_many_calls_and_numbers_that_are_not_ours(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    controls = house.centre.controls
    with pytest.raises(Refused, match="not ours"):
        controls.number("02885551234", shown="110")
    with pytest.raises(Refused, match="may not be rung"):
        controls.number("+85212345678")
    with pytest.raises(Refused, match="dialled"):
        controls.number("12@evil")
    for _ in range(3):
        controls.dial(1, controls.number("02885551234"), 7)
        (await dialled(fake)).reject(603)
        await house.until_quiet()
        await house.until_activity(1, "idle")
    with pytest.raises(Refused, match="within an hour"):
        controls.dial(1, controls.number("02885551234"), 7)


async def test_an_internal_call(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=9))
    await house.sign_in(1, 2)
    house.centre.controls.dial(1, house.centre.controls.agent(2), 7)
    own = await dialled(fake)
    own.answer()
    colleague = await dialled(fake)
    await house.until_activity(2, "ringing")
    colleague.answer()
    await own.wait_until_talking_to(colleague)
    await house.until_activity(2, "talking")
    own.hang_up()
    await colleague.wait_until_gone()
    await house.until_quiet()
    await house.until_activity(1, "idle")
    await house.until_activity(2, "idle")


async def test_a_conference_from_nothing_has_music_for_the_first(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=9))
    await house.sign_in(1, 2)
    call_id = house.centre.controls.dial(1, None, 7)
    own = await dialled(fake)
    own.answer()
    await own.wait_for_music()
    house.centre.controls.give(call_id, InviteRequested(target=house.centre.controls.agent(2)))
    second = await dialled(fake)
    second.answer()
    await own.wait_until_talking_to(second)
    second.hang_up()
    await own.wait_for_music()
    own.hang_up()
    await house.until_quiet()
    await house.until_activity(1, "idle")


async def test_a_colleague_takes_a_ringing_call(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    await house.sign_in(1, 2)
    caller = await fake.call("100")
    rung = await dialled(fake)
    (call,) = house.centre.calls()
    house.centre.controls.give(call.id, TakeOverRequested(by=house.centre.controls.agent(2)))
    await rung.wait_until_gone()
    assert rung.gone_reason == "answered_elsewhere"
    taken = await dialled(fake)
    assert taken.extension == "1002"
    taken.answer()
    await caller.wait_for_prompt("工号")
    caller.finish_prompt()
    await caller.wait_until_talking_to(taken)
    await house.until_activity(1, "idle")
    assert [fact.outcome for fact in house.facts(OfferEnded)] == ["withdrawn", "answered"]
    caller.hang_up()
    await house.until_quiet()


async def test_a_supervisor_takes_a_conversation_over(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk = await conversation(house, fake, 1, 2)
    house.centre.controls.give(talk.call_id, TakeOverRequested(by=house.centre.controls.agent(2)))
    leg = await dialled(fake)
    assert talk.caller.hears == talk.agent.channel_id, "they go on until it is answered"
    leg.answer()
    await talk.caller.wait_until_talking_to(leg)
    await talk.agent.wait_until_gone()
    talk.caller.hang_up()
    await talk.is_over()


async def test_who_waits_is_moved_and_given_priority(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    caller = await fake.call("100")
    await caller.wait_for_music()
    (call,) = house.centre.calls()
    house.centre.controls.give(call.id, PriorityRequested(priority_s=120.0))
    assert house.centre.calls()[0].priority_s == 120.0
    house.centre.controls.give(call.id, QueueMoveRequested(queue_id="repairs"))
    await house.sign_in(2)
    leg = await dialled(fake)
    assert leg.extension == "1002"
    caller.hang_up()
    await house.until_quiet()
