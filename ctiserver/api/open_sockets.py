"""Websockets that are open, by session, so that the end of a session or of the server ends them too."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Final

from aiohttp import ClientError, WSCloseCode, web

SESSION_ENDED: Final = 4401  # close code: sign in again
PER_SESSION: Final = 12  # pages of one session
PER_LINK: Final = 300  # screens that share the link of a wallboard
SCREENS: Final = "board:"
"""What the key of a link's screens begins with; sessions' tokens have no colon."""


class OpenSockets:
    def __init__(self) -> None:
        self._by_token: defaultdict[str, set[web.WebSocketResponse]] = defaultdict(set)

    def add(self, token: str, socket: web.WebSocketResponse) -> None:
        self._by_token[token].add(socket)

    def discard(self, token: str, socket: web.WebSocketResponse) -> None:
        self._by_token[token].discard(socket)
        if not self._by_token[token]:
            del self._by_token[token]

    def has_room(self, token: str) -> bool:
        most = PER_SESSION if not token.startswith(SCREENS) else PER_LINK
        return len(self._by_token.get(token, ())) < most

    async def close_session(self, token: str) -> None:
        await _close(list(self._by_token.get(token, ())), SESSION_ENDED, b"session ended")

    async def close_all(self) -> None:
        """The server stops: pages reconnect to its successor."""
        everyone = [socket for sockets in self._by_token.values() for socket in sockets]
        await _close(everyone, WSCloseCode.GOING_AWAY, b"server stops")


async def _close(sockets: list[web.WebSocketResponse], code: int, reason: bytes) -> None:
    await asyncio.gather(*(socket.close(code=code, message=reason) for socket in sockets))


async def until_one_ends(socket: web.WebSocketResponse, *parts: asyncio.Task[None]) -> None:
    """What serves one socket: when the first part ends the others do, and the socket is closed.

    That the other side went away is no error; any other one is raised.
    """
    try:
        await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for part in parts:
            part.cancel()
        ended = await asyncio.gather(*parts, return_exceptions=True)
        if not socket.closed:
            await socket.close()
    for error in ended:
        if isinstance(error, Exception) and not isinstance(error, ConnectionError | TimeoutError | ClientError):
            raise error
