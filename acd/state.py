"""Everything a router knows, in one object that its handlers share. Not part of the public interface."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from heapq import heappush

from acd.agent_states import Agent
from acd.contacts import Contact, OpenOffer, Rank
from acd.decisions import Decision
from acd.history import ForecastErrors, QueueHistory
from acd.matching import Requirement
from acd.model import QueueConfig, RoutingConfig
from acd.pools import PoolIndex, Route
from acd.strategies import Draws

Deadline = tuple[float, str, str, str]
"""(instant, kind, id, second id): no counter, so that equal instants are handled alike after a rebuild."""


@dataclass(slots=True, eq=False)
class Queue:
    """One queue and who is in it; `ranks` holds the waiting and the offered, best score first."""

    config: QueueConfig
    requirement: Requirement
    ranks: list[Rank] = field(default_factory=list[Rank])
    routes: dict[Requirement, Route] = field(default_factory=dict[Requirement, Route])
    open: bool = True
    history: QueueHistory = field(default_factory=QueueHistory)
    forecast_errors: ForecastErrors = field(default_factory=ForecastErrors)
    in_service: int = 0
    """Agents' works that came from this queue, from offer to the end of the wrap-up."""


@dataclass(slots=True)
class ResumablePlace:
    """The place of a caller who hung up while waiting and may ring again."""

    place_at: float
    until: float
    left_at: float = 0.0


@dataclass(slots=True, eq=False)
class State:
    config: RoutingConfig
    draws: Draws
    now: float = 0.0
    queues: dict[str, Queue] = field(default_factory=dict[str, Queue])
    agents: dict[str, Agent] = field(default_factory=dict[str, Agent])
    contacts: dict[str, Contact] = field(default_factory=dict[str, Contact])
    offers: dict[str, OpenOffer] = field(default_factory=dict[str, OpenOffer])
    by_seq: dict[int, Contact] = field(default_factory=dict[int, Contact])
    last_seq: int = 0
    last_turn: int = 0
    abandoned: dict[tuple[str, str], ResumablePlace] = field(default_factory=dict[tuple[str, str], ResumablePlace])
    callback_numbers: dict[str, str] = field(default_factory=dict[str, str])
    offer_counts: dict[str, tuple[int, float]] = field(default_factory=dict[str, tuple[int, float]])
    """Contact that left → (offers made, until when that is remembered), so that offer ids stay unique."""
    anomalies: Counter[str] = field(default_factory=Counter[str])
    deadlines: list[Deadline] = field(default_factory=list[Deadline])
    decisions: list[Decision] = field(default_factory=list[Decision])
    freed: dict[str, Agent] = field(default_factory=dict[str, Agent])
    """Agents that became free in this event and have not been looked at."""
    placed: dict[str, Contact] = field(default_factory=dict[str, Contact])
    """Contacts that joined a line in this event and have not been looked at."""
    restaffed: dict[Route, None] = field(default_factory=dict[Route, None])
    """Routes of which a stage gained its first or lost its last signed-in agent."""
    delays: dict[str, Counter[float]] = field(default_factory=dict[str, "Counter[float]"])
    """Queue → how many agents begin to help it at which age (agents of its own, at 0, are not counted)."""
    index: PoolIndex = field(init=False)

    def __post_init__(self) -> None:
        self.index = PoolIndex(self.agents)

    def schedule(self, when: float | None, kind: str, first: str, second: str = "") -> None:
        """Remember a deadline. It counts only if, when due, the thing it is about still carries this instant."""
        if when is not None:
            heappush(self.deadlines, (when, kind, first, second))
