"""After a restart: agents are as they were, and what they chose for afterwards is told when that comes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from acd import events as told
from ctiserver.call.events import PresenceChosen, RoutingDecided
from ctiserver.live.agent_books import AgentBooks
from ctiserver.live.agent_records import AgentRecord
from ctiserver.live.phones_in_use import Tell

RESTORED = "restored"  # stands for a disposition that was chosen before a restart


class AgentsRestored:
    """`is_known`: the directory still has that agent; `queue_of`: the queue under which the engine has a contact."""

    def __init__(
        self, books: AgentBooks, tell: Tell, is_known: Callable[[int], bool], queue_of: Callable[[str], str]
    ) -> None:
        self._books = books
        self._tell = tell
        self._is_known = is_known
        self._queue_of = queue_of

    def presences(self, records: Iterable[AgentRecord]) -> None:
        """Presences as they were; what agents do follows from the calls that are adopted.

        What an agent chose for after the call at hand is told when that call has been adopted.
        """
        for record in records:
            if not self._is_known(record.agent_id) or record.presence == "signed_out":
                continue
            self._books.keep(record)
            if record.pending is not None:
                self._books.pending[record.agent_id] = (record.pending, record.pending_reason)
            if record.disposed:
                self._books.disposed[record.agent_id] = (record.disposed, RESTORED)
            presence, reason = record.presence, record.reason
            restored = PresenceChosen(agent_id=record.agent_id, presence=presence, reason=reason, by="restart")
            self._tell(told.PresenceChanged(str(record.agent_id), presence, reason), {record.agent_id: restored})

    def pending(self, agent_id: int) -> None:
        if (chosen := self._books.pending.pop(agent_id, None)) is not None:
            presence, reason = chosen
            restored = PresenceChosen(agent_id=agent_id, presence=presence, reason=reason, by="restart")
            self._tell(told.PresenceChanged(str(agent_id), presence, reason), {agent_id: restored})

    def others(self, with_call: Collection[int]) -> None:
        """Who has no call to finish any more begins now what was chosen for afterwards."""
        for agent_id in list(self._books.pending):
            if agent_id not in with_call:
                self.pending(agent_id)

    def wrap_ups(self, records: Iterable[AgentRecord]) -> None:
        """Who was wrapping up when the daemon went down has the rest of the time."""
        for record in records:
            if record.activity != "wrap_up" or not self._is_known(record.agent_id) or not record.call_id:
                continue
            why = RoutingDecided(agent_id=record.agent_id, decision="WrapUpRestored", call_id=record.call_id)
            self._books.serving[record.agent_id] = record.queue_id
            queue_id = self._queue_of(record.queue_id)
            adopted = told.WrapUpAdopted(str(record.agent_id), record.call_id, queue_id, record.wrap_up_until)
            self._tell(adopted, {record.agent_id: why})
            self.pending(record.agent_id)
