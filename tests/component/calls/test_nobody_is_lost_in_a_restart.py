"""What a restart could confuse: who has an agent, who was told goodbye, a second restart before the first ends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from ctiserver.call.events import CallEnded, CallStarted, HangUpRequested, OfferStarted
from ctiserver.live.recovery import Remembered, remember
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, NamedPrompts, agent
from tests.component.calls.test_the_daemon_restarts import restarted
from tests.component.fake_asterisk import FakeAsterisk

ONE = agent(1, service=9)


class SlowPrompts(NamedPrompts):
    """A speech engine that has to render each text first."""

    async def media(self, utterances: Sequence[object]) -> Sequence[str]:
        await asyncio.sleep(1)
        return await super().media(utterances)


async def test_who_waits_longer_than_the_conversation_lasts_does_not_get_its_agent(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(ONE)
    await house.sign_in(1)
    patient = await fake.call("101")
    await patient.wait_for_prompt("人工请按0")
    quick = await fake.call("100", number="13900139000")
    leg = await fake.next_dial()
    leg.answer()
    await house.until_activity(1, "talking")
    patient.press("0")
    await patient.wait_for_music()
    await house.stop()

    successor = await restarted(house, tmp_path)
    await successor.until_activity(1, "talking")
    await asyncio.sleep(5)
    assert len(fake.legs) == 1, "the agent's phone does not ring in the middle of a conversation"
    assert quick.hears == leg.channel_id or quick.hears.startswith("prompt:")
    leg.hang_up()
    await successor.until_activity(1, "wrap_up")
    successor.centre.finish_wrap_up(1)
    assert (await fake.next_dial()).caller_number == "13800138000"
    await successor.stop()


async def test_who_wraps_up_is_not_asked_before_the_time_is_over(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(ONE)
    await house.sign_in(1)
    first = await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    await (await fake.call("100", number="13900139000")).wait_for_music()
    first.hang_up()
    await house.until_activity(1, "wrap_up")
    await house.stop()

    successor = await restarted(house, tmp_path)
    await fake.until(lambda: successor.centre.queues()[0].waiting == 1)
    assert successor.agent(1).activity == "wrap_up"
    assert len(fake.legs) == 1
    await fake.next_dial()
    await successor.stop()


async def test_who_was_offered_before_is_not_offered_again_under_the_same_name(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    """The id names the leg in Asterisk and the row in Postgres."""
    house = await open_house(ONE)
    await house.sign_in(1)
    caller = await fake.call("100")
    first = await fake.next_dial()
    first.reject(486)
    await caller.wait_for_music()
    await house.stop()

    successor = await restarted(house, tmp_path)
    second = await fake.next_dial(within_s=120)
    assert (first.channel_id.rpartition(".")[2], second.channel_id.rpartition(".")[2]) == ("o1", "o2")
    second.answer()
    await successor.until_activity(1, "talking")
    offers = [fact.offer_id for house_ in (house, successor) for fact in house_.facts(OfferStarted)]
    assert sorted(set(offers)) == [first.channel_id, second.channel_id]
    caller.hang_up()
    await successor.until_quiet()
    await successor.stop()


async def test_killed_again_before_asterisk_has_answered(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(ONE)
    await house.sign_in(1)
    caller = await fake.call("100")
    (await fake.next_dial()).answer()
    await house.until_activity(1, "talking")
    await house.stop()

    blind = House(fake, tmp_path, agents=(ONE,))
    blind.centre.remember(house.remembered())
    known = remember(blind.centre.checkpoint(), ())
    assert [call.phase for call in known.calls] == ["talking"], "the new segment begins with what is known"
    assert [record.presence for record in known.agents] == ["ready"]

    third = House(fake, tmp_path, agents=(ONE,), journal=house.journal)
    house.journal.listeners[:] = house.journal.listeners[-1:]
    await third.start(known)
    await third.until_activity(1, "talking")
    caller.hang_up()
    await third.until_quiet()
    assert len(third.facts(CallEnded)) == 1
    await third.stop()


async def test_what_an_agent_chooses_while_asterisk_is_away_holds(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(ONE)
    await house.sign_in(1)
    await house.stop()
    await fake.go_down()

    successor = House(fake, tmp_path, agents=(ONE,), journal=house.journal)
    successor.centre.remember(house.remembered())
    await successor.telephony.start()
    successor.centre.start()
    assert successor.agent(1).presence == "ready"
    successor.centre.choose_presence(1, "break", "lunch", "agent")
    await fake.come_up()
    await fake.until_served(within_s=120)
    await asyncio.sleep(1)
    assert (successor.agent(1).presence, successor.agent(1).reason) == ("break", "lunch")
    await successor.stop()


async def test_a_goodbye_that_was_decided_but_not_carried_out_is_no_new_call(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(ONE)
    caller = await fake.call("100")
    await caller.wait_for_music()
    (session,) = house.centre.registry
    await fake.drop_sockets("abort")
    session.post(HangUpRequested(by="supervisor"))
    await house.stop()
    assert not caller.gone

    successor = await restarted(house, tmp_path)
    await caller.wait_until_gone()
    await successor.until_quiet()
    assert len(successor.facts(CallStarted)) == len(successor.facts(CallEnded)) == 1
    await successor.stop()


async def test_a_text_that_is_said_anew_is_heard_to_its_end(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house = await open_house(ONE)
    caller = await fake.call("102")
    await caller.wait_for_prompt("非工作时间")
    await house.stop()
    caller.finish_prompt()

    successor = House(fake, tmp_path, agents=(ONE,), journal=house.journal, prompts=SlowPrompts())
    await successor.start(house.remembered())
    await caller.wait_for_prompt("非工作时间")
    caller.finish_prompt()
    await caller.wait_for_prompt("normal")
    caller.finish_prompt()
    await caller.wait_until_gone()
    await successor.stop()


async def test_after_the_stop_nothing_is_decided_any_more(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(ONE)
    caller = await fake.call("104")
    await caller.wait_for_music()
    await house.stop()
    before = len(house.journal.steps)
    await asyncio.sleep(60)
    assert len(house.journal.steps) == before, "the time-out of the queue belongs to the next process"
    assert house.facts(OfferStarted) == []
    assert remember(None, house.journal.steps) != Remembered((), ())


async def test_killed_before_the_caller_was_answered(fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path) -> None:
    """The command was on its way, and went down with its connection."""
    house = await open_house(ONE)
    fake.slow["answer"] = 5.0
    caller = await fake.call("101")
    await fake.until(lambda: house.facts(CallStarted), "the caller has a call")
    await house.stop()
    assert caller.channel.state == "Ring"
    fake.slow.clear()

    successor = await restarted(house, tmp_path)
    await caller.wait_for_prompt("人工请按0")
    assert caller.channel.state == "Up"
    await successor.stop()
