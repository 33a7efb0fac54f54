"""The local Asterisk boots without complaint, serves ARI and AMI, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import psutil
import pytest

from ctiserver.asterisk.local import AsteriskPrograms, LocalAsterisk
from ctiserver.errors import PortTakenError
from ctiserver.local_process import find_process
from ctiserver.unprivileged import service_user
from tests.real_parts import free_asterisk_ports, service_folder


def test_every_module_of_the_list_loads_without_complaint(asterisk: LocalAsterisk) -> None:
    boot = asterisk.log_file.read_text()
    complaints = [line for line in boot.splitlines() if re.search(r"WARNING|ERROR", line) and "loader" in line]
    assert complaints == []
    assert "modules will be loaded" in boot


async def test_ari_answers_with_the_generated_password_only(asterisk: LocalAsterisk) -> None:
    address = f"{asterisk.ari_url}/ari/asterisk/info"
    right, wrong = (
        {"Authorization": aiohttp.encode_basic_auth("ctiserver", password)}
        for password in (asterisk.secrets().ari_password, "guessed")
    )
    async with aiohttp.ClientSession() as http:
        async with http.get(address, headers=right) as answer:
            assert answer.status == 200
            assert (await answer.json())["system"]["version"].startswith("22.")
        async with http.get(address, headers=wrong) as answer:
            assert answer.status == 401


async def test_accounts_pushed_over_ari_are_there_at_once(asterisk: LocalAsterisk) -> None:
    right = {"Authorization": aiohttp.encode_basic_auth("ctiserver", asterisk.secrets().ari_password)}
    objects = f"{asterisk.ari_url}/ari/asterisk/config/dynamic/res_pjsip"
    account = {
        "auth": {"auth_type": "userpass", "username": "7001", "password": "secret"},
        "aor": {"max_contacts": "1", "remove_existing": "yes"},
        "endpoint": {"auth": "7001", "aors": "7001", "context": "agents", "webrtc": "yes", "allow": "opus,ulaw"},
    }
    async with aiohttp.ClientSession(headers=right) as http:
        for kind, fields in account.items():
            body = {"fields": [{"attribute": name, "value": value} for name, value in fields.items()]}
            async with http.put(f"{objects}/{kind}/7001", json=body) as answer:
                assert answer.status == 200, await answer.text()
        async with http.get(f"{asterisk.ari_url}/ari/endpoints/PJSIP/7001") as answer:
            assert (await answer.json())["state"] == "offline"
        for kind in account:
            async with http.delete(f"{objects}/{kind}/7001") as answer:
                assert answer.status == 204


async def test_browser_phones_find_sip_over_a_websocket(asterisk: LocalAsterisk) -> None:
    async with aiohttp.ClientSession() as http, http.ws_connect(f"{asterisk.ari_url}/ws", protocols=["sip"]) as phone:
        assert phone.protocol == "sip"


def test_secrets_are_readable_by_their_owner_only(asterisk: LocalAsterisk) -> None:
    for file in ("secrets.json", "etc/ari.conf", "etc/manager.conf"):
        assert (asterisk.folder / file).stat().st_mode & 0o077 == 0, file


def test_it_does_not_run_as_root(asterisk: LocalAsterisk) -> None:
    running = find_process(asterisk.folder / "process.json")
    assert running is not None
    assert 0 not in running.uids()
    user = service_user()
    assert running.uids().effective == (user.uid if user else os.geteuid())


async def test_a_taken_port_is_named_with_its_holder(asterisk_programs: AsteriskPrograms) -> None:
    with service_folder() as folder:
        first = LocalAsterisk(folder / "first", asterisk_programs, free_asterisk_ports())
        await first.start()
        second = LocalAsterisk(folder / "second", asterisk_programs, first.ports)
        try:
            with pytest.raises(PortTakenError, match=rf"Port {first.ports.sip} \(Asterisk's SIP port\) is taken by"):
                await second.start()
            assert second.process.pid is None
            assert first.process.pid is not None
        finally:
            await first.stop()


PARENT = """
import asyncio, sys
from pathlib import Path
from ctiserver.asterisk.local import AsteriskPorts, AsteriskPrograms, LocalAsterisk

async def main() -> None:
    folder, root, version, *ports = sys.argv[1:]
    sip, http, ami, start, end = map(int, ports)
    server = LocalAsterisk(
        Path(folder),
        AsteriskPrograms(Path(root), version),
        AsteriskPorts(sip=sip, http=http, ami=ami, rtp_start=start, rtp_end=end),
    )
    await server.start()
    print("pid", server.process.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_killing_the_parent_ends_asterisk_and_a_new_start_succeeds(asterisk_programs: AsteriskPrograms) -> None:
    with service_folder() as folder:
        ports = free_asterisk_ports()
        place = folder / "asterisk"
        numbers = [str(n) for n in (ports.sip, ports.http, ports.ami, ports.rtp_start, ports.rtp_end)]
        command = [sys.executable, "-c", PARENT, str(place), str(asterisk_programs.root), asterisk_programs.version]
        with subprocess.Popen([*command, *numbers], stdout=subprocess.PIPE, text=True) as parent:  # noqa: ASYNC220
            assert parent.stdout
            try:
                pid = next(int(line.split()[1]) for line in parent.stdout if line.startswith("pid "))
            finally:
                parent.kill()
        assert _ends(pid), "Asterisk outlives the process that started it"
        again = LocalAsterisk(place, asterisk_programs, ports)
        await again.start()
        await again.stop()


def _ends(pid: int, patience_s: float = 10) -> bool:
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def test_folders_stay_below_the_one_given(asterisk: LocalAsterisk) -> None:
    configuration = (asterisk.folder / "etc" / "asterisk.conf").read_text()
    places = re.findall(r"^ast(?!mod)\w+ => (.*)$", configuration, re.M)
    assert places
    assert all(Path(place).is_relative_to(asterisk.folder) for place in places)
