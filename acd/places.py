"""Where a contact waits: its route through the relaxation steps, its score, its line."""

from __future__ import annotations

from bisect import bisect_left, insort

from acd.agent_states import Agent
from acd.contacts import Contact, Rank
from acd.matching import Requirement, relax
from acd.model import QueueConfig
from acd.pools import Audience, Line, Route, Stage
from acd.state import Queue, State
from acd.strategies import ordering_of

IDLE_ROUTES_KEPT = 64


def rank_of(contact: Contact, config: QueueConfig) -> Rank:
    """The order of service, fixed while the contact waits: score = weight × waited + priority grows alike for all."""
    priority = config.priority_s + contact.priority_s
    if config.strict_priority:
        return (-priority, contact.place_at, contact.seq)
    return (0.0, contact.place_at - priority / config.weight, contact.seq)


def score_s(contact: Contact, config: QueueConfig, now: float) -> float:
    """Weighted seconds waited plus priority in seconds."""
    return config.weight * (now - contact.place_at) + config.priority_s + contact.priority_s


def join(state: State, contact: Contact, queue: Queue) -> None:
    """Take the contact's place in the queue and begin to wait."""
    hold(state, contact, queue)
    contact.phase = "waiting"
    place(state, contact)


def hold(state: State, contact: Contact, queue: Queue) -> None:
    """Take the contact's place in the queue without being offered to anybody yet."""
    contact.rank = rank_of(contact, queue.config)
    insort(queue.ranks, contact.rank)
    contact.route = _route(state, queue, contact.wanted or queue.requirement)
    contact.route.contacts[contact.contact_id] = contact
    # The rules may have fewer steps now than when the contact was offered.
    contact.stage = min(contact.stage, len(contact.route.stages) - 1)


def leave(state: State, contact: Contact) -> None:
    """Give the place in the queue up; the contact itself stays known."""
    unplace(state, contact)
    queue = state.queues.get(contact.queue_id)
    if contact.route is not None:
        del contact.route.contacts[contact.contact_id]
        if queue is not None:
            del queue.ranks[bisect_left(queue.ranks, contact.rank)]
            _forget_idle_routes(state, queue)
        contact.route = None


def place(state: State, contact: Contact) -> None:
    """Put a waiting contact where it belongs at this instant and see whether somebody is free for it."""
    route = contact.route
    if route is None:
        return
    now = state.now
    contact.stage = route.stage_at(contact, now)
    upcoming = contact.stage + 1
    contact.stage_until = None
    if upcoming < len(route.stages):
        contact.stage_until = contact.entered_at + route.stages[upcoming].after_s
        state.schedule(contact.stage_until, "stage", contact.contact_id)
    _watch_staffing(state, contact, route)
    if contact.reserved_for is not None:
        insort(state.agents[contact.reserved_for].reserved, contact.rank)
    else:
        route.stages[contact.stage].line.add(contact)
    state.placed[contact.contact_id] = contact


def unplace(state: State, contact: Contact) -> None:
    """Take a contact out of its line or from its last agent's list."""
    if contact.line is not None:
        contact.line.remove(contact)
    elif contact.phase == "waiting" and contact.reserved_for is not None and contact.route is not None:
        reserved = state.agents[contact.reserved_for].reserved
        del reserved[bisect_left(reserved, contact.rank)]


def move(state: State, contact: Contact) -> None:
    """Place a waiting contact anew after its age, its reservation or the staffing changed."""
    unplace(state, contact)
    place(state, contact)


def rebuild(state: State, queue: Queue) -> None:
    """The queue's rules or helpers changed: new routes for all who wait; nobody loses a place."""
    contacts = [state.by_seq[rank[2]] for rank in queue.ranks]
    for contact in contacts:
        unplace(state, contact)
        contact.route = None
    for route in queue.routes.values():
        _release(state, route)
    queue.routes.clear()
    queue.ranks.clear()
    for contact in contacts:
        hold(state, contact, queue)
        if contact.phase == "waiting":
            last_agent = state.agents.get(contact.reserved_for or "")
            if last_agent is None or not may_be_waited_for(last_agent, contact):
                contact.reserved_for = contact.reserved_until = None
            place(state, contact)
    _route(state, queue, queue.requirement)


def dissolve(state: State, queue: Queue) -> None:
    """The queue is gone: so are its routes. Nobody may be on them any more."""
    for route in queue.routes.values():
        _release(state, route)
    queue.routes.clear()


def may_be_waited_for(agent: Agent, contact: Contact) -> bool:
    """Whether a contact can reasonably wait for this one agent: working now, and serving that queue."""
    if agent.presence != "ready" or agent.pending is not None or not agent.staffed or contact.route is None:
        return False
    return any(agent.agent_id in pool.members for stage in contact.route.stages for pool in stage.line.pools)


def _watch_staffing(state: State, contact: Contact, route: Route) -> None:
    grace = state.queues[contact.queue_id].config.no_agents_grace_s
    if grace is None or contact.callback_number is not None or route.staffed:
        contact.unstaffed_until = None
    elif contact.unstaffed_until is None:
        contact.unstaffed_until = state.now + grace
        state.schedule(contact.unstaffed_until, "unstaffed", contact.contact_id)


def _route(state: State, queue: Queue, wanted: Requirement) -> Route:
    route = queue.routes.get(wanted)
    if route is None:
        stages = _stages(state, queue.config, wanted)
        route = queue.routes[wanted] = Route(queue.config.queue_id, stages)
        for stage in stages:
            stage.line.routes.append(route)
    return route


def _stages(state: State, config: QueueConfig, wanted: Requirement) -> tuple[Stage, ...]:
    """One stage for each age at which steps or helpers of other queues change who may be asked."""
    ages = sorted({0.0, *(step.after_s for step in config.steps), *state.delays.get(config.queue_id, ())})
    stages: list[Stage] = []
    for age in ages:
        steps = [step for step in config.steps if step.after_s <= age]
        levels: dict[str, int] = {}
        for step in steps:
            levels.update(step.levels)
        relaxed = relax(wanted, levels, frozenset(skill for step in steps for skill in step.drop))
        groups = frozenset((*config.groups, *(group for step in steps for group in step.add_groups)))
        line = _line(state, config, relaxed, groups if config.groups else None, age)
        if not stages or stages[-1].line is not line:
            stages.append(Stage(age, len(steps), line))
    return tuple(stages)


def _line(state: State, config: QueueConfig, wanted: Requirement, groups: frozenset[str] | None, age: float) -> Line:
    ordering = ordering_of(config)
    delays = [delay for delay in state.delays.get(config.queue_id, ()) if delay <= age]
    everywhere = Audience(config.medium, wanted, groups, None, 0.0, ordering)
    by_name = Audience(config.medium, wanted, groups, config.queue_id, max(delays, default=0.0), ordering)
    return state.index.line((everywhere, by_name), config.weight)


def _forget_idle_routes(state: State, queue: Queue) -> None:
    """Contacts may bring requirements of their own: keep a few of their routes, not all for ever."""
    if len(queue.routes) <= IDLE_ROUTES_KEPT:
        return
    for wanted, route in list(queue.routes.items()):
        if not route.contacts and wanted != queue.requirement:
            del queue.routes[wanted]
            _release(state, route)


def _release(state: State, route: Route) -> None:
    for stage in route.stages:
        state.index.release(stage.line, route)
    state.restaffed.pop(route, None)
