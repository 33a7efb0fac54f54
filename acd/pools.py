"""The indexes that make a decision cost a logarithm: who could take it, and who waits for whom.

    Route   the relaxation of one requirement in one queue: its stages by age
    Line    the contacts that wait at one stage, in order of score; several queues share it where they ask the same
    Pool    the agents that meet one stage's demands, with a heap of those who are free

Agents enter a pool's heap when they become free and leave it lazily: an entry that no longer holds is dropped or
re-keyed when it comes to the top. So taking an agent away costs nothing in the other pools it belongs to.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush, heapreplace

from acd.agent_states import Agent
from acd.contacts import Contact, Rank
from acd.matching import Requirement, index_skills, matches, proficiency
from acd.strategies import AgentKey, Ordering, key_of


@dataclass(frozen=True, slots=True)
class Audience:
    """Who belongs to a pool. `queue_id` None: the agents that serve every queue; otherwise those that name it."""

    medium: str
    requirement: Requirement
    groups: frozenset[str] | None
    queue_id: str | None
    helps_after_s: float
    ordering: Ordering

    def includes(self, agent: Agent) -> bool:
        config = agent.config
        if self.medium not in config.capacity:
            return False
        if self.queue_id is None:
            if config.queues is not None:
                return False
        elif config.queues is None or config.queues.get(self.queue_id, float("inf")) > self.helps_after_s:
            return False
        if self.groups is not None and self.groups.isdisjoint(config.groups):
            return False
        return matches(self.requirement, config.skills)


class Pool:
    """All agents of one audience; `best()` is the free one that comes first."""

    __slots__ = ("agents", "audience", "entries", "heap", "lines", "medium", "members", "staffed")

    def __init__(self, audience: Audience, agents: dict[str, Agent]) -> None:
        self.audience = audience
        self.medium = audience.medium
        self.agents = agents
        self.members: dict[str, int] = {}
        """Agent → proficiency in what is asked."""
        self.lines: list[Line] = []
        self.heap: list[AgentKey] = []
        self.entries: dict[str, AgentKey] = {}
        self.staffed = 0

    def add_member(self, agent: Agent) -> None:
        self.members[agent.agent_id] = proficiency(self.audience.requirement, agent.config.skills)
        agent.pools.append(self)
        self.staffed += agent.staffed

    def remove_member(self, agent: Agent) -> None:
        del self.members[agent.agent_id]
        self.entries.pop(agent.agent_id, None)
        agent.pools.remove(self)
        self.staffed -= agent.staffed

    def push(self, agent: Agent) -> None:
        """A free agent may now be chosen."""
        agent_id = agent.config.agent_id
        key = key_of(agent, self.audience.ordering, self.members[agent_id])
        present = self.entries.get(agent_id)
        # An older, smaller key stays: it is corrected when it comes to the top.
        if present is None or key < present:
            self.entries[agent_id] = key
            heappush(self.heap, key)
            if len(self.heap) > 2 * len(self.members) + 16:
                self.heap = list(self.entries.values())
                heapify(self.heap)

    def best(self) -> tuple[AgentKey, Agent] | None:
        """The free agent with the smallest key, who stays in the pool."""
        heap = self.heap
        while heap:
            key = heap[0]
            agent_id = key[-1]
            if self.entries.get(agent_id) != key:
                heappop(heap)
                continue
            agent = self.agents[agent_id]
            if self.medium not in agent.free:
                heappop(heap)
                del self.entries[agent_id]
                continue
            current = key_of(agent, self.audience.ordering, self.members[agent_id])
            if current == key:
                return key, agent
            heapreplace(heap, current)
            self.entries[agent_id] = current
        return None

    def free_agents(self) -> list[Agent]:
        """Every free agent, best first: for ring-all and explanations; costs as much as there are entries."""
        free = [self.agents[agent_id] for agent_id in self.entries if self.medium in self.agents[agent_id].free]
        return sorted(free, key=lambda agent: key_of(agent, self.audience.ordering, self.members[agent.agent_id]))


class Line:
    """Contacts waiting for the same pools with the same weight, the best score first."""

    __slots__ = ("pools", "ranks", "routes", "weight")

    def __init__(self, pools: tuple[Pool, ...], weight: float) -> None:
        self.pools = pools
        self.weight = weight
        self.ranks: list[Rank] = []
        self.routes: list[Route] = []

    @property
    def staffed(self) -> bool:
        return any(pool.staffed for pool in self.pools)

    def add(self, contact: Contact) -> None:
        insort(self.ranks, contact.rank)
        contact.line = self

    def remove(self, contact: Contact) -> None:
        del self.ranks[bisect_left(self.ranks, contact.rank)]
        contact.line = None

    def best_agent(self) -> Agent | None:
        found = [best for pool in self.pools if (best := pool.best()) is not None]
        return min(found)[1] if len(found) > 1 else found[0][1] if found else None


@dataclass(frozen=True, slots=True)
class Stage:
    """From this age on a contact waits in this line; `step` counts the queue's relaxation steps in force."""

    after_s: float
    step: int
    line: Line


