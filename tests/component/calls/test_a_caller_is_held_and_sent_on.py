"""Hold, mute, keys, pause of the recording, and sending the caller to somebody else at once."""

from __future__ import annotations

import pytest

from ctiserver.call.events import (
    CallEnded,
    DigitsRequested,
    HoldEnded,
    HoldRequested,
    HoldStarted,
    MuteRequested,
    RecordingPaused,
    RecordingPauseRequested,
    RecordingResumed,
    RecordingStored,
    TalkStarted,
    TransferEnded,
    TransferRequested,
)
from ctiserver.errors import Refused
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import conversation, dialled
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_the_caller_hears_music_while_held(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    talk = await conversation(house, fake, 1)
    house.centre.controls.give(talk.call_id, HoldRequested(held=True))
    await talk.caller.wait_for_music()
    await house.until_activity(1, "hold")
    assert talk.view.held_by == ("agent",)
    talk.agent.hold()  # the phone as well
    await fake.until(lambda: talk.view.held_by == ("agent", "agent_phone"), "both hold")
    house.centre.controls.give(talk.call_id, HoldRequested(held=False))
    assert talk.view.held, "the phone still holds"
    assert talk.caller.hears.startswith("music")
    talk.agent.unhold()
    await talk.caller.wait_until_talking_to(talk.agent)
    await house.until_activity(1, "talking")
    assert len(house.facts(HoldStarted)) == len(house.facts(HoldEnded)) == 1
    with pytest.raises(Refused):
        house.centre.controls.give(talk.call_id, HoldRequested(held=False))
    house.centre.controls.give(talk.call_id, HoldRequested(held=True))
    await talk.caller.wait_for_music()
    talk.caller.hang_up()
    await talk.is_over()


async def test_mute_keys_and_the_pause_of_the_recording(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    talk = await conversation(house, fake, 1)
    give = house.centre.controls.give
    give(talk.call_id, MuteRequested(party_id="agent", muted=True))
    give(talk.call_id, DigitsRequested(digits="12#"), always=True)
    give(talk.call_id, RecordingPauseRequested(paused=True))
    (recording,) = fake.world.recordings.values()
    await fake.until(lambda: talk.agent.channel.muted and recording.muted, "muted")
    await fake.until(lambda: talk.caller.channel.digits_sent == "12#", "keys")
    assert talk.view.recording == "paused"
    give(talk.call_id, RecordingPauseRequested(paused=False))
    await fake.until(lambda: not recording.muted, "goes on")
    assert len(house.facts(RecordingPaused)) == len(house.facts(RecordingResumed)) == 1
    assert not [step for step in house.journal.steps if "12#" in repr(step)], "keys may be a password"
    talk.caller.hang_up()
    await talk.is_over()


async def test_a_pause_that_asterisk_refuses_is_seen_as_none(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    talk = await conversation(house, fake, 1)
    (recording,) = fake.world.recordings.values()
    fake.world.stop_recording(recording)  # somebody stopped it in Asterisk itself
    house.centre.controls.give(talk.call_id, RecordingPauseRequested(paused=True))
    await fake.until(lambda: talk.view.recording == "on", "not paused")
    talk.caller.hang_up()
    await talk.is_over()


async def test_blind_transfer_to_a_colleague(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk = await conversation(house, fake, 1, 2)
    controls = house.centre.controls
    controls.give(talk.call_id, TransferRequested(target=controls.agent(2)))
    await talk.agent.wait_until_gone()
    await talk.caller.wait_for_music()
    leg = await dialled(fake)
    assert leg.extension == "1002"
    assert leg.caller_number == "13800138000"
    await house.until_activity(2, "ringing")
    pop = house.centre.pop(2)
    assert pop is not None
    assert (pop.state, pop.caller_number) == ("ringing", "13800138000")
    leg.answer()
    await talk.caller.wait_until_talking_to(leg)
    await house.until_activity(2, "talking")
    await house.until_activity(1, "wrap_up")
    assert talk.view.agent_id == 2
    talk.caller.hang_up()
    await talk.is_over()
    assert [fact.agent_id for fact in house.facts(TalkStarted)] == [1, 2]
    assert [fact.outcome for fact in house.facts(TransferEnded)] == ["answered"]
    assert len(house.facts(RecordingStored)) == 1, "one conversation, one recording"


async def test_nobody_answers_the_transfer_so_the_sender_has_the_caller_again(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk = await conversation(house, fake, 1, 2)
    controls = house.centre.controls
    controls.give(talk.call_id, TransferRequested(target=controls.agent(2)))
    (await dialled(fake)).reject(486)
    again = await dialled(fake)
    assert again.extension == "1001"
    again.answer()
    await talk.caller.wait_until_talking_to(again)
    assert house.agent(2).missed_today == 0
    talk.caller.hang_up()
    await talk.is_over()
    assert [fact.outcome for fact in house.facts(TransferEnded)] == ["returned"]


async def test_neither_answers_so_the_caller_waits_in_the_queue(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=1))
    talk = await conversation(house, fake, 1, 2)
    controls = house.centre.controls
    controls.give(talk.call_id, TransferRequested(target=controls.agent(2)))
    (await dialled(fake)).reject(603)
    (await dialled(fake)).reject(603)
    await fake.until(lambda: talk.view.phase in ("waiting", "ringing"), "in the queue")
    assert talk.view.queue_id == "service"
    talk.caller.hang_up()
    await talk.is_over()
    assert [fact.outcome for fact in house.facts(TransferEnded)] == ["queued"]


async def test_a_target_who_was_just_taken_is_not_rung_on(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    """Resolved while free; taken in the instant in which the call acts on it."""
    house = await open_house(agent(1, service=9), agent(2, service=1))
    talk = await conversation(house, fake, 1, 2)
    target = house.centre.controls.agent(2)
    house.centre.choose_presence(2, "signed_out", "", "agent")
    house.centre.controls.give(talk.call_id, TransferRequested(target=target))
    await fake.until(lambda: talk.view.transfer_to == "1001", "back to the sender")
    talk.caller.hang_up()
    await talk.is_over()


async def test_transfer_to_a_queue_keeps_what_is_known(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk = await conversation(house, fake, 1, 2)
    controls = house.centre.controls
    controls.give(talk.call_id, TransferRequested(target=controls.queue("repairs", 60.0)))
    leg = await dialled(fake)
    assert leg.extension == "1002"
    await house.until_activity(2, "ringing")
    pop = house.centre.pop(2)
    assert pop is not None
    assert pop.caller_number == "13800138000"
    leg.answer()
    await talk.caller.wait_for_prompt("工号")
    talk.caller.hang_up()
    await talk.is_over()


async def test_transfer_to_a_number_outside(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    fake.phone("02885551234@trunk")
    talk = await conversation(house, fake, 1)
    controls = house.centre.controls
    with pytest.raises(Refused, match="may not be rung"):
        controls.number("10086")
    with pytest.raises(Refused, match="may not be rung"):
        controls.number("0085212345678")
    controls.give(talk.call_id, TransferRequested(target=controls.number("02885551234")))
    outside = await dialled(fake)
    outside.answer()
    await talk.caller.wait_until_talking_to(outside)
    await talk.agent.wait_until_gone()
    assert talk.view.phase == "forwarded"
    outside.hang_up()
    await talk.caller.wait_until_gone()
    await talk.is_over()


async def test_a_survey_at_the_end(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    talk = await conversation(house, fake, 1)
    controls = house.centre.controls
    controls.give(talk.call_id, TransferRequested(target=controls.flow("with_menu", come_back=False)))
    await talk.caller.wait_for_prompt("维修请按2")
    await talk.agent.wait_until_gone()
    talk.caller.hang_up()
    await talk.is_over()


async def test_an_errand_after_which_the_same_agent_has_the_caller_again(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9))
    talk = await conversation(house, fake, 1)
    controls = house.centre.controls
    controls.give(talk.call_id, TransferRequested(target=controls.flow("shut", come_back=True)))
    await talk.caller.wait_for_prompt("非工作时间")
    assert talk.agent.hears.startswith("music")
    assert talk.view.agent_id == 1
    await fake.until(lambda: "shut" in _ways(house), "the card shows the errand")
    assert _ways(house)[0] == "direct", "and what the caller went through before"
    talk.caller.finish_prompt()
    await talk.caller.wait_for_prompt("normal")
    talk.caller.finish_prompt()
    await talk.caller.wait_until_talking_to(talk.agent)
    talk.caller.hang_up()
    await talk.is_over()
    assert len(house.facts(RecordingStored)) == len(house.facts(CallEnded)) == 1


def _ways(house: House) -> list[str]:
    """The flows that the card of agent 1 names, in order."""
    pop = house.centre.pop(1)
    return [entry.flow for entry in pop.path] if pop is not None else []
