"""kill -9 of the daemon: the two go on talking; after its restart the call ends as one complete record."""

from __future__ import annotations

from ctiserver.demo.tones import assert_tone, read_wav
from tests.asterisk.calls.conftest import CALLER_HZ, Floor
from tests.real_stack import eventually


async def test_during_a_conversation(floor: Floor) -> None:
    phone = await floor.agent("1001", tone_hz=560)
    caller = await floor.call("100", "13700000301")
    rung = await phone.next_call()
    await rung.answer()
    await caller.hears(560)
    before = floor.stack.daemon_log.count("daemon_ready")
    floor.stack.kill_daemon()
    await caller.hears(560, lasting=1.0)
    await rung.hears(CALLER_HZ, lasting=1.0)
    await eventually(lambda: floor.stack.daemon_log.count("daemon_ready") > before, 90)
    await floor.until("1001", activity="talking")
    await caller.hang_up()
    await rung.wait_for("ended")

    record = await floor.record("13700000301")
    assert (record["outcome"], record["ended_by"]) == ("answered", "caller")
    calls = await floor.stack.query("SELECT id FROM call WHERE caller_number = '13700000301'")
    assert len(calls) == 1
    recording = await floor.stack.row(
        "SELECT * FROM recording WHERE call_id = :id AND status <> 'pending'", id=record["id"]
    )
    assert recording["status"] == "stored"
    wav = read_wav(floor.stack.recordings / recording["path"])
    assert_tone(wav.left, wav.rate, CALLER_HZ)
    assert_tone(wav.right, wav.rate, 560)
    facts = await floor.stack.query(
        "SELECT f.value ->> 'type' AS fact FROM journal_event, jsonb_array_elements(body -> 'facts') AS f"
        " WHERE call_id = :id",
        id=record["id"],
    )
    assert [row["fact"] for row in facts].count("CallEnded") == 1


async def test_callers_in_the_queue_keep_their_place_and_who_comes_meanwhile_is_taken_up(floor: Floor) -> None:
    first = await floor.call("100", "13700000302")
    await first.wait_for("connected")
    await first.hears_sound()
    before = floor.stack.daemon_log.count("daemon_ready")
    floor.stack.kill_daemon()
    second = await floor.call("100", "13700000303")
    await eventually(lambda: floor.stack.daemon_log.count("daemon_ready") > before, 90)
    await second.wait_for("connected", timeout=20)
    phone = await floor.agent("1001", tone_hz=560)
    rung = await phone.next_call()
    assert rung.number == "13700000302"
    await rung.answer()
    await first.hears(560)
    await first.hang_up()
    again = await phone.next_call(timeout=15)
    assert again.number == "13700000303"
    await second.hang_up()
