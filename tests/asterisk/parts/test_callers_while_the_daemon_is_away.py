"""What the dialplan alone does for callers: wait, hand over on the daemon's return, else emergency desk and message."""

from __future__ import annotations

import asyncio
import time
import wave
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from ctiserver.asterisk.local import AsteriskPrograms, LocalAsterisk
from ctiserver.demo.phones import SipPhones
from tests.asterisk.parts.ari_requests import AriRequests, signed_in
from tests.real_parts import free_asterisk_ports, service_folder

CALLER_HZ, DESK_HZ = 440, 600
CALLER = "13800138000"


@pytest.fixture
async def server(asterisk_programs: AsteriskPrograms) -> AsyncGenerator[LocalAsterisk]:
    """An Asterisk of the test's own: no daemon, and phone 1001 is the emergency desk."""
    with service_folder() as folder:
        own = LocalAsterisk(
            folder / "asterisk", asterisk_programs, free_asterisk_ports(), emergency_members=("PJSIP/1001",)
        )
        await own.start()
        yield own
        await own.stop()


@pytest.fixture
async def ari(server: LocalAsterisk) -> AsyncGenerator[AriRequests]:
    async with signed_in(server) as http:
        yield AriRequests(server, http)


@pytest.fixture
async def phones(server: LocalAsterisk, tmp_path: Path) -> AsyncGenerator[SipPhones]:
    async with SipPhones(server.sip_address, folder=tmp_path) as phones:
        yield phones


async def test_a_caller_hears_music_and_is_handed_over_when_the_daemon_returns(
    server: LocalAsterisk, ari: AriRequests, phones: SipPhones
) -> None:
    call = await phones.call(f"sip:96100@{server.sip_address}", caller_number=CALLER, caller_name="张伟")
    await call.wait_for("connected")
    await call.hears_sound()
    async with ari.app() as events:
        arrival = await ari.next_arrival(events, timeout_s=3)
    assert arrival["args"] == ["96100"]
    assert arrival["channel"]["caller"] == {"name": "张伟", "number": CALLER}


async def test_without_the_daemon_the_emergency_desk_answers(
    server: LocalAsterisk, ari: AriRequests, phones: SipPhones
) -> None:
    await ari.add_account("1001", "desk-password")
    await ari.set_global("CTI_TRIES", 0)
    desk = await phones.register("1001", "desk-password", tone_hz=DESK_HZ)
    call = await phones.call(f"sip:96100@{server.sip_address}", caller_number=CALLER, tone_hz=CALLER_HZ)
    ringing = await desk.next_call()
    await ringing.answer()
    await call.hears(DESK_HZ)
    await ringing.hears(CALLER_HZ)
    await call.hang_up()
    await ringing.wait_for("ended")


async def test_with_nobody_at_the_desk_the_caller_leaves_a_message(
    server: LocalAsterisk, ari: AriRequests, phones: SipPhones
) -> None:
    await ari.set_global("CTI_TRIES", 0)
    call = await phones.call(f"sip:96100@{server.sip_address}", caller_number=CALLER, tone_hz=CALLER_HZ)
    await call.wait_for("connected")
    messages = server.recording_folder / "emergency"
    message = await _first_file(messages, bytes_at_least=32_000)
    await call.hang_up()
    with wave.open(str(message)) as file:
        assert file.getframerate() == 8000


async def test_a_daemon_that_hangs_is_passed_by_until_its_heart_beats_again(
    server: LocalAsterisk, ari: AriRequests, phones: SipPhones
) -> None:
    async with ari.app() as events:
        await ari.set_global("CTI_HEARTBEAT", int(time.time()) - 3600)
        call = await phones.call(f"sip:96100@{server.sip_address}", caller_number=CALLER)
        await call.wait_for("connected")  # by the waiting music, not by the app
        await call.hears_sound()
        await ari.set_global("CTI_HEARTBEAT", int(time.time()))
        arrival = await ari.next_arrival(events, timeout_s=3)
        assert arrival["args"] == ["96100"]


async def test_a_caller_from_outside_cannot_dial_an_agent_directly(
    server: LocalAsterisk, ari: AriRequests, phones: SipPhones
) -> None:
    await ari.add_account("1001", "desk-password")
    desk = await phones.register("1001", "desk-password")
    async with ari.app() as events:
        await phones.call(f"sip:1001@{server.sip_address}", caller_number=CALLER)
        arrival = await ari.next_arrival(events)
        assert arrival["args"] == ["1001"]
        assert arrival["channel"]["dialplan"]["context"] == "hotline"
    with pytest.raises(TimeoutError):
        await desk.next_call(timeout=0.5)


async def test_calls_of_agents_are_told_apart_from_callers(
    server: LocalAsterisk, ari: AriRequests, phones: SipPhones
) -> None:
    await ari.add_account("1002", "own-password")
    agent = await phones.register("1002", "own-password")
    async with ari.app() as events:
        await agent.call(f"sip:*55@{server.sip_address}")
        arrival = await ari.next_arrival(events)
    assert arrival["args"] == ["*55", "agent"]


async def test_the_daemon_hears_of_phones_over_ami_and_of_nothing_superfluous(
    server: LocalAsterisk, ari: AriRequests, phones: SipPhones
) -> None:
    reader, writer = await asyncio.open_connection(server.ports.bind, server.ports.ami)
    secret = server.secrets().ami_secret
    writer.write(f"Action: Login\r\nUsername: ctiserver\r\nSecret: {secret}\r\n\r\n".encode())
    await ari.add_account("1003", "own-password")
    phone = await phones.register("1003", "own-password")
    await phone.unregister()
    events: set[str] = set()
    async with asyncio.timeout(10):
        while not {"FullyBooted", "ContactStatus", "DeviceStateChange"} <= events:
            line = (await reader.readline()).decode().strip()
            if line.startswith("Event: "):
                events.add(line.removeprefix("Event: "))
    writer.close()
    assert events == {"FullyBooted", "ContactStatus", "DeviceStateChange"}


async def _first_file(folder: Path, *, bytes_at_least: int, timeout_s: float = 20) -> Path:
    async with asyncio.timeout(timeout_s):
        while True:
            found = [file for file in folder.iterdir() if file.stat().st_size >= bytes_at_least]  # noqa: ASYNC240 - tiny
            if found:
                return found[0]
            await asyncio.sleep(0.05)
