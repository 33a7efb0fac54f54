"""Phones press their way to what a flow can do besides queues: messages, transfers, rooms, surveys, orders."""

from __future__ import annotations

from ctiserver.demo.tones import assert_tone, read_wav
from tests.asterisk.calls.conftest import CALLER_HZ, Floor

PATIENCE_S = 30.0


async def test_a_message_is_kept_with_its_sound(floor: Floor) -> None:
    caller = await floor.call("130", "13700030301")
    await caller.wait_for("connected")
    await caller.dtmf("1")
    await floor.until_node("13700030301", "message")
    await caller.dtmf("5")  # skips the announcement: the tone follows
    await floor.until_recorded(3.0)
    await caller.dtmf("#")
    await caller.wait_for("ended", timeout=PATIENCE_S)
    await _is_stored(floor, "13700030301")


async def test_a_hang_up_ends_the_message_and_keeps_it(floor: Floor) -> None:
    caller = await floor.call("130", "13700030302")
    await caller.wait_for("connected")
    await caller.dtmf("1", method="info")
    await floor.until_node("13700030302", "message")
    await caller.dtmf("5", method="info")
    await floor.until_recorded(3.0)
    await caller.hang_up()
    await _is_stored(floor, "13700030302")


async def _is_stored(floor: Floor, number: str) -> None:
    statement = "SELECT * FROM voicemail WHERE caller_number = :number"
    message = await floor.stack.row(statement, within_s=PATIENCE_S, number=number)
    assert (message["status"], message["box"]) == ("stored", "service"), dict(message)
    wav = read_wav(floor.stack.recordings / message["path"])
    assert wav.seconds > 1
    assert_tone(wav.channel(0), wav.rate, CALLER_HZ)


async def test_a_transfer_to_an_extension_and_a_survey_afterwards(floor: Floor) -> None:
    account = floor.stack.account("1007")
    phone = await floor.phones.register(account["extension"], account["sip_password"], tone_hz=740)
    caller = await floor.call("130", "13700030303")
    await caller.wait_for("connected")
    await caller.dtmf("3")
    rung = await phone.next_call()
    await rung.answer()
    await caller.hears(740)
    await rung.hears(CALLER_HZ)
    await rung.hang_up()
    await floor.until_node("13700030303", "rate")
    await caller.dtmf("4")
    await floor.until_answers("13700030303", 1)
    await caller.dtmf("9")  # no answer to this question
    await caller.dtmf("1")
    await caller.wait_for("ended", timeout=PATIENCE_S)
    leg = await floor.stack.row(
        "SELECT leg.* FROM forwarded_leg leg JOIN call ON call.id = call_id"
        " WHERE caller_number = :n AND leg.outcome > ''",
        n="13700030303",
    )
    assert (leg["outcome"], leg["target"]) == ("completed", "1007")
    assert leg["talk_ms"] > 0
    answers = await floor.stack.query(
        "SELECT question, score FROM survey_answer answer JOIN call ON call.id = call_id WHERE caller_number = :n"
        " ORDER BY answer.at",
        n="13700030303",
    )
    assert [tuple(answer.values()) for answer in answers] == [("service", 4), ("again", 1)]


async def test_nobody_answers_and_an_outside_number_is_not_allowed(floor: Floor) -> None:
    for key, number in (("3", "13700030304"), ("7", "13700030305")):
        caller = await floor.call("130", number)
        await caller.wait_for("connected")
        await caller.dtmf(key)
        await floor.until_node(number, "bye" if key == "3" else "message")
        await caller.hang_up()


async def test_two_in_a_room_hear_each_other(floor: Floor) -> None:
    uri = f"sip:130@{floor.stack.sip}"
    first = await floor.phones.call(uri, caller_number="13700030306", tone_hz=400)
    second = await floor.phones.call(uri, caller_number="13700030307", tone_hz=560)
    for caller in (first, second):
        await caller.wait_for("connected")
        await caller.dtmf("4")
    await first.hears(560, timeout=PATIENCE_S)
    await second.hears(400, timeout=PATIENCE_S)
    await second.dtmf("*")
    await second.wait_for("ended", timeout=PATIENCE_S)
    await first.hang_up()


async def test_a_lookup_without_a_source_a_callback_an_order_and_a_text(floor: Floor) -> None:
    for key, number in (("2", "13700030308"), ("6", "13700030309"), ("8", "13700030310")):
        caller = await floor.call("130", number)
        await caller.wait_for("connected")
        await caller.dtmf(key)
        if key == "6":
            await floor.until_node(number, "back_later")
            await caller.dtmf("1")
        await caller.wait_for("ended", timeout=PATIENCE_S)
    path = await floor.path("13700030308")
    assert path == ["welcome", "bill", "no_bill", "bye"]
    back = await floor.stack.row("SELECT * FROM callback_request WHERE number = '13700030309'")
    assert back["queue_id"] == "service"  # nobody is behind that number: what it comes to is another story
    order = await floor.stack.row("SELECT * FROM work_order_request WHERE body->>'title' = '来电13700030310'")
    assert (order["body"]["category"], order["body"]["fields"]) == ("报修", {"kind": "leak"})
    text = await floor.stack.row("SELECT * FROM outbox_message WHERE number = '13700030310'")
    assert text["body"] == "已受理。"
