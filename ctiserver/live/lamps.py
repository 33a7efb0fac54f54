"""What the lamps of desk phones (BLF) show of each agent: a device state in Asterisk, to which phones subscribe.

    ready                               NOT_INUSE
    rung                                RINGING
    in a call                           INUSE; held: ONHOLD
    wrap-up, training, outbound only    BUSY
    on break, signed out, no phone      UNAVAILABLE: phones say "away"

Looked at once a second rather than told of every change: a lamp is for people's eyes, a call's commands go first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Literal

import structlog

from ctiserver.directory import Agent
from ctiserver.errors import LinkDownError
from ctiserver.live.agent_records import AgentRecord
from ctiserver.ports import Outcome

log = structlog.get_logger()

EVERY_S = 1.0
Lamp = Literal["NOT_INUSE", "RINGING", "INUSE", "ONHOLD", "BUSY", "UNAVAILABLE"]
_BY_ACTIVITY: dict[str, Lamp] = {
    "offered": "RINGING",
    "ringing": "RINGING",
    "talking": "INUSE",
    "hold": "ONHOLD",
    "busy": "INUSE",
    "wrap_up": "BUSY",
}
_BY_PRESENCE: dict[str, Lamp] = {"ready": "NOT_INUSE", "break": "UNAVAILABLE"}


def lamp_of(record: AgentRecord) -> Lamp:
    if record.presence == "signed_out" or not record.reachable:
        return "UNAVAILABLE"
    return _BY_ACTIVITY.get(record.activity) or _BY_PRESENCE.get(record.presence, "BUSY")


class Lamps:
    """`light(extension, lamp)` sets one; what it was set to is remembered until `forget`."""

    def __init__(
        self,
        agents: Callable[[], Iterable[Agent]],
        record: Callable[[int], AgentRecord],
        light: Callable[[str, str], Awaitable[Outcome]],
    ) -> None:
        self._agents = agents
        self._record = record
        self._light = light
        self._lit: dict[str, Lamp] = {}

    def forget(self) -> None:
        """Another Asterisk, or one that we were away from: all are set again."""
        self._lit.clear()

    async def run(self, link: asyncio.Event) -> None:
        """Until it is cancelled. `link`: set while Asterisk can be asked."""
        while True:
            await link.wait()
            try:
                await self.once()
            except LinkDownError as error:
                log.info("lamps_wait", problem=str(error), next="with the next connection")
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        """Sets those that differ, and puts out those of agents who were removed. Raises LinkDownError."""
        wanted: dict[str, Lamp] = {
            agent.extension: lamp_of(self._record(agent.id)) for agent in self._agents() if agent.extension
        }
        gone: dict[str, Lamp] = dict.fromkeys(self._lit.keys() - wanted.keys(), "UNAVAILABLE")
        lamps: dict[str, Lamp] = {**wanted, **gone}
        for extension, lamp in lamps.items():
            if self._lit.get(extension) == lamp:
                continue
            if await self._light(extension, lamp) == "done":
                self._lit[extension] = lamp
        for extension in gone:
            self._lit.pop(extension, None)
