"""Asterisk's news come twice, in another order, too late, for nobody, or not at all: calls go on."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import REGISTRY

from ctiserver.call.events import CallEnded, CallStarted, TalkEnded
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import conversation
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.world import Channel, Json

ONE = agent(1, service=9)


def told_of_nobody() -> float:
    samples = (s for metric in REGISTRY.collect() if metric.name == "cti_unknown_events" for s in metric.samples)
    return sum(sample.value for sample in samples if sample.name == "cti_unknown_events_total")


async def test_news_of_channels_that_no_call_knows_are_counted(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(ONE)
    stranger = Channel("1700000000.9", "PJSIP/trunk-99", app="cti")
    leg = Channel("n1-1-1.o1", "PJSIP/1001-99", app="cti")
    before = told_of_nobody()
    news: list[tuple[str, Json]] = [
        ("ChannelDtmfReceived", {"digit": "1", "duration_ms": 100}),
        ("ChannelHold", {}),
        ("ChannelUnhold", {}),
        ("ChannelDestroyed", {"cause": 16, "cause_txt": "", "tech_cause": 0}),
    ]
    for channel in (stranger, leg):
        for kind, more in news:
            fake.world.emit("cti", {"type": kind, "channel": fake.world.channel_json(channel), **more})
    await fake.until(lambda: told_of_nobody() >= before + 6, "they are counted")
    talk = await conversation(house, fake, 1)
    talk.caller.hang_up()
    await talk.is_over()
    assert [ended.outcome for ended in house.facts(CallEnded)] == ["answered"]


async def test_everything_is_told_twice(
    fake: FakeAsterisk, open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is where subscriptions overlap: one call, one conversation, one end, one ringing phone."""
    world = fake.world
    emit = world._emit  # pyright: ignore[reportPrivateUsage] - the fault is made here

    def twice(app: str, event: Json) -> None:
        emit(app, event)
        emit(app, event)

    monkeypatch.setattr(world, "_emit", twice)
    house = await open_house(ONE)
    talk = await conversation(house, fake, 1)
    talk.agent.hold()
    talk.agent.unhold()
    talk.agent.hang_up()
    await talk.caller.wait_until_gone(within_s=60)
    await house.until_quiet()
    for fact in (CallStarted, TalkEnded, CallEnded):
        assert len(house.facts(fact)) == 1, fact
    assert len(fake.legs) == 1


@pytest.mark.parametrize("command", ["channels", "addChannel", "answer", "bridges"])
async def test_the_news_come_before_the_answer_to_the_command(
    fake: FakeAsterisk, open_house: OpenHouse, command: str
) -> None:
    """The phone is picked up, and both are heard, while the answer to what brought that about is on its way."""
    fake.late[command] = 2.0
    house = await open_house(ONE)
    talk = await conversation(house, fake, 1)
    talk.caller.hang_up()
    await talk.is_over()
    await house.until_quiet()
    assert [ended.outcome for ended in house.facts(CallEnded)] == ["answered"]
    assert len(fake.legs) == 1


async def test_a_prompt_whose_end_is_never_told(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    """The flow goes on after five minutes: a caller is not kept in a menu for ever."""
    house = await open_house(ONE)
    caller = await fake.call("101")
    await caller.wait_for_prompt()
    world = fake.world
    emit = world._emit  # pyright: ignore[reportPrivateUsage] - the fault is made here

    def but_that(app: str, event: Json) -> None:
        if event["type"] != "PlaybackFinished":
            emit(app, event)

    world._emit = but_that  # pyright: ignore[reportPrivateUsage]
    await caller.wait_until_gone(within_s=3600)
    await house.until_quiet()
    assert house.facts(CallEnded)[0].ended_by != "caller"


async def test_a_listing_shows_a_caller_who_has_gone(
    fake: FakeAsterisk, open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken for one who was missed, and found out: the call ends as that of one who left, and keeps no agent."""
    house = await open_house(ONE)
    await house.sign_in(1)
    ghost = Channel("1800000099.7", "PJSIP/trunk-77", state="Up", caller_number="13900139000", exten="100")
    ghost.app, ghost.args = "cti", ["100"]
    channel_json, listing = fake.world.channel_json, fake.ari.rest._list_channels  # pyright: ignore[reportPrivateUsage]

    async def stale(request: Any) -> Any:
        status, channels = await listing(request)
        return status, [*channels, channel_json(ghost)]

    monkeypatch.setattr(fake.ari.rest, "_list_channels", stale)
    fake.ari.rest._routes["GET", "channels"] = stale  # pyright: ignore[reportPrivateUsage] - the fault is made here
    await fake.drop_sockets()
    await house.until_fact(CallStarted, within_s=60)
    fake.ari.rest._routes["GET", "channels"] = listing  # pyright: ignore[reportPrivateUsage]
    await house.until_fact(CallEnded, within_s=60)
    await house.until_quiet()
    caller = await fake.call("100")
    (await fake.next_dial()).answer()
    await fake.until(
        lambda: caller.hears not in ("silence",) and not caller.hears.startswith("music"), "the agent is free"
    )
