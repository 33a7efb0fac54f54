"""Story: the server listens, says who else holds its port, refuses absurd requests, sends pages away when it stops."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, WSMsgType
from blockbuster import blockbuster_ctx

from ctiserver.api.server import HttpServer, build_app
from ctiserver.config import HttpSettings
from ctiserver.errors import PortTakenError
from tests.component.api.conftest import Stage
from tests.component.api.fakes import PASSWORD


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
