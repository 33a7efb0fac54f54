"""Registration, many phones, and the end of the process that carries them."""

import asyncio
import sys
from pathlib import Path

import psutil
import pytest

from ctiserver.demo.phones import PhoneProcessDied, RegistrationRefused, SipPhones
from tests.asterisk.phones.phone_processes import phone_processes
from tests.asterisk.phones.plain_asterisk import EXTENSIONS, PASSWORD, PlainAsterisk


async def test_a_wrong_password_is_refused_and_the_right_one_may_follow(phones: SipPhones) -> None:
    with pytest.raises(RegistrationRefused, match=r"phone 1001: REGISTER was answered 40\d"):
        await phones.register("1001", "wrong")
    phone = await phones.register("1001", PASSWORD)
    assert phone.registered


async def test_nobody_listens(tmp_path: Path) -> None:
    async with SipPhones("127.0.0.1:9", folder=tmp_path) as phones:
        with pytest.raises(RegistrationRefused, match="phone 1001"):
            await phones.register("1001", PASSWORD, timeout=1)


async def test_an_unregistered_phone_cannot_be_reached(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    phone = await phones.register("1001", PASSWORD, answer="auto")
    await phone.unregister()
    call = await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000")
    assert (await call.wait_for("ended")).code >= 400
    again = await phones.register("1001", PASSWORD, answer="auto")
    assert again.registered


async def test_more_phones_than_one_process_carries(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    agents = [await phones.register(number, PASSWORD, answer="auto", tone_hz=600) for number in EXTENSIONS]
    uris = [f"sip:{agent.number}@{plain_asterisk.address}" for agent in agents]
    calls = [await phones.call(uri, caller_number=f"1380013800{n}") for n, uri in enumerate(uris)]

    await asyncio.gather(*(call.hears(600) for call in calls))
    assert len(phone_processes()) == 3 + 3


async def test_one_phone_rings_another(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    first = await phones.register("1001", PASSWORD, tone_hz=600)
    second = await phones.register("1002", PASSWORD, answer="auto", tone_hz=800)
    call = await first.call(f"sip:1002@{plain_asterisk.address}", headers={"X-Why": "问候"})
    incoming = await second.next_call()

    await asyncio.gather(call.hears(800), incoming.hears(600))
    assert incoming.number == "1001"


async def test_the_answer_mode_can_change(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    agent = await phones.register("1001", PASSWORD, answer="busy")
    await agent.set_answer("auto")
    call = await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000")
    await call.wait_for("connected")


async def test_leaving_ends_calls_and_processes(plain_asterisk: PlainAsterisk, tmp_path: Path) -> None:
    async with SipPhones(plain_asterisk.address, folder=tmp_path / "callers") as callers:
        async with SipPhones(plain_asterisk.address, folder=tmp_path / "agents") as agents:
            await agents.register("1001", PASSWORD, answer="auto")
            call = await callers.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000")
            await call.wait_for("connected")
        assert (await call.wait_for("ended")).q850 == 16
        unreachable = await callers.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000")
        assert (await unreachable.wait_for("ended")).code >= 400
    assert phone_processes() == []


async def test_a_dead_process_ends_its_calls_clearly(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    call = await phones.call(f"sip:echo@{plain_asterisk.address}", caller_number="13800138000")
    await call.wait_for("connected")
    (process,) = phone_processes()
    process.kill()

    ended = await call.wait_for("ended")
    assert "phone process died" in ended.reason
    with pytest.raises(PhoneProcessDied):
        await call.dtmf("1")


PROGRAM = """
import asyncio, pathlib, sys
from ctiserver.demo.phones import SipPhones

async def main():
    async with SipPhones(sys.argv[1], folder=pathlib.Path(sys.argv[3])) as phones:
        await phones.register("1001", sys.argv[2], answer="auto")
        await phones.call(f"sip:echo@{sys.argv[1]}", caller_number="13800138000")
        print("ready", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_phones_never_outlive_the_program_that_drives_them(plain_asterisk: PlainAsterisk, tmp_path: Path) -> None:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, plain_asterisk.address, PASSWORD, str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    assert await asyncio.wait_for(program.stdout.readline(), 20) == b"ready\n"
    orphans = phone_processes(psutil.Process(program.pid))
    assert len(orphans) == 2

    program.kill()
    await program.wait()
    _, alive = await asyncio.to_thread(psutil.wait_procs, orphans, timeout=10)
    assert alive == []
