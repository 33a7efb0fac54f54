"""The folder of spool segments: which exist, what they hold, what a restart finds, which may go.

A segment is named after the number of its first step and appears by rename, whole with its checkpoint; so the newest
one always suffices to start again. Older ones stay until their steps are in Postgres.
"""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
import structlog

from ctiserver.call.events import Step
from ctiserver.errors import PartError
from ctiserver.store.spool_format import CHECKPOINT, MAGIC, STEP, decode_step, frame, frames, next_step

log = structlog.get_logger()

SUFFIX = ".segment"


@dataclass(frozen=True, slots=True)
class Segment:
    path: Path
    first_seq: int


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a restart finds: the newest checkpoint, the steps after it, and where numbering goes on."""

    checkpoint: bytes | None = None
    steps: tuple[Step, ...] = ()
    next_seq: int = 1
    dropped_bytes: int = 0  # torn tail of a write that was never confirmed


def list_segments(folder: Path) -> list[Segment]:
    """By number of the first step, oldest first."""
    found = [Segment(path, int(path.stem)) for path in folder.glob(f"*{SUFFIX}") if path.stem.isdecimal()]
    return sorted(found, key=lambda segment: segment.first_seq)


def recover(folder: Path) -> Recovered:
    """Reads the newest segment and cuts its torn tail off; a segment without a whole checkpoint is moved aside.

    A record that is damaged though whole ones follow it is no torn tail: those count, and a copy of the file is kept.

    Raises PartError where the folder can't be used or a later version wrote it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for draft in folder.glob("*.new"):
            draft.unlink()  # a rotation that did not finish: the segment before it is whole
        dropped = 0
        for segment in reversed(list_segments(folder)):
            data = segment.path.read_bytes()
            found = _read(segment, data)
            if found is not None:
                return _cut(segment, found, len(data), dropped)
            aside = segment.path.with_suffix(".damaged")
            segment.path.rename(aside)
            dropped += len(data)
            log.error("spool_segment_damaged", moved_to=str(aside), size_bytes=len(data))
        return Recovered(dropped_bytes=dropped)
    except OSError as error:
        raise PartError(
            f"The journal's folder {folder} can't be used: {error}", hint="check its owner and the disk, or set `var`"
        ) from None


def _read(segment: Segment, data: bytes) -> tuple[bytes, tuple[Step, ...], int] | None:
    """Checkpoint, steps and the length of what is whole; None where not even the checkpoint is."""
    if not data.startswith(MAGIC):
        return None
    records = frames(data, len(MAGIC))
    head = next(records, None)
    if head is None or head.kind != CHECKPOINT:
        return None
    steps: list[Step] = []
    whole, begin, damages = head.end, head.end, 0
    while True:
        for record in frames(data, begin):
            if record.kind == STEP:
                steps.append(_decode(segment.path, record.body))
            whole = record.end
        following = next_step(data, whole)
        if following is None:
            break
        begin, damages = following, damages + 1
    if damages:
        aside = segment.path.with_suffix(".damaged")
        aside.write_bytes(data)
        log.error("spool_damaged", copy=str(aside), places=damages, effect="those steps are lost, later ones are kept")
    return head.body, tuple(steps), whole


def _decode(path: Path, body: bytes) -> Step:
    try:
        return decode_step(body)
    except msgspec.MsgspecError as error:
        raise PartError(
            f"{path} holds a step that this version doesn't know: {error}",
            hint="start the version that wrote it until all is in Postgres, or move the folder away",
        ) from None


def _cut(segment: Segment, found: tuple[bytes, tuple[Step, ...], int], size: int, dropped: int) -> Recovered:
    checkpoint, steps, whole = found
    with segment.path.open("r+b") as file:
        file.truncate(whole)
        os.fsync(file.fileno())  # what we now call durable may only have been in the page cache of the last run
    if whole < size:
        log.warning("spool_tail_dropped", segment=segment.path.name, dropped_bytes=size - whole)
    next_seq = steps[-1].seq + 1 if steps else segment.first_seq
    return Recovered(checkpoint, steps, next_seq, dropped + size - whole)


def create_segment(folder: Path, first_seq: int, checkpoint: bytes) -> tuple[int, int]:
    """Makes a segment durably, whole with its checkpoint; returns its open descriptor and length."""
    path = folder / f"{first_seq:016d}{SUFFIX}"
    draft = path.with_suffix(".new")
    head = MAGIC + frame(CHECKPOINT, checkpoint)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        write_all(descriptor, head)
        os.fsync(descriptor)
        draft.replace(path)
        sync_folder(folder)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor, len(head)


def write_all(descriptor: int, data: bytes) -> None:
    """Like os.write, which may write only a part when the disk fills up."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Path) -> None:
    """Makes a rename in the folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_shipped(folder: Path, shipped_seq: int) -> int:
    """Deletes segments all of whose steps are shipped, except the newest; returns how many."""
    segments = list_segments(folder)
    gone = [older for older, newer in itertools.pairwise(segments) if newer.first_seq <= shipped_seq + 1]
    for segment in gone:
        segment.path.unlink(missing_ok=True)
    return len(gone)
