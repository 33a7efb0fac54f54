"""Waiting: giving up, being passed to the next agent, hanging up while a phone rings, two callers for one agent."""

from __future__ import annotations

from tests.asterisk.calls.conftest import CALLER_HZ, Floor


async def test_who_gives_up_in_the_queue_is_counted_as_abandoned(floor: Floor) -> None:
    caller = await floor.call("100", "13700000201")
    await caller.wait_for("connected")
    await caller.hears_sound()
    await caller.hang_up()
    record = await floor.record("13700000201")
    assert (record["outcome"], record["ended_by"]) == ("abandoned", "caller")


async def test_the_first_agent_does_not_answer_and_the_next_one_gets_the_caller(floor: Floor) -> None:
    silent = await floor.agent("1001")
    willing = await floor.agent("1002", tone_hz=800)
    before = {phone.number: (await floor.desk.agent(phone.number))["missed_today"] for phone in (silent, willing)}
    caller = await floor.call("100", "13700000202")
    await caller.wait_for("connected")
    first, rung = await floor.first_ringing(silent, willing)
    second = willing if first is silent else silent
    await rung.wait_for("ended", timeout=15)
    next_call = await second.next_call(timeout=15)
    assert next_call.number == "13700000202"
    await next_call.answer()
    await next_call.hears(CALLER_HZ)
    missed = await floor.until(first.number, missed_today=before[first.number] + 1)
    assert missed["presence"] == "ready"
    await caller.hang_up()
    record = await floor.record("13700000202")
    assert record["outcome"] == "answered"
    offers = await floor.stack.query(
        "SELECT outcome, cause FROM offer WHERE call_id = :id ORDER BY started_at", id=record["id"]
    )
    assert [(o["outcome"], o["cause"]) for o in offers] == [("refused", "no_answer"), ("answered", "")]


async def test_the_phone_stops_ringing_when_the_caller_hangs_up(floor: Floor) -> None:
    phone = await floor.agent("1001")
    caller = await floor.call("100", "13700000203")
    rung = await phone.next_call()
    await floor.until("1001", activity="ringing")
    await caller.hang_up()
    await rung.wait_for("ended", timeout=3)
    await floor.until("1001", activity="idle", presence="ready")
    assert (await floor.record("13700000203"))["outcome"] == "abandoned"


async def test_two_callers_one_agent(floor: Floor) -> None:
    phone = await floor.agent("1001", tone_hz=920)
    first = await floor.call("100", "13700000204")
    rung = await phone.next_call()
    second = await floor.call("100", "13700000205")
    await second.wait_for("connected")
    await rung.answer()
    await first.hears(920)
    await second.hears_not(920, 1.0)
    await first.hang_up()
    await floor.until("1001", activity="wrap_up")
    again = await phone.next_call(timeout=10)
    assert again.number == "13700000205"
    await again.answer()
    await second.hears(920)
    await again.hears(CALLER_HZ)
    await again.hang_up()
    await second.wait_for("ended", timeout=15)
    record = await floor.record("13700000205")
    assert (record["outcome"], record["ended_by"]) == ("answered", "agent")


async def test_an_agent_whose_phone_is_not_registered_is_not_offered_calls(floor: Floor) -> None:
    phone = await floor.agent("1001")
    await phone.unregister()
    await floor.until("1001", phone="unreachable")
    caller = await floor.call("100", "13700000206")
    await caller.wait_for("connected")
    await caller.hears_sound()
    state = await floor.desk.agent("1001")
    assert (state["presence"], state["activity"]) == ("ready", "idle")
    await caller.hang_up()
    record = await floor.record("13700000206")
    assert not await floor.stack.query("SELECT 1 FROM offer WHERE call_id = :id", id=record["id"])
