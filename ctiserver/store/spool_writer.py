"""The one thread that writes the journal to disk: into the file at once, one fsync for many records (group commit).

```
append ──▶ pending ──at once──▶ write ──(gather ≤ 20 ms)──▶ fdatasync ──▶ confirm(last seq)
rotate ──▶    "    ───────────▶ sync and close · new segment with checkpoint
```

What is in the file outlives this process; what is confirmed outlives the machine's power too. When the disk refuses,
the thread tells so once, keeps what it has, and starts again from the last confirmed byte until it succeeds; the calls
go on meanwhile.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ctiserver.store.spool_files import create_segment, write_all


class _Record(NamedTuple):
    seq: int
    frame: bytes


class _Rotation(NamedTuple):
    first_seq: int
    checkpoint: bytes


@dataclass(slots=True)
class _OpenSegment:
    descriptor: int
    confirmed: int  # bytes known to be on disk


class SpoolWriter:
    """`confirm(seq)` and `failed(error | None)` (None: well again) are called in the writer's thread.

    `start` makes the first segment in the caller's thread and raises OSError where that fails.
    """

    def __init__(
        self,
        folder: Path,
        *,
        confirm: Callable[[int], None],
        failed: Callable[[OSError | None], None],
        gather_s: float = 0.02,
        retry_s: float = 1.0,
    ) -> None:
        self._folder = folder
        self._confirm = confirm
        self._failed = failed
        self._gather_s = gather_s
        self._retry_s = retry_s
        self._changed = threading.Condition()
        self._pending: list[_Record | _Rotation] = []
        self._pending_bytes = 0
        self._closing = threading.Event()
        self._failing = False
        self._segment = _OpenSegment(-1, 0)
        self._written = 0  # records of `_pending` that are in the file and not confirmed …
        self._written_bytes = 0
        self._sync_at = 0.0  # … and when they are to be (monotonic)
        self._thread = threading.Thread(target=self._run, name="spool-writer", daemon=True)
        self.syncs = 0  # how often the disk was asked to confirm

    @property
    def backlog_bytes(self) -> int:
        """What waits in memory to be confirmed by the disk."""
        return self._pending_bytes

    def start(self, first_seq: int, checkpoint: bytes) -> None:
        self._segment = _OpenSegment(*create_segment(self._folder, first_seq, checkpoint))
        self._thread.start()

    def append(self, seq: int, frame: bytes) -> None:
        self._queue(_Record(seq, frame), len(frame))

    def rotate(self, first_seq: int, checkpoint: bytes) -> None:
        self._queue(_Rotation(first_seq, checkpoint), len(checkpoint))

    def _queue(self, item: _Record | _Rotation, size: int) -> None:
        with self._changed:
            self._pending.append(item)
            self._pending_bytes += size
            if len(self._pending) == self._written + 1:
                self._changed.notify()

    def close(self) -> bool:
        """Writes what is pending and ends the thread; False: the disk still refuses, the rest is lost."""
        self._closing.set()
        with self._changed:
            self._changed.notify()
        self._thread.join()
        os.close(self._segment.descriptor)
        return not self._pending

    def _run(self) -> None:
        while self._wait_for_work():
            try:
                self._write_new()
                if self._closing.is_set() or time.monotonic() >= self._sync_at:
                    self._sync()
            except OSError as error:
                self._tell_failure(error)
                self._forget_written()
                if self._closing.wait(self._retry_s):
                    return
            else:
                if not self._written:
                    self._tell_success()

    def _wait_for_work(self) -> bool:
        """Something is to be written, or what is written to be confirmed. False: closed, and nothing is left."""
        with self._changed:
            while len(self._pending) == self._written:
                if self._closing.is_set():
                    return bool(self._pending)
                left_s = self._sync_at - time.monotonic() if self._written else None
                if left_s is not None and left_s <= 0:
                    return True
                self._changed.wait(left_s)
        return True

    def _write_new(self) -> None:
        with self._changed:
            fresh = self._pending[self._written :]
        records: list[_Record] = []
        for item in fresh:
            if isinstance(item, _Record):
                records.append(item)
                continue
            self._write_records(records)
            records = []
            self._sync()
            self._open_next(item)
        self._write_records(records)

    def _write_records(self, records: list[_Record]) -> None:
        if not records:
            return
        segment = self._segment
        if not self._written:
            self._sync_at = time.monotonic() + self._gather_s
            if self._failing:  # a failed fsync may have lost any unconfirmed page: all of it is written again
                os.ftruncate(segment.descriptor, segment.confirmed)
        os.lseek(segment.descriptor, segment.confirmed + self._written_bytes, os.SEEK_SET)
        data = b"".join(record.frame for record in records)
        write_all(segment.descriptor, data)
        self._written += len(records)
        self._written_bytes += len(data)

    def _sync(self) -> None:
        if not self._written:
            return
        os.fdatasync(self._segment.descriptor)
        self.syncs += 1
        self._segment.confirmed += self._written_bytes
        last = self._done(self._written, self._written_bytes)
        if isinstance(last, _Record):
            self._confirm(last.seq)

    def _open_next(self, rotation: _Rotation) -> None:
        opened = _OpenSegment(*create_segment(self._folder, rotation.first_seq, rotation.checkpoint))
        os.close(self._segment.descriptor)
        self._segment = opened
        self._done(1, len(rotation.checkpoint))

    def _done(self, count: int, size: int) -> _Record | _Rotation:
        """Takes off what is on disk now; returns the last of it."""
        with self._changed:
            last = self._pending[count - 1]
            del self._pending[:count]
            self._pending_bytes -= size
            self._written = self._written_bytes = 0
        return last

    def _forget_written(self) -> None:
        with self._changed:
            self._written = self._written_bytes = 0

    def _tell_failure(self, error: OSError) -> None:
        if not self._failing:
            self._failing = True
            self._failed(error)

    def _tell_success(self) -> None:
        if self._failing:
            self._failing = False
            self._failed(None)
