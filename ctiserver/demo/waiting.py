"""Waits for a condition that other code makes true and announces."""

import asyncio
from collections.abc import Callable


class Changes:
    """`announce` wakes everybody who waits in `until`, who then look at their own condition again."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def announce(self) -> None:
        """Something changed."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def until(self, condition: Callable[[], bool], timeout_s: float | None) -> None:
        """Return once `condition()` holds. Raises TimeoutError after `timeout_s` seconds, None: never."""
        async with asyncio.timeout(timeout_s):
            while not condition():
                waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiting.add(waiter)
                try:
                    await waiter
                finally:
                    self._waiting.discard(waiter)
