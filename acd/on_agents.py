"""What happens to agents: presence, reachability, outside calls, wrap-up, cool-down, configuration."""

from __future__ import annotations

from collections import Counter

from acd import on_offers, on_wrap_up, places
from acd.agent_states import OFFER_PHASES, Agent, PendingPresence, Work
from acd.contacts import Contact
from acd.decisions import AgentPaused, PresenceApplied
from acd.events import (
    AgentBusy,
    AgentConfigured,
    AgentFree,
    AgentRemoved,
    PresenceChanged,
    ReachabilityChanged,
)
from acd.model import VOICE, AgentConfig, Presence, RefusalCause
from acd.pools import Pool
from acd.state import State
from acd.validation import validate_agent

MISSED_CALLS = "missed_calls"


def configured(state: State, event: AgentConfigured) -> None:
    """Create or change an agent, in the middle of a conversation too."""
    config = event.agent
    validate_agent(config, state.config, f"agents[{config.agent_id}]")
    agent = state.agents.get(config.agent_id)
    changed: set[str] = set()
    former_pools: list[Pool] = []
    if agent is None:
        agent = state.agents[config.agent_id] = Agent(config, presence_since=state.now, idle_since=state.now)
    else:
        if not agent.removed:
            changed = _count_help_delays(state, agent.config, -1)
        former_pools = list(agent.pools)
        state.index.dismiss(agent)
        agent.config = config
        agent.removed = False
    changed ^= _count_help_delays(state, config, 1)
    state.index.enrol(agent)
    for queue_id in sorted(changed & state.queues.keys()):
        places.rebuild(state, state.queues[queue_id])
    # A re-skilled agent may be offered something else at once, so it counts as newly free.
    agent.free = frozenset()
    refresh(state, agent)
    _mark_restaffed(state, [*former_pools, *agent.pools])
    _release_reserved(state, agent)


def removed(state: State, event: AgentRemoved) -> None:
    """Delete an agent: offers are withdrawn, wrap-ups end, a conversation goes on and is the last."""
    agent = known(state, event.agent_id)
    if agent is None:
        return
    agent.removed = True
    refresh(state, agent)
    state.index.dismiss(agent)
    for queue_id in sorted(_count_help_delays(state, agent.config, -1) & state.queues.keys()):
        places.rebuild(state, state.queues[queue_id])
    _release_reserved(state, agent)
    for work in list(agent.work.values()):
        if work.phase in OFFER_PHASES:
            on_offers.withdraw(state, state.offers[work.offer_id], "agent_removed")
        elif work.phase == "wrap_up":
            on_wrap_up.finish(state, agent, work, "removed")
    if agent.agent_id in state.agents:
        after_work(state, agent)


def presence_changed(state: State, event: PresenceChanged) -> None:
    agent = known(state, event.agent_id)
    if agent is None:
        return
    if event.presence == "signed_out":
        for work in list(agent.work.values()):
            if work.phase == "wrap_up":
                on_wrap_up.finish(state, agent, work, "signed_out")
    if agent.work and event.presence != agent.presence:
        agent.pending = PendingPresence(event.presence, event.reason, state.now)
        refresh(state, agent)
        _release_reserved(state, agent)
        return
    was_pending = agent.pending is not None
    agent.pending = None
    if (event.presence, event.reason) != (agent.presence, agent.reason):
        set_presence(state, agent, event.presence, event.reason)
    elif was_pending:
        refresh(state, agent)
    else:
        state.anomalies["presence_unchanged"] += 1


def set_presence(state: State, agent: Agent, presence: Presence, reason: str) -> None:
    """Let a presence take effect now."""
    if presence == "ready":
        agent.idle_since = state.now
        agent.misses = 0
    if agent.presence == "signed_out":
        agent.signed_in_at = state.now
        agent.handled = 0
        agent.worked_s = 0.0
    agent.presence, agent.reason, agent.presence_since = presence, reason, state.now
    state.decisions.append(PresenceApplied(agent.agent_id, presence, reason))
    refresh(state, agent)
    _release_reserved(state, agent)


def reachability_changed(state: State, event: ReachabilityChanged) -> None:
    """The phone came or went; an offer on a vanished phone is withdrawn and is not a miss."""
    agent = known(state, event.agent_id)
    if agent is None or agent.reachable == event.reachable:
        return
    agent.reachable = event.reachable
    refresh(state, agent)
    if not event.reachable:
        _release_reserved(state, agent)
        for work in list(agent.work.values()):
            if work.phase in OFFER_PHASES and work.medium == VOICE:
                on_offers.withdraw(state, state.offers[work.offer_id], "unreachable")


