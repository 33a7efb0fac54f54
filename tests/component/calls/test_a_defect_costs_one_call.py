"""Our own mistakes: the call that meets one ends or goes on without it; nobody is left in silence or kept waiting."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ctiserver.call.decide import Decided, Rules, decide
from ctiserver.call.events import CallArrived, CallCrashed, CallInput, OfferStarted, RecordingFailed
from ctiserver.call.states import Call
from ctiserver.live import session
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, NamedPrompts, agent
from tests.component.fake_asterisk import FakeAsterisk

ONE = agent(1, service=9)


class BrokenPrompts(NamedPrompts):
    async def media(self, utterances: Sequence[object]) -> Sequence[str]:
        raise OSError("no space left on device")


async def test_a_call_that_cannot_even_begin_is_hung_up(
    fake: FakeAsterisk, open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(call: Call | None, event: CallInput, now: float, rules: Rules) -> Decided:
        if isinstance(event, CallArrived):
            raise ZeroDivisionError
        return decide(call, event, now, rules)

    house = await open_house(ONE)
    monkeypatch.setattr(session, "decide", failing)
    caller = await fake.call("100")
    await caller.wait_until_gone()
    assert len(house.facts(CallCrashed)) == 1
    await house.until_quiet()


async def test_prompts_that_cannot_be_made_are_passed_over(fake: FakeAsterisk, tmp_path: Path) -> None:
    async with House(fake, tmp_path, agents=(ONE,), prompts=BrokenPrompts()) as house:
        caller = await fake.call("102")
        await caller.wait_until_gone(within_s=60)
        await house.until_quiet()
        assert not house.facts(CallCrashed)


async def test_a_recording_that_cannot_be_converted_is_lost_and_the_call_is_over(
    fake: FakeAsterisk, open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await open_house(ONE)
    await house.sign_in(1)

    async def keep(*_: object) -> tuple[str, int, int, str]:
        raise ValueError("odd number of bytes")

    monkeypatch.setattr(house.recordings, "keep", keep)
    caller = await fake.call("100")
    (await fake.next_dial()).answer()
    await fake.until(lambda: caller.recorded)
    caller.hang_up()
    await house.until_fact(RecordingFailed)
    await house.until_quiet()
    assert len(fake.world.recordings) == 1, "the original is still there for whoever mends it"


async def test_an_agent_is_not_kept_for_a_call_that_is_not_there(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(ONE)
    ghost = await fake.call("100")
    await ghost.wait_for_music()
    (live,) = house.centre.registry
    house.centre.registry.close(live)  # as no path of ours should do it
    await house.sign_in(1)
    caller = await fake.call("100", number="13900139000")
    assert (await fake.next_dial(within_s=1)).caller_number == "13900139000"
    assert len(house.facts(OfferStarted)) == 1
    assert not caller.gone
