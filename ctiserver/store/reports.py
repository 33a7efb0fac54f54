"""Figures of the present day, with which the wallboard goes on after a restart."""

from __future__ import annotations

import msgspec

from ctiserver.clock import to_datetime
from ctiserver.store.database import Database, fetch_all

# Outcomes belong to the day in which the stay in the queue ended, entries to the day of the entry.
QUEUES = """
SELECT queue_id, sum(offered)::int AS offered, sum(answered)::int AS answered, sum(abandoned)::int AS abandoned,
    sum(abandoned_short)::int AS abandoned_short, sum(overflowed)::int AS overflowed,
    sum(answered_within)::int AS answered_within, sum(abandoned_within)::int AS abandoned_within,
    sum(overflowed_within)::int AS overflowed_within, sum(answer_wait_s)::float8 AS answer_wait_s
FROM (
    SELECT queue_id, 0 AS offered, (outcome = 'answered')::int AS answered, (outcome = 'abandoned')::int AS abandoned,
        (outcome = 'abandoned' AND waited <= coalesce(queue.short_abandon_ms, 5000))::int AS abandoned_short,
        (outcome = 'overflowed')::int AS overflowed,
        (outcome = 'answered' AND waited <= coalesce(queue.service_level_ms, 20000))::int AS answered_within,
        (outcome = 'abandoned' AND waited <= coalesce(queue.service_level_ms, 20000))::int AS abandoned_within,
        (outcome = 'overflowed' AND waited <= coalesce(queue.service_level_ms, 20000))::int AS overflowed_within,
        CASE WHEN outcome = 'answered' THEN waited / 1000 ELSE 0 END AS answer_wait_s
    FROM (
        SELECT queue_id, outcome, round(extract(epoch FROM ended_at - started_at) * 1000) AS waited
        FROM call_segment
        WHERE kind = 'queue' AND ended_at >= :midnight AND started_at >= :midnight - interval '1 day'
    ) AS stay
    LEFT JOIN queue ON queue.id = stay.queue_id
    UNION ALL
    SELECT queue_id, offered, 0, 0, 0, 0, 0, 0, 0, 0 FROM queue_interval WHERE started_at >= :midnight
) AS counted
GROUP BY queue_id
"""
AGENTS = """
SELECT agent_id, count(*) FILTER (WHERE kind = 'talk')::int AS answered,
    count(*) FILTER (WHERE kind = 'ring' AND outcome = 'refused')::int AS missed,
    coalesce(sum(extract(epoch FROM ended_at - started_at)) FILTER (WHERE kind = 'talk'), 0)::float8 AS talk_s
FROM call_segment
WHERE kind IN ('talk', 'ring') AND ended_at >= :midnight AND started_at >= :midnight - interval '1 day'
    AND agent_id IS NOT NULL
GROUP BY agent_id
"""
TRAFFIC = """
SELECT floor(extract(epoch FROM at) / 300) * 300 AS at, sum(offered)::int AS offered,
    sum(answered)::int AS answered, sum(abandoned)::int AS abandoned
FROM (
    SELECT started_at AS at, 1 AS offered, 0 AS answered, 0 AS abandoned
    FROM call_segment WHERE kind = 'queue' AND started_at >= :since
    UNION ALL
    SELECT ended_at, 0, (outcome = 'answered')::int, (outcome = 'abandoned')::int
    FROM call_segment
    WHERE kind = 'queue' AND ended_at >= :since AND started_at >= :since - interval '1 day'
    UNION ALL
    SELECT queued_at, 1, 0, 0 FROM call
    WHERE queued_at >= :since AND ended_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM call_segment WHERE call_id = call.id AND kind = 'queue'
    )
) AS happened
GROUP BY 1 ORDER BY 1
"""

TRAFFIC_S = 7200


class QueueToday(msgspec.Struct, frozen=True, kw_only=True):
    offered: int
    answered: int
    abandoned: int
    abandoned_short: int
    overflowed: int
    answered_within: int
    abandoned_within: int
    overflowed_within: int
    answer_wait_s: float  # sum over the answered


class AgentToday(msgspec.Struct, frozen=True, kw_only=True):
    answered: int
    missed: int
    talk_s: float


class TrafficToday(msgspec.Struct, frozen=True, kw_only=True):
    at: float  # start of a five-minute interval
    offered: int
    answered: int
    abandoned: int


class Today(msgspec.Struct, frozen=True, kw_only=True):
    queues: dict[str, QueueToday]
    agents: dict[int, AgentToday]
    traffic: tuple[TrafficToday, ...]  # of the last two hours, oldest first, only intervals in which something happened


async def today(database: Database, midnight: float, now: float) -> Today:
    """Figures since local midnight and traffic of the last two hours, of what has been shipped.

    Raises DatabaseAwayError.
    """
    since_midnight = {"midnight": to_datetime(midnight)}
    async with database.reading() as connection:
        queues = await fetch_all(connection, QUEUES, since_midnight)
        agents = await fetch_all(connection, AGENTS, since_midnight)
        traffic = await fetch_all(connection, TRAFFIC, {"since": to_datetime(now - TRAFFIC_S)})
    return Today(
        queues={row["queue_id"]: msgspec.convert(row, QueueToday) for row in queues},
        agents={row["agent_id"]: msgspec.convert(row, AgentToday) for row in agents},
        traffic=tuple(msgspec.convert({**row, "at": float(row["at"])}, TrafficToday) for row in traffic),
    )
