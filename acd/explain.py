"""Why a contact still waits: what it asks for, at which step, and what keeps each agent from taking it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from acd.agent_states import OFFER_PHASES, Agent
from acd.contacts import Contact
from acd.matching import describe, matches
from acd.model import VOICE
from acd.state import State

Obstacle = Literal[
    "free",
    "signed_out",
    "on_break",
    "in_training",
    "outbound_only",
    "leaving",
    "unreachable",
    "cooling_down",
    "offered",
    "talking",
    "wrap_up",
    "busy",
    "deleted",
    "lacks_skill",
    "wrong_group",
    "wrong_medium",
    "serves_other_queues",
]
MAX_LISTED = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """One agent who meets what is asked at this step, and what keeps it from being asked."""

    agent_id: str
    obstacle: Obstacle
    proficiency: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why `contact_id` is where it is. `text` is one English sentence; `outcome` is the word for programs.

    `wanted`: the requirement now in force. `next_step_at`: instant of the next relaxation. `candidates`: the first
    fifty agents who qualify; `obstacles` counts all who qualify by what keeps them; `missing` counts the others.
    `agents`: who has it, who is being asked, or who it is kept for.
    """

    contact_id: str
    outcome: Literal["unknown", "waiting", "reserved", "offered", "connected", "quarantined"]
    text: str
    queue_id: str = ""
    position: int | None = None
    step: int = 0
    wanted: str = ""
    groups: tuple[str, ...] = ()
    next_step_at: float | None = None
    candidates: tuple[Candidate, ...] = ()
    obstacles: tuple[tuple[Obstacle, int], ...] = ()
    missing: tuple[tuple[Obstacle, int], ...] = ()
    agents: tuple[str, ...] = ()


def explain(state: State, contact_id: str, now: float) -> Explanation:
    """Costs as much as there are agents: for a person who asks, not for each event."""
    contact = state.contacts.get(contact_id)
    if contact is None:
        return Explanation(contact_id, "unknown", "The router does not know this contact: it left, or never came.")
    if contact.phase == "connected":
        text = f"Agent {contact.agent_id} has it."
        agents = () if contact.agent_id is None else (contact.agent_id,)
        return Explanation(contact_id, "connected", text, contact.queue_id, agents=agents)
    if contact.phase == "quarantined" or contact.route is None:
        rests_s = max(0.0, (contact.quarantine_until or now) - now)
        text = f"The callback rests for {rests_s:.0f} s after {contact.attempts} attempts."
        return Explanation(contact_id, "quarantined", text, contact.queue_id)
    return _explain_waiting(state, contact)


def _explain_waiting(state: State, contact: Contact) -> Explanation:
    queue = state.queues[contact.queue_id]
    assert contact.route is not None  # noqa: S101 - the caller has looked
    stage = contact.route.stages[contact.stage]
    pools = stage.line.pools
    members = {agent_id: level for pool in pools for agent_id, level in pool.members.items()}
    audience = pools[0].audience
    found = [
        Candidate(agent_id, _obstacle(state.agents[agent_id], contact.medium), level)
        for agent_id, level in sorted(members.items())
    ]
    obstacles: Counter[Obstacle] = Counter(candidate.obstacle for candidate in found)
    missing: Counter[Obstacle] = Counter(
        _lack(agent, contact, state) for agent in state.agents.values() if agent.agent_id not in members
    )
    outcome = "offered" if contact.phase == "offered" else "reserved" if contact.reserved_for else "waiting"
    return Explanation(
        contact.contact_id,
        outcome,
        _sentence(state, contact, obstacles),
        contact.queue_id,
        queue.ranks.index(contact.rank) + 1,
        stage.step,
        describe(audience.requirement),
        tuple(sorted(audience.groups or ())),
        contact.stage_until,
        tuple(found[:MAX_LISTED]),
        tuple(obstacles.most_common()),
        tuple(missing.most_common()),
        _asked(state, contact),
    )


def _asked(state: State, contact: Contact) -> tuple[str, ...]:
    if contact.phase == "offered":
        return tuple(state.offers[offer_id].agent_id for offer_id in contact.offers)
    return () if contact.reserved_for is None else (contact.reserved_for,)


def _sentence(state: State, contact: Contact, obstacles: Counter[Obstacle]) -> str:
    if contact.phase == "offered":
        return f"Offered to {', '.join(_asked(state, contact))}."
    if contact.reserved_for is not None:
        return f"Waits for {contact.reserved_for}, who served this customer last."
    if not obstacles:
        return "No agent has what is asked at this step."
    return "Nobody is free: " + ", ".join(
        f"{count} {what.replace('_', ' ')}" for what, count in obstacles.most_common()
    )


def _obstacle(agent: Agent, medium: str) -> Obstacle:
    if medium in agent.free:
        return "free"
    by_presence: dict[str, Obstacle] = {
        "signed_out": "signed_out",
        "break": "on_break",
        "training": "in_training",
        "outbound_only": "outbound_only",
    }
    if agent.presence in by_presence:
        return by_presence[agent.presence]
    phases = {work.phase for work in agent.work.values() if work.medium == medium}
    if phases & OFFER_PHASES:
        return "offered"
    if "talking" in phases:
        return "talking"
    if "wrap_up" in phases:
        return "wrap_up"
    if agent.busy:
        return "busy"
    if medium == VOICE and not agent.reachable:
        return "unreachable"
    return "cooling_down" if agent.cool_until is not None else "leaving"


def _lack(agent: Agent, contact: Contact, state: State) -> Obstacle:
    config = agent.config
    assert contact.route is not None  # noqa: S101 - only asked for contacts on a route
    audience = contact.route.stages[contact.stage].line.pools[0].audience
    if agent.removed:
        return "deleted"
    if contact.medium not in config.capacity:
        return "wrong_medium"
    if not matches(audience.requirement, config.skills):
        return "lacks_skill"
    if audience.groups is not None and audience.groups.isdisjoint(config.groups):
        return "wrong_group"
    return "serves_other_queues"
