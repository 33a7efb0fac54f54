"""Story: after an upgrade (or the way back) a stored state can't be read. The caller reaches people all the same."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ctiserver.call.events import QueueEntered
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk


async def restarted(house: House, tmp_path: Path, **change: object) -> House:
    """Another process, for which something of every call's state was changed meanwhile."""
    await house.stop()
    for index, step in enumerate(house.journal.steps):
        if not step.subject.startswith("agent:") and bytes(step.state):
            state = {**msgspec.json.decode(step.state), **change}
            raw = msgspec.Raw(msgspec.json.encode(state))
            house.journal.steps[index] = msgspec.structs.replace(step, state=raw)
    successor = House(house.fake, tmp_path, agents=house.directory.agents, journal=house.journal)
    house.journal.listeners[:] = [successor.centre._publisher.on_durable]  # pyright: ignore[reportPrivateUsage]
    await successor.start(house.remembered())
    return successor


async def test_the_caller_goes_to_people_and_not_back_to_the_menu(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("101")
    await caller.wait_for_prompt("人工请按0")
    successor = await restarted(house, tmp_path, phase={"of": "another version"})
    caller.finish_prompt()  # what Asterisk was told to say is said to its end
    leg = await fake.next_dial()
    assert leg.extension == "1001"
    leg.answer()
    await caller.wait_for_prompt("工号")
    assert [fact.queue_id for fact in successor.facts(QueueEntered)] == ["service"]
    await successor.stop()


async def test_a_caller_whose_node_is_gone_is_put_through(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    caller = await fake.call("101")
    await caller.wait_for_prompt("人工请按0")
    step = next(step for step in reversed(house.journal.steps) if not step.subject.startswith("agent:"))
    cursor = {**msgspec.json.decode(step.state)["cursor"], "node": "gone", "flow_set": "0" * 16, "content_hash": "0"}
    successor = await restarted(house, tmp_path, cursor=cursor)
    assert (await fake.next_dial()).extension == "1001"
    assert [fact.queue_id for fact in successor.facts(QueueEntered)] == ["service"]
    await successor.stop()
