"""Who did what to whom: one row per act, never changed.

The database chains the rows (migration 0002): `digest` is the SHA-256 of the former row's digest followed by this row's
sealed text. `verify` computes the chain anew, here, so that it needs to trust no function in the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.store.database import Database

RECORD = """
INSERT INTO audit_log (at, user_id, actor, action, object_type, object_id, address, detail)
SELECT now(), app_user.id, coalesce(app_user.login, :fallback), :action, :object_type, :object_id, :address,
    cast(:detail AS jsonb)
FROM (SELECT 1) AS one LEFT JOIN app_user ON app_user.id = :user_id
"""

# Separated by U+001F, in this order; instants as 2026-11-22T08:00:00.000000 in UTC, details as Postgres prints jsonb.
SEALED_ROWS = """
SELECT id, digest, id::text AS number, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS instant,
    actor, action, object_type, object_id, address, detail::text AS words
FROM audit_log WHERE id > :after ORDER BY id LIMIT :page
"""
SEALED_FIELDS = ("number", "instant", "actor", "action", "object_type", "object_id", "address", "words")
PAGE = 5_000


@dataclass(frozen=True, slots=True)
class AuditChain:
    """`broken_at`: id of the first row that does not fit (changed, or the one before it is gone); None: whole."""

    rows: int
    last_id: int
    last_digest: str  # hexadecimal; note it elsewhere: only so does a cut-off end show
    broken_at: int | None


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts; `user_id` None: a machine, named by its login."""

    user_id: int | None
    login: str
    address: str


async def write_row(
    connection: AsyncConnection, by: Actor, action: str, subject: str, detail: Mapping[str, object]
) -> None:
    """Within the transaction of what is audited. `subject` is "type:id", e.g. "recording:n1-…"."""
    object_type, _, object_id = subject.partition(":")
    values = {
        "user_id": by.user_id,
        "fallback": by.login,
        "action": action,
        "object_type": object_type,
        "object_id": object_id,
        "address": by.address,
        "detail": msgspec.json.encode(detail).decode(),
    }
    await connection.execute(text(RECORD), values)


class Audit:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(
        self, user_id: int | None, action: str, subject: str, detail: dict[str, Any], address: str
    ) -> None:
        """A machine (no user) is named by detail["actor"], if given. Raises DatabaseAwayError."""
        by = Actor(user_id=user_id, login=str(detail.get("actor", "machine")), address=address)
        async with self._database.writing() as connection:
            await write_row(connection, by, action, subject, detail)

    async def verify(self) -> AuditChain:
        """Raises DatabaseAwayError."""
        rows, last_id, last = 0, 0, b""
        while page := await self._page_after(last_id):
            for row in page:
                sealed = "\x1f".join(str(row[name]) for name in SEALED_FIELDS)
                digest = hashlib.sha256(last + sealed.encode()).digest()
                if digest != bytes(row["digest"]):
                    return AuditChain(rows, last_id, last.hex(), broken_at=row["id"])
                rows, last_id, last = rows + 1, row["id"], digest
        return AuditChain(rows, last_id, last.hex(), broken_at=None)

    async def digest_of(self, row_id: int) -> str | None:
        """Hexadecimal; None: there is no such row."""
        async with self._database.reading() as connection:
            found = await connection.execute(text("SELECT digest FROM audit_log WHERE id = :id"), {"id": row_id})
            digest = found.scalar_one_or_none()
        return None if digest is None else bytes(digest).hex()

    async def _page_after(self, last_id: int) -> list[RowMapping]:
        async with self._database.reading() as connection:
            return list((await connection.execute(text(SEALED_ROWS), {"after": last_id, "page": PAGE})).mappings())
