"""The phone's own REFER ends in the same records as a transfer asked for on the page."""

from __future__ import annotations

from ctiserver.call.events import TransferEnded, TransferStarted
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import conversation, dialled
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_to_a_colleague(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk = await conversation(house, fake, 1, 2)
    talk.agent.refer("1002")
    leg = await dialled(fake)
    assert leg.extension == "1002"
    leg.answer()
    await talk.caller.wait_until_talking_to(leg)
    assert talk.agent.gone
    assert talk.agent.channel.refer_states == ["channel_answered"]
    talk.caller.hang_up()
    await talk.is_over()
    (started,) = house.facts(TransferStarted)
    assert (started.target, started.target_agent_id, started.agent_id) == ("1002", 2, 1)
    assert [fact.outcome for fact in house.facts(TransferEnded)] == ["answered"]


async def test_to_where_nobody_may_be_sent(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    talk = await conversation(house, fake, 1)
    talk.agent.refer("0085212345678")
    await fake.until(lambda: talk.agent.channel.refer_states == ["channel_declined"], "declined")
    assert talk.caller.hears == talk.agent.channel_id
    talk.caller.hang_up()
    await talk.is_over()
