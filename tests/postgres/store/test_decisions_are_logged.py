"""What routing decided about a caller can be read afterwards: in order, with reasons as codes and figures."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from ctiserver.call import events as ev
from ctiserver.store.calls import Calls
from ctiserver.store.database import Database, fetch_all
from tests.postgres.store.call_stories import arrival, queue_entered, step
from tests.postgres.store.projecting import project

CALL = "n1-1"
WHY: dict[str, str | int | float | bool] = {
    "queue_id": "repairs", "strategy": "longest_idle", "step": 1, "waited_s": 31.5, "score_s": 121.5, "idle_s": 8.0,
    "level": 7, "last_agent": False,
}  # fmt: skip


def decided(at: float, decision: str, agent: int, offer: str = "", why: str = "", **params: Any) -> ev.Step:
    told = ev.RoutingDecided(agent_id=agent, decision=decision, call_id=CALL, offer_id=offer, why=why, params=params)
    return step(at, f"agent:{agent}", told)


async def logged(database: Database) -> list[dict[str, Any]]:
    statement = "SELECT decision, agent_id, queue_id, offer_id, reason, params FROM routing_decision ORDER BY at, id"
    async with database.reading() as connection:
        return [dict(row) for row in await fetch_all(connection, statement, {})]


STORY = [
    arrival(CALL, 0),
    queue_entered(CALL, 5),
    decided(6, "Offer", 1, f"{CALL}.o1", "longest_idle step=0", **{**WHY, "step": 0}),
    decided(20, "OfferRefused", 1, f"{CALL}.o1", "no_answer"),
    decided(36.5, "Offer", 2, f"{CALL}.o2", "longest_idle step=1", **WHY),
    decided(37, "OfferRinging", 2, f"{CALL}.o2"),
    decided(40, "OfferWithdrawn", 2, f"{CALL}.o2", "unreachable"),
    step(60, CALL, ev.QueueMoved(queue_id="service", reason="max_wait")),
    step(90, CALL, ev.QueueRefused(reason="closed")),
    decided(91, "PresenceApplied", 1, why="lunch"),
]


async def test_every_decision_about_a_caller_with_its_reason(centre: Database) -> None:
    projection = await project(centre, STORY)
    assert projection.errors == 0
    rows = await logged(centre)
    assert [(row["decision"], row["agent_id"], row["queue_id"], row["reason"]) for row in rows] == [
        ("offered", 1, "repairs", ""),
        ("refused", 1, "repairs", "no_answer"),
        ("offered", 2, "repairs", ""),
        ("withdrawn", 2, "repairs", "unreachable"),
        ("overflowed", None, "service", "max_wait"),
        ("let_go", None, "repairs", "closed"),
    ], "ringing and the agents' own presence are no decisions about the caller"
    assert rows[2]["params"] == {name: value for name, value in WHY.items() if name != "queue_id"}
    told = await Calls(centre, "CN").decisions(CALL)
    assert [one.decision for one in told] == [row["decision"] for row in rows]


async def test_it_goes_with_its_call_and_only_then(centre: Database) -> None:
    await project(centre, STORY)
    async with centre.writing() as connection:
        await connection.execute(text("DELETE FROM call WHERE id <> :id"), {"id": CALL})
        assert len(await logged(centre)) == 6
        await connection.execute(text("DELETE FROM call"))
    assert await logged(centre) == []
