"""What happened without our hearing of it is found by the next look, put right and counted: within half a minute."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from prometheus_client import REGISTRY

from acd import events as told
from ctiserver.call.events import AgentStateChanged, CallEnded, QueueEntered
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import Conversation, conversation
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import FakeCaller
from tests.component.fake_asterisk.world import Bridge, Channel, Json

PROMISED_S = 30.0
ONE = agent(1, service=9)


@contextmanager
def unheard(fake: FakeAsterisk) -> Generator[None]:
    """Asterisk does what is done here, and nobody is told."""
    world = fake.world
    emit, on_device = world._emit, world.on_device  # pyright: ignore[reportPrivateUsage] - the fault is made here

    def silence(_app: str, _event: Json) -> None: ...

    def no_state(_extension: str) -> None: ...

    world._emit, world.on_device = silence, no_state  # pyright: ignore[reportPrivateUsage]
    try:
        yield
    finally:
        world._emit, world.on_device = emit, on_device  # pyright: ignore[reportPrivateUsage]


@pytest.fixture
def repaired() -> Repairs:
    return Repairs()


class Repairs:
    """Kinds of repairs since the test began, as Prometheus has them."""

    def __init__(self) -> None:
        self._before = self._all()

    def counted(self) -> dict[str, int]:
        return dict(self._all() - self._before)

    @staticmethod
    def _all() -> Counter[str]:
        samples = (s for metric in REGISTRY.collect() if metric.name == "cti_repairs" for s in metric.samples)
        return Counter({s.labels["kind"]: int(s.value) for s in samples if s.name == "cti_repairs_total"})


async def talking(fake: FakeAsterisk, open_house: OpenHouse) -> tuple[House, Conversation]:
    house = await open_house(ONE)
    return house, await conversation(house, fake, 1)


async def waiting(fake: FakeAsterisk, number: str = "13800138000") -> FakeCaller:
    caller = await fake.call("100", number=number)
    await caller.wait_for_music()
    return caller


@pytest.mark.parametrize(("who", "kind"), [("caller", "caller_gone"), ("agent", "leg_gone")])
async def test_a_hang_up_that_nobody_told(
    fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs, who: str, kind: str
) -> None:
    house, talk = await talking(fake, open_house)
    with unheard(fake):
        (talk.caller if who == "caller" else talk.agent).hang_up()
    await house.until_fact(CallEnded, within_s=PROMISED_S)
    await talk.is_over()
    assert repaired.counted()[kind] == 1
    assert [ended.outcome for ended in house.facts(CallEnded)] == ["answered"]


async def test_an_answer_that_nobody_told(fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs) -> None:
    house = await open_house(ONE)
    house.change_queue("service", ring_timeout_s=60.0)
    await house.sign_in(1)
    caller = await fake.call("100")
    leg = await fake.next_dial()
    leg.ring()
    with unheard(fake):
        leg.answer()
    await caller.wait_for_prompt("工号", within_s=PROMISED_S)
    caller.finish_prompt()
    await caller.wait_until_talking_to(leg)
    assert repaired.counted() == {"leg_answered": 1}


async def test_a_caller_whose_arrival_nobody_told(fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs) -> None:
    await open_house(ONE)
    with unheard(fake):
        caller = await fake.call("100")
        await asyncio.sleep(0.1)
    await caller.wait_for_music(within_s=PROMISED_S)
    assert repaired.counted() == {"missed_caller": 1}


async def test_what_is_ours_but_nobodys_is_reaped_and_what_is_not_ours_stays(
    fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs
) -> None:
    await open_house(ONE)
    leg = Channel("n1-1700000000-1.o1", "PJSIP/1001-1", state="Up", app=fake.app, args=["leg"])
    private = Channel("1700000001.2", "PJSIP/1002-1", state="Up")
    world = fake.world
    with unheard(fake):
        for channel in (leg, private):
            world.add_channel(channel)
        for ident in ("n1-1700000000-1.b1", "somebody-elses"):
            world.bridges[ident] = Bridge(ident, "mixing")
    await fake.until(lambda: leg.gone and "n1-1700000000-1.b1" not in world.bridges, "both are reaped", PROMISED_S)
    assert not private.gone
    assert "somebody-elses" in world.bridges
    assert repaired.counted() == {"orphan_leg": 1, "orphan_bridge": 1}


async def test_the_bridge_of_a_call_that_has_ended_does_not_wait_for_the_recording(
    fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs
) -> None:
    house, talk = await talking(fake, open_house)
    await fake.until(lambda: talk.caller.recorded, "the recording runs")
    (bridge,) = [bridge for bridge in fake.world.bridges.values() if bridge.kind == "mixing"]
    await fake.ami.stop()
    talk.caller.hang_up()
    await talk.agent.wait_until_gone()
    fake.world.bridges[bridge.id] = Bridge(bridge.id, "mixing")  # the daemon died before it was removed
    await fake.until(lambda: bridge.id not in fake.world.bridges, "removed", PROMISED_S)
    assert [call.phase for session in house.centre.registry if (call := session.call)] == ["ended"]
    assert repaired.counted() == {"orphan_bridge": 1}


async def test_two_who_were_parted_hear_each_other_again(
    fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs
) -> None:
    _, talk = await talking(fake, open_house)
    with unheard(fake):
        fake.world.leave_bridge(talk.caller.channel)
    assert talk.caller.hears == "silence"
    await talk.caller.wait_until_talking_to(talk.agent, within_s=PROMISED_S)
    assert repaired.counted() == {"misplaced": 1}


async def test_a_bridge_that_went_away_is_made_again(
    fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs
) -> None:
    _, talk = await talking(fake, open_house)
    with unheard(fake):
        fake.world.destroy_bridge(fake.world.bridges[talk.caller.channel.bridge_id])
    await talk.caller.wait_until_talking_to(talk.agent, within_s=PROMISED_S)
    assert talk.agent.hears == talk.caller.channel_id
    assert repaired.counted() == {"misplaced": 2}


async def test_who_waits_in_silence_has_music_again(
    fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs
) -> None:
    fake.world.prompt_seconds = 0.2  # the position, again and again
    await open_house(ONE)
    caller = await waiting(fake)
    with unheard(fake):
        fake.world.leave_bridge(caller.channel)
    await caller.wait_for_music(within_s=PROMISED_S)
    assert repaired.counted() == {"misplaced": 1}


async def test_a_place_that_the_engine_lost_is_the_same_again(
    fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs
) -> None:
    house = await open_house(ONE)
    await waiting(fake, "13800138001")
    await waiting(fake, "13800138002")
    first = next(call for call in house.centre.calls() if call.caller_number == "13800138001")
    router = house.centre.dispatcher.router
    router.apply(told.ContactLeft(first.id, "ended"), house.clock.now())
    await fake.until(lambda: router.position(first.id) == 1, "first again", PROMISED_S)
    assert repaired.counted() == {"place_lost": 1}
    assert len(house.facts(QueueEntered)) == 2


async def test_an_agent_kept_for_a_call_that_is_over_is_free_again(
    fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs
) -> None:
    house = await open_house(ONE)
    await house.sign_in(1)
    kept = told.OfferAdopted("n1-1-1.o1", "n1-1-1", "service", "1", house.clock.now(), answered=True)
    house.centre.dispatcher.router.apply(kept, house.clock.now())
    caller = await fake.call("100")
    leg = await fake.next_dial(within_s=PROMISED_S + 10)  # the queue's wrap-up
    leg.answer()
    await caller.wait_for_prompt("工号")
    assert repaired.counted() == {"contact_kept": 1}


async def test_an_agent_who_talks_is_not_offered_to_others_for_long(
    fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs
) -> None:
    house, talk = await talking(fake, open_house)
    router = house.centre.dispatcher.router
    router.apply(told.ContactLeft(talk.call_id, "ended"), house.clock.now())
    router.apply(told.WrapUpEnded("1"), house.clock.now())
    await fake.until(lambda: (seen := router.agent("1")) and seen.activity == "talking", "taken again", PROMISED_S)
    assert repaired.counted() == {"agent_not_taken": 1}
    talk.caller.hang_up()
    await house.until_activity(1, "wrap_up")


async def test_a_phone_whose_loss_nobody_told(fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs) -> None:
    house = await open_house(ONE)
    await house.sign_in(1)
    await asyncio.sleep(5)  # the listing after the connect is over
    with unheard(fake):
        fake.phones["1001"].unregister()
    await fake.until(lambda: house.agent(1).phone == "unreachable", "not reachable", PROMISED_S)
    with unheard(fake):
        fake.phones["1001"].register()
    await house.sign_in(1)
    assert repaired.counted() == {"phone": 2}


async def test_what_comes_again_and_again_is_told_once_and_left_alone(
    fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asterisk says "done" to every removal, and the bridge stays."""
    await open_house(ONE)
    stubborn = Bridge("n1-1700000000-1.b1", "mixing")

    class Stubborn(dict[str, Bridge]):
        def __delitem__(self, key: str) -> None:
            if key != stubborn.id:
                super().__delitem__(key)

    fake.world.bridges = Stubborn({**fake.world.bridges, stubborn.id: stubborn})
    await asyncio.sleep(300)
    assert repaired.counted() == {"orphan_bridge": 3}
    assert capsys.readouterr().out.count("not_repairable") == 1


async def test_in_an_ordinary_day_there_is_nothing_to_repair(
    fake: FakeAsterisk, open_house: OpenHouse, repaired: Repairs
) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=9))
    for number in range(12):
        talk = await conversation(house, fake, 1 + number % 2)
        other = await waiting(fake, "13900139000") if number % 3 == 0 else None
        await asyncio.sleep(13)
        if other is not None:
            other.hang_up()
        talk.caller.hang_up()
        await house.until_quiet()
        house.centre.choose_presence(1 + number % 2, "signed_out", "", "agent")
    assert repaired.counted() == {}
    assert any(change.activity == "talking" for change in house.facts(AgentStateChanged))
