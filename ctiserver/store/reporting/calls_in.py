"""Calls (来电统计): how many, what became of them, how long they took; and who called again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.clock import to_datetime
from ctiserver.store.reporting.shapes import Measured, SameAs, Wanted, edges_of, key_of, numbers, rows_of

LONGEST_CALL: Final = timedelta(days=1)

DISTRICT = "LEFT JOIN customer ON customer.id = call.customer_id"
# Kept on the call, except where both came in the same moment.
LABEL = """
CASE WHEN call.id IN (SELECT call_id FROM call_unlabelled) THEN call_{name}(call.id) ELSE call.{name} END
"""
KEYS: Final[dict[str, tuple[str, str]]] = {  # by → what it is, joined how
    "none": ("''", ""),
    "queue": ("coalesce(call.queue_id, '')", ""),
    "skill": ("coalesce(call.queue_id, '')", ""),
    "agent": ("call.agent_id", ""),
    "team": ("coalesce(agent.team_id, '')", "LEFT JOIN agent ON agent.id = call.agent_id"),
    "dialled": ("call.dialled", ""),
    "flow": ("call.flow", ""),
    "outcome": ("coalesce(call.outcome, 'live')", ""),
    "disposition": ("coalesce(call.disposition, '')", ""),
    "direction": ("call.direction", ""),
    "area": ("coalesce(customer.district, '')", DISTRICT),
    "category": (f"coalesce({LABEL.format(name='caused_category')}, '')", ""),
    "score": (f"coalesce(cast({LABEL.format(name='first_score')} AS text), '')", ""),
}
CALLS = """
SELECT slot, key, count(*) AS calls,
    count(*) FILTER (WHERE outcome = 'answered') AS answered,
    count(*) FILTER (WHERE outcome = 'abandoned') AS abandoned,
    count(*) FILTER (WHERE outcome = 'self_service') AS self_service,
    count(*) FILTER (WHERE outcome = 'refused') AS refused,
    count(*) FILTER (WHERE outcome = 'failed') AS failed,
    count(*) FILTER (WHERE outcome IS NULL) AS live,
    sum(talk_ms) AS talk_ms, sum(hold_ms) AS hold_ms, sum(wrap_up_ms) AS wrap_up_ms,
    round(extract(epoch FROM sum(ended_at - started_at)) * 1000) AS duration_ms
FROM (
    SELECT width_bucket({at}, cast(:edges AS timestamptz[])) - 1 AS slot, {key} AS key, outcome, talk_ms, hold_ms,
        wrap_up_ms, ended_at, started_at
    FROM call {joined}
    WHERE started_at >= :earliest AND started_at < :until {condition} OFFSET bigint '0'
) AS counted
GROUP BY 1, 2
"""
REPEATS = """
SELECT slot, key, count(*) AS calls,
    count(*) FILTER (WHERE started_at - before <= :span) AS repeats,
    count(*) FILTER (WHERE after - started_at <= :span) AS followed,
    count(*) FILTER (WHERE started_at > :settled) AS pending
FROM (
    SELECT width_bucket(started_at, cast(:edges AS timestamptz[])) - 1 AS slot, {key} AS key, started_at, before,
        after
    FROM (
        SELECT started_at, queue_id, agent_id, lag(started_at) OVER same AS before, lead(started_at) OVER same AS after
        FROM {contacts}
        WINDOW same AS (PARTITION BY who ORDER BY started_at)
    ) AS call {joined}
    WHERE started_at >= :since AND started_at < :until {condition} OFFSET bigint '0'
) AS counted
GROUP BY 1, 2
"""
INBOUND = """
(SELECT started_at, queue_id, agent_id, {who} AS who FROM call {joined}
WHERE started_at >= :first AND started_at < :last AND direction = 'inbound' AND {known}) AS contact
"""
ORDERED = """
JOIN work_order_call ON work_order_call.call_id = call.id AND work_order_call.kind IN ('caused', 'urged')
JOIN work_order ON work_order.id = work_order_call.order_id
"""
# The first customer at an address stands for it: numbers are sorted faster than five words.
HOME = """
JOIN (
    SELECT id, min(id) OVER (PARTITION BY district, estate, building, unit, room) AS address
    FROM customer WHERE estate <> ''
) AS home ON home.id = call.customer_id
"""
WHO: Final[dict[SameAs, tuple[str, str, str]]] = {  # who it is, joined how, known when
    "caller": ("caller_e164", "", "caller_e164 <> ''"),
    "customer": ("customer_id", "", "customer_id IS NOT NULL"),
    "address": ("home.address", HOME, "customer_id IS NOT NULL"),
    "category": (
        "concat(coalesce(cast(work_order.customer_id AS text), work_order.caller_number), ' ', work_order.category)",
        ORDERED,
        "work_order.category <> ''",
    ),
}


async def calls(connection: AsyncConnection, wanted: Wanted, edges: list[int]) -> list[Measured]:
    key, joined = KEYS[wanted.by]
    condition = _condition(wanted)
    at = "call.started_at"
    since = earliest = to_datetime(wanted.since)
    if wanted.booking == "completion":
        at, earliest = "call.ended_at", since - LONGEST_CALL
        condition += " AND ended_at >= :since AND ended_at < :until"
    query = CALLS.format(key=key, joined=joined, at=at, condition=condition)
    values = {**_values(wanted, edges), "earliest": earliest}
    return [
        Measured(row["slot"], key_of(row), numbers(row, "slot", "key"))
        for row in await rows_of(connection, query, values)
    ]


async def repeats(connection: AsyncConnection, wanted: Wanted, edges: list[int]) -> list[Measured]:
    """Of inbound calls whose caller, customer, address or customer and category is known."""
    span = timedelta(days=wanted.days)
    since, until = to_datetime(wanted.since), to_datetime(wanted.until)
    who, of_whom, known = WHO[wanted.same]
    key, joined = KEYS[wanted.by]
    contacts = INBOUND.format(who=who, joined=of_whom, known=known)
    query = REPEATS.format(key=key, joined=joined, contacts=contacts, condition=_condition(wanted, dialled=False))
    values = {
        **_values(wanted, edges),
        "span": span,
        "first": since - span,
        "last": until + span,
        "settled": to_datetime(wanted.now) - span,
    }
    return [
        Measured(row["slot"], key_of(row), numbers(row, "slot", "key"))
        for row in await rows_of(connection, query, values)
    ]


def _condition(wanted: Wanted, *, dialled: bool = True) -> str:
    found = ["AND direction = 'inbound'"] if dialled and wanted.by != "direction" else []
    if wanted.queues:
        found.append("AND call.queue_id = ANY(cast(:queues AS text[]))")
    if wanted.agents:
        found.append("AND call.agent_id = ANY(cast(:agents AS bigint[]))")
    if wanted.dialled and dialled:
        found.append("AND call.dialled = ANY(cast(:dialled AS text[]))")
    return " ".join(found)


def _values(wanted: Wanted, edges: list[int]) -> dict[str, object]:
    return {
        "edges": edges_of(edges),
        "since": to_datetime(wanted.since),
        "until": to_datetime(wanted.until),
        "queues": list(wanted.queues),
        "agents": list(wanted.agents),
        "dialled": list(wanted.dialled),
    }
