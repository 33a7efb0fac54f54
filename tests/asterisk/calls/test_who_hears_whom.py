"""Tones tell who hears whom: transfer, consult, conference, whispering, and a phone's own REFER, on real parts."""

from __future__ import annotations

import asyncio
from typing import Any

from ctiserver.demo.phone_call import PhoneCall
from ctiserver.demo.phones import Phone
from tests.asterisk.calls.conftest import CALLER_HZ, Floor

FIRST_HZ, SECOND_HZ = 604, 855  # between the notes of the music for who is held
LARGEST_GAP_S = 0.5  # of what a supervisor hears: on a loaded machine a few packets may be late


async def talking(floor: Floor, number: str) -> tuple[PhoneCall, PhoneCall, Phone, str]:
    """A caller talks with 1006; 1007 sits beside."""
    first = await floor.agent("1006", tone_hz=FIRST_HZ)
    caller = await floor.call("101", number)
    await caller.wait_for("connected")
    await caller.dtmf("2")
    agent = await first.next_call(20)
    await agent.answer()
    await caller.hears(FIRST_HZ)
    second = await floor.agent("1007", tone_hz=SECOND_HZ)
    state = await floor.until("1006", activity="talking")
    return caller, agent, second, state["call_id"]


async def give(floor: Floor, login: str, method: str, path: str, body: dict[str, Any]) -> None:
    await floor.desk.command(login, method, path, body)


async def test_a_colleague_is_consulted_then_joins_then_has_the_caller(floor: Floor) -> None:
    caller, agent, second, call_id = await talking(floor, "13700020301")
    colleague_id = (await floor.desk.agent("1007"))["id"]
    url = f"/api/calls/{call_id}/consult"
    await give(floor, "1006", "POST", url, {"to": {"kind": "agent", "agent_id": colleague_id}})
    asked = await second.next_call(20)
    await asked.answer()
    await agent.hears(SECOND_HZ)
    await asked.hears(FIRST_HZ)
    await caller.hears_not(FIRST_HZ)
    await give(floor, "1006", "PUT", url, {"choice": "merge"})
    await caller.hears(SECOND_HZ)
    await caller.hears(FIRST_HZ)
    await asked.hears(CALLER_HZ)
    await agent.hears_not(FIRST_HZ)
    await give(floor, "1006", "POST", f"/api/calls/{call_id}/leave", {})
    await agent.wait_for("ended", timeout=20)
    await caller.hears(SECOND_HZ)
    await asked.hears(CALLER_HZ)
    await caller.hang_up()
    await asked.wait_for("ended", timeout=20)
    record = await floor.record("13700020301")
    rows = await floor.stack.query("SELECT status FROM recording WHERE call_id = :id", id=record["id"])
    assert len(rows) == 1, "one conversation, one recording"


async def test_after_a_phones_own_transfer_the_first_agent_is_off_the_line(floor: Floor) -> None:
    caller, agent, second, call_id = await talking(floor, "13700020302")
    await agent.transfer(f"sip:1007@{floor.stack.sip}")
    taken = await second.next_call(20)
    await taken.answer()
    await caller.hears(SECOND_HZ)
    await agent.wait_for("ended", timeout=20)
    await caller.hang_up()
    transfer = await floor.stack.row("SELECT * FROM call_transfer WHERE call_id = :id", id=call_id)
    assert (transfer["target_kind"], transfer["target"]) == ("agent", "1007")


async def test_a_supervisor_listens_then_whispers_then_barges_in_without_missing_anything(floor: Floor) -> None:
    caller, agent, boss, call_id = await talking(floor, "13700020303")
    await floor.desk.sign_in("supervisor", floor.stack.account("supervisor")["password"])
    listened_to = (await floor.desk.agent("1006"))["id"]
    body = {"agent_id": listened_to, "mode": "listen", "phone": "1007"}
    await give(floor, "supervisor", "POST", "/api/supervision", body)
    ear = await boss.next_call(20)
    await ear.answer()
    await asyncio.gather(ear.hears(CALLER_HZ), ear.hears(FIRST_HZ))
    await asyncio.gather(caller.hears_not(SECOND_HZ), agent.hears_not(SECOND_HZ))
    begun = ear.heard_s
    (watch,) = await floor.desk.get("supervisor", "/api/supervision")
    await give(floor, "supervisor", "PUT", f"/api/supervision/{watch['id']}", {"mode": "whisper"})
    await agent.hears(SECOND_HZ)
    await caller.hears_not(SECOND_HZ)
    await give(floor, "supervisor", "PUT", f"/api/supervision/{watch['id']}", {"mode": "barge"})
    await caller.hears(SECOND_HZ)
    assert await ear.longest_gap(CALLER_HZ, begun) < LARGEST_GAP_S
    await ear.hang_up()
    await caller.hang_up()
    await floor.record("13700020303")
    assert call_id
