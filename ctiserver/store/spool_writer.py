"""The one thread that writes the journal to disk: many records, one fsync (group commit).

```
append ──▶ pending ──(gather ≤ 20 ms)─▶ write · fdatasync ──▶ confirm(last seq)
rotate ──▶    "    ──────────────────▶ close · new segment with checkpoint
```

When the disk refuses, the thread tells so once, keeps what it has, and starts again from the last confirmed byte until
it succeeds; the calls go on meanwhile.
"""

from __future__ import annotations

import os
import threading
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
            if len(self._pending) == 1:
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
            self._closing.wait(self._gather_s)
            with self._changed:
                batch = list(self._pending)
            try:
                self._write(batch)
            except OSError as error:
                self._tell_failure(error)
                if self._closing.wait(self._retry_s):
                    return
            else:
                self._tell_success()

    def _wait_for_work(self) -> bool:
        with self._changed:
            while not self._pending:
                if self._closing.is_set():
                    return False
                self._changed.wait()
        return True

    def _write(self, batch: list[_Record | _Rotation]) -> None:
        records: list[_Record] = []
        for item in batch:
            if isinstance(item, _Record):
                records.append(item)
                continue
            self._write_records(records)
            records = []
            self._open_next(item)
        self._write_records(records)

    def _write_records(self, records: list[_Record]) -> None:
        if not records:
            return
        segment = self._segment
        if self._failing:  # a failed fsync may have lost any unconfirmed page: write all of it again
            os.ftruncate(segment.descriptor, segment.confirmed)
        os.lseek(segment.descriptor, segment.confirmed, os.SEEK_SET)
        data = b"".join(record.frame for record in records)
        write_all(segment.descriptor, data)
        os.fdatasync(segment.descriptor)
        self.syncs += 1
        segment.confirmed += len(data)
        self._done(len(records), len(data))
        self._confirm(records[-1].seq)

    def _open_next(self, rotation: _Rotation) -> None:
        opened = _OpenSegment(*create_segment(self._folder, rotation.first_seq, rotation.checkpoint))
        os.close(self._segment.descriptor)
        self._segment = opened
        self._done(1, len(rotation.checkpoint))

    def _done(self, count: int, size: int) -> None:
        with self._changed:
            del self._pending[:count]
            self._pending_bytes -= size

    def _tell_failure(self, error: OSError) -> None:
        if not self._failing:
            self._failing = True
            self._failed(error)

    def _tell_success(self) -> None:
        if self._failing:
            self._failing = False
            self._failed(None)
