"""The heart: after each event, bring who is free and who waits together until no pair is left.

The best score among all that changed is served first, and each contact gets the agent its queue's strategy puts
first. Because no free agent and eligible waiting contact coexist between events, only what changed has to be looked
at, and usually that is one agent or one contact.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from acd.agent_states import Agent, Work
from acd.contacts import Contact, OpenOffer, Rank
from acd.decisions import Offer, Why
from acd.places import move, score_s, unplace
from acd.state import State


def settle(state: State) -> None:
    """Make every offer that can be made."""
    while state.restaffed:
        routes = list(state.restaffed)
        state.restaffed.clear()
        for route in routes:
            for contact in list(route.contacts.values()):
                if contact.phase == "waiting":
                    move(state, contact)
    if not state.placed and len(state.freed) == 1:
        _, agent = state.freed.popitem()
        _serve(state, agent)
    elif state.placed or state.freed:
        _settle_all(state)


def _serve(state: State, agent: Agent) -> None:
    """One agent became free and nothing else changed: by the invariant nobody else is free for its contacts."""
    while agent.free and (found := best_waiting(state, agent)) is not None:
        offer(state, found[1], [agent])
    _announce(agent)


def _settle_all(state: State) -> None:
    for agent in state.freed.values():
        _announce(agent)
    # Entries are (turn, rank, 0, contact) or (0, rank of the best contact, 1, agent). Where agents look at their best
    # queue first, those who became free choose before contacts do: among these may be some that they would not take.
    later = int(state.config.agent_choice == "queue_order")
    todo: list[tuple[int, Rank, int, str]] = [
        (later, _urgency(state, contact), 0, contact.contact_id)
        for contact in state.placed.values()
        if contact.phase == "waiting"
    ]
    for agent in state.freed.values():
        found = best_waiting(state, agent)
        if found is not None:
            todo.append((0, found[0], 1, agent.agent_id))
    state.placed.clear()
    state.freed.clear()
    heapify(todo)
    while todo:
        _, rank, kind, first = heappop(todo)
        if kind == 0:
            contact = state.contacts[first]
        else:
            found = best_waiting(state, state.agents[first])
            if found is None:
                continue
            if found[0] != rank:
                heappush(todo, (0, found[0], 1, first))
                continue
            contact = found[1]
        if contact.phase == "waiting":
            _find_agent(state, contact)
        if kind == 1 and (found := best_waiting(state, state.agents[first])) is not None:
            heappush(todo, (0, found[0], 1, first))


def _find_agent(state: State, contact: Contact) -> None:
    if contact.reserved_for is not None:
        agent = state.agents[contact.reserved_for]
        if contact.medium in agent.free:
            offer(state, contact, [agent])
    elif contact.line is not None and (best := contact.line.best_agent()) is not None:
        offer(state, contact, [best])


def _announce(agent: Agent) -> None:
    """A free agent for whom nobody waits can be chosen by whoever comes next."""
    if agent.free:
        for pool in agent.pools:
            if pool.medium in agent.free:
                pool.push(agent)


def _urgency(state: State, contact: Contact) -> Rank:
    """A rank that can be compared across queues of different weight, at this instant."""
    weight = state.queues[contact.queue_id].config.weight
    return contact.rank if weight == 1 else _weighted(contact.rank, weight, state.now)


def _weighted(rank: Rank, weight: float, now: float) -> Rank:
    return (rank[0], now - weight * (now - rank[1]), rank[2])


def best_waiting(state: State, agent: Agent) -> tuple[Rank, Contact] | None:
    """The contact that a free agent should take, with its comparable rank."""
    best: tuple[float, Rank] | None = None
    free = agent.free
    if not free:
        return None
    by_level = state.config.agent_choice == "queue_order"
    for pool in agent.pools:
        if pool.medium not in free:
            continue
        for line in pool.lines:
            if not line.ranks:
                continue
            rank = line.ranks[0] if line.weight == 1 else _weighted(line.ranks[0], line.weight, state.now)
            choice = (-pool.members[agent.config.agent_id] if by_level else 0, rank)
            if best is None or choice < best:
                best = choice
    for reserved in agent.reserved:
        contact = state.by_seq[reserved[2]]
        if contact.medium in free:
            choice = (0, _urgency(state, contact))
            if best is None or choice < best:
                best = choice
            break
    if best is None:
        return None
    return best[1], state.by_seq[best[1][2]]


def offer(state: State, contact: Contact, agents: list[Agent]) -> None:
    """Reserve the agent (with ring-all: everybody of the stage who is free) for the contact."""
    queue = state.queues[contact.queue_id].config
    route = contact.route
    last_agent = contact.reserved_for is not None
    if queue.strategy == "ring_all" and not last_agent and contact.line is not None:
        together = [agent for pool in contact.line.pools for agent in pool.free_agents()]
        agents = agents + [agent for agent in together if agent not in agents]
    unplace(state, contact)
    contact.phase = "offered"
    contact.reserved_for = contact.reserved_until = None
    step = route.stages[contact.stage].step if route is not None else 0
    for agent in agents:
        _reserve(
            state,
            contact,
            agent,
            Why(
                strategy=queue.strategy,
                step=step,
                waited_s=state.now - contact.place_at,
                score_s=score_s(contact, queue, state.now),
                idle_s=state.now - agent.idle_since,
                proficiency=_proficiency(contact, agent),
                last_agent=last_agent,
            ),
        )


def _proficiency(contact: Contact, agent: Agent) -> int:
    if contact.route is None:
        return 0
    pools = contact.route.stages[contact.stage].line.pools
    return max((pool.members.get(agent.agent_id, 0) for pool in pools), default=0)


def _reserve(state: State, contact: Contact, agent: Agent, why: Why) -> None:
    queue = state.queues[contact.queue_id].config
    now = state.now
    contact.offer_count += 1
    offer_id = f"{contact.contact_id}.o{contact.offer_count}"
    lease_until = now + queue.lease_s
    contact.offers.append(offer_id)
    state.offers[offer_id] = OpenOffer(offer_id, contact.contact_id, agent.agent_id, lease_until, now)
    state.schedule(lease_until, "lease", offer_id)
    agent.work[contact.contact_id] = Work(
        contact.contact_id, contact.queue_id, contact.medium, offer_id, "offered", since=now, offered_at=now
    )
    state.queues[contact.queue_id].in_service += 1
    state.last_turn += 1
    agent.turns[contact.queue_id] = state.last_turn
    state.draws.won(agent)
    agent.free = agent.free_media()
    state.decisions.append(
        Offer(
            offer_id,
            contact.contact_id,
            contact.queue_id,
            agent.agent_id,
            contact.medium,
            lease_until,
            callback=contact.callback_number is not None,
            why=why,
        )
    )
