"""What agents choose on their pages: presence, the end of a wrap-up or more time for it, a disposition."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from acd import events as told
from acd.views import AgentView as RoutedAgent
from ctiserver.call.events import DispositionChosen, PresenceChosen, WrapUpExtended, WrapUpFinished
from ctiserver.call.words import Presence
from ctiserver.live.agent_books import AgentBooks
from ctiserver.live.contacts import call_of_contact
from ctiserver.live.decision_words import routing_decided
from ctiserver.live.phones_in_use import Tell
from ctiserver.live.wrap_ups import ended_by_disposition, refuse_to_extend, refuse_to_finish


class AgentWishes:
    """`seen`: the agent as the engine sees it; raises Rejected for one that is not in the directory."""

    def __init__(self, books: AgentBooks, tell: Tell, seen: Callable[[int], RoutedAgent]) -> None:
        self._books = books
        self._tell = tell
        self._seen = seen

    def choose_presence(self, agent_id: int, presence: Presence, reason: str, by: str) -> None:
        self._books.pending.pop(agent_id, None)
        chosen = PresenceChosen(agent_id=agent_id, presence=presence, reason=reason, by=by)
        self._tell(told.PresenceChanged(str(agent_id), presence, reason), {agent_id: chosen})

    def finish_wrap_up(self, agent_id: int) -> None:
        """Raises Rejected where the queue wants a disposition first, or the time is fixed."""
        seen = self._seen(agent_id)
        call_id, code = self._books.disposed.get(agent_id, ("", ""))
        disposed = bool(code) and call_id == call_of_contact(seen.contact_id or "")
        refuse_to_finish(seen, disposed=disposed)
        ended = told.WrapUpEnded(str(agent_id), disposition=code if disposed else None)
        self._tell(ended, {agent_id: WrapUpFinished(agent_id=agent_id, by="agent")})

    def extend_wrap_up(self, agent_id: int, seconds: float) -> None:
        """Raises Rejected where there is nothing to extend or nothing left to be given."""
        refuse_to_extend(self._seen(agent_id))
        extended = WrapUpExtended(agent_id=agent_id, seconds=seconds)
        self._tell(told.WrapUpExtended(str(agent_id), seconds), {agent_id: extended})

    def choose_disposition(self, agent_id: int, call_id: str, code: str, note: str) -> None:
        """Of a call at hand or wrapped up; where the queue waits for it, it ends the wrap-up."""
        seen = self._seen(agent_id)
        self._books.disposed[agent_id] = (call_id, code)
        if (record := self._books.known(agent_id)) is not None and record.call_id == call_id:
            self._books.keep(msgspec.structs.replace(record, disposed=call_id))
        self._books.write(agent_id, DispositionChosen(agent_id=agent_id, call_id=call_id, code=code, note=note))
        if ended_by_disposition(seen, call_id):
            why = routing_decided(agent_id, "WrapUpEnded", call_id, why="disposition")
            self._tell(told.WrapUpEnded(str(agent_id), seen.contact_id, disposition=code), {agent_id: why})
