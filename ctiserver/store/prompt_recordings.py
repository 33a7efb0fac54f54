"""Uploaded prompts in Postgres: every version is kept, the newest of each prompt and language is in force."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import text

from ctiserver.recorded_prompts import PreparedRecording
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.flow_rows import Author

COLUMNS = """
id, prompt, language, version, sound IS NULL AS removed, sha256, duration_ms, loudness_db, peak_db, clipped, back_to,
note, author, extract(epoch FROM at)::float8 AS at
"""
RETURNING = " RETURNING " + COLUMNS
REVISION = "SELECT coalesce(max(id), 0) AS revision FROM prompt_recording"
NEWEST = " FROM prompt_recording ORDER BY prompt, language, version DESC"
IN_FORCE = "SELECT DISTINCT ON (prompt, language) " + COLUMNS + NEWEST
OF_ONE = " FROM prompt_recording WHERE prompt = :prompt AND language = :language"
VERSIONS = "SELECT " + COLUMNS + OF_ONE + " ORDER BY version DESC LIMIT 100"
LAST = "SELECT version, sound IS NULL AS removed" + OF_ONE + " ORDER BY version DESC LIMIT 1"
SOUND = "SELECT sound" + OF_ONE + " AND version = :version"
SOUND_OF = "SELECT sound FROM prompt_recording WHERE sha256 = :sha256 AND sound IS NOT NULL LIMIT 1"
ADD = """
INSERT INTO prompt_recording (prompt, language, version, sound, sha256, duration_ms, loudness_db, peak_db, clipped,
    note, author, user_id)
VALUES (:prompt, :language, :version, :sound, :sha256, :duration_ms, :loudness_db, :peak_db, :clipped, :note, :author,
    (SELECT id FROM app_user WHERE id = :user_id))
"""
REPEAT = """
INSERT INTO prompt_recording (prompt, language, version, sound, sha256, duration_ms, loudness_db, peak_db, clipped,
    back_to, note, author, user_id)
SELECT prompt, language, :version, sound, sha256, duration_ms, loudness_db, peak_db, clipped, version, :note, :author,
    (SELECT id FROM app_user WHERE id = :user_id)
FROM prompt_recording
WHERE prompt = :prompt AND language = :language AND version = :back_to AND sound IS NOT NULL
"""
LOCK = "LOCK TABLE prompt_recording IN EXCLUSIVE MODE"


class PromptRow(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a recorded prompt. `language` "": for every language. dB below full scale, as it was uploaded."""

    id: int
    prompt: str
    language: str
    version: int
    removed: bool
    sha256: str
    duration_ms: int
    loudness_db: float
    peak_db: float
    clipped: bool
    back_to: int | None
    note: str
    author: str
    at: float


class PromptRecordings:
    """All methods raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def revision(self) -> int:
        """Goes up with each change: ids are given under a lock, so that none appears behind a later one."""
        return int((await self._database.glance(REVISION))[0]["revision"])

    async def in_force(self) -> list[PromptRow]:
        """The newest version of each, also where that is a removal."""
        async with self._database.reading() as connection:
            return [PromptRow(**row) for row in await fetch_all(connection, IN_FORCE)]

    async def versions(self, prompt: str, language: str) -> list[PromptRow]:
        """Newest first."""
        async with self._database.reading() as connection:
            values = {"prompt": prompt, "language": language}
            return [PromptRow(**row) for row in await fetch_all(connection, VERSIONS, values)]

    async def sound(self, prompt: str, language: str, version: int) -> bytes | None:
        values = {"prompt": prompt, "language": language, "version": version}
        return await self._sound(SOUND, values)

    async def sound_of(self, sha256: str) -> bytes | None:
        return await self._sound(SOUND_OF, {"sha256": sha256})

    async def add(
        self, prompt: str, language: str, recording: PreparedRecording, *, note: str, author: Author
    ) -> PromptRow:
        """In force from now on."""
        values = {
            "sound": recording.sound,
            "sha256": hashlib.sha256(recording.sound).hexdigest(),
            "duration_ms": round(recording.seconds * 1000),
            "loudness_db": recording.loudness_db,
            "peak_db": recording.peak_db,
            "clipped": recording.clipped,
        }
        rows = await self._write(ADD, prompt, language, values, note, author)
        return rows[0]

    async def remove(self, prompt: str, language: str, *, note: str, author: Author) -> PromptRow | None:
        """None: there is none."""
        values = {"sound": None, "sha256": "", "duration_ms": 0, "loudness_db": 0.0, "peak_db": 0.0, "clipped": False}
        rows = await self._write(ADD, prompt, language, values, note, author, needs_one=True)
        return rows[0] if rows else None

    async def restore(self, prompt: str, language: str, back_to: int, *, note: str, author: Author) -> PromptRow | None:
        """The sound of an earlier version as a new one; None: there is no such version, or it was a removal."""
        rows = await self._write(REPEAT, prompt, language, {"back_to": back_to}, note, author)
        return rows[0] if rows else None

    async def _write(
        self,
        statement: str,
        prompt: str,
        language: str,
        values: Mapping[str, Any],
        note: str,
        author: Author,
        *,
        needs_one: bool = False,
    ) -> list[PromptRow]:
        which = {"prompt": prompt, "language": language}
        async with self._database.writing() as connection:
            await connection.execute(text(LOCK))
            last = await fetch_all(connection, LAST, which)
            if needs_one and (not last or last[0]["removed"]):
                return []
            version = (last[0]["version"] if last else 0) + 1
            who = {"note": note, "author": author.name, "user_id": author.user_id}
            rows = await fetch_all(connection, statement + RETURNING, {**which, **values, **who, "version": version})
            return [PromptRow(**row) for row in rows]

    async def _sound(self, statement: str, values: Mapping[str, Any]) -> bytes | None:
        async with self._database.reading() as connection:
            found = (await connection.execute(text(statement), dict(values))).scalar()
            return bytes(found) if found is not None else None
