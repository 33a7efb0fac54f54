"""A speech engine's place on the loopback: a real server whose answers a test makes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def served(path: str, answer: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncGenerator[str]:
    """The address at which `answer` answers POST requests."""
    app = web.Application()
    app.router.add_post(path, answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}{path}"
    await runner.cleanup()
