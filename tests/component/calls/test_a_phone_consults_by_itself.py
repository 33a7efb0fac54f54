"""A phone with two lines: the agent rings a colleague on the second one and joins the two by REFER with Replaces.

In our records this is a consult, completed or cancelled, like one from the page.
"""

from __future__ import annotations

import itertools

import pytest

from ctiserver.call.events import (
    CallRecovered,
    ConsultChosen,
    RecordingStored,
    TalkStarted,
    TransferEnded,
    TransferStarted,
)
from ctiserver.errors import Refused
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import Conversation, conversation, dialled
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import FakeLeg, Party
from tests.component.fake_asterisk.world import Channel

NUMBERS = itertools.count(1)


def second_line(fake: FakeAsterisk, extension: str, to: str) -> Party:
    """The phone puts its call on hold, which it tells by itself, and dials; [agents] of dialplan/ gives it to us."""
    channel = Channel(
        f"1700000000.{next(NUMBERS)}",
        f"PJSIP/{extension}-000000ff",
        state="Ring",
        endpoint=f"PJSIP/{extension}",
        exten=to,
    )
    fake.world.add_channel(channel)
    fake.world.enter_stasis(channel, "cti", [to, "agent"])
    return Party(fake, channel)


async def asking(house: House, fake: FakeAsterisk) -> tuple[Conversation, Party, FakeLeg]:
    talk = await conversation(house, fake, 1, 2)
    talk.agent.hold()
    line = second_line(fake, "1001", "1002")
    colleague = await dialled(fake)
    assert (colleague.extension, colleague.caller_number) == ("1002", talk.caller.channel.caller_number)
    await line.wait_for_prompt("tone:ring")
    return talk, line, colleague


async def test_referred_with_replaces(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk, line, colleague = await asking(house, fake)
    colleague.answer()
    await line.wait_until_talking_to(colleague)
    assert talk.caller.hears.startswith("music")
    assert talk.view.consult == "consulted"
    talk.agent.refer_to_call(line)
    await talk.caller.wait_until_talking_to(colleague)
    await line.wait_until_gone()
    await talk.agent.wait_until_gone()
    assert talk.agent.channel.refer_states == ["channel_answered"]
    await house.until_activity(1, "wrap_up")
    await house.until_activity(2, "talking")
    talk.caller.hang_up()
    await talk.is_over()
    (started,) = house.facts(TransferStarted)
    assert (started.kind, started.target_agent_id, started.agent_id) == ("consult", 2, 1)
    assert [fact.outcome for fact in house.facts(TransferEnded)] == ["answered"]
    assert [fact.agent_id for fact in house.facts(TalkStarted)] == [1, 2]
    assert len(house.facts(RecordingStored)) == 1


async def test_the_refer_may_come_on_the_other_line_and_before_the_colleague_answers(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk, line, colleague = await asking(house, fake)
    line.refer_to_call(talk.agent)
    await talk.agent.wait_until_gone()
    await talk.caller.wait_for_music()
    colleague.answer()
    await talk.caller.wait_until_talking_to(colleague)
    colleague.hang_up()
    await talk.is_over()


async def test_whoever_hangs_up_the_others_go_on(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk, line, colleague = await asking(house, fake)
    colleague.answer()
    await line.wait_until_talking_to(colleague)
    line.hang_up()
    await colleague.wait_until_gone()
    assert talk.view.consult is None
    again = second_line(fake, "1001", "1002")
    colleague = await dialled(fake)
    colleague.answer()
    await again.wait_until_talking_to(colleague)
    colleague.hang_up()
    await again.wait_until_gone()
    assert talk.caller.hears.startswith("music"), "until the phone takes the caller back"
    talk.agent.unhold()
    await talk.caller.wait_until_talking_to(talk.agent)
    talk.caller.hang_up()
    await talk.is_over()


async def test_a_restart_knows_the_second_line(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9))
    talk, line, colleague = await asking(house, fake)
    colleague.answer()
    await line.wait_until_talking_to(colleague)
    again = await house.restarted()
    await fake.until(lambda: any(isinstance(s.input, CallRecovered) for s in again.journal.steps), "taken up")
    await line.wait_until_talking_to(colleague)
    talk.agent.refer_to_call(line)
    await talk.caller.wait_until_talking_to(colleague)
    await line.wait_until_gone()
    talk.caller.hang_up()
    await again.until_quiet()
    await again.stop()


async def test_refused_to_whom_nobody_may_be_rung_and_while_somebody_is_asked(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9), agent(3))
    talk, line, colleague = await asking(house, fake)
    third = second_line(fake, "1001", "1003")
    await third.wait_until_gone()
    assert third.gone_reason == "busy"
    with pytest.raises(Refused):  # the two lines are the phone's own
        house.centre.controls.give(talk.call_id, ConsultChosen(choice="swap"))
    colleague.answer()
    await line.wait_until_talking_to(colleague)
    house.centre.controls.give(talk.call_id, ConsultChosen(choice="merge"))
    await line.wait_until_gone()
    talk.agent.unhold()
    await fake.until(lambda: colleague.channel_id in talk.caller.hears, "all together, once the phone holds no more")
    strange = second_line(fake, "1001", "0085212345678")
    await strange.wait_until_gone()
    talk.caller.hang_up()
    talk.agent.hang_up()
    await talk.is_over()
