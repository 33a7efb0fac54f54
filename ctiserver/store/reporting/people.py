"""What agents did (人员考核): offers, conversations, time in each state; and what callers thought of it (满意度)."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.clock import to_datetime
from ctiserver.store.reporting.shapes import Measured, Wanted, edges_of, key_of, numbers, rows_of

TEAM = "LEFT JOIN agent ON agent.id = {table}.agent_id"
WORK = """
SELECT slot, key, sum(offered) AS offers, sum(answered) AS offers_answered, sum(missed) AS missed,
    sum(withdrawn) AS withdrawn, sum(handled) AS handled, sum(talk_ms) AS talk_ms, sum(hold_ms) AS hold_ms,
    sum(wrap_up_ms) AS wrap_up_ms
FROM (
    SELECT width_bucket(started_at, cast(:edges AS timestamptz[])) - 1 AS slot, {key} AS key, offered, answered,
        missed, withdrawn, handled, talk_ms, hold_ms, wrap_up_ms
    FROM agent_interval {joined}
    WHERE started_at >= :since AND started_at < :until {condition} OFFSET bigint '0'
) AS worked
GROUP BY 1, 2
"""
# Blocks of eight hours where no interval ends within one, quarters of an hour where one does. They are added up by
# numbers first: keys are made of what remains.
TIME = """
SELECT slot, {key} AS key, presence, reason, activity, sum(ms) AS ms
FROM (
    SELECT width_bucket(started_at, cast(:edges AS timestamptz[])) - 1 AS slot, agent_id, presence, reason, activity,
        sum(ms) AS ms
    FROM (
        SELECT started_at, agent_id, presence, reason, activity, ms FROM agent_time_block
        WHERE started_at >= :first_block AND started_at < :last_block AND started_at <> ALL(cast(:cut AS timestamptz[]))
        UNION ALL
        SELECT quarter.started_at, agent_id, presence, reason, activity, ms
        FROM unnest(cast(:piece_starts AS timestamptz[]), cast(:piece_ends AS timestamptz[])) AS piece(since, until)
        JOIN agent_time_interval AS quarter
            ON quarter.started_at >= piece.since AND quarter.started_at < piece.until
    ) AS agent_time_interval
    WHERE true {condition}
    GROUP BY 1, 2, 3, 4, 5
) AS agent_time_interval {joined}
GROUP BY 1, 2, 3, 4, 5
"""
TRANSFERS = """
SELECT width_bucket(started_at, cast(:edges AS timestamptz[])) - 1 AS slot, {key} AS key, count(*) AS transferred
FROM call_transfer {joined}
WHERE started_at >= :since AND started_at < :until AND call_transfer.agent_id IS NOT NULL {condition}
GROUP BY 1, 2
"""
RATED = """
SELECT width_bucket(at, cast(:edges AS timestamptz[])) - 1 AS slot, {key} AS key, count(*) AS answers,
    count(DISTINCT survey_answer.call_id) AS calls_rated, sum(score) AS score_sum
