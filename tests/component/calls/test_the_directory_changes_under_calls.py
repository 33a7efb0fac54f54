"""People and queues are changed while callers wait and agents talk."""

from __future__ import annotations

import msgspec

from ctiserver.call.events import AgentStateChanged, CallEnded
from ctiserver.directory import Agent, Queue
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import QUEUES, House, agent
from tests.component.fake_asterisk import FakeAsterisk


def change(house: House, *, agents: tuple[Agent, ...], queues: tuple[Queue, ...] = QUEUES) -> None:
    house.centre.use_directory(msgspec.structs.replace(house.directory, agents=agents, queues=queues))


async def test_an_agent_is_deleted_in_the_moment_in_which_the_queue_would_take_him(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, repairs=9), agent(2, service=9))
    await house.sign_in(1)
    caller = await fake.call("100")
    await caller.wait_for_music()
    service, repairs = QUEUES
    change(house, agents=(agent(2, service=9),), queues=(msgspec.structs.replace(service, skills={}), repairs))
    await house.sign_in(2)
    assert (await fake.next_dial()).extension == "1002"
    assert not caller.gone
    left = [fact for fact in house.facts(AgentStateChanged) if fact.agent_id == 1][-1]
    assert left.presence == "signed_out"


async def test_an_agent_who_is_deleted_finishes_the_conversation(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=5))
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.answer()
    await house.until_activity(1, "talking")
    change(house, agents=(agent(2, service=5),))
    assert not leg.gone
    caller.hang_up()
    await house.until_quiet()
    left = [fact for fact in house.facts(AgentStateChanged) if fact.agent_id == 1][-1]
    assert (left.presence, left.activity) == ("signed_out", "idle")
    assert 1 not in {record.agent_id for record in house.centre.dispatcher.records()}


async def test_a_queue_is_removed_and_nobody_is_stuck_in_it(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    caller = await fake.call("100")
    await caller.wait_for_music()
    change(house, agents=(agent(1, service=9),), queues=QUEUES[1:])
    await caller.wait_until_gone(within_s=60)
    await house.until_quiet()
    assert len(house.facts(CallEnded)) == 1
