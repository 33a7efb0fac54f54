"""Flow releases and drafts in Postgres. Publishing is one transaction: the number, the texts and the end of drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.clock import to_datetime
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.flow_rows import (
    Author,
    DraftConflict,
    DraftRow,
    NewRelease,
    Release,
    ReleaseConflict,
    ReleasePage,
    ReleaseRow,
    TakenRow,
)

RELEASE = """
SELECT number, extract(epoch FROM at)::float8 AS at, kind, author, note, digest, files, back_to FROM flow_release
"""
NEWEST = RELEASE + " ORDER BY number DESC LIMIT 1"
NEWEST_NUMBER = "SELECT max(number) AS number FROM flow_release"
ONE = RELEASE + " WHERE number = :number"
SOME = RELEASE + " ORDER BY number DESC LIMIT :some OFFSET :skipped"
TEXTS = "SELECT hash, text FROM flow_text WHERE hash = ANY(:hashes)"
KEEP_TEXT = "INSERT INTO flow_text (hash, text) VALUES (:hash, :text) ON CONFLICT (hash) DO NOTHING"
PUBLISH = """
INSERT INTO flow_release (number, kind, user_id, author, note, digest, files, back_to)
VALUES (:number, :kind, (SELECT id FROM app_user WHERE id = :user_id), :author, :note, :digest,
    cast(:files AS jsonb), :back_to)
"""
DRAFT = "SELECT file, text, base, revision, author, extract(epoch FROM saved_at)::float8 AS saved_at FROM flow_draft"
NEW_DRAFT = """
INSERT INTO flow_draft (file, text, base, revision, user_id, author)
VALUES (:file, :text, :base, 1, (SELECT id FROM app_user WHERE id = :user_id), :author)
ON CONFLICT (file) DO NOTHING
"""
SAVE_DRAFT = """
UPDATE flow_draft SET text = :text, base = :base, revision = revision + 1, saved_at = now(), author = :author,
    user_id = (SELECT id FROM app_user WHERE id = :user_id)
