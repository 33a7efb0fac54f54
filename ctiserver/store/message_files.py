"""Voicemails and faxes as files of ours, beside the recordings: complete or not there at all.

A message is a mono WAV, 8 kHz, 16 bit, under `YYYY/MM/DD/`; a fax is the TIFF that Asterisk's fax engine wrote.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import struct
import wave
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from ctiserver.errors import Rejected
from ctiserver.store.audio_files import relative_path

MAX_PAGES = 2000
FRAME_RATE = 8000


class MessageFiles:
    """Implements ports.MessageStore below one folder. Everything raises OSError and Rejected."""

    def __init__(self, folder: Path, timezone: str = "UTC") -> None:
        self._folder = folder
        self._zone = ZoneInfo(timezone)

    async def keep_message(
        self, message_id: str, source: Path, at: float, labels: Mapping[str, str]
    ) -> tuple[str, int, int, str]:
        """Returns path below the folder, duration in ms, size in bytes, sha256. Keeping it again replaces it."""
        path = relative_path(message_id, at, self._zone)
        duration_ms = await asyncio.to_thread(_duration_ms, source)
        size, digest = await asyncio.to_thread(_keep, source, self._folder / path)
        return path, duration_ms, size, digest

    async def keep_fax(self, fax_id: str, source: Path, at: float) -> tuple[str, int, int, str]:
        """Returns path below the folder, pages, size in bytes, sha256."""
        path = relative_path(fax_id, at, self._zone).removesuffix(".wav") + ".tif"
        pages = await asyncio.to_thread(count_pages, source)
        size, digest = await asyncio.to_thread(_keep, source, self._folder / path)
        return path, pages, size, digest

    async def drop(self, path: str) -> None:
        await asyncio.to_thread((self._folder / path).unlink, missing_ok=True)


def _duration_ms(source: Path) -> int:
    """By the samples that are there: a header that was never completed does not count."""
    try:
        with wave.open(str(source), "rb") as sound:
            form = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
    except (wave.Error, EOFError) as error:
        raise Rejected(f"the message is no WAV file: {error}") from None
    if form != (1, 2, FRAME_RATE):
        raise Rejected(f"the message has the form {form}, not mono, 16 bit, 8 kHz")
    frames = (source.stat().st_size - 44) // 2
    return round(max(0, frames) * 1000 / FRAME_RATE)


def count_pages(source: Path) -> int:
    """The directories of a TIFF file, one per page; 0 for what is none."""
    data = source.read_bytes()
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None or len(data) < 8:
        return 0
    pages = 0
    (offset,) = struct.unpack_from(order + "I", data, 4)
    while offset and offset + 2 <= len(data) and pages < MAX_PAGES:
        (entries,) = struct.unpack_from(order + "H", data, offset)
        following = offset + 2 + entries * 12
        if following + 4 > len(data):
            return pages
        pages += 1
        (offset,) = struct.unpack_from(order + "I", data, following)
    return pages


def _keep(source: Path, file: Path) -> tuple[int, str]:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".part")
    try:
        with source.open("rb") as original, beside.open("wb") as copy:
            shutil.copyfileobj(original, copy)
            copy.flush()
            os.fsync(copy.fileno())
        with beside.open("rb") as copy:
            digest = hashlib.file_digest(copy, "sha256").hexdigest()
        size = beside.stat().st_size
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    return size, digest
