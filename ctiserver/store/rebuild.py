"""Writes all read models anew from the journal: after a defect in them was mended, or a column was added."""

from __future__ import annotations

import msgspec

from ctiserver.call.events import Step
from ctiserver.store.database import Database
from ctiserver.store.driver import DriverConnection, driver_connection
from ctiserver.store.projection import Projection

# A truncated table is empty for all who read it until the transaction ends: they wait for it.
EMPTY = """
TRUNCATE call, call_leg, call_segment, call_transfer, call_path, call_input, offer, recording,
    agent_state_span, agent_interval, agent_time_interval, queue_interval, flow_passage, routing_decision
"""
EVENTS = "SELECT node, body::text AS body FROM journal_event WHERE node = $1 ORDER BY seq"


async def rebuild(database: Database, region: str) -> tuple[int, int]:
    """In one transaction, while shipping waits; returns how many steps were read and how many were refused."""
    async with driver_connection(database) as connection, connection.transaction():
        await connection.execute("LOCK TABLE journal_position IN EXCLUSIVE MODE")
        await connection.execute(EMPTY)
        await connection.execute("UPDATE journal_event SET projection_error = NULL WHERE projection_error IS NOT NULL")
        nodes = [row["node"] for row in await connection.fetch("SELECT node FROM journal_position ORDER BY node")]
        counts = [await _rebuild_node(connection, str(node), region) for node in nodes]
    return sum(steps for steps, _ in counts), sum(refused for _, refused in counts)


async def _rebuild_node(connection: DriverConnection, node: str, region: str) -> tuple[int, int]:
    projection = Projection(node, region)
    decoder = msgspec.json.Decoder(Step)
    steps = refused = 0
    async for row in connection.cursor(EVENTS, node, prefetch=1000):
        steps += 1
        refused += not await projection.project(connection, decoder.decode(row["body"]))
    return steps, refused