class Route:
    """The stages that one requirement goes through in one queue, and the contacts on it."""

    __slots__ = ("contacts", "queue_id", "stages")

    def __init__(self, queue_id: str, stages: tuple[Stage, ...]) -> None:
        self.queue_id = queue_id
        self.stages = stages
        self.contacts: dict[str, Contact] = {}

    @property
    def staffed(self) -> bool:
        return any(stage.line.staffed for stage in self.stages)

    def stage_at(self, contact: Contact, now: float) -> int:
        """The stage by age, raised to the contact's floor, then past stages for which nobody is signed in."""
        stages = self.stages
        last = len(stages) - 1
        index = min(contact.floor, last)
        while index < last and contact.entered_at + stages[index + 1].after_s <= now:
            index += 1
        for later in range(index, last + 1):
            if stages[later].line.staffed:
                return later
        return index


class PoolIndex:
    """Creates and shares pools and lines, and finds the pools an agent belongs to without trying them all."""

    def __init__(self, agents: dict[str, Agent]) -> None:
        self.agents = agents
        self.pools: dict[Audience, Pool] = {}
        self.lines: dict[tuple[tuple[Audience, ...], float], Line] = {}
        self.by_skill: dict[str | None, dict[Audience, Pool]] = {}
        self.skilled: dict[str, dict[str, Agent]] = {}

    def line(self, audiences: tuple[Audience, ...], weight: float) -> Line:
        """The line for these audiences, made if need be; a route that keeps it says so in `line.routes`."""
        line = self.lines.get((audiences, weight))
        if line is None:
            line = Line(tuple(self._pool(audience) for audience in audiences), weight)
            self.lines[(audiences, weight)] = line
            for pool in line.pools:
                pool.lines.append(line)
        return line

    def release(self, line: Line, route: Route) -> None:
        """One route less; a line without routes goes, and with it the pools that nobody else needs."""
        line.routes.remove(route)
        if line.routes:
            return
        del self.lines[(tuple(pool.audience for pool in line.pools), line.weight)]
        for pool in line.pools:
            pool.lines.remove(line)
            if not pool.lines:
                self._drop(pool)

    def enrol(self, agent: Agent) -> None:
        """Put a new or changed agent into every pool that it belongs to, and into no other."""
        for pool in list(agent.pools):
            pool.remove_member(agent)
        for skill in agent.config.skills:
            self.skilled.setdefault(skill, {})[agent.agent_id] = agent
        for pool in self._candidates(agent):
            if pool.audience.includes(agent):
                pool.add_member(agent)

    def dismiss(self, agent: Agent) -> None:
        """Take an agent out of every pool."""
        for pool in list(agent.pools):
            pool.remove_member(agent)
        for skill in agent.config.skills:
            self.skilled.get(skill, {}).pop(agent.agent_id, None)

    def _candidates(self, agent: Agent) -> Iterator[Pool]:
        seen: set[Audience] = set()
        for skill in (None, *agent.config.skills):
            for audience, pool in self.by_skill.get(skill, {}).items():
                if audience not in seen:
                    seen.add(audience)
                    yield pool

    def _pool(self, audience: Audience) -> Pool:
        pool = self.pools.get(audience)
        if pool is not None:
            return pool
        pool = self.pools[audience] = Pool(audience, self.agents)
        skills = index_skills(audience.requirement)
        for skill in (None,) if skills is None else skills:
            self.by_skill.setdefault(skill, {})[audience] = pool
        if skills is None:
            candidates = self.agents
        else:
            candidates = {
                agent_id: agent for skill in skills for agent_id, agent in self.skilled.get(skill, {}).items()
            }
        for agent in candidates.values():
            if not agent.removed and audience.includes(agent):
                pool.add_member(agent)
                if pool.medium in agent.free:
                    pool.push(agent)
        return pool

    def _drop(self, pool: Pool) -> None:
        for agent_id in list(pool.members):
            pool.remove_member(self.agents[agent_id])
        del self.pools[pool.audience]
        skills = index_skills(pool.audience.requirement)
        for skill in (None,) if skills is None else skills:
            del self.by_skill[skill][pool.audience]
