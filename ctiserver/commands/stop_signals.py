"""Ctrl-C, `ctiserver down` and a closed terminal: each ends a command once, whatever it is doing at that moment."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSignals:
    """Cancels the task that made it, at the first signal only: a second one would cut the orderly stop short."""

    def __init__(self) -> None:
        self._told = False
        self._task = asyncio.current_task()
        for number in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._cancel)

    def _cancel(self) -> None:
        if not self._told and self._task is not None:
            self._told = True
            self._task.cancel()

    @contextmanager
    def interrupting(self) -> Generator[None]:
        """Around work that blocks the event loop, whose own handlers would only be called afterwards."""

        def interrupt(_number: int, _frame: FrameType | None) -> None:
            if not self._told:
                self._told = True
                raise asyncio.CancelledError

        former = {number: signal.signal(number, interrupt) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)
