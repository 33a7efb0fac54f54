"""Agents' phones as AMI tells of them: reachable or not, and used by calls that are none of ours."""

from __future__ import annotations

from collections.abc import Callable

from acd import events as told
from acd.events import Event as RouterEvent
from ctiserver.call.events import AgentInput, PhoneStateChanged
from ctiserver.directory import Agent
from ctiserver.live.agent_books import AgentBooks

PHONE = "phone"
OFF_THE_PHONE = ("idle", "wrap_up")  # no call of ours is on the agent's phone

Tell = Callable[[RouterEvent, dict[int, AgentInput]], None]


class PhonesInUse:
    """`tell` is the dispatcher's way to the engine; `agent_at` knows whose phone an extension is."""

    def __init__(self, books: AgentBooks, tell: Tell, agent_at: Callable[[str], Agent | None]) -> None:
        self._books = books
        self._tell = tell
        self._agent_at = agent_at
        self._busy: set[int] = set()  # agents in a call that is not ours
        self._in_use: set[int] = set()  # agents whose phone is in any call
        self.changed: Callable[[int], None] = lambda agent_id: None  # used or free, and nothing else to tell

    def seen(self, extension: str, *, reachable: bool, in_use: bool) -> None:
        """One that is in use without a call of ours makes its agent busy."""
        agent = self._agent_at(extension)
        if agent is None:
            return
        agent_id = agent.id
        used, activity = self.in_use(agent_id), self._books.record(agent_id).activity
        seen = PhoneStateChanged(agent_id=agent_id, reachable=reachable, in_use=in_use)
        (self._in_use.add if in_use else self._in_use.discard)(agent_id)
        known = self._books.known(agent_id)
        if known is None or known.reachable != reachable:
            self._tell(told.ReachabilityChanged(str(agent_id), reachable), {agent_id: seen})
        if in_use:
            self.mind_other_calls(agent_id, seen)
        elif agent_id in self._busy:
            self._busy.discard(agent_id)
            self._tell(told.AgentFree(str(agent_id), PHONE), {agent_id: seen})
        if self.in_use(agent_id) != used and self._books.record(agent_id).activity == activity:
            self.changed(agent_id)

    def in_use(self, agent_id: int) -> bool:
        """It rings or is in a call, of ours or any other; also while AMI has not said so yet."""
        return agent_id in self._in_use or self._books.record(agent_id).activity not in OFF_THE_PHONE

    def call_at(self, extension: str) -> str:
        """The call that the agent of this phone talks in; "": none."""
        agent = self._agent_at(extension)
        record = self._books.record(agent.id) if agent is not None else None
        return record.call_id if record is not None and record.activity in ("talking", "hold") else ""

    def state(self, extension: str) -> tuple[bool, bool] | None:
        """(reachable, in use) as we believe; None: no agent's, or not told yet."""
        agent = self._agent_at(extension)
        known = self._books.known(agent.id) if agent is not None else None
        return (known.reachable, known.agent_id in self._in_use) if known is not None else None

    def mind_other_calls(self, agent_id: int, cause: AgentInput) -> None:
        """A phone in use while no call of ours is on it: a private call, or one on a second line that goes on."""
        if agent_id not in self._in_use or agent_id in self._busy:
            return
        if self._books.record(agent_id).activity in OFF_THE_PHONE:
            self._busy.add(agent_id)
            self._tell(told.AgentBusy(str(agent_id), PHONE), {agent_id: cause})

    def forget(self, agent_id: int) -> None:
        self._busy.discard(agent_id)
