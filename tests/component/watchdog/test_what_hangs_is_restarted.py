"""The outside watchdog asks real sockets and runs a real command; that command is all it knows of restarting."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from ctiserver.commands.watchdog import parts
from ctiserver.config import AsteriskSettings, HttpSettings, Settings, WatchdogSettings
from ctiserver.watchdog.watch import Watched, look_once


@dataclass
class Played:
    """The doors of an Asterisk and of a daemon, each of which may hang."""

    folder: Path
    hanging: set[str] = field(default_factory=set[str])
    ari_port: int = 0
    ami_port: int = 0
    sip_port: int = 0
    daemon_port: int = 0

    @property
    def marker(self) -> Path:
        return self.folder / "restarted"

    def watched(self, restart: list[str] | None = None) -> dict[str, Watched]:
        write = [sys.executable, "-c", f"open({str(self.marker)!r}, 'a').write('x')"]
        settings = Settings(
            http=HttpSettings(port=self.daemon_port),
            asterisk=AsteriskSettings(
                url=f"http://127.0.0.1:{self.ari_port}",
                ami_port=self.ami_port,
                sip_address=f"127.0.0.1:{self.sip_port}",
                password="ari",
                ami_secret="ami",
            ),
            watchdog=WatchdogSettings(
                failures=2, restart_asterisk=write if restart is None else restart, restart_daemon=write
            ),
        )
        return {each.part: each for each in parts(settings)}

    async def answer(self, request: web.Request) -> web.Response:
        await self._unless_hanging("daemon" if request.path == "/health/live" else "ari")
        return web.json_response({})

    async def ami(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._unless_hanging("ami")
        writer.write(b"Asterisk Call Manager/11.0\r\n")
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):  # whoever asked has gone
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"Response: Success\r\n\r\n")
        writer.close()

    async def _unless_hanging(self, door: str) -> None:
        if door in self.hanging:
            await asyncio.Event().wait()


class Sip(asyncio.DatagramProtocol):
    def __init__(self, played: Played) -> None:
        self._played = played

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)  # uvloop's and asyncio's are no subclasses of it

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if "sip" not in self._played.hanging:
            self._transport.sendto(b"SIP/2.0 200 OK\r\n\r\n", addr)


@pytest.fixture
async def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Played]:
    monkeypatch.setattr("ctiserver.watchdog.probes.TIMEOUT_S", 0.5)
    monkeypatch.setattr("ctiserver.watchdog.ami_login.TIMEOUT_S", 0.5)
    played = Played(tmp_path)
    async with AsyncExitStack() as undo:
        app = web.Application()
        app.router.add_get("/{tail:.*}", played.answer)
        server = TestServer(app)
        await server.start_server()
        undo.push_async_callback(server.close)
        played.ari_port = played.daemon_port = server.make_url("/").port or 0
        ami = await asyncio.start_server(played.ami, "127.0.0.1", 0)
        undo.callback(ami.close)
        played.ami_port = ami.sockets[0].getsockname()[1]
        place = ("127.0.0.1", 0)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: Sip(played), place)
        undo.callback(transport.close)
        played.sip_port = transport.get_extra_info("sockname")[1]
        yield played


async def test_all_doors_open(played: Played) -> None:
    watched = played.watched()
    assert [await each.look() for each in watched.values()] == ["fine", "fine"]
    assert await look_once(list(watched.values()))


@pytest.mark.parametrize("door", ["ari", "ami", "sip"])
async def test_one_door_that_hangs_is_a_deadlock(played: Played, door: str) -> None:
    asterisk = played.watched()["asterisk"]
    played.hanging.add(door)
    assert [await asterisk.look(), await asterisk.look()] == ["failing", "restart"]
    assert played.marker.read_text(encoding="utf-8") == "x"
    played.hanging.clear()
    assert await asterisk.look() == "well_again"


async def test_the_daemon_hangs_and_asterisk_does_not(played: Played) -> None:
    watched = played.watched()
    played.hanging.add("daemon")
    assert [await watched["daemon"].look(), await watched["daemon"].look()] == ["failing", "restart"]
    assert await watched["asterisk"].look() == "fine"


async def test_nobody_listens(played: Played) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        played.daemon_port = free.getsockname()[1]
        daemon = played.watched()["daemon"]
        assert [await daemon.look(), await daemon.look()] == ["failing", "restart"]


@pytest.mark.parametrize(
    ("restart", "told"),
    [
        ([], "no command restarts it"),
        (["/no/such/program"], "No such file"),
        ([sys.executable, "-c", "import sys; sys.exit('the unit is masked')"], "the unit is masked"),
    ],
)
async def test_a_restart_that_can_not_be_is_told(
    played: Played, capsys: pytest.CaptureFixture[str], restart: list[str], told: str
) -> None:
    asterisk = played.watched(restart)["asterisk"]
    played.hanging.add("ari")
    assert [await asterisk.look(), await asterisk.look()] == ["failing", "restart"]
    assert told in capsys.readouterr().out


async def test_looking_once_restarts_nothing(played: Played) -> None:
    played.hanging.add("ari")
    watched = list(played.watched().values())
    assert [await look_once(watched) for _ in range(3)] == [False] * 3
    assert not played.marker.exists()