FROM survey_answer {joined}
WHERE at >= :since AND at < :until {condition}
GROUP BY 1, 2
"""
ANSWERED = """
SELECT slot, key, count(*) AS answered
FROM (
    SELECT width_bucket(started_at, cast(:edges AS timestamptz[])) - 1 AS slot, {key} AS key
    FROM call {joined}
    WHERE started_at >= :since AND started_at < :until AND outcome = 'answered' AND direction = 'inbound' {condition}
    OFFSET bigint '0'
) AS talked
GROUP BY 1, 2
"""
BLOCK_S: Final = 8 * 3600  # of agent_time_block
ON_THE_PHONE: Final = {
    "talking": "state_talk_ms",
    "hold": "state_hold_ms",
    "wrap_up": "state_wrap_up_ms",
    "ringing": "state_ringing_ms",
    "offered": "state_ringing_ms",
    "busy": "state_busy_ms",
}
IDLE: Final = {
    "ready": "state_idle_ms",
    "break": "break_ms",
    "training": "training_ms",
    "outbound_only": "outbound_ms",
    "signed_out": "state_busy_ms",
}
STATES: Final = frozenset({*ON_THE_PHONE.values(), *IDLE.values(), "signed_in_ms"})
Found = dict[tuple[int, str], dict[str, float]]


async def agents(connection: AsyncConnection, wanted: Wanted, edges: list[int]) -> list[Measured]:
    """By queue only what belongs to one: the time in states does not."""
    found: Found = {}
    await _collect(connection, wanted, edges, WORK, "agent_interval", found)
    if wanted.by != "queue" and not wanted.queues:
        await _collect(connection, wanted, edges, TRANSFERS, "call_transfer", found)
        await _time(connection, wanted, edges, found)
    return [Measured(slot, key, measures) for (slot, key), measures in found.items()]


async def satisfaction(connection: AsyncConnection, wanted: Wanted, edges: list[int]) -> list[Measured]:
    found: Found = {}
    await _collect(connection, wanted, edges, RATED, "survey_answer", found)
    if wanted.by not in ("question", "score"):
        await _collect(connection, wanted, edges, ANSWERED, "call", found)
    return [Measured(slot, key, measures) for (slot, key), measures in found.items()]


async def _time(connection: AsyncConnection, wanted: Wanted, edges: list[int], found: Found) -> None:
    query = _query(TIME, "agent_time_interval", wanted)
    for row in await rows_of(connection, query, {**_values(wanted, edges), **_blocks(edges)}):
        measures = found.setdefault((row["slot"], key_of(row)), {})
        if "signed_in_ms" not in measures:
            measures.update(dict.fromkeys(STATES, 0.0))
        ms = float(row["ms"])
        state = ON_THE_PHONE.get(row["activity"]) or IDLE[row["presence"]]
        measures[state] += ms
        measures["signed_in_ms"] += ms
        if state == "break_ms" and row["reason"]:
            reason = f"break_ms:{row['reason']}"
            measures[reason] = measures.get(reason, 0.0) + ms


def _blocks(edges: list[int]) -> dict[str, object]:
    """Which blocks are read whole, and which pieces of time as quarters because an interval's edge cuts their block."""
    pieces = cut_blocks(edges)
    return {
        "first_block": to_datetime(-(-edges[0] // BLOCK_S) * BLOCK_S),
        "last_block": to_datetime(edges[-1] // BLOCK_S * BLOCK_S),
        "cut": edges_of([start // BLOCK_S * BLOCK_S for start, _ in pieces]),
        "piece_starts": edges_of([start for start, _ in pieces]),
        "piece_ends": edges_of([end for _, end in pieces]),
    }


def cut_blocks(edges: list[int]) -> list[tuple[int, int]]:
    """[start, end) of each block within which an edge lies, as far as the span holds it."""
    blocks = sorted({edge // BLOCK_S * BLOCK_S for edge in edges if edge % BLOCK_S})
    return [(max(block, edges[0]), min(block + BLOCK_S, edges[-1])) for block in blocks]


async def _collect(
    connection: AsyncConnection, wanted: Wanted, edges: list[int], text: str, table: str, found: Found
) -> None:
    for row in await rows_of(connection, _query(text, table, wanted), _values(wanted, edges)):
        found.setdefault((row["slot"], key_of(row)), {}).update(numbers(row, "slot", "key"))


def _query(text: str, table: str, wanted: Wanted) -> str:
    key, joined = {
        "agent": (f"{table}.agent_id", ""),
        "skill": (f"{table}.agent_id", ""),
        "team": ("coalesce(agent.team_id, '')", TEAM.format(table=table)),
        "queue": (f"coalesce({table}.queue_id, '')", ""),
        "question": ("survey_answer.survey || ':' || survey_answer.question", ""),
        "score": ("cast(survey_answer.score AS text)", ""),
        "none": ("''", ""),
    }[wanted.by]
    condition = f"AND {table}.agent_id = ANY(cast(:agents AS bigint[]))" if wanted.agents else ""
    if wanted.queues and table not in ("agent_time_interval", "call_transfer"):
        condition += f" AND {table}.queue_id = ANY(cast(:queues AS text[]))"
    return text.format(key=key, joined=joined, condition=condition)


def _values(wanted: Wanted, edges: list[int]) -> dict[str, object]:
    return {
        "edges": edges_of(edges),
        "since": to_datetime(wanted.since),
        "until": to_datetime(wanted.until),
        "agents": list(wanted.agents),
        "queues": list(wanted.queues),
    }
