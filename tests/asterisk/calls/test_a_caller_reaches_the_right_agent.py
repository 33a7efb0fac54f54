"""The whole main job on real parts: menu, key, queue, the agent with the skill, both voices, recording, record."""

from __future__ import annotations

from ctiserver.demo.tones import assert_no_tone, assert_tone, read_wav
from tests.asterisk.calls.conftest import CALLER_HZ, Floor


async def test_who_presses_2_talks_to_the_agent_who_knows_repairs(floor: Floor) -> None:
    await floor.agent("1005")  # no repairs
    phone = await floor.agent("1006", tone_hz=740)
    number = "13700000101"
    caller = await floor.call("101", number, "张伟")
    await caller.wait_for("connected")
    await caller.dtmf("2")
    rung = await phone.next_call()
    assert (rung.number, rung.name) == (number, "张伟")
    assert rung.header("X-CTI-Call-Id")
    pop = await floor.pop("1006")
    assert (pop["state"], pop["caller_number"]) == ("ringing", number)
    assert [entry["node"] for entry in pop["path"]] == ["welcome", "repairs"]

    await rung.answer()
    await caller.hears(740)
    await rung.hears(CALLER_HZ)
    await floor.until("1006", activity="talking")
    await caller.hang_up()
    await rung.wait_for("ended")

    record = await floor.record(number)
    assert (record["outcome"], record["ended_by"], record["caller_name"]) == ("answered", "caller", "张伟")
    assert record["queue_id"] == "repairs"
    assert record["talk_ms"] > 0
    recording = await floor.stack.row(
        "SELECT * FROM recording WHERE call_id = :call_id AND status <> 'pending'", call_id=record["id"]
    )
    assert recording["status"] == "stored"
    wav = read_wav(floor.stack.recordings / recording["path"])
    assert abs(wav.seconds * 1000 - record["talk_ms"]) < 1500
    assert_tone(wav.left, wav.rate, CALLER_HZ)
    assert_tone(wav.right, wav.rate, 740)
    assert_no_tone(wav.left, wav.rate, 740)
    assert_no_tone(wav.right, wav.rate, CALLER_HZ)


async def test_keys_by_sip_info_count_as_well(floor: Floor) -> None:
    phone = await floor.agent("1006")
    caller = await floor.call("101", "13700000102")
    await caller.wait_for("connected")
    await caller.dtmf("2", method="info")
    await phone.next_call()
    await caller.hang_up()


async def test_the_recording_can_be_played_in_pieces(floor: Floor) -> None:
    """A player seeks: part of the file, by Range, over the API."""
    phone = await floor.agent("1006", answer="auto")
    caller = await floor.call("101", "13700000103")
    await caller.wait_for("connected")
    await caller.dtmf("2")
    await phone.next_call()
    await caller.hears(620)
    await caller.hang_up()
    record = await floor.record("13700000103")
    await floor.stack.row("SELECT 1 FROM recording WHERE call_id = :id AND status = 'stored'", id=record["id"])
    await floor.desk.sign_in("supervisor", floor.stack.account("supervisor")["password"])
    listed = await floor.desk.get("supervisor", f"/api/calls/{record['id']}")
    url = f"/api/recordings/{listed['recordings'][0]['id']}/audio"
    async with floor.desk.http("supervisor").get(url, headers={"Range": "bytes=44-8043"}) as part:
        assert part.status == 206, await part.text()
        assert len(await part.read()) == 8000


async def test_outside_hours_the_caller_is_told_and_let_go(floor: Floor) -> None:
    phone = await floor.agent("1001")
    before = (await floor.desk.agent("1001"))["missed_today"]
    caller = await floor.call("102", "13700000104")
    await caller.wait_for("connected")
    await caller.wait_for("ended", timeout=20)
    assert not caller.hung_up_here
    assert (await floor.record("13700000104"))["outcome"] == "self_service"
    assert phone.registered
    assert (await floor.desk.agent("1001"))["missed_today"] == before


async def test_a_call_to_a_number_that_nobody_serves_is_refused_as_unallocated(floor: Floor) -> None:
    caller = await floor.call("199", "13700000105")
    ended = await caller.wait_for("ended", timeout=10)
    assert ended.code in (404, 484, 604)
