"""A router as JSON-able data and back, exactly: the rebuilt one decides the same from then on.

Only what cannot be derived is stored; lines, pools, heaps and free media are built anew.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import cast

from acd import matching, places
from acd.agent_states import Agent, PendingPresence, Work
from acd.codec import from_json, to_json
from acd.contacts import Contact, ContactPhase, OpenOffer, Told
from acd.errors import ConfigError
from acd.history import ForecastErrors, QueueHistory
from acd.model import AgentConfig, Presence, QueueConfig, RoutingConfig
from acd.state import Queue, ResumablePlace, State
from acd.strategies import Draws

FORMAT = 1


@dataclass(frozen=True, slots=True)
class _Queue:
    config: QueueConfig
    open: bool
    history: QueueHistory
    forecast_errors: ForecastErrors


@dataclass(frozen=True, slots=True)
class _Agent:
    config: AgentConfig
    presence: Presence
    reason: str
    presence_since: float
    pending: PendingPresence | None
    reachable: bool
    busy: dict[str, tuple[str, float]]
    work: dict[str, Work]
    cool_until: float | None
    cool_cause: str
    misses: int
    removed: bool
    idle_since: float
    handled: int
    worked_s: float
    signed_in_at: float
    occupancy: float
    draw: float
    weighted_draw: float
    turns: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Contact:
    contact_id: str
    queue_id: str
    medium: str
    seq: int
    place_at: float
    entered_at: float
    priority_s: float
    wanted: str | None
    customer_id: str | None
    last_agent_id: str | None
    phase: ContactPhase
    floor: int
    stage: int
    offers: list[str]
    offer_count: int
    agent_id: str | None
    reserved_for: str | None
    reserved_until: float | None
    unstaffed_until: float | None
    max_wait_until: float | None
    callback_number: str | None
    callback_until: float | None
    quarantine_until: float | None
    attempts: int
    told: Told | None


@dataclass(frozen=True, slots=True)
class _Resumable:
    queue_id: str
    customer_id: str
    place: ResumablePlace


@dataclass(frozen=True, slots=True)
class _Snapshot:
    format: int
    now: float
    config: RoutingConfig
    drawn: int
    draw_clock: float
    weighted_clock: float
    last_seq: int
    last_turn: int
    queues: tuple[_Queue, ...]
    agents: tuple[_Agent, ...]
    contacts: tuple[_Contact, ...]
    offers: tuple[OpenOffer, ...]
    abandoned: tuple[_Resumable, ...] = ()
    offer_counts: dict[str, tuple[int, float]] = field(default_factory=dict[str, "tuple[int, float]"])
    anomalies: dict[str, int] = field(default_factory=dict[str, int])


def take(state: State) -> dict[str, object]:
    """Everything that cannot be derived, as JSON-able data."""
    snapshot = _Snapshot(
        format=FORMAT,
        now=state.now,
        config=replace(state.config, queues=(), agents=()),
        drawn=state.draws.drawn,
        draw_clock=state.draws.clock,
        weighted_clock=state.draws.weighted_clock,
        last_seq=state.last_seq,
        last_turn=state.last_turn,
        queues=tuple(
            _Queue(queue.config, queue.open, queue.history, queue.forecast_errors) for queue in state.queues.values()
        ),
        agents=tuple(_copy(agent, _Agent) for agent in state.agents.values()),
        contacts=tuple(_store_contact(contact) for contact in state.contacts.values()),
        offers=tuple(state.offers.values()),
        abandoned=tuple(_Resumable(queue, customer, place) for (queue, customer), place in state.abandoned.items()),
        offer_counts=state.offer_counts,
        anomalies=dict(state.anomalies),
    )
    return cast("dict[str, object]", to_json(snapshot))


def restore(data: object) -> State:
    """The state that `take` wrote down. Raises ConfigError if it is not such data."""
    snapshot = from_json(_Snapshot, data)
    if snapshot.format != FORMAT:
        raise ConfigError("format", f"snapshot of format {snapshot.format}; this program reads format {FORMAT}")
    draws = Draws(snapshot.config.seed, snapshot.drawn, snapshot.draw_clock, snapshot.weighted_clock)
    state = State(snapshot.config, draws, now=snapshot.now)
    state.last_seq, state.last_turn = snapshot.last_seq, snapshot.last_turn
    state.offer_counts = dict(snapshot.offer_counts)
    state.anomalies = Counter(snapshot.anomalies)
    for stored in snapshot.abandoned:
        state.abandoned[(stored.queue_id, stored.customer_id)] = stored.place
    for stored in snapshot.agents:
        _restore_agent(state, stored)
    for stored in snapshot.queues:
        # Not validated again: the names that exist may have changed since the queue was accepted.
        requirement = matching.build(stored.config.skills, stored.config.evaluation)
        queue = Queue(stored.config, requirement, open=stored.open, history=stored.history)
        queue.forecast_errors = stored.forecast_errors
        state.queues[stored.config.queue_id] = queue
        places.rebuild(state, queue)
    for agent in state.agents.values():
        for work in agent.work.values():
            if work.queue_id in state.queues:
                state.queues[work.queue_id].in_service += 1
    for offer in snapshot.offers:
        state.offers[offer.offer_id] = offer
        state.schedule(offer.lease_until, "lease", offer.offer_id)
    for stored in snapshot.contacts:
        _restore_contact(state, stored)
    state.placed.clear()
    state.freed.clear()
    state.restaffed.clear()
    return state


def _copy(source: object, kind: type[_Agent]) -> _Agent:
    return kind(**{name: getattr(source, name) for name in kind.__dataclass_fields__})


def _store_contact(contact: Contact) -> _Contact:
    values = {name: getattr(contact, name) for name in _Contact.__dataclass_fields__}
    if contact.wanted is not None:
        values["wanted"] = matching.describe(contact.wanted)
    return _Contact(**values)


def _restore_agent(state: State, stored: _Agent) -> None:
    agent = Agent(**{name: getattr(stored, name) for name in _Agent.__dataclass_fields__})
    state.agents[agent.agent_id] = agent
    agent.staffed = agent.counts_as_staff()
    agent.free = agent.free_media()
    if not agent.removed:
        for queue_id, delay in (agent.config.queues or {}).items():
            if delay > 0:
                state.delays.setdefault(queue_id, Counter())[delay] += 1
        state.index.enrol(agent)
    state.schedule(agent.cool_until, "cool_down", agent.agent_id)
    for work in agent.work.values():
        if work.phase == "wrap_up":
            state.schedule(work.wrap_until, "wrap_up", agent.agent_id, work.contact_id)


def _restore_contact(state: State, stored: _Contact) -> None:
    values = {name: getattr(stored, name) for name in _Contact.__dataclass_fields__}
    values["wanted"] = matching.parse(stored.wanted) if stored.wanted is not None else None
    contact = Contact(**values)
    state.contacts[contact.contact_id] = contact
    state.by_seq[contact.seq] = contact
    for until, kind in (
        (contact.unstaffed_until, "unstaffed"),
        (contact.max_wait_until, "max_wait"),
        (contact.reserved_until, "reserved"),
        (contact.callback_until, "callback"),
        (contact.quarantine_until, "quarantine"),
    ):
        state.schedule(until, kind, contact.contact_id)
    if contact.callback_number is not None:
        state.callback_numbers[contact.callback_number] = contact.contact_id
    queue = state.queues.get(contact.queue_id)
    if queue is None or contact.phase not in ("waiting", "offered"):
        return
    places.hold(state, contact, queue)
    if contact.phase == "waiting":
        places.place(state, contact)
