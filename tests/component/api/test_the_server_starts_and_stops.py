"""Story: the server listens, says who else holds its port, refuses absurd requests, sends pages away when it stops."""

from __future__ import annotations

import asyncio
import re
import socket
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiohttp import ClientError, ClientSession, WSMsgType
from blockbuster import blockbuster_ctx
from structlog.testing import capture_logs

from ctiserver.api.server import HttpServer, build_app
from ctiserver.config import HttpSettings
from ctiserver.errors import PortTakenError
from tests.component.api.conftest import Stage
from tests.component.api.example_views import CALLER
from tests.component.api.fake_store import PASSWORD


@pytest.fixture
async def listening(stage: Stage) -> AsyncIterator[HttpServer]:
    server = HttpServer(build_app(stage.context), HttpSettings(port=0))
    await server.start()
    yield server
    await server.stop()


async def test_port_0_is_any_free_one_and_is_told(listening: HttpServer, visitor: ClientSession) -> None:
    assert listening.port > 0
    assert (await visitor.get(f"http://127.0.0.1:{listening.port}/health/live")).status == 200


async def test_a_taken_port_is_one_clear_message(stage: Stage) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = HttpServer(build_app(stage.context), HttpSettings(port=port))
        with pytest.raises(PortTakenError, match=f"127.0.0.1:{port} is taken.*CTI_HTTP__PORT"):
            await server.start()


async def test_pages_are_told_that_the_server_stops(stage: Stage, visitor: ClientSession) -> None:
    server = HttpServer(build_app(stage.context), HttpSettings(port=0))
    await server.start()
    base = f"http://127.0.0.1:{server.port}"
    await visitor.post(f"{base}/api/session", json={"login": "1001", "password": PASSWORD})
    page = await visitor.ws_connect(f"{base}/ws/events", headers={"Origin": base})
    await page.receive_str()
    stopping = asyncio.create_task(server.stop())
    async with asyncio.timeout(5):
        message = await page.receive()
        await page.close()
        await stopping
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1001)


@pytest.mark.parametrize(
    "head",
    [
        "X-Long: " + "x" * 20_000,
        "\r\n".join(f"X-{n}: 1" for n in range(200)),
    ],
    ids=["long header", "many headers"],
)
async def test_absurd_headers_are_refused(listening: HttpServer, head: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", listening.port)
    writer.write(f"GET /health/live HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode())
    async with asyncio.timeout(5):
        answer = await reader.read()
    assert re.match(rb"HTTP/1\.[01] 4\d\d ", answer), answer[:100]
    writer.close()


async def raw(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(30):
        answer = await reader.read()
    writer.close()
    return answer


async def test_a_bomb_is_not_unpacked(listening: HttpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some kilobytes that are a gigabyte: nobody may unpack them, whatever becomes of the request."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("unpacked")

    monkeypatch.setattr(zlib, "decompressobj", refuse)
    bomb = zlib.compress(bytes(10_000_000))
    for path in ("/api/session", "/api/nowhere"):
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
        answer = await raw(
            listening.port, f"{head}Content-Encoding: deflate\r\nContent-Length: {len(bomb)}\r\n\r\n".encode() + bomb
        )
        assert re.match(rb"HTTP/1\.1 4(15|04) ", answer), answer[:100]


async def test_what_is_no_request_is_one_line_without_what_it_held(
    listening: HttpServer, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as lines:
        for sent in (
            f"GET /{CALLER} HTTP/1.1\r\nX-Long: {CALLER * 1000}\r\n\r\n",
            f"GET /{CALLER} HTTP/1.1\r\n\r\n",
            f"{CALLER} \x01\x02\r\n\r\n",
        ):
            await raw(listening.port, sent.encode())
    assert {line["event"] for line in lines} <= {"http_unreadable"}
    assert len(lines) >= 2
    assert CALLER not in str(lines)
    assert caplog.records == [], "no traceback beside it"


async def test_more_connections_than_there_is_room_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, visitor: ClientSession
) -> None:
    """Those that are there are served on; those beyond are closed at once; there is room again when one has left."""
    monkeypatch.setattr("ctiserver.api.server.MOST_OPEN", 3)
    server = HttpServer(build_app(stage.context), HttpSettings(port=0))
    await server.start()
    base = f"http://127.0.0.1:{server.port}"
    assert (await visitor.get(f"{base}/health/live")).status == 200
    idle = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(2)]
    with capture_logs() as lines:
        for _ in range(5):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            async with asyncio.timeout(30):
                with suppress(ConnectionResetError):
                    assert await reader.read() == b""
            writer.close()
    assert [line["event"] for line in lines] == ["http_connections_refused"]
    assert (await visitor.get(f"{base}/health/live")).status == 200
    for _, writer in idle:
        writer.close()
        await writer.wait_closed()
    async with asyncio.timeout(30), ClientSession() as newcomer:
        while True:
            with suppress(ClientError):
                assert (await newcomer.get(f"{base}/health/live")).status == 200
                break
    await server.stop()


async def test_no_request_blocks_the_loop(stage: Stage, visitor: ClientSession) -> None:
    """Calls are handled in the same loop: no file or lock is waited for in it."""
    (stage.settings.http.web_folder / "index.html").write_text("page")
    prompts = stage.settings.flows / "prompts"
    prompts.mkdir(parents=True)
    (prompts / "welcome.wav").write_bytes(b"audio")
    await visitor.post(stage.url("/api/session"), json={"login": "1001", "password": PASSWORD})
    with blockbuster_ctx():
        for path in ("/", "/wallboard", "/media/prompts/welcome.wav", "/metrics", "/api/calls", "/api/openapi.json"):
            answer = await visitor.get(stage.url(path))
            assert answer.status == 200, path
