"""A conversation to begin with, and what the pages send, for stories of what is done with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from ctiserver.demo.phone_call import PhoneCall
from ctiserver.demo.phones import Phone
from tests.asterisk.calls.conftest import CALLER_HZ, Floor

FIRST_HZ, SECOND_HZ, OUTSIDE_HZ = 604, 855, 1141
"""Between the notes of the music that is heard while somebody is held."""


@dataclass
class Conversation:
    """`caller` talks with the agent `login`, whose call at the own `phone` is `agent`."""

    floor: Floor
    call_id: str
    caller: PhoneCall
    agent: PhoneCall
    phone: Phone
    login: str = "1006"

    async def give(self, act: str, body: object, *, login: str = "", method: str = "POST") -> None:
        """What the agent's page sends: `act` is the last part of the path."""
        await self.floor.desk.command(login or self.login, method, f"/api/calls/{self.call_id}/{act}", body)


async def conversation(floor: Floor, number: str, *, key: str = "2") -> Conversation:
    """With 1006, who is the only one signed in."""
    first = await floor.agent("1006", tone_hz=FIRST_HZ)
    caller = await floor.call("101", number)
    await caller.wait_for("connected")
    await caller.dtmf(key)
    agent = await first.next_call(30)
    await agent.answer()
    await asyncio.gather(caller.hears(FIRST_HZ), agent.hears(CALLER_HZ))
    state = await floor.until("1006", activity="talking")
    return Conversation(floor, state["call_id"], caller, agent, first)


async def to_agent(floor: Floor, login: str) -> dict[str, Any]:
    return {"to": {"kind": "agent", "agent_id": await floor.agent_id(login)}}
