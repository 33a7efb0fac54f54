"""Which of several free agents gets the contact: every strategy is a sort key, the smallest wins.

A key is (minus proficiency if the best skill goes first, the strategy's figure, idle since, linear order, id); the id
makes it unique, so the same state always gives the same agent. Figures may change only while an agent is not free,
or upwards: `Pool` relies on that. To add a strategy: a figure here and its name in `model.Strategy`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from acd.agent_states import Agent
from acd.model import QueueConfig, Strategy

AgentKey = tuple[float, float, float, int, str]


@dataclass(frozen=True, slots=True)
class Ordering:
    """How the agents of a pool are sorted. `turns_of` is the queue whose round robin it is."""

    strategy: Strategy
    best_skill_first: bool = False
    turns_of: str | None = None


def ordering_of(queue: QueueConfig) -> Ordering:
    """The queue's order of agents; strategies that sort alike share one, so that queues can share pools."""
    best_first = queue.evaluation == "best" or queue.strategy == "best_skill"
    if queue.strategy in ("best_skill", "ring_all"):
        return Ordering("longest_idle", best_first)
    return Ordering(queue.strategy, best_first, queue.queue_id if queue.strategy == "round_robin" else None)


def _idle(agent: Agent, ordering: Ordering) -> float:
    return agent.idle_since


def _occupancy(agent: Agent, ordering: Ordering) -> float:
    return agent.occupancy


def _handled(agent: Agent, ordering: Ordering) -> float:
    return agent.handled


def _last_turn(agent: Agent, ordering: Ordering) -> float:
    return agent.turns.get(ordering.turns_of or "", 0)


def _linear(agent: Agent, ordering: Ordering) -> float:
    return agent.config.order


def _draw(agent: Agent, ordering: Ordering) -> float:
    return agent.draw


def _weighted_draw(agent: Agent, ordering: Ordering) -> float:
    return agent.weighted_draw


_FIGURES: dict[Strategy, Callable[[Agent, Ordering], float]] = {
    "longest_idle": _idle,
    "least_occupied": _occupancy,
    "fewest_contacts": _handled,
    "round_robin": _last_turn,
    "linear": _linear,
    "random": _draw,
    "weighted": _weighted_draw,
}


def key_of(agent: Agent, ordering: Ordering, proficiency: int) -> AgentKey:
    """The agent's place among others in a pool."""
    first = -proficiency if ordering.best_skill_first else 0
    # A linear order must not depend on idle time when two agents share a place: the id decides.
    idle_since = 0.0 if ordering.strategy == "linear" else agent.idle_since
    config = agent.config
    return (first, _FIGURES[ordering.strategy](agent, ordering), idle_since, config.order, config.agent_id)


class Draws:
    """Repeatable random draws with a state of two integers, so that a snapshot can carry it.

    A freed agent draws an exponential variate on top of a clock that stands at the last winner's draw. Exponential
    variates have no memory: among those who stay, the next winner is again equally likely (or as likely as its
    weight) whoever came first, and no set of free agents has to be searched.
    """

    def __init__(self, seed: int, drawn: int = 0, clock: float = 0.0, weighted_clock: float = 0.0) -> None:
        self.seed = seed
        self.drawn = drawn
        self.clock = clock
        self.weighted_clock = weighted_clock

    def renew(self, agent: Agent) -> None:
        """A fresh draw for an agent that just became free."""
        self.drawn += 1
        variate = -math.log1p(-_uniform(self.seed, self.drawn))
        agent.draw = self.clock + variate
        agent.weighted_draw = self.weighted_clock + variate / agent.config.weight

    def won(self, agent: Agent) -> None:
        """The agent was chosen: move the clocks up to its draws."""
        self.clock = max(self.clock, agent.draw)
        self.weighted_clock = max(self.weighted_clock, agent.weighted_draw)


_MASK = (1 << 64) - 1


def _uniform(seed: int, number: int) -> float:
    """Number `number` of the SplitMix64 stream of `seed`, in [0, 1)."""
    value = (seed * 0xD1342543DE82EF95 + number * 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((value ^ (value >> 31)) >> 11) / (1 << 53)
