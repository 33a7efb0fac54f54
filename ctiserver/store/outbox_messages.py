"""Text messages that wait in Postgres: taken by one daemon at a time, tried again later and later, or given up.

A message is taken by moving its `next_at` ahead in a transaction of its own: no other daemon takes it meanwhile, and
should this one die before it has noted the outcome, it is taken again after that time, under the same id.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import text

from ctiserver.store.database import Database, fetch_all

TAKE = """
UPDATE outbox_message SET attempts = attempts + 1, next_at = now() + make_interval(secs => :lease_s)
WHERE id IN (
    SELECT id FROM outbox_message WHERE status = 'queued' AND next_at <= now()
    ORDER BY next_at LIMIT :most FOR UPDATE SKIP LOCKED
)
RETURNING id, number, body, attempts
"""
SENT = """
UPDATE outbox_message SET status = 'sent', sent_at = now(), error = '' WHERE id = :id AND status = 'queued'
"""
LATER = """
UPDATE outbox_message SET next_at = now() + make_interval(secs => :wait_s), error = :error
WHERE id = :id AND status = 'queued'
"""
GIVEN_UP = "UPDATE outbox_message SET status = 'failed', error = :error WHERE id = :id AND status = 'queued'"


class WaitingMessage(msgspec.Struct, frozen=True, kw_only=True):
    """`attempts` counts this one too."""

    id: str
    number: str
    body: str
    attempts: int


class OutboxMessages:
    """All methods raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, most: int, lease_s: float) -> list[WaitingMessage]:
        """Those whose time has come, oldest first; for `lease_s` seconds they are ours."""
        async with self._database.writing() as connection:
            rows = await fetch_all(connection, TAKE, {"most": most, "lease_s": lease_s})
        return [WaitingMessage(**row) for row in rows]

    async def note_sent(self, message_id: str) -> None:
        await self._note(SENT, {"id": message_id})

    async def try_later(self, message_id: str, wait_s: float, error: str) -> None:
        await self._note(LATER, {"id": message_id, "wait_s": wait_s, "error": error})

    async def give_up(self, message_id: str, error: str) -> None:
        await self._note(GIVEN_UP, {"id": message_id, "error": error})

    async def _note(self, statement: str, values: dict[str, object]) -> None:
        async with self._database.writing() as connection:
            await connection.execute(text(statement), values)
