"""Files that Asterisk is still writing: complete when they have stopped growing.

All that are waited for are looked at together, in one go of one thread: at the end of a busy minute many recordings
end, and calls need the processor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from ctiserver.tasks import TaskOwner

log = structlog.get_logger()

SETTLE_S = 0.1  # MixMonitor writes its last buffer some moments after StopMixMonitor has been answered
SETTLED_CHECKS = 3  # as many equal sizes in a row mean that the file is complete
SETTLE_LIMIT_S = 5.0


@dataclass(slots=True)
class Growth:
    """What was seen of a file that is being written. `due`: until when (the loop's time) it may grow."""

    due: float
    size: int | None = None  # as it was last seen, `equal` times after the first
    equal: int = 0

    def is_over(self, seen: int | None, now: float) -> bool:
        """Takes note of a size (None: no such file). True: nothing more is waited for."""
        self.equal = self.equal + 1 if seen == self.size else 0
        self.size = seen
        if seen is None or self.equal >= SETTLED_CHECKS - 1:
            return True
        if now > self.due:
            log.warning("recording_still_grows", size=seen)
        return now > self.due


@dataclass(slots=True)
class _Watched:
    file: Path
    settled: asyncio.Future[int | None]
    growth: Growth


class SettlingFiles:
    def __init__(self, tasks: TaskOwner) -> None:
        self._tasks = tasks
        self._watched: list[_Watched] = []
        self._watching = False

    async def size(self, file: Path) -> int | None:
        """In bytes, once it has stopped growing (or the limit has passed); None: no such file. Raises OSError."""
        loop = asyncio.get_running_loop()
        watched = _Watched(file, loop.create_future(), Growth(loop.time() + SETTLE_LIMIT_S))
        self._watched.append(watched)
        if not self._watching:
            self._watching = True
            self._tasks.start("settling files", self._watch())
        return await watched.settled

    async def _watch(self) -> None:
        try:
            while self._watched:
                looked_at = list(self._watched)
                sizes = await asyncio.to_thread(_sizes, [watched.file for watched in looked_at])
                now = asyncio.get_running_loop().time()
                done = {id(w) for w, size in zip(looked_at, sizes, strict=True) if _is_settled(w, size, now)}
                self._watched = [watched for watched in self._watched if id(watched) not in done]
                if self._watched:
                    await asyncio.sleep(SETTLE_S)
        finally:
            self._watching = False


def _is_settled(watched: _Watched, seen: int | OSError | None, now: float) -> bool:
    """Takes note of what was seen; True: whoever waits has been told, or has gone."""
    if watched.settled.done():
        return True
    if isinstance(seen, OSError):
        watched.settled.set_exception(seen)
        return True
    if not watched.growth.is_over(seen, now):
        return False
    watched.settled.set_result(seen)
    return True


def _sizes(files: Sequence[Path]) -> list[int | OSError | None]:
    return [_size(file) for file in files]


def _size(file: Path) -> int | OSError | None:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return None
    except OSError as error:
        return error
