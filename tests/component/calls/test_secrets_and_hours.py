"""A secret number stands nowhere in the journal; outside hours nobody is rung."""

from __future__ import annotations

import msgspec

from ctiserver.call.events import CallEnded, DigitReceived, OfferStarted
from tests.component.calls.conftest import OpenHouse
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
