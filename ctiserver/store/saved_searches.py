"""Searches for records of calls that people keep, for themselves or for their team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctiserver.store.database import Database, fetch_all
from ctiserver.store.rows import SavedSearch

# Who is not limited to a team sees what every team shares.
VISIBLE = """
SELECT saved_search.*, app_user.name AS owner FROM saved_search JOIN app_user ON app_user.id = saved_search.owner_id
WHERE owner_id = :user_id OR (shared AND (:everywhere OR saved_search.team_id IS NULL OR saved_search.team_id = :team))
ORDER BY owner_id <> :user_id, saved_search.name, saved_search.id LIMIT 500
"""
FIND = """
SELECT saved_search.*, app_user.name AS owner FROM saved_search JOIN app_user ON app_user.id = saved_search.owner_id
WHERE saved_search.id = :id
"""
COUNT = "SELECT count(*) AS total FROM saved_search WHERE owner_id = :owner_id"
ADD = """
INSERT INTO saved_search (owner_id, name, criteria, span, shared, team_id)
VALUES (:owner_id, :name, cast(:criteria AS jsonb), :span, :shared, :team)
ON CONFLICT (owner_id, name) DO NOTHING RETURNING id
"""
CHANGE = """
UPDATE saved_search SET name = :name, criteria = cast(:criteria AS jsonb), span = :span, shared = :shared,
    team_id = :team, changed_at = now()
WHERE id = :id AND NOT EXISTS (
    SELECT 1 FROM saved_search AS other
    WHERE other.owner_id = saved_search.owner_id AND other.name = :name AND other.id <> :id
) RETURNING id
"""
REMOVE = "DELETE FROM saved_search WHERE id = :id RETURNING id"


class SavedSearches:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def visible(self, user_id: int, team: str | None, *, everywhere: bool) -> list[SavedSearch]:
        """The own ones first, then what is shared with this user."""
        values = {"user_id": user_id, "team": team or "", "everywhere": everywhere}
        async with self._database.reading() as connection:
            return [_search(row) for row in await fetch_all(connection, VISIBLE, values)]

    async def find(self, search_id: int) -> SavedSearch | None:
        async with self._database.reading() as connection:
            rows = await fetch_all(connection, FIND, {"id": search_id})
        return _search(rows[0]) if rows else None

    async def count(self, owner_id: int) -> int:
        async with self._database.reading() as connection:
            [row] = await fetch_all(connection, COUNT, {"owner_id": owner_id})
        return int(row["total"])

    async def add(self, owner_id: int, values: Mapping[str, object]) -> SavedSearch | None:
        """`values`: name, criteria (as JSON), span, shared, team. None: there is one of that name."""
        return await self._written(ADD, {**values, "owner_id": owner_id})

    async def change(self, search_id: int, values: Mapping[str, object]) -> SavedSearch | None:
        """None: it is gone, or its owner has another one of that name."""
        return await self._written(CHANGE, {**values, "id": search_id})

    async def remove(self, search_id: int) -> bool:
        async with self._database.writing() as connection:
            return bool(await fetch_all(connection, REMOVE, {"id": search_id}))

    async def _written(self, query: str, values: Mapping[str, Any]) -> SavedSearch | None:
        async with self._database.writing() as connection:
            if not (made := await fetch_all(connection, query, values)):
                return None
            [row] = await fetch_all(connection, FIND, {"id": made[0]["id"]})
        return _search(row)


def _search(row: Mapping[str, Any]) -> SavedSearch:
    return SavedSearch(
        id=row["id"],
        owner_id=row["owner_id"],
        owner=row["owner"],
        name=row["name"],
        criteria=row["criteria"],
        span=row["span"],
        shared=row["shared"],
        team=row["team_id"],
        changed_at=row["changed_at"].timestamp(),
    )
