"""Records of calls exactly as a filter shows them, one after the other: however many, the memory stays the same."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text

from ctiserver.store.conditions import where
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.rows import CallFilter

PIECE = 2_000
COUNT = "SELECT count(*) AS total FROM call {condition}"
CALLS = """
SELECT call.id, call.started_at, call.ended_at, call.direction, call.dialled, call.caller_number, call.caller_name,
    customer.name AS customer_name, call.queue_id, agent.number AS agent_number, agent.name AS agent_name,
    call.agent_id, call.outcome, call.ended_by, call.reason, call.waited_ms, call.ring_ms, call.talk_ms, call.hold_ms,
    call.wrap_up_ms, call.disposition, call.disposition_note,
    (SELECT array_agg(mark ORDER BY created_at, mark) FROM call_mark WHERE call_mark.call_id = call.id) AS marks,
    (SELECT string_agg(author || ': ' || text, E'\n' ORDER BY call_comment.id) FROM call_comment
        WHERE call_comment.call_id = call.id) AS comments
FROM call LEFT JOIN agent ON agent.id = call.agent_id LEFT JOIN customer ON customer.id = call.customer_id
{condition} ORDER BY call.started_at DESC, call.id
"""
Rows = AsyncIterator[Mapping[str, Any]]


class CallExport:
    """Raises DatabaseAwayError when it begins; a database that goes away in the middle ends the rows with it."""

    def __init__(self, database: Database, region: str) -> None:
        self._database = database
        self._region = region

    @asynccontextmanager
    async def calls(self, wanted: CallFilter) -> AsyncGenerator[tuple[int, Rows]]:
        """How many there are, and the rows themselves: both as they were in one instant. Pages don't matter here."""
        condition, values = where(
            wanted, self._region, started_of="call.started_at", agent_of="call.agent_id", queue_of="call.queue_id"
        )
        async with self._database.reading() as connection:
            await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            [counted] = await fetch_all(connection, COUNT.format(condition=condition), values)
            options = {"yield_per": PIECE}
            found = await connection.stream(text(CALLS.format(condition=condition)), values, execution_options=options)

            async def rows() -> Rows:
                async for row in found.mappings():
                    yield dict(row)

            yield counted["total"], rows()
