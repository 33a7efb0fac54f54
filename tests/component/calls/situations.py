"""Situations in the middle of a call, by name, and who takes part in each: what a matrix of events is tried in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ctiserver.call.events import (
    ConsultChosen,
    ConsultRequested,
    HoldRequested,
    InviteRequested,
    RecordingPauseRequested,
    TransferRequested,
)
from ctiserver.call.watching import Mode
from tests.component.calls.floor import Conversation, conversation, dialled
from tests.component.calls.house import House
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import FakeLeg, Party

OUTSIDE_NUMBER = "02885551234"
Parties = dict[str, Party]
Build = Callable[[House, FakeAsterisk], Awaitable[Parties]]


@dataclass(frozen=True)
class Situation:
    """`build` leads there and returns the parties that are in it; `parties` are their names."""

    name: str
    parties: tuple[str, ...]
    build: Build
    nobody_talked: bool = False


async def _talk(house: House, fake: FakeAsterisk) -> tuple[Conversation, Parties]:
    talk = await conversation(house, fake, 1, 2, 3)
    return talk, {"caller": talk.caller, "agent": talk.agent}


async def talking(house: House, fake: FakeAsterisk) -> Parties:
    return (await _talk(house, fake))[1]


async def held(house: House, fake: FakeAsterisk) -> Parties:
    talk, parties = await _talk(house, fake)
    house.centre.controls.give(talk.call_id, HoldRequested(held=True))
    await talk.caller.wait_for_music()
    return parties


async def paused(house: House, fake: FakeAsterisk) -> Parties:
    talk, parties = await _talk(house, fake)
    house.centre.controls.give(talk.call_id, RecordingPauseRequested(paused=True))
    await fake.until(lambda: any(r.muted for r in fake.world.recordings.values()), "paused")
    return parties


async def _consult(house: House, fake: FakeAsterisk) -> tuple[Conversation, Parties, FakeLeg]:
    talk, parties = await _talk(house, fake)
    house.centre.controls.give(talk.call_id, ConsultRequested(target=house.centre.controls.agent(2)))
    colleague = await dialled(fake)
    return talk, parties | {"colleague": colleague}, colleague


async def consult_rings(house: House, fake: FakeAsterisk) -> Parties:
    return (await _consult(house, fake))[1]


async def consulting(house: House, fake: FakeAsterisk) -> Parties:
    talk, parties, colleague = await _consult(house, fake)
    colleague.answer()
    await talk.agent.wait_until_talking_to(colleague)
    return parties


async def swapped(house: House, fake: FakeAsterisk) -> Parties:
    talk, parties, colleague = await _consult(house, fake)
    colleague.answer()
    await talk.agent.wait_until_talking_to(colleague)
    house.centre.controls.give(talk.call_id, ConsultChosen(choice="swap"))
    await talk.caller.wait_until_talking_to(talk.agent)
    return parties


async def completed_while_ringing(house: House, fake: FakeAsterisk) -> Parties:
    talk, parties, colleague = await _consult(house, fake)
    house.centre.controls.give(talk.call_id, ConsultChosen(choice="complete"))
    await talk.agent.wait_until_gone()
    return {"caller": parties["caller"], "colleague": colleague}


async def conference(house: House, fake: FakeAsterisk) -> Parties:
    talk, parties = await _talk(house, fake)
    house.centre.controls.give(talk.call_id, InviteRequested(target=house.centre.controls.agent(2)))
    colleague = await dialled(fake)
    colleague.answer()
    await fake.until(lambda: len(talk.caller.hears.split(",")) == 2, "all three")
    return parties | {"colleague": colleague}


async def inviting(house: House, fake: FakeAsterisk) -> Parties:
    talk, parties = await _talk(house, fake)
    house.centre.controls.give(talk.call_id, InviteRequested(target=house.centre.controls.agent(2)))
    return parties | {"colleague": await dialled(fake)}


async def transferring(house: House, fake: FakeAsterisk) -> Parties:
    talk, parties = await _talk(house, fake)
    house.centre.controls.give(talk.call_id, TransferRequested(target=house.centre.controls.agent(2)))
    colleague = await dialled(fake)
    await talk.caller.wait_for_music()
    return {"caller": parties["caller"], "colleague": colleague}


async def returned(house: House, fake: FakeAsterisk) -> Parties:
    """Nobody took the transferred caller: the one who sent them is rung again."""
    parties = await transferring(house, fake)
    colleague = parties["colleague"]
    assert isinstance(colleague, FakeLeg)
    colleague.reject(486)
    return {"caller": parties["caller"], "agent": await dialled(fake)}


async def forwarded(house: House, fake: FakeAsterisk) -> Parties:
    talk, parties = await _talk(house, fake)
    fake.phone(f"{OUTSIDE_NUMBER}@trunk")
    house.centre.controls.give(talk.call_id, TransferRequested(target=house.centre.controls.number(OUTSIDE_NUMBER)))
    outside = await dialled(fake)
    outside.answer()
    await talk.caller.wait_until_talking_to(outside)
    return {"caller": parties["caller"], "outside": outside}


async def own_call_rings(house: House, fake: FakeAsterisk) -> Parties:
    fake.phone(f"{OUTSIDE_NUMBER}@trunk")
    await house.sign_in(1)
    house.centre.controls.dial(1, house.centre.controls.number(OUTSIDE_NUMBER), None)
    own = await dialled(fake)
    own.answer()
    return {"agent": own, "outside": await dialled(fake)}


async def own_call(house: House, fake: FakeAsterisk) -> Parties:
    parties = await own_call_rings(house, fake)
    outside = parties["outside"]
    assert isinstance(outside, FakeLeg)
    outside.answer()
    await parties["agent"].wait_until_talking_to(outside)
    return parties


def watched(mode: Mode, *, answered: bool = True) -> Build:
    async def build(house: House, fake: FakeAsterisk) -> Parties:
        _, parties = await _talk(house, fake)
        house.centre.supervision.begin(1, "PJSIP/1003", "boss", mode)
        boss = await dialled(fake)
        if answered:
            boss.answer()
            await fake.until(lambda: boss.hears not in ("silence", ""), "listens")
        return parties | {"boss": boss}

    return build


TWO, THREE = ("caller", "agent"), ("caller", "agent", "colleague")
SITUATIONS = (
    Situation("talking", TWO, talking),
    Situation("held", TWO, held),
    Situation("recording_paused", TWO, paused),
    Situation("consult_rings", THREE, consult_rings),
    Situation("consulting", THREE, consulting),
    Situation("consult_swapped", THREE, swapped),
    Situation("completed_while_ringing", ("caller", "colleague"), completed_while_ringing),
    Situation("conference", THREE, conference),
    Situation("inviting", THREE, inviting),
    Situation("transferring", ("caller", "colleague"), transferring),
    Situation("returned", TWO, returned),
    Situation("forwarded", ("caller", "outside"), forwarded),
    Situation("own_call_rings", ("agent", "outside"), own_call_rings, nobody_talked=True),
    Situation("own_call", ("agent", "outside"), own_call),
    Situation("about_to_listen", (*TWO, "boss"), watched("listen", answered=False)),
    Situation("listening", (*TWO, "boss"), watched("listen")),
    Situation("whispering", (*TWO, "boss"), watched("whisper")),
    Situation("barging", (*TWO, "boss"), watched("barge")),
)
