"""What never becomes a request: bytes that are no HTTP, and connections beyond what one process can hold.

Anybody can send such things as often as they like: each costs one line at most, with nothing of what was sent in it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

import structlog
from aiohttp import web
from aiohttp.http import HttpProcessingError
from prometheus_client import Counter

log = structlog.get_logger()

NAME: Final = "ctiserver.http"
TOLD_EVERY_S = 60.0

UNREADABLE = Counter("cti_http_unreadable_total", "What came to the HTTP port and was no HTTP request")
NO_ROOM = Counter("cti_http_connections_refused_total", "Connections closed at once because too many were open")


class _OneLine(logging.Filter):
    """aiohttp tells of each unreadable request with a traceback and a piece of it, which may hold anything."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, HttpProcessingError):
            return True
        UNREADABLE.inc()
        log.info("http_unreadable", kind=type(error).__name__)
        return False


def http_logger() -> logging.Logger:
    """For aiohttp's server."""
    logger = logging.getLogger(NAME)
    if not any(isinstance(one, _OneLine) for one in logger.filters):
        logger.addFilter(_OneLine())
    return logger


class Door:
    """Makes the protocol of each connection, as long as fewer than `most` are open; files and Postgres need theirs."""

    def __init__(self, server: web.Server, most: int) -> None:
        self._server = server
        self._most = most
        self._told_at = float("-inf")

    def __call__(self) -> asyncio.BaseProtocol:
        if len(self._server.connections) < self._most:
            return self._server()
        NO_ROOM.inc()
        now = asyncio.get_running_loop().time()
        if now - self._told_at > TOLD_EVERY_S:
            self._told_at = now
            log.warning("http_connections_refused", open=self._most)
        return _Closed()


class _Closed(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.abort()


class DoorSite(web.BaseSite):
    """Listens like web.TCPSite, through a door. `start` raises OSError."""

    def __init__(self, runner: web.BaseRunner, host: str, port: int, most: int) -> None:
        super().__init__(runner)
        self._host = host
        self._port = port
        self._most = most

    @property
    def name(self) -> str:
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        await super().start()
        server = self._runner.server
        if server is None:
            raise RuntimeError("set the runner up first")
        door: Callable[[], asyncio.BaseProtocol] = Door(server, self._most)
        self._server = await asyncio.get_running_loop().create_server(
            door, self._host, self._port, backlog=self._backlog
        )
