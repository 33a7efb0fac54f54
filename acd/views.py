"""What wallboards and people ask: agents, queues, positions. Read-only, built when asked for."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

from acd.agent_states import Agent
from acd.contacts import Contact, ContactPhase
from acd.forecast import Forecast, expected_wait
from acd.model import Activity, Presence, WrapUpMode
from acd.state import Queue, State

_STRICTNESS: tuple[WrapUpMode, ...] = ("none", "optional", "fixed", "limited", "until_disposition")


class AgentView(NamedTuple):
    """One agent now. `since` of the activity and `presence_since` are instants; `free` names media with room.

    `wrap_up_mode` is the strictest of the agent's wrap-ups, `wrap_up_extension_s` what may still be added to it.
    """

    agent_id: str
    presence: Presence
    reason: str
    presence_since: float
    pending_presence: Presence | None
    activity: Activity
    since: float
    contact_id: str | None
    contacts: tuple[str, ...]
    free: tuple[str, ...]
    reachable: bool
    misses: int
    handled: int
    idle_since: float
    cool_until: float | None
    cool_cause: str
    wrap_up_until: float | None
    groups: tuple[str, ...]
    pending_reason: str = ""
    wrap_up_mode: WrapUpMode | None = None
    wrap_up_extension_s: float = 0.0


@dataclass(frozen=True, slots=True)
class WaitingView:
    """One contact in a queue. `position` from 1; offered contacts keep theirs."""

    contact_id: str
    position: int
    phase: ContactPhase
    waited_s: float
    step: int
    offered_to: tuple[str, ...]
    reserved_for: str | None
    callback: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """What the router has of a contact, for comparing with the truth. `agents`: who is asked, or who talks."""

    contact_id: str
    phase: ContactPhase
    agents: tuple[str, ...]
    is_callback: bool


@dataclass(frozen=True, slots=True)
class QueueView:
    """One queue now. `staffed`, `ready` and `free` count agents of the unrelaxed requirement."""

    queue_id: str
    open: bool
    waiting: tuple[WaitingView, ...]
    longest_wait_s: float
    staffed: int
    ready: int
    free: int


def agent_view(agent: Agent) -> AgentView:
    activity, since, contact_id = agent.activity()
    ends = [work.wrap_until for work in agent.work.values() if work.wrap_until is not None]
    wrap_ups = [work for work in agent.work.values() if work.phase == "wrap_up"]
    strictest = max(wrap_ups, key=lambda work: _STRICTNESS.index(work.wrap_mode), default=None)
    return AgentView(
        agent.agent_id,
        agent.presence,
        agent.reason,
        agent.presence_since,
        agent.pending.presence if agent.pending is not None else None,
        activity,
        since,
        contact_id,
        tuple(agent.work),
        tuple(sorted(agent.free)),
        agent.reachable,
        agent.misses,
        agent.handled,
        agent.idle_since,
        agent.cool_until,
        agent.cool_cause,
        max(ends, default=None),
        agent.config.groups,
        agent.pending.reason if agent.pending is not None else "",
        strictest.wrap_mode if strictest is not None else None,
        strictest.extension_left_s if strictest is not None and strictest.wrap_until is not None else 0.0,
    )


def queue_view(state: State, queue: Queue, now: float) -> QueueView:
    contacts = [state.by_seq[rank[2]] for rank in queue.ranks]
    waiting = tuple(_waiting_view(state, contact, number, now) for number, contact in enumerate(contacts, start=1))
    pools = queue.routes[queue.requirement].stages[0].line.pools
    members = [state.agents[agent_id] for pool in pools for agent_id in pool.members]
    return QueueView(
        queue.config.queue_id,
        queue.open,
        waiting,
        max((contact.waited_s for contact in waiting), default=0.0),
        sum(agent.staffed for agent in members),
        sum(agent.presence == "ready" and agent.staffed for agent in members),
        sum(queue.config.medium in agent.free for agent in members),
    )


def servers(queue: Queue) -> frozenset[str]:
    stages = queue.routes[queue.requirement].stages
    return frozenset(agent_id for stage in stages for pool in stage.line.pools for agent_id in pool.members)


def holding(state: State, contact: Contact) -> Holding:
    asked = tuple(state.offers[offer_id].agent_id for offer_id in contact.offers)
    talking = (contact.agent_id,) if contact.agent_id is not None else ()
    return Holding(contact.contact_id, contact.phase, (*asked, *talking), contact.callback_number is not None)


def _waiting_view(state: State, contact: Contact, position: int, now: float) -> WaitingView:
    route = contact.route
    return WaitingView(
        contact.contact_id,
        position,
        contact.phase,
        now - contact.place_at,
        route.stages[contact.stage].step if route is not None else 0,
        tuple(state.offers[offer_id].agent_id for offer_id in contact.offers),
        contact.reserved_for,
        contact.callback_number is not None,
    )


def positions(state: State, queue_id: str) -> tuple[tuple[str, int], ...]:
    """(contact, position from 1) for everybody in the queue, in order of score; empty for an unknown queue."""
    queue = state.queues.get(queue_id)
    ranks = queue.ranks if queue is not None else []
    return tuple((state.by_seq[rank[2]].contact_id, number) for number, rank in enumerate(ranks, start=1))


def position(state: State, contact_id: str) -> int | None:
    """The contact's position from 1, or None when it is in no queue."""
    contact = state.contacts.get(contact_id)
    if contact is None or contact.route is None:
        return None
    return bisect_left(state.queues[contact.queue_id].ranks, contact.rank) + 1


def forecast(state: State, contact_id: str) -> Forecast | None:
    contact = state.contacts.get(contact_id)
    return expected_wait(state, contact) if contact is not None else None
