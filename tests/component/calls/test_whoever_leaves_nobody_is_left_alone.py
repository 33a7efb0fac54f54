"""The matrix: every situation of consult, conference, transfer and supervision × whoever leaves, however.

Afterwards nobody is alone in a bridge, no phone rings on, no agent stays taken, and a conversation is one recording.
"""

from __future__ import annotations

import asyncio

import pytest

from ctiserver.call.events import CallEnded, RecordingStored
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.calls.situations import SITUATIONS, Parties, Situation
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import FakeLeg, Party
from tests.component.fake_asterisk.world import Bridge

SETTLED_S = 45.0  # longer than any phone rings
RTP_TIMEOUT = 44  # Q.850 cause of a leg whose sound has stopped

EACH_LEAVES = [
    pytest.param(each, who, how, id=f"{each.name}-{who}-{how}")
    for each in SITUATIONS
    for who in each.parties
    for how in ("hangs_up", "is_cut_off")
]
TWO_AT_ONCE = [
    pytest.param(each, pair, id=f"{each.name}-{pair[0]}-{pair[1]}")
    for each in SITUATIONS
    for pair in zip(each.parties, each.parties[1:] + each.parties[:1], strict=True)
    if len(each.parties) > 2 or pair == each.parties
]


def leave(fake: FakeAsterisk, party: Party, how: str) -> None:
    if how == "hangs_up":
        party.hang_up()
        return
    party.hang_up(RTP_TIMEOUT)
    if isinstance(party, FakeLeg) and party.extension in fake.phones:
        fake.phones[party.extension].unregister()


def lonely(house: House, fake: FakeAsterisk) -> list[str]:
    """Mixing bridges in which one party hears nobody, no prompt and no music.

    Listening between calls is none, nor is the agent who lets the caller wait: that agent chose to hear nothing.
    """
    if any(call.held for call in house.centre.calls()):
        return []

    def hears_something(bridge: Bridge) -> bool:
        played = any(playback.target == f"bridge:{bridge.id}" for playback in fake.world.playbacks.values())
        return played or fake.world.playing_on(bridge.channels[0]) is not None

    return [
        bridge.id
        for bridge in fake.world.bridges.values()
        if bridge.kind != "holding" and "-w" not in bridge.id and len(bridge.channels) == 1
        if not hears_something(bridge)
    ]


def ringing(fake: FakeAsterisk) -> list[str]:
    return [leg.channel_id for leg in fake.legs if not leg.gone and leg.channel.state in ("Down", "Ring", "Ringing")]


async def all_is_well(house: House, fake: FakeAsterisk, situation: Situation, parties: Parties) -> None:
    """When things have settled, and again when the rest have hung up one after the other."""
    await asyncio.sleep(SETTLED_S)
    await fake.until(lambda: not lonely(house, fake), f"nobody alone, but {lonely(house, fake)}")
    in_queue = any(call.phase in ("waiting", "ringing") for call in house.centre.calls())
    assert in_queue or not ringing(fake), "no phone rings on"
    for party in [*parties.values(), *fake.legs]:
        if not party.gone:
            party.hang_up()
            await asyncio.sleep(SETTLED_S)
            await fake.until(lambda: not lonely(house, fake), f"nobody alone, but {lonely(house, fake)}")
    await house.until_quiet()
    await fake.until(lambda: not len(house.centre.supervision), "nobody listens")
    await fake.until(lambda: all(a.activity in ("idle", "wrap_up") for a in house.centre.agents()), "no agent is taken")
    ended = [fact.call_id for fact in house.facts(CallEnded)]
    assert len(ended) == len(set(ended)) == 1
    recorded = 0 if situation.nobody_talked else 1
    await fake.until(lambda: len(house.facts(RecordingStored)) >= recorded, "kept")
    await asyncio.sleep(SETTLED_S)
    assert len(house.facts(RecordingStored)) == recorded, "one conversation, one recording"


def three() -> tuple[object, ...]:
    return agent(1, service=9), agent(2, repairs=9), agent(3, repairs=9)


@pytest.mark.parametrize(("situation", "who", "how"), EACH_LEAVES)
async def test_somebody_leaves(
    fake: FakeAsterisk, open_house: OpenHouse, situation: Situation, who: str, how: str
) -> None:
    house = await open_house(*three())
    parties = await situation.build(house, fake)
    assert tuple(parties) == situation.parties
    leave(fake, parties[who], how)
    await all_is_well(house, fake, situation, parties)


@pytest.mark.parametrize(("situation", "pair"), TWO_AT_ONCE)
async def test_two_leave_in_the_same_instant(
    fake: FakeAsterisk, open_house: OpenHouse, situation: Situation, pair: tuple[str, str]
) -> None:
    house = await open_house(*three())
    parties = await situation.build(house, fake)
    for who in pair:
        parties[who].hang_up()
    await all_is_well(house, fake, situation, parties)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.name)
async def test_the_daemon_is_killed(fake: FakeAsterisk, open_house: OpenHouse, situation: Situation) -> None:
    house = await open_house(*three())
    parties = await situation.build(house, fake)
    again = await house.restarted()
    try:
        await all_is_well(again, fake, situation, parties)
    finally:
        await again.stop()


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.name)
async def test_somebody_leaves_while_the_daemon_is_away(
    fake: FakeAsterisk, open_house: OpenHouse, situation: Situation
) -> None:
    house = await open_house(*three())
    parties = await situation.build(house, fake)
    await house.stop()
    parties[situation.parties[-1]].hang_up()
    again = await house.restarted()
    try:
        await all_is_well(again, fake, situation, parties)
    finally:
        await again.stop()


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.name)
async def test_the_link_breaks_and_somebody_leaves_meanwhile(
    fake: FakeAsterisk, open_house: OpenHouse, situation: Situation
) -> None:
    house = await open_house(*three())
    parties = await situation.build(house, fake)
    await fake.drop_sockets()
    parties[situation.parties[0]].hang_up()
    await fake.until_served()
    await all_is_well(house, fake, situation, parties)
