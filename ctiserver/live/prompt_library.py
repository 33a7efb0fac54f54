"""The recorded prompts that this node can play: those that were uploaded, then those beside the flows.

Looked at every second, so that an upload is heard by the next caller on every node. The uploaded ones lie on this
node's disk, so that calls hear them while Postgres is away:

    var/recorded/in_force.json      which recording is in force for which prompt and language
    var/recorded/SHA256.wav         16 kHz, levelled; calls get 8 kHz made of it
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

from ctiserver.errors import DatabaseAwayError
from ctiserver.ivr.fields import prompt_id
from ctiserver.ivr.flow_file import PROMPTS_FOLDER, recordings_in
from ctiserver.store.prompt_recordings import PromptRow

log = structlog.get_logger()

EVERY_S = 1.0
EVERY_LANGUAGE = ""


class Source(Protocol):
    """Provided by store/prompt_recordings.py; all raise DatabaseAwayError."""

    async def revision(self) -> int: ...

    async def in_force(self) -> Sequence[PromptRow]: ...

    async def sound_of(self, sha256: str) -> bytes | None: ...


class _Index(msgspec.Struct, frozen=True, kw_only=True):
    revision: int = -1
    rows: tuple[PromptRow, ...] = ()


class PromptLibrary:
    """`flows` is the folder of the flow files. `changed` is told when other prompts are in force."""

    def __init__(self, source: Source, folder: Path, flows: Path, changed: Callable[[], None] | None = None) -> None:
        self._source = source
        self._folder = folder.resolve()
        self._flows = flows
        self._index = _Index()
        self._uploaded: dict[tuple[str, str], Path] = {}
        self._one_at_a_time = asyncio.Lock()
        self._away = False
        self.changed = changed

    # ── what there is ───────────────────────────────────────────────────────────────────────────────────────────────

    def uploaded(self) -> tuple[PromptRow, ...]:
        return tuple(row for row in self._index.rows if (row.prompt, row.language) in self._uploaded)

    def in_files(self) -> dict[str, frozenset[str]]:
        """Language → ids of the recordings beside the flows. Blocking: two small folders."""
        return recordings_in(self._flows)

    def recordings(self) -> dict[str, frozenset[str]]:
        """Language → ids of all that can be played. Blocking: two small folders."""
        found = {language: set(prompts) for language, prompts in self.in_files().items()}
        for prompt, language in self._uploaded:
            found.setdefault(language, set()).add(prompt)
        return {language: frozenset(prompts) for language, prompts in found.items()}

    def find(self, prompt: str, language: str) -> Path | None:
        """What is played: in that language, else the one for every language; an uploaded one before a file."""
        for spoken in (language, EVERY_LANGUAGE):
            if (found := self.exactly(prompt, spoken)) is not None:
                return found
        return None

    def exactly(self, prompt: str, language: str) -> Path | None:
        """The recording of just that language. Blocking: a look at the disk."""
        if (uploaded := self._uploaded.get((prompt, language))) is not None:
            return uploaded
        try:
            name = f"{prompt_id(prompt)}.wav"
        except ValueError:
            return None
        file = self._flows / PROMPTS_FOLDER / language / name
        return file if file.is_file() else None

    # ── keeping up ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        """From Postgres, or as this node knew them."""
        kept = await asyncio.to_thread(_read_index, self._folder / "in_force.json")
        if kept is not None:
            await self._take(kept)
        await self.look()

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Takes what is new; call it after a change of one's own. While Postgres is away nothing changes."""
        async with self._one_at_a_time:
            try:
                revision = await self._source.revision()
                if revision != self._index.revision:
                    await self._read(revision)
                self._away = False
            except (DatabaseAwayError, OSError) as error:
                if not self._away:
                    log.warning("recorded_prompts_not_read", problem=str(error), in_force="the last ones known")
                self._away = True

    async def _read(self, revision: int) -> None:
        rows = tuple(row for row in await self._source.in_force() if not row.removed)
        for row in rows:
            file = self._file(row)
            if await asyncio.to_thread(file.is_file):
                continue
            sound = await self._source.sound_of(row.sha256)
            if sound is not None:
                await asyncio.to_thread(_write, file, sound)
        fresh = _Index(revision=revision, rows=rows)
        await asyncio.to_thread(_write, self._folder / "in_force.json", msgspec.json.encode(fresh))
        await self._take(fresh)

    async def _take(self, index: _Index) -> None:
        there = {row: self._file(row) for row in index.rows}
        missing = [row for row, file in there.items() if not await asyncio.to_thread(file.is_file)]
        self._index = index
        self._uploaded = {(row.prompt, row.language): file for row, file in there.items() if row not in missing}
        log.info("recorded_prompts", revision=index.revision, prompts=len(self._uploaded), missing=len(missing))
        if self.changed is not None:
            self.changed()

    def _file(self, row: PromptRow) -> Path:
        return self._folder / f"{row.sha256}.wav"


def _write(file: Path, content: bytes) -> None:
    """In one piece. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.new")
    with draft.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)


def _read_index(file: Path) -> _Index | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Index)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        log.error("recorded_prompts_copy_unreadable", file=str(file), problem=str(error))
        return None
