"""Time for those who do, as an argument for those who decide.

Instants are UTC seconds since 1970 as float. They advance with the monotonic clock, so that a step of the system's
clock neither fires nor starves a timer.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

FURTHEST_S = 86_400.0


class Clock(Protocol):
    def now(self) -> float:
        """The present instant: UTC seconds since 1970, never going backwards within one process."""
        ...


class SystemClock:
    """The system's time at start, carried on by the monotonic clock."""

    def __init__(self) -> None:
        self.offset_s = _system_offset()  # what is added to the monotonic clock

    def now(self) -> float:
        return time.monotonic() + self.offset_s

    def ahead_s(self) -> float:
        """How far it is ahead of the system's clock: that was set since we began."""
        return self.offset_s - _system_offset()

    def not_before(self, instant: float) -> float:
        """What an earlier process wrote did not happen later than now, whatever became of the system's clock.

        Returns by how many seconds this clock is ahead of the system's from now on. An instant that is further ahead
        than FURTHEST_S is not believed: that clock had been wrong.
        """
        ahead = instant - self.now()
        if not 0 < ahead <= FURTHEST_S:
            return 0.0
        self.offset_s += ahead
        return ahead


def _system_offset() -> float:
    return time.time() - time.monotonic()


def to_datetime(instant: float) -> datetime:
    """An instant as an aware datetime in UTC, to the microsecond."""
    return datetime.fromtimestamp(instant, UTC)
