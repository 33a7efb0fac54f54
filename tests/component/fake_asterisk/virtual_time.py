"""An event loop whose time jumps: a wait of twenty seconds costs a test nothing.

Sockets are real. When nothing is ready the loop first gives sockets (of this very process) and threads a moment, and
only when they stay quiet does its clock jump to the next timer. Other processes would be outrun: not for Postgres.
A moment is given once: until something is written or read again, nothing can be on its way. (The kernel delivers to
loopback sockets within the call that sends: of ten thousand such moments on a busy machine none brought anything.)

In the conftest.py of a folder whose tests shall run so:

    def pytest_asyncio_loop_factories() -> dict[str, type[VirtualTimeLoop]]:
        return {"virtual": VirtualTimeLoop}
"""

from __future__ import annotations

import asyncio
import selectors
from asyncio.selector_events import _SelectorSocketTransport  # pyright: ignore - without stubs
from collections.abc import Callable
from typing import Any

START = 1_000_000.0  # seconds; far from zero, where mistakes hide
EPOCH = 1_767_250_800.0  # 2026-01-01 15:00 in Shanghai, UTC seconds: what LoopClock says at START
GRACE_S = 0.001  # real time in which loopback sockets must deliver
LONG_JUMP_S = 0.05  # a jump that could carry somebody past a time-out: a busy machine gets more real time first
LONG_JUMP_GRACE_S = 0.002
THREAD_POLL_S = 0.01


class _Selector(selectors.DefaultSelector):
    """Asks the real selector without waiting, and jumps instead of sleeping."""

    loop: VirtualTimeLoop

    def __init__(self) -> None:
        super().__init__()
        self._given_s = 0.0  # real time since the last sign of life
        self._jumped_s = 0.0  # virtual time since then

    def sign_of_life(self) -> None:
        """Something was written or read: more may be on its way."""
        self._given_s = self._jumped_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and (timeout is None or timeout > 0):
            ready = self._wait(timeout)
        if ready:
            self.sign_of_life()
        return ready

    def _wait(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.loop.threads_at_work:
            return super().select(THREAD_POLL_S)
        if timeout is None:
            return super().select(THREAD_POLL_S)
        is_long = self._jumped_s + timeout > LONG_JUMP_S
        moment_s = (LONG_JUMP_GRACE_S if is_long else GRACE_S) - self._given_s
        if moment_s > 0:
            if ready := super().select(moment_s):
                return ready
            self._given_s += moment_s
        self._jumped_s += timeout
        self.loop.jump(timeout)
        return []


class _Transport(_SelectorSocketTransport):  # pyright: ignore[reportUntypedBaseClass] - asyncio offers no public place
    """Tells the selector what it sends, be it only its end."""

    _loop: VirtualTimeLoop

    def write(self, data: Any) -> None:
        self._loop.sign_of_life()
        super().write(data)  # pyright: ignore[reportUnknownMemberType] - without stubs

    def writelines(self, list_of_data: Any) -> None:
        self._loop.sign_of_life()
        super().writelines(list_of_data)  # pyright: ignore[reportUnknownMemberType] - without stubs

    def write_eof(self) -> None:
        self._loop.sign_of_life()
        super().write_eof()  # pyright: ignore[reportUnknownMemberType] - without stubs

    def _call_connection_lost(self, exc: Exception | None) -> None:
        self._loop.sign_of_life()
        super()._call_connection_lost(exc)  # pyright: ignore[reportUnknownMemberType] - without stubs


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._now = START
        self.threads_at_work = 0
        self._selector_of_time = _Selector()
        self._selector_of_time.loop = self
        super().__init__(self._selector_of_time)

    def time(self) -> float:
        return self._now

    def jump(self, seconds: float) -> None:
        self._now += seconds

    def sign_of_life(self) -> None:
        self._selector_of_time.sign_of_life()

    def _make_socket_transport(self, *arguments: Any, **options: Any) -> _Transport:
        return _Transport(self, *arguments, **options)

    def _stop_serving(self, sock: Any) -> None:
        self.sign_of_life()
        super()._stop_serving(sock)  # pyright: ignore - without stubs

    async def sock_connect(self, sock: Any, address: Any) -> None:
        self.sign_of_life()
        await super().sock_connect(sock, address)

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """While a thread works (reading a file, fsync) time stands still."""
        self.threads_at_work += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_done)
        return future

    def _thread_done(self, future: asyncio.Future[Any]) -> None:
        self.threads_at_work -= 1

    async def shutdown_default_executor(self, *arguments: Any) -> None:
        """Threads are waited for by a thread."""
        self.threads_at_work += 1
        await super().shutdown_default_executor(*arguments)
        self.threads_at_work -= 1


class LoopClock:
    """clock.Clock that follows the running loop, virtual or real."""

    def now(self) -> float:
        return EPOCH + asyncio.get_running_loop().time() - START