WHERE file = :file AND revision = :revision
"""
END_DRAFT = "DELETE FROM flow_draft WHERE file = :file AND revision = :revision"
TAKEN = """
INSERT INTO flow_taken (node, number, at, problem) VALUES (:node, :number, now(), :problem)
ON CONFLICT (node) DO UPDATE SET number = excluded.number, at = excluded.at, problem = excluded.problem
"""
TAKEN_ROWS = "SELECT node, number, extract(epoch FROM at)::float8 AS at, problem FROM flow_taken ORDER BY node"


class FlowReleases:
    """All methods raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, *, known: int | None = None) -> Release | None:
        """What is in force; None if nothing was ever published, or if `known` is its number."""
        if known is not None and (await self._database.glance(NEWEST_NUMBER))[0]["number"] in (None, known):
            return None
        async with self._database.reading() as connection:
            rows = await fetch_all(connection, NEWEST)
            if not rows or rows[0]["number"] == known:
                return None
            return await _with_texts(connection, _release(rows[0]))

    async def release(self, number: int) -> Release | None:
        async with self._database.reading() as connection:
            rows = await fetch_all(connection, ONE, {"number": number})
            return await _with_texts(connection, _release(rows[0])) if rows else None

    async def history(self, page: int, page_size: int) -> ReleasePage:
        async with self._database.reading() as connection:
            total = int((await connection.execute(text("SELECT count(*) FROM flow_release"))).scalar_one())
            some = {"some": page_size + 1, "skipped": (page - 1) * page_size}
            rows = [_release(row) for row in await fetch_all(connection, SOME, some)]
        earlier: list[ReleaseRow | None] = [*rows, None][1:]
        items = tuple(_with_changes(row, before) for row, before in zip(rows, earlier, strict=True))
        return ReleasePage(items=items[:page_size], total=total, page=page, page_size=page_size)

    async def publish(self, new: NewRelease) -> ReleaseRow:
        """Raises ReleaseConflict or DraftConflict; then nothing has changed."""
        async with self._database.writing() as connection:
            await connection.execute(text("LOCK TABLE flow_release IN EXCLUSIVE MODE"))
            rows = await fetch_all(connection, NEWEST)
            last = _release(rows[0]) if rows else None
            if (last.number if last else 0) != new.after:
                raise ReleaseConflict(last if last is not None else _nothing_published())
            for file, revision in new.drafts.items():
                await _end_draft(connection, file, revision)
            if last is None and new.first is not None:
                last = await self._write_first(connection, new.first)
            number = (last.number if last else 0) + 1
            await _keep_texts(connection, new.hashes, new.texts)
            values = {
                "number": number,
                "kind": new.kind,
                "user_id": new.author.user_id,
                "author": new.author.name,
                "note": new.note,
                "digest": new.digest,
                "files": _json(new.hashes),
                "back_to": new.back_to,
            }
            await connection.execute(text(PUBLISH), values)
            rows = await fetch_all(connection, ONE, {"number": number})
        return _with_changes(_release(rows[0]), last)

    async def _write_first(self, connection: AsyncConnection, first: Release) -> ReleaseRow:
        """The folder's files, so that there is something to go back to."""
        row = msgspec.structs.replace(first.row, number=1)
        await _keep_texts(connection, row.files, first.texts)
        values = {
            "number": 1,
            "kind": "files",
            "user_id": None,
            "author": row.author,
            "note": row.note,
            "digest": row.digest,
            "files": _json(row.files),
            "back_to": None,
        }
        await connection.execute(text(PUBLISH), values)
        await connection.execute(
            text("UPDATE flow_release SET at = least(:at, at) WHERE number = 1"), {"at": to_datetime(row.at)}
        )
        return row

    # drafts

    async def drafts(self) -> list[DraftRow]:
        async with self._database.reading() as connection:
            return [_draft(row) for row in await fetch_all(connection, DRAFT + " ORDER BY file")]

    async def draft(self, file: str) -> DraftRow | None:
        async with self._database.reading() as connection:
            return await _find_draft(connection, file)

    async def save_draft(self, file: str, content: str | None, *, base: str, revision: int, author: Author) -> DraftRow:
        """`revision` is the one that the author had before them, 0 for none. Raises DraftConflict."""
        values: dict[str, Any] = {
            "file": file,
            "text": content,
            "base": base,
            "revision": revision,
            "author": author.name,
            "user_id": author.user_id,
        }
        async with self._database.writing() as connection:
            statement = SAVE_DRAFT if revision else NEW_DRAFT
            saved = (await connection.execute(text(statement), values)).rowcount
            row = await _find_draft(connection, file)
            if not saved or row is None:
                raise DraftConflict(file, row)
            return row

    async def drop_draft(self, file: str, revision: int) -> None:
        """Throws the draft away. Raises DraftConflict."""
        async with self._database.writing() as connection:
            await _end_draft(connection, file, revision)

    # nodes

    async def note_taken(self, node: str, number: int, problem: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(text(TAKEN), {"node": node, "number": number, "problem": problem})

    async def taken(self) -> list[TakenRow]:
        async with self._database.reading() as connection:
            return [TakenRow(**row) for row in await fetch_all(connection, TAKEN_ROWS)]


async def _with_texts(connection: AsyncConnection, row: ReleaseRow) -> Release:
    found = await fetch_all(connection, TEXTS, {"hashes": list(row.files.values())})
    by_hash = {each["hash"]: each["text"] for each in found}
    return Release(row=row, texts={name: by_hash[hashed] for name, hashed in row.files.items()})


async def _keep_texts(connection: AsyncConnection, hashes: Mapping[str, str], texts: Mapping[str, str]) -> None:
    await connection.execute(
        text(KEEP_TEXT), [{"hash": hashed, "text": texts[name]} for name, hashed in hashes.items()]
    )


async def _end_draft(connection: AsyncConnection, file: str, revision: int) -> None:
    ended = (await connection.execute(text(END_DRAFT), {"file": file, "revision": revision})).rowcount
    if not ended:
        raise DraftConflict(file, await _find_draft(connection, file))


async def _find_draft(connection: AsyncConnection, file: str) -> DraftRow | None:
    rows: Sequence[Mapping[str, Any]] = await fetch_all(connection, DRAFT + " WHERE file = :file", {"file": file})
    return _draft(rows[0]) if rows else None


def _with_changes(row: ReleaseRow, before: ReleaseRow | None) -> ReleaseRow:
    former = before.files if before is not None else {}
    names = sorted({*row.files, *former})
    return msgspec.structs.replace(
        row, changed=tuple(name for name in names if row.files.get(name) != former.get(name))
    )


def _release(row: Mapping[str, Any]) -> ReleaseRow:
    return ReleaseRow(**row)


def _draft(row: Mapping[str, Any]) -> DraftRow:
    return DraftRow(**row)


def _nothing_published() -> ReleaseRow:
    return ReleaseRow(number=0, at=0.0, kind="files", author="", note="", digest="", files={})


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
