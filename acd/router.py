"""The routing engine's door: events in, decisions out. See acd/__init__.py for how to use it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from acd import (
    deadlines,
    events,
    explain,
    on_adoption,
    on_agents,
    on_callbacks,
    on_contacts,
    on_offers,
    on_queues,
    on_wrap_up,
    snapshot,
    views,
)
from acd.assign import settle
from acd.decisions import ConfigRefused, Decision
from acd.errors import ConfigError
from acd.events import Event, PlaceKept
from acd.explain import Explanation
from acd.forecast import Forecast, ForecastReport, report
from acd.model import RoutingConfig
from acd.state import State
from acd.strategies import Draws
from acd.validation import validate
from acd.views import AgentView, Holding, QueueView


def _tick(state: State, event: events.Tick) -> None:
    """Deadlines have been handled by now."""


_HANDLERS: dict[type, Callable[[State, Any], None]] = {
    events.QueueConfigured: on_queues.configured,
    events.QueueRemoved: on_queues.removed,
    events.QueueOpened: on_queues.opened,
    events.QueueClosed: on_queues.closed,
    events.NamesConfigured: on_queues.names_configured,
    events.RulesConfigured: on_queues.rules_configured,
    events.AgentConfigured: on_agents.configured,
    events.AgentRemoved: on_agents.removed,
    events.PresenceChanged: on_agents.presence_changed,
    events.ReachabilityChanged: on_agents.reachability_changed,
    events.AgentBusy: on_agents.busy,
    events.AgentFree: on_agents.free,
    events.ContactEnqueued: on_contacts.enqueued,
    events.LastAgentKnown: on_contacts.last_agent_known,
    events.ContactLeft: on_contacts.left,
    events.PlaceKept: on_contacts.place_kept,
    events.ContactRequeued: on_contacts.requeued,
    events.PriorityChanged: on_contacts.priority_changed,
    events.CallbackRequested: on_callbacks.requested,
    events.CallbackAttemptFailed: on_callbacks.attempt_failed,
    events.OfferRinging: on_offers.ringing,
    events.OfferAnswered: on_offers.answered,
    events.OfferRefused: on_offers.refused,
    events.OfferReleased: on_offers.released,
    events.OfferAdopted: on_adoption.adopted,
    events.WrapUpAdopted: on_adoption.wrap_up_adopted,
    events.ContactEnded: on_contacts.ended,
    events.WrapUpEnded: on_wrap_up.ended,
    events.WrapUpExtended: on_wrap_up.extended,
    events.Tick: _tick,
}


class Router:
    """Holds what waits and who could answer. Never reads a clock: `now` is in seconds of the caller's own."""

    def __init__(self, config: RoutingConfig, now: float = 0.0) -> None:
        """Raises ConfigError when the configuration cannot work."""
        validate(config)
        self._state = State(config, Draws(config.seed), now=now)
        for queue in config.queues:
            on_queues.configured(self._state, events.QueueConfigured(queue))
        for agent in config.agents:
            on_agents.configured(self._state, events.AgentConfigured(agent))
        settle(self._state)
        self._state.decisions.clear()

    @property
    def anomalies(self) -> Counter[str]:
        """How often something was told that could not be so, by reason."""
        return self._state.anomalies

    def apply(self, event: Event, now: float) -> list[Decision]:
        """Take one event in and decide. Deadlines up to `now` are handled first, each at its own instant."""
        state = self._state
        if not now >= state.now:
            state.anomalies["time_went_backwards"] += 1
            now = state.now
        while deadlines.run_next(state, now):
            settle(state)
        state.now = now
        try:
            _HANDLERS[type(event)](state, event)
        except ConfigError as error:
            state.anomalies["configuration_refused"] += 1
            state.decisions.append(ConfigRefused(error.field, error.message))
        settle(state)
        while deadlines.run_next(state, now):
            settle(state)
        decisions, state.decisions = state.decisions, []
        return decisions

    def next_deadline(self) -> float | None:
        """When to call `apply(Tick(), …)` at the latest; too early does no harm."""
        return deadlines.upcoming(self._state)

    def explain(self, contact_id: str, now: float) -> Explanation:
        """Why the contact waits, or where it is."""
        return explain.explain(self._state, contact_id, now)

    def agents(self) -> tuple[AgentView, ...]:
        """Every agent, in the order of their ids."""
        return tuple(views.agent_view(agent) for _, agent in sorted(self._state.agents.items()))

    def agent(self, agent_id: str) -> AgentView | None:
        agent = self._state.agents.get(agent_id)
        return views.agent_view(agent) if agent is not None else None

    def queues(self, now: float) -> tuple[QueueView, ...]:
        """Every queue with those who wait in it, in the order of their ids."""
        return tuple(views.queue_view(self._state, queue, now) for _, queue in sorted(self._state.queues.items()))

    def queue(self, queue_id: str, now: float) -> QueueView | None:
        queue = self._state.queues.get(queue_id)
        return views.queue_view(self._state, queue, now) if queue is not None else None

    def servers(self, queue_id: str) -> frozenset[str]:
        """Agents who may be asked for the queue's contacts at some step, signed in or not; empty: no such queue."""
        queue = self._state.queues.get(queue_id)
        return views.servers(queue) if queue is not None else frozenset()

    def holdings(self) -> tuple[Holding, ...]:
        """Every contact that the router has, with the agents who are asked or talk."""
        return tuple(views.holding(self._state, contact) for contact in self._state.contacts.values())

    def positions(self, queue_id: str) -> tuple[tuple[str, int], ...]:
        """(contact, position from 1) of everybody in the queue, in order."""
        return views.positions(self._state, queue_id)

    def places_kept(self) -> tuple[PlaceKept, ...]:
        """Of callers who gave up and may come back, as another router would be told of them."""
        return tuple(
            PlaceKept(queue_id, customer_id, place.place_at, place.left_at)
            for (queue_id, customer_id), place in self._state.abandoned.items()
            if place.until >= self._state.now
        )

    def position(self, contact_id: str) -> int | None:
        """The contact's position in its queue from 1; None when it waits in none."""
        return views.position(self._state, contact_id)

    def forecast(self, contact_id: str) -> Forecast | None:
        """Position and expected wait; None while nothing can be said."""
        return views.forecast(self._state, contact_id)

    def forecast_report(self, queue_id: str) -> ForecastReport | None:
        """How the forecasts of a queue have turned out lately; None for an unknown queue."""
        queue = self._state.queues.get(queue_id)
        return report(queue) if queue is not None else None

    def to_snapshot(self) -> dict[str, object]:
        """Everything as JSON-able data."""
        return snapshot.take(self._state)

    @classmethod
    def from_snapshot(cls, data: object) -> Router:
        """The router that `to_snapshot` wrote down, deadlines included. Raises ConfigError on other data."""
        router = cls.__new__(cls)
        router._state = snapshot.restore(data)
        return router
