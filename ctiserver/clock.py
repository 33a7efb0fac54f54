"""Time for those who do, as an argument for those who decide.

Instants are UTC seconds since 1970 as float. They advance with the monotonic clock, so that a step of the system's
clock neither fires nor starves a timer.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> float:
        """The present instant: UTC seconds since 1970, never going backwards within one process."""
        ...


class SystemClock:
    """The system's time at start, carried on by the monotonic clock."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        return time.monotonic() + self._offset


def to_datetime(instant: float) -> datetime:
    """An instant as an aware datetime in UTC, to the microsecond."""
    return datetime.fromtimestamp(instant, UTC)
