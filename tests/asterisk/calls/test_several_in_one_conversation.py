"""Consulting with swap and complete, then a conference of four: everybody hears the others and not themselves."""

from __future__ import annotations

import asyncio

from ctiserver.demo.phone_call import PhoneCall
from tests.asterisk.calls.conftest import CALLER_HZ, OUTSIDE_NUMBER, Floor
from tests.asterisk.calls.conversations import FIRST_HZ, OUTSIDE_HZ, SECOND_HZ, Conversation, conversation, to_agent

IN_TIME_S = 20


async def test_swap_back_and_forth_then_complete(floor: Floor) -> None:
    talk = await conversation(floor, "13700020411")
    second = await floor.agent("1007", tone_hz=SECOND_HZ)
    await talk.give("consult", await to_agent(floor, "1007"))
    asked = await second.next_call(IN_TIME_S)
    await talk.caller.hears_sound()
    await asked.answer()
    await asyncio.gather(talk.agent.hears(SECOND_HZ), asked.hears(FIRST_HZ), talk.caller.hears_not(FIRST_HZ))
    await talk.give("consult", {"choice": "swap"}, method="PUT")
    await asyncio.gather(talk.caller.hears(FIRST_HZ), talk.agent.hears(CALLER_HZ), asked.hears_sound())
    await asyncio.gather(asked.hears_not(FIRST_HZ), talk.agent.hears_not(SECOND_HZ), asked.hears_not(CALLER_HZ))
    await talk.give("consult", {"choice": "swap"}, method="PUT")
    await asyncio.gather(talk.agent.hears(SECOND_HZ), talk.caller.hears_not(SECOND_HZ))
    await talk.give("consult", {"choice": "complete"}, method="PUT")
    await talk.agent.wait_for("ended", timeout=IN_TIME_S)
    await asyncio.gather(talk.caller.hears(SECOND_HZ), asked.hears(CALLER_HZ), asked.hears_not(FIRST_HZ))
    await talk.caller.hang_up()
    await asked.wait_for("ended", timeout=IN_TIME_S)
    record = await floor.record("13700020411")
    rows = await floor.stack.query("SELECT kind, outcome FROM call_transfer WHERE call_id = :id", id=record["id"])
    assert [(row["kind"], row["outcome"]) for row in rows] == [("consult", "answered")]


async def test_four_in_a_conference(floor: Floor) -> None:
    talk = await conversation(floor, "13700020412")
    second, customer = await asyncio.gather(
        floor.agent("1007", tone_hz=SECOND_HZ), floor.outside_phone(tone_hz=OUTSIDE_HZ)
    )
    await talk.give("parties", await to_agent(floor, "1007"))
    await talk.give("parties", {"to": {"kind": "number", "number": OUTSIDE_NUMBER}})
    colleague, outside = await asyncio.gather(second.next_call(IN_TIME_S), customer.next_call(IN_TIME_S))
    await asyncio.gather(colleague.answer(), outside.answer())
    tones = {talk.caller: CALLER_HZ, talk.agent: FIRST_HZ, colleague: SECOND_HZ, outside: OUTSIDE_HZ}
    await asyncio.gather(*(_hears_all_others(call, tones) for call in tones))

    parties = {party["number"]: party["id"] for party in (await floor.live("1006"))["parties"]}
    await talk.give("mute", {"party": parties["1007"], "muted": True})
    others = [call for call in tones if call is not colleague]
    await asyncio.gather(*(_until_silent(call, SECOND_HZ) for call in others))
    await colleague.hears(CALLER_HZ)
    await talk.give("mute", {"party": parties["1007"], "muted": False})
    await asyncio.gather(*(call.hears(SECOND_HZ) for call in others))

    await _remove(talk, parties[OUTSIDE_NUMBER])
    await outside.wait_for("ended", timeout=IN_TIME_S)
    await asyncio.gather(_until_silent(talk.caller, OUTSIDE_HZ), talk.caller.hears(SECOND_HZ))
    await asyncio.gather(talk.caller.hears(FIRST_HZ), colleague.hears(FIRST_HZ))
    await talk.caller.hang_up()
    await talk.agent.hears(SECOND_HZ)  # colleagues may go on among themselves
    await talk.agent.hang_up()
    await floor.record("13700020412")
    rows = await floor.stack.query("SELECT 1 FROM recording WHERE call_id = :id", id=talk.call_id)
    assert len(rows) == 1, "one conversation, one recording"


async def _hears_all_others(call: PhoneCall, tones: dict[PhoneCall, int]) -> None:
    await asyncio.gather(*(call.hears(hz, IN_TIME_S) for other, hz in tones.items() if other is not call))
    await call.hears_not(tones[call])


async def _until_silent(call: PhoneCall, hz: int) -> None:
    """The command has taken effect as soon as a second of sound comes without the tone."""
    async with asyncio.timeout(IN_TIME_S):
        while True:
            try:
                return await call.hears_not(hz)
            except AssertionError:
                continue


async def _remove(talk: Conversation, party_id: str) -> None:
    await talk.give(f"parties/{party_id}", None, method="DELETE")
