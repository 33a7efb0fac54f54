"""Contacts in queues (话务统计), and who gave up after how long. Stays come from `call_segment`, entries from
`queue_interval`; thresholds are applied to the stays as they were, so that a changed one holds for the past too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.clock import to_datetime
from ctiserver.kpi.booking import Reconciliation
from ctiserver.store.reporting.shapes import Measured, Wanted, edges_of, numbers, rows_of

LONGEST_STAY: Final = timedelta(days=7)  # a longer one is not found by the instant at which it ended
WAITS_S: Final = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)
NO_QUEUE: Final = "\x7f"  # stands for an empty list: array parameters keep one type

STAYS = """
SELECT slot, key,
    count(*) FILTER (WHERE outcome = 'answered') AS answered,
    count(*) FILTER (WHERE outcome = 'abandoned') AS abandoned,
    count(*) FILTER (WHERE outcome = 'overflowed') AS overflowed,
    count(*) FILTER (WHERE outcome = 'answered' AND waited < within) AS answered_within,
    count(*) FILTER (WHERE outcome = 'abandoned' AND waited < within) AS abandoned_within,
    count(*) FILTER (WHERE outcome = 'overflowed' AND waited < within) AS overflowed_within,
    count(*) FILTER (WHERE outcome = 'abandoned' AND waited < short) AS short_abandoned,
    round(extract(epoch FROM sum(waited) FILTER (WHERE outcome = 'answered')) * 1000) AS answer_wait_ms,
    round(extract(epoch FROM sum(waited) FILTER (WHERE outcome = 'abandoned')) * 1000) AS abandon_wait_ms,
    round(extract(epoch FROM sum(waited)) * 1000) AS wait_ms,
    round(extract(epoch FROM max(waited)) * 1000) AS max_wait_ms
FROM (
    SELECT width_bucket({booked}, cast(:edges AS timestamptz[])) - 1 AS slot, {key} AS key, outcome,
        ended_at - started_at AS waited, coalesce(contract.within, :usual_within) AS within,
        coalesce(contract.short, :usual_short) AS short
    FROM call_segment
    LEFT JOIN unnest(cast(:contracts AS text[]), cast(:within AS interval[]), cast(:short AS interval[]))
        AS contract(of_queue, within, short) ON of_queue = queue_id
    WHERE kind = 'queue' AND {booked} >= :since AND {booked} < :until AND started_at >= :earliest
        AND started_at < :until {condition} OFFSET bigint '0'
) AS stay
GROUP BY 1, 2
"""
ENTRIES = """
SELECT slot, key, sum(offered) AS offered
FROM (
    SELECT width_bucket(started_at, cast(:edges AS timestamptz[])) - 1 AS slot, {key} AS key, offered
    FROM queue_interval
    WHERE started_at >= :since AND started_at < :until {condition} OFFSET bigint '0'
) AS entered
GROUP BY 1, 2
"""
OF_QUEUES = "AND {table}.queue_id = ANY(cast(:queues AS text[]))"
BY_WAIT = """
SELECT slot, bucket,
    count(*) FILTER (WHERE outcome = 'answered') AS answered,
    count(*) FILTER (WHERE outcome = 'abandoned') AS abandoned,
    count(*) FILTER (WHERE outcome = 'overflowed') AS overflowed
FROM (
    SELECT width_bucket({booked}, cast(:edges AS timestamptz[])) - 1 AS slot,
        width_bucket(ended_at - started_at, cast(:waits AS interval[])) AS bucket, outcome
    FROM call_segment
    WHERE kind = 'queue' AND {booked} >= :since AND {booked} < :until AND started_at >= :earliest
        AND started_at < :until {condition} OFFSET bigint '0'
) AS stay
GROUP BY 1, 2
"""
LEFT = """
SELECT count(*) FILTER (WHERE outcome = 'answered') AS answered,
    count(*) FILTER (WHERE outcome = 'abandoned') AS abandoned,
    count(*) FILTER (WHERE outcome = 'overflowed') AS overflowed
FROM call_segment
WHERE kind = 'queue' AND started_at >= :earliest AND started_at < :until AND ended_at >= :since AND ended_at < :until
    {condition}
