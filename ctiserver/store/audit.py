"""Who did what to whom: one row per act, never changed."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import text

from ctiserver.store.database import Database

RECORD = """
INSERT INTO audit_log (at, user_id, actor, action, object_type, object_id, address, detail)
SELECT now(), app_user.id, coalesce(app_user.login, :fallback), :action, :object_type, :object_id, :address,
    cast(:detail AS jsonb)
FROM (SELECT 1) AS one LEFT JOIN app_user ON app_user.id = :user_id
"""


class Audit:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(
        self, user_id: int | None, action: str, subject: str, detail: dict[str, Any], address: str
    ) -> None:
        """`subject` is "type:id", e.g. "recording:n1-…". A machine (no user) is named by detail["actor"], if given.

        Raises DatabaseAwayError.
        """
        object_type, _, object_id = subject.partition(":")
        values = {
            "user_id": user_id,
            "fallback": str(detail.get("actor", "machine")),
            "action": action,
            "object_type": object_type,
            "object_id": object_id,
            "address": address,
            "detail": msgspec.json.encode(detail).decode(),
        }
        async with self._database.writing() as connection:
            await connection.execute(text(RECORD), values)
