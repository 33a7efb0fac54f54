"""Instants over a restart: the next process goes on counting where the former was, though the system's clock was set.

The monotonic clock is the machine's and outlives the process; what the former one added to it lies in a file, with the
boot that it was good for. While calls are under way that sum is what counts: a clock that was set an hour ahead
would make each conversation an hour longer, and throw everybody out of the queue.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import structlog
from prometheus_client import Gauge

from ctiserver.clock import SystemClock

log = structlog.get_logger()

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
STEP_S = 1.0  # below that it was no step, only drift
LOOK_EVERY_S = 10.0

OFF = Gauge(
    "cti_clock_off_seconds",
    "How far instants are ahead of the system's clock: it was set while we ran, or while calls were taken up",
)


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    boot: str
    offset_s: float  # of instants to the machine's monotonic clock


class KeptClock:
    def __init__(self, file: Path, boot: Path = BOOT_ID) -> None:
        self._file = file
        self._boot = boot

    def go_on(self, clock: SystemClock) -> float:
        """Has the clock count as the former process did. Returns by how much it is ahead of the system's then."""
        kept = self._read()
        if kept is None or kept.boot != self._boot_id() or not kept.boot:
            return 0.0
        if abs(kept.offset_s - clock.offset_s) < STEP_S:
            return 0.0
        clock.offset_s = kept.offset_s
        return clock.ahead_s()

    def keep(self, clock: SystemClock) -> None:
        try:
            draft = self._file.with_name(self._file.name + ".new")
            draft.write_bytes(msgspec.json.encode(_Kept(boot=self._boot_id(), offset_s=clock.offset_s)))
            draft.replace(self._file)
        except OSError as error:  # a full disk: the next process takes the system's time
            log.error("clock_not_kept", problem=str(error))

    def _read(self) -> _Kept | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Kept)
        except (OSError, msgspec.MsgspecError):  # not there, or not whole: then it is a first start
            return None

    def _boot_id(self) -> str:
        """Empty where the system has none: then nothing is taken over."""
        try:
            return self._boot.read_text(encoding="ascii").strip()
        except OSError:
            return ""


async def watch_clock(clock: SystemClock, *, every_s: float = LOOK_EVERY_S) -> None:
    """Until cancelled. Tells when the system's clock was set: calls are counted on as before."""
    told = 0.0
    while True:
        ahead = clock.ahead_s()
        OFF.set(round(ahead, 3))
        if abs(ahead - told) >= STEP_S:
            told = ahead
            log.warning("clock_was_set", ahead_s=round(ahead, 1), hint="restart the daemon when no call is under way")
        await asyncio.sleep(every_s)
