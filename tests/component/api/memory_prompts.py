"""Recorded prompts behind the API: the real library over a store in memory."""

from __future__ import annotations

import hashlib

from ctiserver.errors import DatabaseAwayError
from ctiserver.live.flow_keeper import FlowKeeper
from ctiserver.live.prompt_desk import PromptDesk
from ctiserver.live.prompt_library import PromptLibrary
from ctiserver.recorded_prompts import PreparedRecording, RecordingRefused
from ctiserver.store.flow_rows import Author
from ctiserver.store.prompt_recordings import PromptRow


class MemoryPromptStore:
    """As store/prompt_recordings.py, whose own tests prove that Postgres does the same."""

    def __init__(self) -> None:
        self.away = False
        self.rows: list[tuple[PromptRow, bytes]] = []

    async def revision(self) -> int:
        if self.away:
            raise DatabaseAwayError("Postgres can't be reached")
        return len(self.rows)

    async def in_force(self) -> list[PromptRow]:
        return list({(row.prompt, row.language): row for row, _ in self.rows}.values())

    async def sound_of(self, sha256: str) -> bytes | None:
        return next((sound for row, sound in self.rows if row.sha256 == sha256), None)

    async def versions(self, prompt: str, language: str) -> list[PromptRow]:
        return [row for row, _ in reversed(self._of(prompt, language))]

    async def sound(self, prompt: str, language: str, version: int) -> bytes | None:
        return next((sound for row, sound in self._of(prompt, language) if row.version == version), None)

    async def add(
        self, prompt: str, language: str, recording: PreparedRecording, *, note: str, author: Author
    ) -> PromptRow:
        return self._write(prompt, language, recording.sound, note, author)

    async def remove(self, prompt: str, language: str, *, note: str, author: Author) -> PromptRow | None:
        known = self._of(prompt, language)
        return self._write(prompt, language, b"", note, author) if known and not known[-1][0].removed else None

    async def restore(self, prompt: str, language: str, back_to: int, *, note: str, author: Author) -> PromptRow | None:
        sound = await self.sound(prompt, language, back_to)
        return self._write(prompt, language, sound, note, author, back_to) if sound else None

    def _of(self, prompt: str, language: str) -> list[tuple[PromptRow, bytes]]:
        return [(row, sound) for row, sound in self.rows if (row.prompt, row.language) == (prompt, language)]

    def _write(
        self, prompt: str, language: str, sound: bytes, note: str, author: Author, back_to: int | None = None
    ) -> PromptRow:
        row = PromptRow(
            id=len(self.rows) + 1,
            prompt=prompt,
            language=language,
            version=len(self._of(prompt, language)) + 1,
            removed=not sound,
            sha256=hashlib.sha256(sound).hexdigest() if sound else "",
            duration_ms=1000,
            loudness_db=-20.0,
            peak_db=-6.0,
            clipped=False,
            back_to=back_to,
            note=note,
            author=author.name,
            at=1_700_000_000.0,
        )
        self.rows.append((row, sound))
        return row


async def prepare(upload: bytes) -> PreparedRecording:
    if not upload.startswith(b"RIFF"):
        raise RecordingRefused("not_audio", "this is no file of sound that is known here", "send a WAV file")
    return PreparedRecording(sound=upload, seconds=1.0, loudness_db=-20.0, peak_db=-6.0, clipped=False)


def prompt_desk(store: MemoryPromptStore, library: PromptLibrary, flows: FlowKeeper) -> PromptDesk:
    """Who plays what is what the flows say."""
    library.changed = flows.use_recordings
    return PromptDesk(
        store=store,
        library=library,
        prepare=prepare,
        users=flows.prompt_users,
        needed_by=lambda prompt: flows.prompt_users(prompt, needed=True),
        named=flows.prompts_named,
    )
