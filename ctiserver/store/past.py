"""Callers and agents of a past time, from the read models, for a replay."""

from __future__ import annotations

from ctiserver.clock import to_datetime
from ctiserver.replay import Past, PastContact, ReadySpan
from ctiserver.store.database import Database, fetch_all

STAYS = """
SELECT stay.id::text AS id, stay.queue_id, extract(epoch FROM stay.started_at)::float8 AS at, stay.outcome,
    extract(epoch FROM stay.ended_at - stay.started_at)::float8 AS waited_s,
    (call.talk_ms + call.hold_ms) / 1000.0 AS talk_s, call.wrap_up_ms / 1000.0 AS wrap_up_s
FROM call_segment AS stay JOIN call ON call.id = stay.call_id
WHERE stay.kind = 'queue' AND stay.started_at >= :since AND stay.started_at < :until AND stay.queue_id IS NOT NULL
ORDER BY stay.started_at, stay.id
"""
READY = """
SELECT agent_id, extract(epoch FROM greatest(started_at, cast(:since AS timestamptz)))::float8 AS since,
    extract(epoch FROM ended_at)::float8 AS until
FROM agent_state_span
WHERE presence = 'ready' AND ended_at > :since AND started_at < :until
ORDER BY agent_id, started_at
"""
RING = """
SELECT coalesce(avg(extract(epoch FROM ended_at - started_at)), 0)::float8 AS ring_s FROM offer
WHERE outcome = 'answered' AND started_at >= :since AND started_at < :until
"""
TOUCHING_S = 0.5  # spans of one stretch of readiness follow each other


async def read_past(database: Database, since: float, until: float) -> Past:
    """Who entered a queue in [since, until). Raises DatabaseAwayError."""
    values = {"since": to_datetime(since), "until": to_datetime(until)}
    async with database.reading() as connection:
        stays = await fetch_all(connection, STAYS, values)
        ready = await fetch_all(connection, READY, values)
        [ring] = await fetch_all(connection, RING, values)
    spans: list[ReadySpan] = []
    for row in ready:
        last = spans[-1] if spans else None
        if last is not None and last.agent_id == row["agent_id"] and row["since"] - last.until < TOUCHING_S:
            spans[-1] = ReadySpan(agent_id=last.agent_id, since=last.since, until=row["until"])
        else:
            spans.append(ReadySpan(**row))
    return Past(
        contacts=tuple(
            PastContact(
                id=row["id"],
                queue_id=row["queue_id"],
                at=row["at"],
                waited_s=row["waited_s"],
                abandoned=row["outcome"] == "abandoned",
                talk_s=float(row["talk_s"]) if row["outcome"] == "answered" else None,
                wrap_up_s=float(row["wrap_up_s"]),
            )
            for row in stays
        ),
        ready=tuple(spans),
        ring_s=ring["ring_s"],
    )
