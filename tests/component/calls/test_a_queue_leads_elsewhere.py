"""Limits of a queue: each with its own way out, by the queue's rules or else by the flow's node."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from ctiserver.call.events import QueueEntered, QueueLeft, TalkStarted
from ctiserver.directory import Queue
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import QUEUES, House, agent
from tests.component.fake_asterisk import FakeAsterisk


def service(overflow: dict[str, Any] | None = None, **fields: Any) -> tuple[Queue, ...]:
    options = {**fields.pop("options", {}), **({"overflow": overflow} if overflow else {})}
    queue = msgspec.structs.replace(QUEUES[0], announce_agent=False, options=options, **fields)
    return (queue, msgspec.structs.replace(QUEUES[1], announce_agent=False, music="jazz"))


def exits(house: House) -> list[tuple[str, str, str]]:
    return [(left.queue_id, left.outcome, left.reason) for left in house.facts(QueueLeft)]


async def test_after_the_longest_wait_into_another_queue(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    queues = service({"max_wait": {"action": "queue", "target": "repairs"}}, max_wait_s=30.0)
    house = await open_house(agent(1, service=9), agent(2, repairs=9), queues=queues)
    caller = await fake.call("100")
    await caller.wait_for_music("default")
    came = house.clock.now()
    entered = await house.until_fact(QueueEntered, 2)
    assert entered.queue_id == "repairs"
    assert 29.5 <= house.clock.now() - came <= 31
    await caller.wait_for_music("jazz")
    later = await fake.call("101", number="13900139000")
    await later.wait_for_prompt()
    later.press("2")
    await house.until_fact(QueueEntered, 3)
    await house.sign_in(2)
    leg = await fake.next_dial()
    assert leg.caller_number == caller.channel.caller_number, "the wait in the first queue counts"
    leg.answer()
    await caller.wait_until_talking_to(leg)
    assert exits(house) == [("service", "overflowed", "timeout"), ("repairs", "answered", "")]
    assert (await house.until_fact(TalkStarted)).queue_id == "repairs"


async def test_when_the_queue_is_full(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service(max_waiting=1))
    first = await fake.call("106")
    await first.wait_for_music()
    second = await fake.call("106", number="13900139000")
    await second.wait_for_prompt("等待人数已满")
    assert exits(house) == [("service", "overflowed", "full")]
    assert not first.gone


async def test_when_nobody_is_signed_in_for_a_while(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    fake.world.prompt_seconds = 2.0
    queues = service({"no_agents": {"action": "flow", "target": "sorry"}}, options={"no_agents_grace_s": 20})
    house = await open_house(agent(1, service=9), queues=queues)
    caller = await fake.call("106")
    await caller.wait_for_music()
    await caller.wait_for_prompt("非常抱歉", within_s=60)
    left = await house.until_fact(QueueLeft)
    assert (left.reason, round(left.waited_s)) == ("no_agents", 20)
    await caller.wait_until_gone()
    await house.until_quiet()


async def test_a_closed_queue_leads_to_the_mailbox(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    queues = service({"closed": {"action": "voicemail"}}, options={"open": False})
    house = await open_house(agent(1, service=9), queues=queues)
    await house.sign_in(1)
    caller = await fake.call("106")
    await caller.wait_for_prompt("请留言")
    assert exits(house) == [("service", "overflowed", "closed")]
    house.change_queue("service", options={})
    other = await fake.call("106", number="13900139000")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    other.hang_up()


async def test_a_flow_that_is_gone_leaves_the_way_to_the_node(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    queues = service({"closed": {"action": "flow", "target": "burnt"}}, options={"open": False})
    house = await open_house(agent(1, service=9), queues=queues)
    caller = await fake.call("106")
    await caller.wait_for_prompt("现在不办公")
    assert exits(house) == [("service", "overflowed", "closed")]


async def test_who_would_wait_too_long_does_not_begin_to(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service(options={"forecast_limit_s": 30}, wrap_up_s=0.0))
    await house.sign_in(1)
    await one_conversation(fake, house, 120)
    await fake.call("106", number="13800138009")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    caller = await fake.call("106")
    await caller.wait_for_prompt("等待时间太长")
    assert exits(house)[-1] == ("service", "overflowed", "forecast")


async def one_conversation(fake: FakeAsterisk, house: House, seconds: float) -> None:
    """So that there is a handling time to forecast from."""
    caller = await fake.call("100", number="13800138008")
    leg = await fake.next_dial()
    leg.answer()
    await house.until_activity(1, "talking")
    await asyncio.sleep(seconds)  # of the loop's own time
    caller.hang_up()
    await house.until_activity(1, "idle")


@pytest.mark.parametrize(("line", "said"), [("106", "预计等待"), ("107", "The expected wait is")])
async def test_the_forecast_is_told(fake: FakeAsterisk, open_house: OpenHouse, line: str, said: str) -> None:
    fake.world.prompt_seconds = 2.0
    house = await open_house(agent(1, service=9), queues=service(wrap_up_s=0.0))
    await house.sign_in(1)
    await one_conversation(fake, house, 240)
    await fake.call("100", number="13800138009")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    caller = await fake.call(line)
    await caller.wait_for_prompt(said)
    heard = caller.hears
    assert ("三到十分钟" in heard) or ("three to ten minutes" in heard), heard


async def test_changed_while_somebody_waits(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=2), queues=service(skills={"service": 5}))
    first = await fake.call("106")
    await first.wait_for_music()
    second = await fake.call("106", number="13900139000")
    await house.until_fact(QueueEntered, 2)
    await house.sign_in(2)
    house.change_queue("service", skills={"service": 1}, options={"weight": 0})
    assert house.centre.directory.queues[0].skills == {"service": 5}, "refused as a whole, and nobody lost the place"
    house.change_queue("service", skills={"service": 1})
    leg = await fake.next_dial()
    assert (leg.extension, leg.caller_number) == ("1002", first.channel.caller_number)
    assert not second.gone


async def test_overflow_at_the_instant_of_entry_survives_a_restart(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    queues = service({"closed": {"action": "queue", "target": "repairs"}}, options={"open": False})
    house = await open_house(agent(2, repairs=9), queues=queues)
    caller = await fake.call("100")
    await caller.wait_for_music("jazz")
    kept = house.remembered().calls[0]
    assert kept.queue is not None
    assert (kept.queue.queue_id, kept.queue.place_at) == ("repairs", kept.queue.entered_at)
    await house.sign_in(2)
    (await fake.next_dial()).answer()
    await house.until_activity(2, "talking")
