"""A secret number stands nowhere in the journal; outside hours nobody is rung."""

from __future__ import annotations

import msgspec

from ctiserver.call.events import (
    CallEnded,
    DigitReceived,
    OfferStarted,
    RecordingPaused,
    RecordingPauseRequested,
    RecordingResumed,
    RecordingStored,
    TransferRequested,
)
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import conversation
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_a_secret_is_in_no_line_of_the_journal(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("103")
    await caller.wait_for_prompt("密码")
    caller.press("987654")
    await fake.next_dial()
    digits = [step.input for step in house.journal.steps if isinstance(step.input, DigitReceived)]
    assert {digit.digit for digit in digits} == {"•"}
    assert not any(b"987654" in msgspec.json.encode(step) for step in house.journal.steps)
    pop = house.centre.pop(1)
    assert pop is not None
    assert [entry.value for entry in pop.entered] == ["••••••"]


async def test_an_agents_recording_is_silent_while_the_caller_keys_in_a_secret(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9))
    talk = await conversation(house, fake, 1)
    (recording,) = fake.world.recordings.values()
    controls = house.centre.controls
    controls.give(talk.call_id, TransferRequested(target=controls.flow("asks_for_a_pin", come_back=True)))
    await talk.caller.wait_for_prompt("请按1")
    assert not recording.muted
    talk.caller.press("1")
    await talk.caller.wait_for_prompt("密码")
    await fake.until(lambda: recording.muted, "silence is recorded")
    talk.caller.press("987654")
    await talk.caller.wait_for_prompt("谢谢")
    await fake.until(lambda: not recording.muted, "the recording goes on")
    talk.caller.finish_prompt()
    await talk.caller.wait_until_talking_to(talk.agent)
    assert len(house.facts(RecordingPaused)) == len(house.facts(RecordingResumed)) == 1
    talk.caller.hang_up()
    await talk.is_over()
    assert len(house.facts(RecordingStored)) == 1


async def test_a_pause_that_the_agent_asked_for_outlasts_the_secret(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    talk = await conversation(house, fake, 1)
    (recording,) = fake.world.recordings.values()
    controls = house.centre.controls
    controls.give(talk.call_id, RecordingPauseRequested(paused=True))
    await fake.until(lambda: recording.muted)
    controls.give(talk.call_id, TransferRequested(target=controls.flow("asks_for_a_pin", come_back=True)))
    await talk.caller.wait_for_prompt("请按1")
    talk.caller.press("1")
    await talk.caller.wait_for_prompt("密码")
    talk.caller.press("987654")
    await talk.caller.wait_for_prompt("谢谢")
    talk.caller.finish_prompt()
    await talk.caller.wait_until_talking_to(talk.agent)
    assert recording.muted
    controls.give(talk.call_id, RecordingPauseRequested(paused=False))
    await fake.until(lambda: not recording.muted)


async def test_outside_hours_the_caller_is_told_and_let_go(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    fake.world.prompt_seconds = 2.0
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("102")
    await caller.wait_for_prompt("非工作时间")
    await caller.wait_until_gone()
    assert caller.by_us
    assert not house.facts(OfferStarted)
    assert (await house.until_fact(CallEnded)).outcome == "self_service"
