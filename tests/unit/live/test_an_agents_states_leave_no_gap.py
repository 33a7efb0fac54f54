"""An agent's states follow each other without a gap and without lying over each other, however long deciding takes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from acd import events as told
from acd.model import AgentConfig, RoutingConfig
from acd.router import Router
from ctiserver.call.events import AgentStateChanged, PresenceChosen, Step
from ctiserver.call.words import Presence
from ctiserver.live.agent_books import AgentBooks


class ClockThatIsNeverTheSame:
    """Each look at it is a millisecond later."""

    def __init__(self) -> None:
        self._ticks = itertools.count(1000)

    def now(self) -> float:
        return next(self._ticks) / 1000


class Steps:
    def __init__(self) -> None:
        self.written: list[Step] = []

    def append(self, step: Step) -> None:
        self.written.append(step)

    def on_durable(self, listener: Callable[[Sequence[Step]], None]) -> None:
        raise NotImplementedError


def test_a_state_begins_when_the_one_before_ends() -> None:
    clock, journal = ClockThatIsNeverTheSame(), Steps()
    router = Router(RoutingConfig(agents=(AgentConfig("1"),)))
    books = AgentBooks(router, clock, journal)
    presences: tuple[Presence, ...] = ("ready", "break", "ready", "signed_out")
    for presence in presences:
        router.apply(told.PresenceChanged("1", presence, "meal" if presence == "break" else ""), clock.now())
        books.note_change(1, PresenceChosen(agent_id=1, presence=presence, reason="", by="agent"))
    changes = [(step.at, fact) for step in journal.written for fact in step.facts]
    assert len(changes) == len(presences)
    for (ended_at, _), (_, next_change) in itertools.pairwise(changes):
        assert isinstance(next_change, AgentStateChanged)
        assert next_change.old_since == ended_at
