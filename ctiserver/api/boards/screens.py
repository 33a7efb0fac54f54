"""Who holds the token of a wallboard's link. Like sessions: kept for seconds, and for a while without Postgres."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from aiohttp import web

from ctiserver.api.open_sockets import SCREENS
from ctiserver.clock import Clock
from ctiserver.errors import DatabaseAwayError
from ctiserver.store.boards import BoardLink

COOKIE: Final = "cti_board"
FRESH_S = 15.0
STALE_S = 86_400.0  # a screen on a wall goes on through a night without Postgres
KEPT = 1_000
LONGEST_TOKEN = 100


class _Kept(NamedTuple):
    link: BoardLink
    read_at: float


def key_of(link_id: int) -> str:
    """Under which the open sockets of a link are counted."""
    return f"{SCREENS}{link_id}"


def token_of(request: web.Request) -> tuple[str, bool]:
    """The token that a screen sends, and whether its browser did so by itself (a cookie)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() == "bearer" and token:
        return token.strip(), False
    return request.cookies.get(COOKIE, ""), True


class Screens:
    """`read` finds the link of a token; it raises DatabaseAwayError."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def link_of(self, token: str, read: Callable[[str], Awaitable[BoardLink | None]]) -> BoardLink | None:
        """None: unknown, revoked or over."""
        if not token or len(token) > LONGEST_TOKEN:
            return None
        print_, now = hashlib.sha256(token.encode()).hexdigest(), self._clock.now()
        kept = self._kept.get(print_)
        if kept is not None and (over := kept.link.expires_at) is not None and over <= now:
            del self._kept[print_]
            return None
        if kept is not None and now - kept.read_at < FRESH_S:
            return kept.link
        try:
            link = await read(token)
        except DatabaseAwayError:
            if kept is not None and now - kept.read_at < STALE_S:
                return kept.link
            raise
        if link is None:
            self._kept.pop(print_, None)
            return None
        self._kept[print_] = _Kept(link, now)
        self._kept.move_to_end(print_)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return link

    def forget(self, link_id: int) -> None:
        """It was revoked."""
        self._kept = OrderedDict((print_, kept) for print_, kept in self._kept.items() if kept.link.id != link_id)
