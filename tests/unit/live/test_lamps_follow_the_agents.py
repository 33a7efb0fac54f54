"""What desk phones show of an agent: set where it differs, again after a lost link, out for who was removed."""

from __future__ import annotations

import pytest

from ctiserver.call.words import Activity, Presence
from ctiserver.directory import Agent
from ctiserver.live.agent_records import AgentRecord
from ctiserver.live.lamps import Lamp, Lamps, lamp_of
from ctiserver.ports import Outcome


@pytest.mark.parametrize(
    ("presence", "activity", "lamp"),
    [
        ("ready", "idle", "NOT_INUSE"),
        ("ready", "offered", "RINGING"),
        ("ready", "ringing", "RINGING"),
        ("ready", "talking", "INUSE"),
        ("break", "talking", "INUSE"),
        ("ready", "hold", "ONHOLD"),
        ("ready", "busy", "INUSE"),
        ("ready", "wrap_up", "BUSY"),
        ("break", "idle", "UNAVAILABLE"),
        ("training", "idle", "BUSY"),
        ("outbound_only", "idle", "BUSY"),
        ("signed_out", "idle", "UNAVAILABLE"),
    ],
)
def test_each_state(presence: Presence, activity: Activity, lamp: Lamp) -> None:
    record = AgentRecord(agent_id=1, presence=presence, activity=activity, reachable=True)
    assert lamp_of(record) == lamp
    assert lamp_of(AgentRecord(agent_id=1, presence=presence, activity=activity, reachable=False)) == "UNAVAILABLE"


class Floor:
    """Two agents, and the requests that were made."""

    def __init__(self) -> None:
        self.agents = [
            Agent(id=n, number=f"100{n}", name="", extension=f"100{n}", sip_password="x", skills={}) for n in (1, 2)
        ]
        self.records = {n: AgentRecord(agent_id=n, presence="ready", reachable=True) for n in (1, 2)}
        self.lit: list[tuple[str, str]] = []
        self.outcome: Outcome = "done"
        self.lamps = Lamps(lambda: self.agents, lambda agent_id: self.records[agent_id], self.light)

    async def light(self, extension: str, lamp: str) -> Outcome:
        self.lit.append((extension, lamp))
        return self.outcome

    async def news(self) -> list[tuple[str, str]]:
        self.lit.clear()
        await self.lamps.once()
        return list(self.lit)


async def test_only_what_differs_is_set() -> None:
    floor = Floor()
    assert await floor.news() == [("1001", "NOT_INUSE"), ("1002", "NOT_INUSE")]
    assert await floor.news() == []
    floor.records[2] = AgentRecord(agent_id=2, presence="ready", activity="talking", reachable=True)
    assert await floor.news() == [("1002", "INUSE")]
    floor.lamps.forget()
    assert await floor.news() == [("1001", "NOT_INUSE"), ("1002", "INUSE")]


async def test_a_refused_one_is_tried_again_and_a_removed_agent_goes_out() -> None:
    floor = Floor()
    floor.outcome = "refused"
    await floor.news()
    floor.outcome = "done"
    assert len(await floor.news()) == 2
    del floor.agents[1]
    assert await floor.news() == [("1002", "UNAVAILABLE")]
    assert await floor.news() == []
