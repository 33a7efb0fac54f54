"""Recordings as files of ours: Asterisk's raw samples become a stereo WAV with its labels inside.

Left is the caller, right is what the caller heard; 16 bit, 8 kHz, so one second takes 32,000 bytes. Files lie under
`YYYY/MM/DD/` of the configured time zone and appear at once and complete (written beside, synced, renamed). With a
current key they are sealed (sealed_files.py) and end in `.wav.sealed`; size and checksum are of the sound in clear.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from ctiserver.clock import to_datetime
from ctiserver.errors import Rejected
from ctiserver.store.sealed_files import OPEN, SUFFIX, Keyring, SealedFile, SealingWriter

RATE = 8000  # frames per second
CHANNELS = 2
FRAME = 2 * CHANNELS  # bytes
MAX_AUDIO = 2**32 - 64 * 1024  # bytes: a WAV file counts in 32 bits (37 hours)
CHUNK = 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,119}")


@dataclass(frozen=True, slots=True)
class StoredAudio:
    path: str  # below the folder
    duration_ms: int
    size_bytes: int
    sha256: str


class AudioFiles:
    """Implements ports.RecordingStore below one folder."""

    def __init__(self, folder: Path, timezone: str = "UTC", keyring: Keyring = OPEN) -> None:
        self._folder = folder
        self._zone = ZoneInfo(timezone)
        self._keyring = keyring

    async def keep(
        self, recording_id: str, raw: Path, at: float, labels: Mapping[str, str]
    ) -> tuple[str, int, int, str]:
        """Converts `raw` (16-bit little-endian, two channels interleaved) and stores it under its day.

        `at`: UTC seconds of the recording's begin. `labels` go into the file as a comment (JSON). Keeping the same
        recording again replaces it. Returns path below the folder, duration in ms, size in bytes, sha256 (hex).
        Raises OSError (disk full, no right to write; nothing is left behind) and Rejected for an impossible name.
        """
        path = relative_path(recording_id, at, self._zone) + (SUFFIX if self._keyring.current else "")
        stored = await asyncio.to_thread(_convert, raw, self._folder, path, dict(labels), self._keyring)
        return stored.path, stored.duration_ms, stored.size_bytes, stored.sha256

    def locate(self, path: str) -> Path | None:
        """The file of a stored path; None: it has gone, or the path leads out of the folder."""
        root = self._folder.resolve()
        file = (root / path).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None

    def remove(self, path: str) -> None:
        """Of a file that is not there nothing is said. Raises OSError."""
        if (file := self.locate(path)) is not None:
            file.unlink(missing_ok=True)

    def open_sealed(self, file: Path) -> SealedFile | None:
        """None: it is not sealed and can be read as it is. Raises SealError."""
        if file.suffix != SUFFIX:
            return None
        return SealedFile(file.open("rb"), self._keyring)


def relative_path(recording_id: str, at: float, zone: tzinfo) -> str:
    if not _NAME.fullmatch(recording_id):
        raise Rejected(f"{recording_id!r} can't be the name of a recording")
    return f"{to_datetime(at).astimezone(zone):%Y/%m/%d}/{recording_id}.wav"


def _convert(raw: Path, folder: Path, path: str, labels: dict[str, str], keyring: Keyring) -> StoredAudio:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    audio = min(raw.stat().st_size, MAX_AUDIO) // FRAME * FRAME  # a torn last frame is dropped
    header = wav_header(audio, labels)
    beside = file.with_suffix(".part")
    checksum = hashlib.sha256()
    try:
        with raw.open("rb") as source, beside.open("wb") as target:
            sealing = SealingWriter(target, len(header) + audio, keyring) if keyring.current else None
            write = sealing.write if sealing else target.write
            for piece in _pieces(header, source, audio):
                checksum.update(piece)
                write(piece)
            if sealing:
                sealing.finish()
            target.flush()
            os.fsync(target.fileno())
        beside.replace(file)
        _sync_folder(file.parent)
    finally:
        beside.unlink(missing_ok=True)
    duration_ms = round(audio / FRAME * 1000 / RATE)
    return StoredAudio(path, duration_ms, len(header) + audio, checksum.hexdigest())


def wav_header(audio: int, labels: Mapping[str, str]) -> bytes:
    """RIFF header for `audio` bytes of stereo PCM; labels in a LIST/INFO comment, in front, where readers skip it."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, CHANNELS, RATE, RATE * FRAME, FRAME, 16)
    info = _info_chunk(labels) if labels else b""
    size = 4 + len(form) + len(info) + 8 + audio
    return struct.pack("<4sI4s", b"RIFF", size, b"WAVE") + form + info + struct.pack("<4sI", b"data", audio)


def _info_chunk(labels: Mapping[str, str]) -> bytes:
    text = json.dumps(labels, ensure_ascii=False, sort_keys=True).encode() + b"\0"
    padded = text + b"\0" * (len(text) % 2)  # chunks are even, their stated size isn't
    body = b"INFO" + struct.pack("<4sI", b"ICMT", len(text)) + padded
    return struct.pack("<4sI", b"LIST", len(body)) + body


def labels_of(file: Path) -> dict[str, str]:
    """The labels inside a stored file; empty where there are none."""
    with file.open("rb") as source:
        head = source.read(64 * 1024)
    at = head.find(b"INFOICMT", 0, 256)
    if at < 0:
        return {}
    (length,) = struct.unpack_from("<I", head, at + 8)
    labels: dict[str, str] = json.loads(head[at + 12 : at + 12 + length].rstrip(b"\0"))
    return labels


def _pieces(header: bytes, source: BinaryIO, size: int) -> Iterator[bytes]:
    yield header
    left = size
    while left:
        piece = source.read(min(left, CHUNK))
        if not piece:
            raise OSError(f"{source.name} became shorter while it was read")
        yield piece
        left -= len(piece)


def _sync_folder(folder: Path) -> None:
    """The new name survives a power cut only once its folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
