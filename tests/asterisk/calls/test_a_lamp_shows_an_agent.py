"""BLF: another desk phone subscribes to an agent and is told away, ready, talking, and away again."""

from __future__ import annotations

from contextlib import closing

from tests.asterisk.calls.conftest import Floor
from tests.asterisk.calls.lamp_watcher import watch


async def test_from_signing_in_to_a_break(floor: Floor) -> None:
    own = floor.stack.account("1008")
    subscription = (floor.stack.sip, own["extension"], own["sip_password"], "1006")
    with (
        closing(await watch(*subscription, "presence")) as presence,
        closing(await watch(*subscription, "dialog")) as lamp,
    ):
        await presence.until(lambda note: note == "Unavailable")
        phone = await floor.agent("1006")
        await presence.until(lambda note: note == "Ready")
        await lamp.until(lambda state: state == "terminated")
        caller = await floor.call("101", "13700020431")
        await caller.wait_for("connected")
        await caller.dtmf("2")
        rung = await phone.next_call(30)
        await rung.answer()
        await lamp.until(lambda state: state == "confirmed")
        await presence.until(lambda note: note == "On the phone")
        await caller.hang_up()
        await floor.until("1006", activity="idle")
        await presence.until(lambda note: note == "Ready")
        await floor.desk.choose_presence("1006", "break")
        await presence.until(lambda note: note == "Unavailable")