"""
OVER_AN_EDGE = """
SELECT count(*) AS stays FROM call_segment
WHERE kind = 'queue' AND started_at >= :earliest AND started_at < :edge AND ended_at >= :edge {condition}
"""
STILL_WAITING = """
SELECT count(*) AS waiting FROM call
WHERE ended_at IS NULL AND queued_at >= :since AND queued_at < :until {condition} AND NOT EXISTS (
    SELECT 1 FROM call_segment WHERE call_id = call.id AND kind = 'queue'
)
"""


async def traffic(connection: AsyncConnection, wanted: Wanted, edges: list[int]) -> list[Measured]:
    key = "queue_id" if wanted.by in ("queue", "skill") else "''"
    found: dict[tuple[int, str], dict[str, float]] = {}
    values = {**span_of(wanted), **_contracts(wanted), "edges": edges_of(edges)}
    stays = STAYS.format(key=key, booked=booked_at(wanted), condition=_condition(wanted, "call_segment"))
    for row in await rows_of(connection, stays, values):
        found[row["slot"], row["key"]] = numbers(row, "slot", "key")
    if wanted.booking == "completion":
        for measures in found.values():
            measures["offered"] = measures["answered"] + measures["abandoned"] + measures["overflowed"]
    else:
        entries = ENTRIES.format(key=key, condition=_condition(wanted, "queue_interval"))
        for row in await rows_of(connection, entries, values):
            place = found.setdefault((row["slot"], row["key"]), {})
            place["offered"] = float(row["offered"])
    for measures in found.values():
        measures.setdefault("offered", 0.0)
        if wanted.booking == "cohort":
            left = sum(measures.get(name, 0.0) for name in ("answered", "abandoned", "overflowed"))
            measures["waiting"] = measures["offered"] - left
    return [Measured(slot, queue_id, measures) for (slot, queue_id), measures in found.items()]


async def by_wait(connection: AsyncConnection, wanted: Wanted, edges: list[int]) -> list[Measured]:
    """Keys are "0-5", "5-10", …, "600-": more than the first number of seconds, up to the second."""
    # width_bucket counts a wait of exactly the edge to the next bucket; "within" is ≤, to the millisecond
    waits = [timedelta(seconds=wait, microseconds=500) for wait in WAITS_S]
    query = BY_WAIT.format(booked=booked_at(wanted), condition=_condition(wanted, "call_segment"))
    values = {**span_of(wanted), "edges": edges_of(edges), "waits": waits}
    rows = await rows_of(connection, query, values)
    return [Measured(row["slot"], wait_key(row["bucket"]), numbers(row, "slot", "bucket")) for row in rows]


def wait_key(bucket: int) -> str:
    low = WAITS_S[bucket - 1] if bucket else 0
    return f"{low}-{WAITS_S[bucket]}" if bucket < len(WAITS_S) else f"{low}-"


async def reconcile(connection: AsyncConnection, wanted: Wanted, whole: Mapping[str, float]) -> Reconciliation:
    """Where each happened, whatever the convention of booking; `whole` is what was counted under it. Somebody who waits
    in a second queue at this moment is counted as missing until that stay has ended."""
    values = span_of(wanted)
    condition = _condition(wanted, "call_segment")
    left, offered = whole, whole.get("offered", 0.0)
    if wanted.booking == "cohort":
        early = {"earliest": to_datetime(wanted.since) - LONGEST_STAY}
        [left] = await rows_of(connection, LEFT.format(condition=condition), {**values, **early})
    if wanted.booking == "completion":
        entries = ENTRIES.format(key="''", condition=_condition(wanted, "queue_interval"))
        edges = edges_of([wanted.since, wanted.until])
        offered = sum(row["offered"] for row in await rows_of(connection, entries, {**values, "edges": edges}))
    over = OVER_AN_EDGE.format(condition=condition)
    waiting: list[int] = []
    for edge in (to_datetime(wanted.since), to_datetime(wanted.until)):
        [row] = await rows_of(connection, over, {**values, "earliest": edge - LONGEST_STAY, "edge": edge})
        waiting.append(row["stays"])
    before, left_later = waiting
    [still] = await rows_of(connection, STILL_WAITING.format(condition=_condition(wanted, "call")), values)
    return Reconciliation(
        waiting_before=before,
        offered=int(offered),
        answered=int(left.get("answered", 0)),
        abandoned=int(left.get("abandoned", 0)),
        overflowed=int(left.get("overflowed", 0)),
        waiting_after=left_later + still["waiting"],
    )


def booked_at(wanted: Wanted) -> str:
    return "started_at" if wanted.booking == "cohort" else "ended_at"


def span_of(wanted: Wanted) -> dict[str, Any]:
    """`earliest`: an index on the beginning serves both ends of a stay."""
    since = to_datetime(wanted.since)
    early = since if wanted.booking == "cohort" else since - LONGEST_STAY
    return {
        "since": since,
        "until": to_datetime(wanted.until),
        "earliest": early,
        "queues": list(wanted.queues) or [NO_QUEUE],
    }


def _condition(wanted: Wanted, table: str) -> str:
    return OF_QUEUES.format(table=table) if wanted.queues else ""


def _contracts(wanted: Wanted) -> dict[str, Any]:
    """Half a millisecond more, so that "<" means: ≤ when rounded to milliseconds."""
    half = timedelta(microseconds=500)
    return {
        "contracts": list(wanted.contracts),
        "within": [timedelta(milliseconds=one.within_ms) + half for one in wanted.contracts.values()],
        "short": [timedelta(milliseconds=one.short_ms) + half for one in wanted.contracts.values()],
        "usual_within": timedelta(milliseconds=wanted.usual.within_ms) + half,
        "usual_short": timedelta(milliseconds=wanted.usual.short_ms) + half,
    }
