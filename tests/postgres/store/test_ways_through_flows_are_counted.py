"""Callers per way out of each node and quarter of an hour; written anew from the journal it is the same."""

from __future__ import annotations

from ctiserver.call import events as ev
from ctiserver.call.events import NodeLeft, Step
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.rebuild import rebuild
from tests.postgres.store.call_stories import arrival, step
from tests.postgres.store.projecting import project

COUNTED = """
SELECT node, way, edge, to_node, callers, spent_ms FROM flow_passage ORDER BY started_at, node, way, edge
"""


def pressed(call: str, at: float, key: str, spent_s: float) -> Step:
    left = NodeLeft(
        flow="main", node="welcome", way="edge", edge=f"choices.{key}", to_flow="main", to_node="bill", spent_s=spent_s
    )
    return step(at, call, ev.DigitReceived(digit=key), left, ev.NodeEntered(flow="main", node="bill"))


def hung_up(call: str, at: float) -> Step:
    return step(at, call, ev.CallerHungUp(), NodeLeft(flow="main", node="bill", way="hung_up", spent_s=1.5))


async def test_counted_and_counted_again(centre: Database) -> None:
    await project(
        centre,
        [
            *(arrival("n1-1", 0), pressed("n1-1", 4, "1", 4.0), hung_up("n1-1", 5.5)),
            *(arrival("n1-2", 10), pressed("n1-2", 12, "1", 2.0), pressed("n1-2", 899, "2", 1.0)),
            hung_up("n1-2", 900),
        ],
    )
    async with centre.reading() as connection:
        counted = [tuple(row.values()) for row in await fetch_all(connection, COUNTED)]
    assert counted == [
        ("bill", "hung_up", "", "", 1, 1500),
        ("welcome", "edge", "choices.1", "bill", 2, 6000),
        ("welcome", "edge", "choices.2", "bill", 1, 1000),
        ("bill", "hung_up", "", "", 1, 1500),  # in the next quarter of an hour
    ]
    assert (await rebuild(centre, "CN"))[1] == 0
    async with centre.reading() as connection:
        assert [tuple(row.values()) for row in await fetch_all(connection, COUNTED)] == counted
