"""What is known of each agent: the engine's view, put together with what only we know, and journaled on change."""

from __future__ import annotations

import msgspec

from acd.router import Router
from ctiserver.call.events import AgentInput, AgentStateChanged, Step
from ctiserver.call.words import Presence
from ctiserver.clock import Clock
from ctiserver.live.agent_records import AgentRecord, change, encode, state, subject_of, visible
from ctiserver.live.contacts import call_of_contact
from ctiserver.ports import Journal


class AgentBooks:
    """The dispatcher is the only one who writes in them."""

    def __init__(self, router: Router, clock: Clock, journal: Journal) -> None:
        self._router = router
        self._clock = clock
        self._journal = journal
        self._records: dict[int, AgentRecord] = {}  # changed by `keep`
        self._signed_in: set[int] = set()
        self.held: dict[int, float] = {}  # agents whose conversation is held, since
        self.serving: dict[int, str] = {}  # agent → queue of the last offer
        self.disposed: dict[int, tuple[str, str]] = {}  # agent → call and the disposition last chosen for it
        self.pending: dict[int, tuple[Presence, str]] = {}  # chosen for later before a restart, not told yet

    def record(self, agent_id: int) -> AgentRecord:
        return self._records.get(agent_id) or AgentRecord(agent_id=agent_id)

    def known(self, agent_id: int) -> AgentRecord | None:
        """None: nothing was told of that agent yet."""
        return self._records.get(agent_id)

    def all(self) -> list[AgentRecord]:
        return list(self._records.values())

    @property
    def signed_in(self) -> int:
        """How many agents are."""
        return len(self._signed_in)

    def keep(self, record: AgentRecord) -> None:
        self._records[record.agent_id] = record
        (self._signed_in.discard if record.presence == "signed_out" else self._signed_in.add)(record.agent_id)

    def write(self, agent_id: int, cause: AgentInput, facts: tuple[AgentStateChanged, ...] = ()) -> None:
        """The agent's state as it is kept, into the journal."""
        self._append(self._clock.now(), encode(self.record(agent_id)), agent_id, cause, facts)

    def note_change(self, agent_id: int, cause: AgentInput) -> None:
        """Journals the agent's state where it differs from what is known."""
        now = self._clock.now()
        before, after = self._records.get(agent_id), self._look(agent_id)
        if after is None:  # deleted, and nothing is left to finish
            if self._records.pop(agent_id, None) is None:
                return
            self._signed_in.discard(agent_id)
            after = AgentRecord(agent_id=agent_id, presence_since=now)
        else:
            goes_on = before is not None and state(before) == state(after)
            after = msgspec.structs.replace(after, state_since=before.state_since if before and goes_on else now)
            if after == before:
                return
            self.keep(after)
        facts: tuple[AgentStateChanged, ...] = ()
        if before is None or visible(before) != visible(after):
            facts = (change(before, after),)
        self._append(now, encode(after), agent_id, cause, facts)  # the instant at which this state began: no gap

    def _append(
        self, at: float, encoded: msgspec.Raw, agent_id: int, cause: AgentInput, facts: tuple[AgentStateChanged, ...]
    ) -> None:
        self._journal.append(Step(at=at, subject=subject_of(agent_id), input=cause, facts=facts, state=encoded))

    def _look(self, agent_id: int) -> AgentRecord | None:
        seen = self._router.agent(str(agent_id))
        if seen is None:
            return None
        held_since = self.held.get(agent_id) if seen.activity == "talking" else None
        pending, pending_reason = self.pending.get(agent_id, (None, ""))
        disposed = self.disposed.get(agent_id, ("", ""))[0]
        return AgentRecord(
            agent_id=agent_id,
            presence=seen.presence,
            reason=seen.reason,
            presence_since=seen.presence_since,
            pending=seen.pending_presence or pending,
            pending_reason=seen.pending_reason or pending_reason,
            activity=seen.activity if held_since is None else "hold",
            activity_since=seen.since if held_since is None else held_since,
            call_id=call_of_contact(seen.contact_id or ""),
            queue_id=self.serving.get(agent_id, "") if seen.contact_id else "",
            wrap_up_until=seen.wrap_up_until,
            wrap_up_mode=seen.wrap_up_mode or "",
            disposed=disposed if disposed and disposed == call_of_contact(seen.contact_id or "") else "",
            reachable=seen.reachable,
        )
