"""A write sent twice with the same `Idempotency-Key` happens once: the second sender gets the first answer.

Kept in memory per sender, ten minutes, bounded; a repeat that arrives meanwhile waits for the first.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from ctiserver.api.problems import ApiError
from ctiserver.clock import Clock

KEPT_S = 600.0
KEPT = 5_000
LONGEST_KEY = 128


@dataclass(frozen=True)
class Reply:
    """An answer that can be given again."""

    status: int
    body: bytes
    content_type: str

    def response(self, *, again: bool = False) -> web.Response:
        headers = {"Idempotency-Replayed": "true"} if again else {}
        if not self.body:
            return web.Response(status=self.status, headers=headers)
        return web.Response(status=self.status, body=self.body, content_type=self.content_type, headers=headers)


@dataclass
class _Entry:
    fingerprint: bytes
    begun_at: float
    reply: asyncio.Future[Reply]


class Replies:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: OrderedDict[tuple[str, str], _Entry] = OrderedDict()

    async def once(
        self, sender: str, key: str, request: tuple[str, str, bytes], work: Callable[[], Awaitable[Reply]]
    ) -> web.Response:
        """Does `work` unless this sender's key was used: `request` is (method, path, body).

        Raises ApiError 409 for a key used with another request. Work that raised is forgotten: the repeat tries again.
        """
        if not 1 <= len(key) <= LONGEST_KEY:
            raise ApiError(422, "invalid", f"an Idempotency-Key has 1 to {LONGEST_KEY} characters")
        self._forget_old()
        fingerprint = hashlib.sha256(
            "\n".join(request[:2]).encode(errors="surrogateescape") + b"\n" + request[2]
        ).digest()
        entry = self._entries.get((sender, key))
        if entry is not None:
            if entry.fingerprint != fingerprint:
                raise ApiError(409, "idempotency_key_reused", "this Idempotency-Key belongs to another request")
            return (await asyncio.shield(entry.reply)).response(again=True)
        entry = _Entry(fingerprint, self._clock.now(), asyncio.get_running_loop().create_future())
        self._entries[(sender, key)] = entry
        try:
            reply = await work()
        except BaseException as error:  # whatever it was: those who wait must learn it, the key becomes free
            del self._entries[(sender, key)]
            entry.reply.set_exception(error if isinstance(error, Exception) else _interrupted())
            entry.reply.exception()  # read, so that nobody waiting is not reported as never retrieved
            raise
        entry.reply.set_result(reply)
        return reply.response()

    def _forget_old(self) -> None:
        oldest = self._clock.now() - KEPT_S
        while self._entries:
            key, entry = next(iter(self._entries.items()))
            if not entry.reply.done() or (entry.begun_at > oldest and len(self._entries) < KEPT):
                return
            del self._entries[key]


def _interrupted() -> ApiError:
    return ApiError(503, "interrupted", "the first request with this Idempotency-Key was interrupted")
