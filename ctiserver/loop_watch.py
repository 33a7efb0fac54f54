"""Watches the event loop: everything waits for it, so whoever holds it up is measured, and caught in the act.

Each beat measures how late it came. If no beat comes for STALL_S, a thread of the interpreter (faulthandler) writes
where every thread stands to the log, while the culprit is still at it.
"""

from __future__ import annotations

import asyncio
import faulthandler
import sys
from typing import TextIO

import structlog
from prometheus_client import Histogram

log = structlog.get_logger()

BEAT_S = 0.5
LATE_S = 0.25
STALL_S = 5.0

LAG = Histogram(
    "cti_loop_lag_seconds",
    "How late the event loop was when it looked after its timers",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


async def watch_loop(*, beat_s: float = BEAT_S, stall_s: float = STALL_S, stacks: TextIO | None = None) -> None:
    """Until cancelled. `stacks` (a real file; standard error unless given) hears of stalls."""
    loop = asyncio.get_running_loop()
    file = stacks or sys.stderr
    try:
        while True:
            faulthandler.dump_traceback_later(beat_s + stall_s, file=file)
            due = loop.time() + beat_s
            await asyncio.sleep(beat_s)
            lag = max(0.0, loop.time() - due)
            LAG.observe(lag)
            if lag >= LATE_S:
                log.warning("loop_was_late", seconds=round(lag, 3))
    finally:
        faulthandler.cancel_dump_traceback_later()
