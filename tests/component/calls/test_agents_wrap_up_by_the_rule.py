"""After the conversation: each queue's rule, what the agent may do about it, and what a restart leaves of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ctiserver.directory import Queue
from ctiserver.errors import Rejected
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import QUEUES, House, agent
from tests.component.calls.test_the_agents_phone_is_used_for_something_else import dial_out
from tests.component.fake_asterisk import FakeAsterisk


def service(mode: str, seconds: float, **wrap_up: Any) -> tuple[Queue, ...]:
    options: dict[str, object] = {"wrap_up": {"mode": mode, **wrap_up}}
    return (msgspec.structs.replace(QUEUES[0], announce_agent=False, wrap_up_s=seconds, options=options), QUEUES[1])


async def talked(fake: FakeAsterisk, house: House, *, dispose: bool = False) -> str:
    """One conversation, after which the agent wraps up; returns the call's id."""
    await house.sign_in(1)
    caller = await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    call_id = house.agent(1).call_id
    if dispose:
        house.centre.choose_disposition(1, call_id, "done", "")
    caller.hang_up()
    await house.until_activity(1, "wrap_up")
    return call_id


async def successor_of(house: House, tmp_path: Path, queues: tuple[Queue, ...], *agents: Any) -> House:
    await house.stop()
    successor = House(
        house.fake, tmp_path, agents=agents or (agent(1, service=9),), queues=queues, journal=house.journal
    )
    house.journal.listeners[:] = [successor.centre._publisher.on_durable]  # pyright: ignore[reportPrivateUsage]
    await successor.start(house.remembered())
    return successor


async def test_fixed_ends_by_itself_only(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service("fixed", 20.0))
    await talked(fake, house)
    began = house.clock.now()
    assert house.agent(1).wrap_up_mode == "fixed"
    with pytest.raises(Rejected, match="fixed length"):
        house.centre.finish_wrap_up(1)
    await house.until_activity(1, "idle")
    assert 19 <= house.clock.now() - began <= 21


async def test_until_disposition_has_no_end_but_one(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service("until_disposition", 5.0))
    call_id = await talked(fake, house)
    await asyncio.sleep(600)
    assert (house.agent(1).activity, house.agent(1).wrap_up_until) == ("wrap_up", None)
    with pytest.raises(Rejected, match="needs a disposition"):
        house.centre.finish_wrap_up(1)
    with pytest.raises(Rejected, match="no time limit"):
        house.centre.extend_wrap_up(1, 60)
    house.centre.choose_disposition(1, "n1-1-1", "done", "of another call")
    assert house.agent(1).activity == "wrap_up"
    house.centre.choose_disposition(1, call_id, "done", "")
    assert house.agent(1).activity == "idle"


async def test_a_disposition_chosen_while_talking_counts(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service("until_disposition", 5.0))
    await talked(fake, house, dispose=True)
    house.centre.finish_wrap_up(1)
    assert house.agent(1).activity == "idle"


async def test_with_a_limit_it_is_the_sooner_of_the_two(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service("limited", 20.0, max_extension_s=30))
    await talked(fake, house)
    began = house.clock.now()
    with pytest.raises(Rejected, match="needs a disposition"):
        house.centre.finish_wrap_up(1)
    house.centre.extend_wrap_up(1, 60)
    with pytest.raises(Rejected, match="as far as the queue allows"):
        house.centre.extend_wrap_up(1, 60)
    await house.until_activity(1, "idle")
    assert 49 <= house.clock.now() - began <= 51, "the limit and what may be added to it at most"
    call_id = await talked(fake, house)
    house.centre.choose_disposition(1, call_id, "done", "")
    assert house.agent(1).activity == "idle"


async def test_signing_out_ends_it_in_every_mode(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service("until_disposition", 5.0))
    await talked(fake, house)
    house.centre.choose_presence(1, "signed_out", "", "agent")
    assert (house.agent(1).presence, house.agent(1).activity) == ("signed_out", "idle")


async def test_a_restart_leaves_the_rest_of_the_time(fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path) -> None:
    queues = service("optional", 60.0)
    house = await open_house(agent(1, service=9), queues=queues)
    await talked(fake, house)
    until = house.agent(1).wrap_up_until
    await asyncio.sleep(40)
    successor = await successor_of(house, tmp_path, queues)
    try:
        await successor.until_activity(1, "wrap_up")
        assert successor.agent(1).wrap_up_until == until
        await successor.until_activity(1, "idle")
        assert until is not None
        assert abs(successor.clock.now() - until) < 1
    finally:
        await successor.stop()


async def test_a_restart_remembers_the_disposition(fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path) -> None:
    queues = service("until_disposition", 5.0)
    house = await open_house(agent(1, service=9), queues=queues)
    await talked(fake, house, dispose=True)
    successor = await successor_of(house, tmp_path, queues)
    try:
        await successor.until_activity(1, "wrap_up")
        successor.centre.finish_wrap_up(1)
        assert successor.agent(1).activity == "idle"
    finally:
        await successor.stop()


async def test_a_break_for_later_outlives_a_restart(fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path) -> None:
    queues = service("optional", 10.0)
    house = await open_house(agent(1, service=9), queues=queues)
    await house.sign_in(1)
    caller = await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    house.centre.choose_presence(1, "break", "lunch", "agent")
    assert house.agent(1).pending_presence == "break"
    successor = await successor_of(house, tmp_path, queues)
    try:
        await successor.until_activity(1, "talking")
        assert (successor.agent(1).presence, successor.agent(1).pending_presence) == ("ready", "break")
        caller.hang_up()
        await successor.until_activity(1, "wrap_up")
        successor.centre.finish_wrap_up(1)
        assert (successor.agent(1).presence, successor.agent(1).reason) == ("break", "lunch")
    finally:
        await successor.stop()


async def test_a_break_for_later_begins_when_the_call_ended_meanwhile(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    queues = service("none", 0.0)
    house = await open_house(agent(1, service=9), queues=queues)
    await house.sign_in(1)
    caller = await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    house.centre.choose_presence(1, "break", "lunch", "agent")
    await house.stop()
    caller.hang_up()
    successor = await successor_of(house, tmp_path, queues)
    try:
        await fake.until(lambda: successor.agent(1).presence == "break", "the break begins")
        assert successor.agent(1).reason == "lunch"
    finally:
        await successor.stop()


async def test_a_second_line_that_goes_on_keeps_the_agent_busy(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service("none", 0.0))
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.answer()
    await house.until_activity(1, "talking")
    private = dial_out(fake)
    caller.hang_up()
    await leg.wait_until_gone()
    await house.until_activity(1, "busy")
    await fake.call("100", number="13900139000")
    await asyncio.sleep(30)
    assert house.agent(1).activity == "busy", "nobody is offered to a phone in use"
    private.hang_up()
    assert (await fake.next_dial()).extension == "1001"
