"""Figures of the present day, with which the wallboard goes on after a restart."""

from __future__ import annotations

import msgspec

from ctiserver.clock import to_datetime
from ctiserver.store.database import Database, fetch_all

# Calls last less than a day: with a bound of a day on `started_at` its index finds what ended since, or waits still.

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
WORK = """
SELECT agent_id, queue_id, sum(handled)::int AS handled, sum(talk_ms)::float8 / 1000 AS talk_s,
    sum(hold_ms)::float8 / 1000 AS hold_s, sum(wrap_up_ms)::float8 / 1000 AS wrap_up_s
FROM agent_interval WHERE started_at >= :midnight GROUP BY agent_id, queue_id
HAVING sum(handled) > 0 OR sum(wrap_up_ms) > 0
"""
WRAPPING_UP = """
SELECT agent_id, coalesce(queue_id, '') AS queue_id, extract(epoch FROM started_at)::float8 AS since
FROM call_segment WHERE kind = 'wrap_up' AND ended_at IS NULL AND agent_id IS NOT NULL
    AND started_at >= cast(:midnight AS timestamptz) - interval '1 day'
"""
CALLS_IN = """
SELECT count(*)::int AS ended, count(*) FILTER (WHERE outcome = 'answered')::int AS answered
FROM call WHERE direction = 'inbound' AND ended_at >= :midnight AND started_at >= :midnight - interval '1 day'
"""
NOT_IN = """
SELECT id FROM call WHERE ended_at IS NULL AND direction <> 'inbound'
    AND started_at >= cast(:midnight AS timestamptz) - interval '1 day'
"""
# Five-minute intervals by queue. What has no row of its stay yet, because the stay goes on, stands in the call.
INTERVALS = """
SELECT queue_id, (floor(extract(epoch FROM at) / 300) * 300)::float8 AS at, sum(offered)::int AS offered,
    sum(answered)::int AS answered, sum(abandoned)::int AS abandoned,
    coalesce(sum(abandoned) FILTER (WHERE waited <= coalesce(short_ms, 5000)), 0)::int AS abandoned_short,
    sum(overflowed)::int AS overflowed,
    coalesce(sum(answered) FILTER (WHERE waited <= coalesce(within_ms, 20000)), 0)::int AS answered_within,
    coalesce(sum(abandoned) FILTER (WHERE waited <= coalesce(within_ms, 20000)), 0)::int AS abandoned_within,
    coalesce(sum(overflowed) FILTER (WHERE waited <= coalesce(within_ms, 20000)), 0)::int AS overflowed_within,
    coalesce(sum(waited) FILTER (WHERE answered = 1), 0)::float8 / 1000 AS answer_wait_s
FROM (
    SELECT queue_id, started_at AS at, 1 AS offered, 0 AS answered, 0 AS abandoned, 0 AS overflowed, 0 AS waited
    FROM call_segment WHERE kind = 'queue' AND started_at >= :since
    UNION ALL
    SELECT queue_id, ended_at, 0, (outcome = 'answered')::int, (outcome = 'abandoned')::int,
        (outcome = 'overflowed')::int, round(extract(epoch FROM ended_at - started_at) * 1000)
    FROM call_segment
    WHERE kind = 'queue' AND ended_at >= :since AND started_at >= :since - interval '1 day'
    UNION ALL
    SELECT queue_id, queued_at, 1, 0, 0, 0, 0 FROM call
    WHERE queued_at >= :since AND started_at >= :since - interval '1 day' AND ended_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM call_segment WHERE call_id = call.id AND kind = 'queue'
    )
) AS happened
LEFT JOIN (
    SELECT id, service_level_ms AS within_ms, short_abandon_ms AS short_ms FROM queue
) AS contract ON contract.id = queue_id
GROUP BY 1, 2 ORDER BY 2, 1
"""

TRAFFIC_S = 7200
INTERVAL_S = 300


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


class WorkToday(msgspec.Struct, frozen=True, kw_only=True):
    agent_id: int
    queue_id: str
    handled: int
    talk_s: float
    hold_s: float
    wrap_up_s: float


class IntervalToday(msgspec.Struct, frozen=True, kw_only=True):
    queue_id: str
    at: float  # start of a five-minute interval
    figures: QueueToday


class Today(msgspec.Struct, frozen=True, kw_only=True):
    queues: dict[str, QueueToday]
    agents: dict[int, AgentToday]
    work: tuple[WorkToday, ...]
    wrapping_up: tuple[tuple[int, str, float], ...]  # agents who wrap up: for which queue, since when
    calls_ended: int  # calls in
    calls_answered: int
    not_in: tuple[str, ...]  # calls that go on and that nobody from outside made
    intervals: tuple[IntervalToday, ...]  # of the last two hours, oldest first, only those in which something happened


async def today(database: Database, midnight: float, now: float) -> Today:
    """Figures since local midnight and intervals of the last two hours, of what has been shipped.

    Raises DatabaseAwayError.
    """
    since_midnight = {"midnight": to_datetime(midnight)}
    first = now - now % INTERVAL_S - TRAFFIC_S + INTERVAL_S
    async with database.reading() as connection:
        queues = await fetch_all(connection, QUEUES, since_midnight)
        agents = await fetch_all(connection, AGENTS, since_midnight)
        work = await fetch_all(connection, WORK, since_midnight)
        wrapping_up = await fetch_all(connection, WRAPPING_UP, since_midnight)
        calls = (await fetch_all(connection, CALLS_IN, since_midnight))[0]
        not_in = await fetch_all(connection, NOT_IN, since_midnight)
        intervals = await fetch_all(connection, INTERVALS, {"since": to_datetime(first)})
    return Today(
        queues={row["queue_id"]: msgspec.convert(row, QueueToday) for row in queues},
        agents={row["agent_id"]: msgspec.convert(row, AgentToday) for row in agents},
        work=tuple(msgspec.convert(row, WorkToday) for row in work),
        wrapping_up=tuple((row["agent_id"], row["queue_id"], row["since"]) for row in wrapping_up),
        calls_ended=calls["ended"],
        calls_answered=calls["answered"],
        not_in=tuple(row["id"] for row in not_in),
        intervals=tuple(
            IntervalToday(queue_id=row["queue_id"], at=row["at"], figures=msgspec.convert(row, QueueToday))
            for row in intervals
            if row["queue_id"] is not None
        ),
    )
