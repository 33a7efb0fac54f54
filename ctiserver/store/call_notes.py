"""Comments and marks that people leave on records of calls. They stay as long as the record does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.store.database import Database, fetch_all
from ctiserver.store.rows import CallComment, CallMark, CallNotes

Mark = Literal["important", "example", "training", "inspect", "complaint", "follow_up"]
MARKS: Final[tuple[Mark, ...]] = ("important", "example", "training", "inspect", "complaint", "follow_up")

COMMENTS = "SELECT * FROM call_comment WHERE call_id = :call_id ORDER BY id"
MARKED = "SELECT * FROM call_mark WHERE call_id = :call_id ORDER BY created_at, mark"
ADD = """
INSERT INTO call_comment (call_id, text, position_s, user_id, author)
SELECT id, :text, :position_s, :user_id, :author FROM call WHERE id = :call_id RETURNING *
"""
CHANGE = """
UPDATE call_comment SET text = :text, position_s = :position_s, edited_at = now()
WHERE id = :id AND call_id = :call_id RETURNING *
"""
FIND = "SELECT * FROM call_comment WHERE id = :id AND call_id = :call_id"
REMOVE = "DELETE FROM call_comment WHERE id = :id AND call_id = :call_id RETURNING id"
MARK = """
INSERT INTO call_mark (call_id, mark, author) SELECT id, :mark, :author FROM call WHERE id = :call_id
ON CONFLICT (call_id, mark) DO UPDATE SET mark = excluded.mark RETURNING call_id
"""
UNMARK = "DELETE FROM call_mark WHERE call_id = :call_id AND mark = :mark RETURNING call_id"
OF_CALLS = """
SELECT call_id, array_agg(mark ORDER BY created_at, mark) FILTER (WHERE mark IS NOT NULL) AS marks,
    count(comment_id) AS comments
FROM (
    SELECT call_id, mark, created_at, NULL::bigint AS comment_id FROM call_mark WHERE call_id = ANY(:call_ids)
    UNION ALL
    SELECT call_id, NULL, NULL, id FROM call_comment WHERE call_id = ANY(:call_ids)
) AS noted
GROUP BY call_id
"""


class CallNotesStore:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_call(self, call_id: str) -> CallNotes:
        async with self._database.reading() as connection:
            comments = await fetch_all(connection, COMMENTS, {"call_id": call_id})
            marks = await fetch_all(connection, MARKED, {"call_id": call_id})
        return CallNotes(
            comments=tuple(_comment(row) for row in comments),
            marks=tuple(
                CallMark(mark=row["mark"], author=row["author"], at=row["created_at"].timestamp()) for row in marks
            ),
        )

    async def add(
        self, call_id: str, *, text: str, position_s: float | None, user_id: int | None, author: str
    ) -> CallComment | None:
        """None: there is no such call."""
        values = {"call_id": call_id, "text": text, "position_s": position_s, "user_id": user_id, "author": author}
        return await self._one(ADD, values)

    async def change(self, call_id: str, comment_id: int, *, text: str, position_s: float | None) -> CallComment | None:
        values = {"call_id": call_id, "id": comment_id, "text": text, "position_s": position_s}
        return await self._one(CHANGE, values)

    async def find(self, call_id: str, comment_id: int) -> CallComment | None:
        async with self._database.reading() as connection:
            rows = await fetch_all(connection, FIND, {"call_id": call_id, "id": comment_id})
        return _comment(rows[0]) if rows else None

    async def remove(self, call_id: str, comment_id: int) -> bool:
        async with self._database.writing() as connection:
            return bool(await fetch_all(connection, REMOVE, {"call_id": call_id, "id": comment_id}))

    async def mark(self, call_id: str, mark: str, author: str) -> bool:
        """Whoever was first stays its author. False: there is no such call."""
        async with self._database.writing() as connection:
            values = {"call_id": call_id, "mark": mark, "author": author}
            return bool(await fetch_all(connection, MARK, values))

    async def unmark(self, call_id: str, mark: str) -> bool:
        async with self._database.writing() as connection:
            return bool(await fetch_all(connection, UNMARK, {"call_id": call_id, "mark": mark}))

    async def _one(self, query: str, values: Mapping[str, Any]) -> CallComment | None:
        async with self._database.writing() as connection:
            rows = await fetch_all(connection, query, values)
        return _comment(rows[0]) if rows else None


async def noted(connection: AsyncConnection, call_ids: Sequence[str]) -> dict[str, tuple[tuple[str, ...], int]]:
    """By call: its marks, and how many comments it has; calls without either are left out."""
    rows = await fetch_all(connection, OF_CALLS, {"call_ids": list(call_ids)})
    return {row["call_id"]: (tuple(row["marks"] or ()), row["comments"]) for row in rows}


def _comment(row: Mapping[str, Any]) -> CallComment:
    edited = row["edited_at"]
    return CallComment(
        id=row["id"],
        text=row["text"],
        position_s=row["position_s"],
        user_id=row["user_id"],
        author=row["author"],
        at=row["created_at"].timestamp(),
        edited_at=edited.timestamp() if edited is not None else None,
    )
