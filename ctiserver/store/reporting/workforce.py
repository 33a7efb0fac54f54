"""What the past says about next week, and how agents kept to their shifts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from ctiserver.clock import to_datetime
from ctiserver.kpi.workforce import Shift
from ctiserver.store.database import Database, fetch_all

OFFERED = """
SELECT cast(extract(epoch FROM started_at) AS bigint) AS start, offered FROM queue_interval
WHERE queue_id = :queue AND started_at >= :since AND started_at < :until
"""
HANDLING = """
SELECT coalesce(sum(handled), 0) AS handled, coalesce(sum(talk_ms + hold_ms + wrap_up_ms), 0) AS ms
FROM agent_interval WHERE queue_id = :queue AND started_at >= :since AND started_at < :until
"""
PATIENCE = """
SELECT count(*) FILTER (WHERE outcome = 'abandoned') AS abandoned,
    coalesce(extract(epoch FROM sum(ended_at - started_at)), 0) AS waited_s
FROM call_segment WHERE kind = 'queue' AND queue_id = :queue AND started_at >= :since AND started_at < :until
"""
FIRST = "SELECT min(started_at) AS first FROM queue_interval WHERE queue_id = :queue"
SIGNED_IN = """
SELECT shift.agent_id, round(extract(epoch FROM sum(
        least(span.ended_at, shift.ended_at) - greatest(span.started_at, shift.started_at))) * 1000) AS ms
FROM unnest(cast(:agents AS bigint[]), cast(:starts AS timestamptz[]), cast(:ends AS timestamptz[]))
    AS shift(agent_id, started_at, ended_at)
JOIN agent_state_span AS span ON span.agent_id = shift.agent_id AND span.started_at < shift.ended_at
    AND span.ended_at > shift.started_at AND span.started_at >= shift.started_at - interval '1 day'
WHERE (span.presence, span.activity) <> ('signed_out', 'idle')
GROUP BY 1
"""


class QueueHistory(msgspec.Struct, frozen=True, kw_only=True):
    """`offered` by quarter of an hour in UTC; `weeks` in which the queue was there, of those asked for."""

    offered: dict[int, int]
    weeks: int
    handled: int
    handling_ms: int
    abandoned: int
    waited_s: float


class Workforce:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def history(self, queue_id: str, until: int, weeks: int) -> QueueHistory:
        end = to_datetime(until)
        values = {"queue": queue_id, "since": end - timedelta(weeks=weeks), "until": end}
        async with self._database.reading() as connection:
            offered = await fetch_all(connection, OFFERED, values)
            [handling] = await fetch_all(connection, HANDLING, values)
            [patience] = await fetch_all(connection, PATIENCE, values)
            [begun] = await fetch_all(connection, FIRST, {"queue": queue_id})
        there = 0 if begun["first"] is None else -(-(end - begun["first"]) // timedelta(weeks=1))
        return QueueHistory(
            offered={row["start"]: row["offered"] for row in offered},
            weeks=max(0, min(weeks, there)),
            handled=int(handling["handled"]),
            handling_ms=int(handling["ms"]),
            abandoned=patience["abandoned"],
            waited_s=float(patience["waited_s"]),
        )

    async def signed_in_ms(self, shifts: Sequence[Shift]) -> dict[int, int]:
        """By agent, within their shifts."""
        values = {
            "agents": [shift.agent_id for shift in shifts],
            "starts": [to_datetime(shift.start) for shift in shifts],
            "ends": [to_datetime(shift.end) for shift in shifts],
        }
        async with self._database.reading() as connection:
            return {row["agent_id"]: int(row["ms"] or 0) for row in await fetch_all(connection, SIGNED_IN, values)}
