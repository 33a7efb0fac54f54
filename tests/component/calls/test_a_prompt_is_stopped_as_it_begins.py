"""The caller presses a key in the very moment in which the prompt is sent: it must not go on sounding."""

from __future__ import annotations

from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_a_stop_does_not_overtake_its_prompt(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    fake.slow["play"] = 0.5  # Asterisk takes its time to begin
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("101")
    await fake.until(lambda: [c for c in fake.commands if "/play" in c[1]], "the prompt is sent")
    caller.press("0")
    leg = await fake.next_dial()
    await caller.wait_for_music()
    leg.answer()
    await house.until_activity(1, "talking", within_s=5)
