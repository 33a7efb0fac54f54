"""A message is left in a box with a phone: it rings, asks for the PIN, and plays the caller's own voice."""

from __future__ import annotations

from ctiserver.call.pin import hash_pin
from tests.asterisk.calls.conftest import CALLER_HZ, Floor

NUMBER, PIN = "13700030320", "4711"
PATIENCE_S = 30.0
KEYS = """
SELECT 1 FROM journal_event WHERE type = 'DigitReceived'
    AND call_id = (SELECT call_id FROM journal_event WHERE type = 'NoticeDue' ORDER BY at DESC LIMIT 1)
HAVING count(*) >= :count
"""


async def test_a_phone_is_rung_and_hears_the_message(floor: Floor) -> None:
    account = floor.stack.account("1007")
    phone = await floor.phones.register(account["extension"], account["sip_password"], tone_hz=740)
    values = f"('service', ARRAY['{account['extension']}'], '{hash_pin(PIN, '00ff')}', '00:00', '00:00')"
    await floor.stack.change(
        "WITH former AS (UPDATE voicemail SET heard_at = now() WHERE heard_at IS NULL)"  # noqa: S608 - our own words
        f" INSERT INTO message_box (name, phones, pin_hash, ring_from, ring_to) VALUES {values}"
    )
    try:
        caller = await floor.call("130", NUMBER)
        await caller.wait_for("connected")
        await caller.dtmf("1")
        await floor.until_node(NUMBER, "message")
        await caller.dtmf("5")  # skips the announcement: the tone follows
        await floor.until_recorded(3.0)
        await caller.hang_up()
        rung = await phone.next_call(PATIENCE_S)
        await rung.answer()
        await rung.hears_sound(PATIENCE_S)  # asked for the PIN: keys are heard from now on
        for count, key in enumerate(f"{PIN}#1", 1):  # sent at once on a busy machine some of them repeat
            await rung.dtmf(key)
            await floor.stack.row(KEYS, within_s=PATIENCE_S, count=count)
        await rung.hears(CALLER_HZ, timeout=PATIENCE_S)
        heard = "SELECT heard_phone FROM voicemail WHERE caller_number = :number AND heard_at IS NOT NULL"
        message = await floor.stack.row(heard, within_s=PATIENCE_S, number=NUMBER)
        assert message["heard_phone"] == account["extension"]
        await rung.dtmf("9")
        await rung.wait_for("ended", timeout=PATIENCE_S)
        tried = "SELECT outcome FROM voicemail_notice WHERE phone = :phone AND outcome <> ''"
        assert (await floor.stack.row(tried, phone=account["extension"]))["outcome"] == "listened"
    finally:
        await floor.stack.change("DELETE FROM message_box WHERE name = 'service'")
