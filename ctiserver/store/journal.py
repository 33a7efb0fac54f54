"""The journal of one node: numbers the steps, has them written, tells listeners once they are on disk.

```
append(step) ─▶ number · encode ─▶ writer thread ─fsync─▶ listeners (feed, shipper)
```

A checkpoint of the live state begins each segment, so that a restart reads one segment. It is asked for between two
steps: whoever changes live state must apply a step's result and append the step without awaiting in between.

While the disk refuses to write, listeners are told without it: pages must move as calls do. What memory can't hold
is given up and counted, and the next segment begins with a fresh checkpoint.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import structlog

from ctiserver.call.events import Step
from ctiserver.errors import PartError
from ctiserver.last_resort import end_without_memory
from ctiserver.store import spool_files
from ctiserver.store.spool_files import Recovered
from ctiserver.store.spool_format import STEP, frame, storable
from ctiserver.store.spool_writer import SpoolWriter

log = structlog.get_logger()

_T = TypeVar("_T")
Listener = Callable[[Sequence[Step]], None]
FailureListener = Callable[[OSError | None], None]


class JournalLimits(msgspec.Struct, frozen=True, kw_only=True):
    segment_bytes: int = 8 * 1024 * 1024
    segment_age_s: float = 60.0
    memory_bytes: int = 64 * 1024 * 1024  # unwritten steps kept while the disk refuses
    gather_s: float = 0.02  # what happens within so many seconds goes to disk, and to pages, together
    retry_s: float = 1.0


class SpoolJournal:
    """Implements ports.Journal. `recovered` tells what the last run left; `start` begins a new segment after it.

    `at_least` is the next free number as far as Postgres knows (`shipper.next_seq`): it matters only where the spool
    was lost, so that numbers are never used twice.
    """

    def __init__(self, folder: Path, *, at_least: int = 1, limits: JournalLimits | None = None) -> None:
        self.folder = folder
        self.recovered: Recovered = spool_files.recover(folder)
        self.next_seq: int = max(self.recovered.next_seq, at_least)
        self.first_own_seq = self.next_seq
        self.durable_seq = self.next_seq - 1  # recovered steps are on disk: the tail was cut to what is whole
        self.dropped_steps = 0  # given up because disk and memory were full
        self.failure: OSError | None = None
        self._limits = limits or JournalLimits()
        self._listeners: list[Listener] = []
        self._failure_listeners: list[FailureListener] = []
        self._untold: deque[Step] = deque()
        self._checkpoint: Callable[[], bytes] = bytes
        self._writer: SpoolWriter | None = None
        self._segment_bytes = 0
        self._segment_since = 0.0
        self._segment_first_seq: int = self.next_seq
        self._rotation_due = False

    def on_durable(self, listener: Listener) -> None:
        """`listener(steps)` is called in the event loop, in order, after fsync.

        What it raises is logged and kept from the others.
        """
        self._listeners.append(listener)

    def on_failure(self, listener: FailureListener) -> None:
        """`listener(error)` when the disk begins to refuse, `listener(None)` when it is well again."""
        self._failure_listeners.append(listener)

    async def start(self, checkpoint: Callable[[], bytes]) -> None:
        """Opens this run's first segment with the present checkpoint. Raises PartError where the disk refuses."""
        loop = asyncio.get_running_loop()
        self._checkpoint = checkpoint
        writer = SpoolWriter(
            self.folder,
            confirm=lambda seq: _tell(loop, self._confirmed, seq),
            failed=lambda error: _tell(loop, self._disk_changed, error),
            gather_s=self._limits.gather_s,
            retry_s=self._limits.retry_s,
        )
        try:
            await asyncio.to_thread(writer.start, self.next_seq, checkpoint())
        except OSError as error:
            problem = f"The journal can't be written to {self.folder}: {error}"
            raise PartError(problem, hint="check its owner and whether the disk is full") from None
        self._writer = writer
        self._segment_since = time.monotonic()
        self._segment_first_seq = self.next_seq

    def append(self, step: Step) -> None:
        """Numbers the step (its `seq` must be 0) and queues it; returns at once."""
        writer = self._writer
        if writer is None:
            raise RuntimeError("the journal has not been started or is closed")
        if step.seq:
            raise ValueError(f"step {step.seq} of {step.subject} has been numbered before")
        if writer.backlog_bytes > self._limits.memory_bytes:
            self._give_up(step)
            return
        step, body = storable(msgspec.structs.replace(step, seq=self.next_seq))
        record = frame(STEP, body)
        self.next_seq += 1
        self._untold.append(step)
        writer.append(step.seq, record)
        self._segment_bytes += len(record)
        if self.failure:
            asyncio.get_running_loop().call_soon(self._tell_until, step.seq)
        self._consider_rotation()

    async def close(self) -> None:
        """Confirms all that is pending, tells the listeners, and ends the thread."""
        if (writer := self._writer) is None:
            return
        self._writer = None
        complete = await asyncio.to_thread(writer.close)
        await asyncio.sleep(0)  # the thread's last confirmation waits in the loop
        if not complete:
            log.error("journal_closed_incomplete", unwritten_bytes=writer.backlog_bytes)

    @property
    def backlog_bytes(self) -> int:
        return self._writer.backlog_bytes if self._writer else 0

    def _consider_rotation(self) -> None:
        old = time.monotonic() - self._segment_since > self._limits.segment_age_s
        if (old or self._segment_bytes > self._limits.segment_bytes) and not self._rotation_due:
            self._rotation_due = True
            asyncio.get_running_loop().call_soon(self._rotate)  # after whoever appends has applied its step

    def _rotate(self) -> None:
        self._rotation_due = False
        if self._writer is None or self.next_seq == self._segment_first_seq:
            return
        self._writer.rotate(self.next_seq, self._checkpoint())
        self._segment_first_seq = self.next_seq
        self._segment_bytes = 0
        self._segment_since = time.monotonic()

    def _confirmed(self, seq: int) -> None:
        self.durable_seq = seq
        self._tell_until(seq)

    def _tell_until(self, seq: int) -> None:
        steps: list[Step] = []
        while self._untold and self._untold[0].seq <= seq:
            steps.append(self._untold.popleft())
        if steps:
            self._tell(steps)

    def _tell(self, steps: Sequence[Step]) -> None:
        for listener in self._listeners:
            try:
                listener(steps)
            except Exception as error:  # one listener's defect (a page's) must not keep the steps from the others
                end_without_memory(error)
                log.exception("journal_listener_failed", listener=repr(listener), first_seq=steps[0].seq)

    def _disk_changed(self, error: OSError | None) -> None:
        self.failure = error
        if error:
            log.error("journal_disk_refuses", folder=str(self.folder), error=str(error))
            self._tell_until(self.next_seq)
        else:
            log.warning("journal_disk_well_again", folder=str(self.folder), dropped_steps=self.dropped_steps)
            self._rotate()  # a fresh checkpoint, since steps may have been given up meanwhile
        for listener in self._failure_listeners:
            listener(error)

    def _give_up(self, step: Step) -> None:
        if not self.dropped_steps:
            log.error("journal_memory_full", limit_bytes=self._limits.memory_bytes)
        self.dropped_steps += 1
        asyncio.get_running_loop().call_soon(self._tell, (step,))


def _tell(loop: asyncio.AbstractEventLoop, receiver: Callable[[_T], None], value: _T) -> None:
    """From the writer's thread into the loop; quiet where the loop has just ended."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(receiver, value)
