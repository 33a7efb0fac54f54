"""What the staffing adviser has to know of each queue, from the read models."""

from __future__ import annotations

from typing import Any

from ctiserver.clock import to_datetime
from ctiserver.staffing import QueueFacts
from ctiserver.store.database import Database, fetch_all

WEEKS = 4

# A stay in a queue becomes a segment when it ends; who waits still is only known to be in the queue.
# Calls last less than a day: that bound lets the index on `started_at` be used.
ARRIVALS = """
SELECT queue_id, count(*) FILTER (WHERE at >= cast(:now AS timestamptz) - interval '30 minutes')::int AS last_30_min,
    count(*)::int AS last_60_min
FROM (
    SELECT queue_id, started_at AS at FROM call_segment
    WHERE kind = 'queue' AND started_at >= cast(:now AS timestamptz) - interval '1 hour'
    UNION ALL
    SELECT queue_id, queued_at FROM call
    WHERE queued_at >= cast(:now AS timestamptz) - interval '1 hour' AND ended_at IS NULL
        AND started_at >= cast(:now AS timestamptz) - interval '1 day' AND NOT EXISTS (
        SELECT 1 FROM call_segment WHERE call_id = call.id AND kind = 'queue'
    )
) AS arrived
GROUP BY queue_id
"""
HISTORY = """
SELECT queue_id, number, sum(offered) FILTER (WHERE started_at < middle)::int AS before,
    sum(offered) FILTER (WHERE started_at >= middle)::int AS after
FROM (
    SELECT number, cast(:now AS timestamptz) - number * interval '7 days' AS middle
    FROM generate_series(1, :weeks) AS number
) AS week
JOIN queue_interval ON started_at >= middle - interval '1 hour' AND started_at < middle + interval '1 hour'
GROUP BY queue_id, number
"""
HANDLING = """
SELECT queue_id, count(*)::int AS handled,
    (avg(talk_ms + hold_ms + wrap_up_ms) / 1000)::float8 AS mean_handling_s
FROM call
WHERE started_at >= cast(:now AS timestamptz) - interval '7 days' AND answered_at IS NOT NULL AND ended_at IS NOT NULL
    AND queue_id IS NOT NULL
GROUP BY queue_id
"""
PATIENCE = """
SELECT queue_id, count(*) FILTER (WHERE outcome = 'abandoned')::int AS abandoned,
    coalesce(sum(extract(epoch FROM ended_at - started_at)), 0)::float8 AS waited_s
FROM call_segment
WHERE kind = 'queue' AND started_at >= cast(:now AS timestamptz) - interval '7 days'
GROUP BY queue_id
"""


async def read_staffing_facts(database: Database, now: float) -> dict[str, QueueFacts]:
    """By queue. Raises DatabaseAwayError."""
    values = {"now": to_datetime(now)}
    found: dict[str, dict[str, Any]] = {}
    async with database.reading() as connection:
        for query in (ARRIVALS, HANDLING, PATIENCE):
            for row in await fetch_all(connection, query, values):
                queue = found.setdefault(row["queue_id"], {})
                queue.update({name: value for name, value in row.items() if name != "queue_id"})
        history = await fetch_all(connection, HISTORY, {**values, "weeks": WEEKS})
    weeks = len({row["number"] for row in history})  # those in which the centre was there at all
    for row in history:
        queue = found.setdefault(row["queue_id"], {})
        for name, column in (("history_last_hour", "before"), ("history_next_hour", "after")):
            queue[name] = queue.get(name, 0.0) + (row[column] or 0) / weeks
    return {queue_id: QueueFacts(**values) for queue_id, values in found.items()}
