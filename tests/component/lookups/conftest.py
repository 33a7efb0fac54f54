"""A small outside system that can be as hostile as its route says, and an engine that asks it."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiohttp import web

from ctiserver.channels.lookups.engine import LookupEngine
from ctiserver.channels.lookups.sources import LookupsFile, Source
from ctiserver.ivr.fields import Seconds
from ctiserver.ports import LookupAnswer, LookupRequest

SECRET = "Bearer t0ps3cret"
Ask = Callable[..., Awaitable[LookupAnswer]]


class Outside:
    """`asked` are the paths that arrived, with their Authorization header."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.was_asked = asyncio.Event()
        self.bodies: list[object] = []
        self.broken = 0  # so many answers to /flaky are 503
        self.release = asyncio.Event()  # /slow answers when set
        self.url = ""

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.was_asked.set()
        self.asked.append((request.path_qs, request.headers.get("Authorization", "")))
        match request.path.rpartition("/")[2]:
            case "12345678":
                return web.json_response({"amount": 128.5, "due": "2026-12-01"})
            case "echo":
                self.bodies.append(await request.json())
                return web.json_response({"done": True})
            case "slow":
                await self.release.wait()
                return web.json_response({})
            case "huge":
                return web.Response(body=b"[" + b"1," * 500_000 + b"1]", content_type="application/json")
            case "endless":
                return await self._endless(request, pause=0.0)
            case "drip":
                return await self._endless(request, pause=0.02)
            case "bomb":
                packed = gzip.compress(b"[" + b" " * 10_000_000 + b"]")
                return web.Response(body=packed, headers={"Content-Encoding": "gzip"})
            case "page":
                return web.Response(text="<html>maintenance</html>", content_type="text/html")
            case "deep":
                return web.Response(text="[" * 400 + "]" * 400)
            case "abyss":
                return web.Response(text="[" * 20_000 + "]" * 20_000)
            case "empty":
                return web.Response(status=204)
            case "moved":
                raise web.HTTPFound(request.path.replace("moved", "12345678"))
            case "round":
                raise web.HTTPFound(request.path)
            case "metadata":
                raise web.HTTPFound("http://169.254.169.254/latest/meta-data/")
            case "flaky" if self.broken > 0:
                self.broken -= 1
                return web.Response(status=503)
            case "flaky":
                return web.json_response({"at": "last"})
            case "cut":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case number if number.isdigit() and len(number) == 3:
                return web.Response(status=int(number))
            case _:
                return web.Response(status=404)

    async def _endless(self, request: web.Request, pause: float) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while not self.release.is_set():
            try:
                await response.write(b" " * (1 if pause else 4096))
            except ConnectionError:
                break
            await asyncio.sleep(pause)
        return response


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    it = Outside()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", it.answer)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    it.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield it
    it.release.set()
    await runner.cleanup()


@pytest.fixture
async def open_engine(outside: Outside) -> AsyncIterator[Callable[..., LookupEngine]]:
    """`open_engine(retries=0, …)`: an engine whose source "billing" is the outside system."""
    async with AsyncExitStack() as stack:

        def open_it(**settings: object) -> LookupEngine:
            engine = LookupEngine(LookupsFile(sources={"billing": billing(outside.url, **settings)}))
            stack.push_async_callback(engine.stop)
            return engine

        yield open_it


def billing(url: str, **settings: object) -> Source:
    values: dict[str, object] = {
        "base_url": f"{url}/api",
        "allow_private": True,
        "timeout": Seconds(20.0),
        "headers": {"Authorization": SECRET},
        **settings,
    }
    return Source(**values)  # pyright: ignore[reportArgumentType] - each test names real settings


def question(path: str, **more: object) -> LookupRequest:
    return LookupRequest(source="billing", path=path, **more)  # pyright: ignore[reportArgumentType] - likewise
