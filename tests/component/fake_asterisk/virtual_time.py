"""An event loop whose time jumps: a wait of twenty seconds costs a test nothing.

Sockets are real. When nothing is ready the loop first gives sockets (of this very process) and threads a moment, and
only when they stay quiet does its clock jump to the next timer. Other processes would be outrun: not for Postgres.

In the conftest.py of a folder whose tests shall run so:

    def pytest_asyncio_loop_factories() -> dict[str, type[VirtualTimeLoop]]:
        return {"virtual": VirtualTimeLoop}
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any

START = 1_000_000.0  # seconds; far from zero, where mistakes hide
EPOCH = 1_767_250_800.0  # 2026-01-01 15:00 in Shanghai, UTC seconds: what LoopClock says at START
GRACE_S = 0.001  # real time in which loopback sockets must deliver
LONG_JUMP_S = 0.05  # a jump that could carry somebody past a time-out: a busy machine gets more real time first
LONG_JUMP_GRACE_S = 0.01
THREAD_POLL_S = 0.01


class _Selector(selectors.DefaultSelector):
    """Asks the real selector without waiting, and jumps instead of sleeping."""

    loop: VirtualTimeLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if self.loop.threads_at_work:
            return super().select(THREAD_POLL_S)
        is_long = timeout is None or timeout > LONG_JUMP_S
        ready = super().select(LONG_JUMP_GRACE_S if is_long else GRACE_S)
        if ready or timeout is None:
            return ready
        self.loop.jump(timeout)
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._now = START
        self.threads_at_work = 0
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self._now

    def jump(self, seconds: float) -> None:
        self._now += seconds

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """While a thread works (reading a file, fsync) time stands still."""
        self.threads_at_work += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_done)
        return future

    def _thread_done(self, future: asyncio.Future[Any]) -> None:
        self.threads_at_work -= 1


class LoopClock:
    """clock.Clock that follows the running loop, virtual or real."""

    def now(self) -> float:
        return EPOCH + asyncio.get_running_loop().time() - START