def busy(state: State, event: AgentBusy) -> None:
    agent = known(state, event.agent_id)
    if agent is None:
        return
    if event.cause in agent.busy:
        state.anomalies["duplicate_busy"] += 1
        return
    agent.busy[event.cause] = (event.medium, state.now)
    refresh(state, agent)


def free(state: State, event: AgentFree) -> None:
    agent = known(state, event.agent_id)
    if agent is None:
        return
    if agent.busy.pop(event.cause, None) is None:
        state.anomalies["not_busy"] += 1
        return
    agent.idle_since = state.now
    refresh(state, agent)


def drop_work(state: State, agent: Agent, work: Work) -> None:
    """The agent is rid of this contact after having worked on it."""
    take_work(state, agent, work.contact_id)
    agent.idle_since = state.now
    queue = state.queues.get(work.queue_id)
    if queue is not None and work.answered_at is not None:
        queue.history.note_handled(state.now - work.answered_at)
    after_work(state, agent)


def take_work(state: State, agent: Agent, contact_id: str) -> None:
    """Take a contact off the agent's hands and count the time spent on it."""
    work = agent.work.pop(contact_id)
    agent.worked_s += state.now - work.offered_at
    queue = state.queues.get(work.queue_id)
    if queue is not None:
        queue.in_service -= 1


def after_work(state: State, agent: Agent) -> None:
    """Let a pending presence take effect, or a deleted agent go, once there is nothing left to do."""
    if agent.work:
        refresh(state, agent)
    elif agent.removed:
        state.freed.pop(agent.agent_id, None)
        del state.agents[agent.agent_id]
    elif (pending := agent.pending) is not None:
        agent.pending = None
        set_presence(state, agent, pending.presence, pending.reason)
    else:
        refresh(state, agent)


def cool_down(state: State, agent: Agent, cause: RefusalCause) -> None:
    """Leave the agent alone for a while; after too many misses in a row, put it on break."""
    pause = state.config.cool_down_s.get(cause, 0.0)
    if pause > 0:
        agent.cool_until, agent.cool_cause = state.now + pause, cause
        state.schedule(agent.cool_until, "cool_down", agent.agent_id)
    if cause != "no_answer":
        return
    agent.misses += 1
    if agent.misses >= state.config.max_misses and agent.presence == "ready" and agent.pending is None:
        agent.misses = 0
        state.decisions.append(AgentPaused(agent.agent_id, MISSED_CALLS))
        agent.pending = PendingPresence("break", MISSED_CALLS, state.now)


def refresh(state: State, agent: Agent) -> None:
    """Derive anew whether the agent is staff and in which media it is free; remember what to look at."""
    staffed = agent.counts_as_staff()
    if staffed != agent.staffed:
        agent.staffed = staffed
        for pool in agent.pools:
            pool.staffed += 1 if staffed else -1
        _mark_restaffed(state, [pool for pool in agent.pools if pool.staffed == staffed])  # the first or the last
    free_media = agent.free_media()
    if free_media - agent.free:
        state.draws.renew(agent)
        signed_in_s = state.now - agent.signed_in_at
        agent.occupancy = min(1.0, agent.worked_s / signed_in_s) if signed_in_s > 0 else 0.0
        state.freed[agent.agent_id] = agent
    agent.free = free_media


def known(state: State, agent_id: str) -> Agent | None:
    """The agent, or None with the miss counted."""
    agent = state.agents.get(agent_id)
    if agent is None or agent.removed:
        state.anomalies["unknown_agent"] += 1
        return None
    return agent


def _mark_restaffed(state: State, pools: list[Pool]) -> None:
    for pool in pools:
        for line in pool.lines:
            for route in line.routes:
                if route.contacts:
                    state.restaffed[route] = None


def _release_reserved(state: State, agent: Agent) -> None:
    for rank in list(agent.reserved):
        contact = state.by_seq[rank[2]]
        if not places.may_be_waited_for(agent, contact):
            release_reservation(state, contact)


def release_reservation(state: State, contact: Contact) -> None:
    """Stop waiting for the last agent: anybody may take the contact now."""
    places.unplace(state, contact)
    contact.reserved_for = contact.reserved_until = None
    places.place(state, contact)


def _count_help_delays(state: State, config: AgentConfig, change: int) -> set[str]:
    """Count an agent's delays in or out; returns the queues whose helpers now begin at other ages."""
    changed: set[str] = set()
    for queue_id, delay in (config.queues or {}).items():
        if delay > 0:
            counts = state.delays.setdefault(queue_id, Counter())
            before = set(counts)
            counts[delay] += change
            if not counts[delay]:
                del counts[delay]
            if set(counts) != before:
                changed.add(queue_id)
    return changed
