"""Work orders (业务统计) with their deadlines and three rates, and ways through the menus."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.clock import to_datetime
from ctiserver.store.reporting.shapes import Measured, Wanted, edges_of, numbers, rows_of

KEYS: Final[dict[str, str]] = {
    "none": "''",
    "category": "category",
    "category_1": "split_part(category, '.', 1)",
    "area": "area",
    "unit": "coalesce(unit, '')",
    "channel": "channel",
    "urgency": "urgency",
    "state": "state",
}
# A clock that was stopped tells whether it kept its budget; one that runs is late once its instant is over.
ORDERS = """
SELECT slot, key, count(*) AS orders,
    count(*) FILTER (WHERE state IN ('closed', 'archived', 'resolved_on_call')) AS orders_closed,
    count(*) FILTER (
        WHERE state NOT IN ('closed', 'archived', 'resolved_on_call', 'cancelled', 'merged')) AS orders_open,
    count(*) FILTER (WHERE on_call) AS orders_on_call,
    count(*) FILTER (WHERE kept) AS kept, count(*) FILTER (WHERE NOT kept OR overdue) AS late,
    sum(urges) AS urges, sum(returns) AS returns, count(*) FILTER (WHERE round > 1) AS redone,
    round(extract(epoch FROM sum(closed_at - created_at) FILTER (
        WHERE state IN ('closed', 'archived', 'resolved_on_call'))) * 1000) AS closing_ms,
    count(response) AS response_asked, count(*) FILTER (WHERE response >= 4) AS response_met,
    count(solution) AS solution_asked, count(*) FILTER (WHERE solution >= 4) AS solution_met,
    count(satisfaction) AS satisfaction_asked, count(*) FILTER (WHERE satisfaction >= 4) AS satisfaction_met
FROM (
    SELECT slot, key, state, urges, returns, round, created_at, closed_at,
        CASE WHEN stopped THEN cast(finish ->> 'spent_s' AS float8) <= cast(finish ->> 'budget_s' AS float8) END
            AS kept,
        NOT stopped AND cast(finish ->> 'due_at' AS float8) < :now AS overdue,
        state = 'resolved_on_call' OR EXISTS (
            SELECT 1 FROM work_order_event
            WHERE order_id = work_order.id AND action = 'resolve_on_call'
        ) AS on_call,
        {scores}
    FROM (
        SELECT *, finish ->> 'stopped_at' IS NOT NULL AS stopped
        FROM (
            SELECT id, width_bucket(created_at, cast(:edges AS timestamptz[])) - 1 AS slot, {key} AS key, state,
                urges, returns, round, created_at, closed_at, followed_up,
                jsonb_path_query_first(clocks, '$[*] ? (@.stage == "finish")') AS finish
            FROM work_order
            WHERE created_at >= :since AND created_at < :until AND state <> 'draft' OFFSET bigint '0'
        ) AS work_order
    ) AS work_order
) AS work_order
GROUP BY 1, 2
"""
SCORE = """CASE WHEN jsonb_typeof(followed_up -> '{name}') = 'number' THEN cast(followed_up ->> '{name}' AS float8)
            WHEN followed_up -> '{name}' = 'true' THEN 5 WHEN followed_up -> '{name}' = 'false' THEN 0 END AS {name}"""
PASSAGES = """
SELECT slot, key, sum(callers) AS callers, coalesce(sum(callers) FILTER (WHERE way = 'hung_up'), 0) AS hung_up,
    sum(spent_ms) AS spent_ms
FROM (
    SELECT width_bucket(started_at, cast(:edges AS timestamptz[])) - 1 AS slot, {key} AS key, callers, way, spent_ms
    FROM flow_passage
    WHERE started_at >= :since AND started_at < :until OFFSET bigint '0'
) AS passed
GROUP BY 1, 2
"""
WAYS: Final[dict[str, str]] = {
    "none": "''",
    "flow": "flow",
    "node": "flow || ':' || node",
    "way": "flow || ':' || node || ':' || CASE WHEN way = 'edge' THEN edge ELSE way END",
}


async def business(connection: AsyncConnection, wanted: Wanted, edges: list[int]) -> list[Measured]:
    scores = ", ".join(SCORE.format(name=name) for name in ("response", "solution", "satisfaction"))
    query = ORDERS.format(key=KEYS[wanted.by], scores=scores)
    return await _measured(connection, query, wanted, edges)


async def ivr(connection: AsyncConnection, wanted: Wanted, edges: list[int]) -> list[Measured]:
    return await _measured(connection, PASSAGES.format(key=WAYS[wanted.by]), wanted, edges)


async def _measured(connection: AsyncConnection, query: str, wanted: Wanted, edges: list[int]) -> list[Measured]:
    values = {
        "edges": edges_of(edges),
        "since": to_datetime(wanted.since),
        "until": to_datetime(wanted.until),
        "now": wanted.now,
    }
    rows = await rows_of(connection, query, values)
    return [Measured(row["slot"], row["key"], numbers(row, "slot", "key")) for row in rows]
