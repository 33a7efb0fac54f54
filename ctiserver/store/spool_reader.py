"""Reads the journal's confirmed steps from disk, in order, for shipping; keeps its place between calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from ctiserver.call.events import Step
from ctiserver.store.spool_files import Segment, list_segments
from ctiserver.store.spool_format import MAGIC, STEP, Frame, decode_step, frames, next_step

log = structlog.get_logger()

CHUNK_BYTES = 1024 * 1024


@dataclass(slots=True)
class _Place:
    segment: Segment
    offset: int


class SpoolReader:
    """Steps from `first_seq` on. Blocking file I/O: call it in a thread, one call at a time."""

    def __init__(self, folder: Path, first_seq: int) -> None:
        self._folder = folder
        self._next_seq = first_seq
        self._place: _Place | None = None
        self.missing_steps = 0  # numbers that no segment holds: damaged or deleted

    @property
    def next_seq(self) -> int:
        """What comes next."""
        return self._next_seq

    def skip_to(self, seq: int) -> None:
        """Whatever is before `seq` is known already; where to read on is looked for when it is needed."""
        self._next_seq = seq
        self._place = None

    def read(self, until: int, limit: int) -> list[Step]:
        """The next steps with seq ≤ `until`, at most `limit`; empty: there are none (yet)."""
        if self._place is None:
            self._find_place()
        steps: list[Step] = []
        while len(steps) < limit and self._next_seq <= until and self._place is not None:
            newer = self._newer(self._place.segment)
            if self._read_chunk(self._place, until, limit, steps):
                continue
            if newer is None:
                break
            if not self._skip_damage(self._place):
                self._go_to(newer)
        return steps

    def _find_place(self) -> None:
        """The last segment that begins at or before what comes next, or the oldest there is."""
        segments = list_segments(self._folder)
        earlier = [segment for segment in segments if segment.first_seq <= self._next_seq]
        if segments:
            self._go_to(earlier[-1] if earlier else segments[0])

    def _go_to(self, segment: Segment) -> None:
        self._note_gap(segment.first_seq)
        self._next_seq = max(self._next_seq, segment.first_seq)
        self._place = _Place(segment, len(MAGIC))

    def _note_gap(self, seq: int) -> None:
        if missing := max(0, seq - self._next_seq):
            self.missing_steps += missing
            log.error("journal_gap", first=self._next_seq, missing=missing)

    def _skip_damage(self, place: _Place) -> bool:
        """Behind a damaged record of a segment that nobody writes any more; False: nothing whole follows."""
        try:
            data = place.segment.path.read_bytes()
        except FileNotFoundError:
            return False
        following = next_step(data, place.offset)
        if following is None:
            return False
        log.error("journal_damaged", segment=place.segment.path.name, at=place.offset, bytes=following - place.offset)
        place.offset = following
        return True

    def _newer(self, segment: Segment) -> Segment | None:
        """Asked before reading: once it exists, the present segment is complete."""
        return next((found for found in list_segments(self._folder) if found.first_seq > segment.first_seq), None)

    def _read_chunk(self, place: _Place, until: int, limit: int, steps: list[Step]) -> bool:
        """Appends what the next chunk holds and moves on behind it; False: no whole record follows."""
        base = place.offset
        for record in _next_frames(place):
            if record.kind == STEP:
                step = decode_step(record.body)
                if step.seq > until or len(steps) == limit:
                    break
                if step.seq >= self._next_seq:
                    self._note_gap(step.seq)
                    steps.append(step)
                    self._next_seq = step.seq + 1
            place.offset = base + record.end
        return place.offset > base


def _next_frames(place: _Place) -> Iterator[Frame]:
    try:
        with place.segment.path.open("rb") as file:
            file.seek(place.offset)
            data = file.read(CHUNK_BYTES)
            if next(frames(data, 0), None) is None and len(data) == CHUNK_BYTES:
                data += file.read()  # one record (a large checkpoint) exceeds the chunk
    except FileNotFoundError:  # read to its end, shipped and deleted: a newer one goes on
        return iter(())
    return frames(data, 0)
