"""A desk phone holds the caller, dials a colleague by itself and joins the two: REFER with Replaces, heard."""

from __future__ import annotations

import asyncio

from tests.asterisk.calls.conftest import CALLER_HZ, Floor
from tests.asterisk.calls.conversations import FIRST_HZ, SECOND_HZ, conversation

IN_TIME_S = 20


async def test_the_phone_asks_then_hands_the_caller_over(floor: Floor) -> None:
    talk = await conversation(floor, "13700020421")
    first, second = talk.phone, await floor.agent("1007", tone_hz=SECOND_HZ)
    await talk.agent.hold()
    await floor.until("1006", activity="hold")
    await talk.caller.hears_sound()
    await talk.agent.unhold()
    await asyncio.gather(talk.caller.hears(FIRST_HZ), talk.agent.hears(CALLER_HZ))
    await talk.agent.hold()
    line = await first.call(f"sip:1007@{floor.stack.sip}")
    asked = await second.next_call(IN_TIME_S)
    assert asked.number == "13700020421", "the colleague sees about whom it is"
    await asked.answer()
    await asyncio.gather(line.hears(SECOND_HZ), asked.hears(FIRST_HZ))
    await asyncio.gather(talk.caller.hears_sound(), talk.caller.hears_not(FIRST_HZ), asked.hears_not(CALLER_HZ))
    assert (await floor.live("1006"))["consult"] == "consulted"
    await talk.agent.join(line)
    await asyncio.gather(talk.agent.wait_for("ended", timeout=IN_TIME_S), line.wait_for("ended", timeout=IN_TIME_S))
    await asyncio.gather(talk.caller.hears(SECOND_HZ), asked.hears(CALLER_HZ), asked.hears_not(FIRST_HZ))
    await floor.until("1007", activity="talking", call_id=talk.call_id)
    await talk.caller.hang_up()
    await asked.wait_for("ended", timeout=IN_TIME_S)
    record = await floor.record("13700020421")
    rows = await floor.stack.query(
        "SELECT kind, target, outcome FROM call_transfer WHERE call_id = :id", id=record["id"]
    )
    assert [tuple(row.values()) for row in rows] == [("consult", "1007", "answered")]
    recordings = await floor.stack.query("SELECT 1 FROM recording WHERE call_id = :id", id=record["id"])
    assert len(recordings) == 1
    calls = await floor.stack.query("SELECT 1 FROM call WHERE dialled = '1007'")
    assert not calls, "no call of its own"
