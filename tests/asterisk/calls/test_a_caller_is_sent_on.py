"""Blind transfers from the page, heard: a colleague, a number outside, a flow and back, and a queue."""

from __future__ import annotations

import asyncio

from tests.asterisk.calls.conftest import CALLER_HZ, OUTSIDE_NUMBER, Floor
from tests.asterisk.calls.conversations import FIRST_HZ, OUTSIDE_HZ, SECOND_HZ, conversation, to_agent

KNOWN = "13800138022"  # a customer of the demo
IN_TIME_S = 20


async def test_to_a_colleague_who_sends_the_caller_outside(floor: Floor) -> None:
    talk = await conversation(floor, "13700020401")
    second, customer = await asyncio.gather(
        floor.agent("1007", tone_hz=SECOND_HZ), floor.outside_phone(tone_hz=OUTSIDE_HZ)
    )
    await talk.give("transfer", await to_agent(floor, "1007"))
    await talk.agent.wait_for("ended", timeout=IN_TIME_S)
    taken = await second.next_call(IN_TIME_S)
    await talk.caller.hears_sound()
    await taken.answer()
    await asyncio.gather(talk.caller.hears(SECOND_HZ), taken.hears(CALLER_HZ), taken.hears_not(FIRST_HZ))
    await floor.until("1007", activity="talking", call_id=talk.call_id)
    outside = {"to": {"kind": "number", "number": OUTSIDE_NUMBER, "shown": "96200"}}
    await talk.give("transfer", outside, login="1007")
    rung = await customer.next_call(IN_TIME_S)
    assert rung.number == "96200", "the number that the agent chose"
    await rung.answer()
    await taken.wait_for("ended", timeout=IN_TIME_S)
    await asyncio.gather(talk.caller.hears(OUTSIDE_HZ), rung.hears(CALLER_HZ), rung.hears_not(SECOND_HZ))
    await talk.caller.hang_up()
    await rung.wait_for("ended", timeout=IN_TIME_S)
    rows = await floor.stack.query(
        "SELECT target_kind, outcome FROM call_transfer WHERE call_id = :id ORDER BY id", id=talk.call_id
    )
    await floor.record("13700020401")
    assert [(row["target_kind"], row["outcome"]) for row in rows] == [("agent", "answered"), ("number", "answered")]
    await asyncio.gather(*(floor.until(login, call_id="") for login in ("1006",)))


async def test_through_a_flow_and_back_then_into_a_queue_with_what_is_known(floor: Floor) -> None:
    talk = await conversation(floor, KNOWN)
    errand = {"to": {"kind": "flow", "flow": "aside", "come_back": True}}
    await talk.give("transfer", errand)
    await talk.caller.hears_sound()
    await talk.caller.hears_not(FIRST_HZ, 0.5)
    await asyncio.gather(talk.caller.hears(FIRST_HZ, IN_TIME_S), talk.agent.hears(CALLER_HZ, IN_TIME_S))
    second = await floor.agent("1007", tone_hz=SECOND_HZ)
    known = (await floor.pop("1006"))["customer"]
    await talk.give("transfer", {"to": {"kind": "queue", "queue_id": "bills"}})
    await talk.agent.wait_for("ended", timeout=IN_TIME_S)
    rung = await second.next_call(IN_TIME_S)
    pop = await floor.pop("1007")
    assert (pop["call_id"], pop["queue_id"], pop["customer"]) == (talk.call_id, "bills", known)
    assert ("with_menu", "welcome") in [(entry["flow"], entry["node"]) for entry in pop["path"]]
    await rung.answer()
    await asyncio.gather(talk.caller.hears(SECOND_HZ), rung.hears(CALLER_HZ), rung.hears_not(FIRST_HZ))
    await rung.hang_up()
    await talk.caller.wait_for("ended", timeout=IN_TIME_S)
    record = await floor.record(KNOWN)
    recordings = await floor.stack.query("SELECT agent_id FROM recording WHERE call_id = :id", id=record["id"])
    assert len(recordings) == 2, "a queue is another conversation with a recording of its own"
