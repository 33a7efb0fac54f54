"""Deadlines: whether one still holds, and what is done when it is due.

A deadline is never taken out of the heap. Its subject carries the instant that counts; any other has lapsed.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop

from acd import on_agents, on_callbacks, on_contacts, on_offers, on_wrap_up, places
from acd.contacts import Contact
from acd.state import State

# Which instant the subject carries now; None if it has no such deadline any more.


def _waiting(state: State, contact_id: str) -> Contact | None:
    contact = state.contacts.get(contact_id)
    return contact if contact is not None and contact.phase == "waiting" else None


def _stage_until(state: State, contact_id: str, _: str) -> float | None:
    contact = _waiting(state, contact_id)
    return contact.stage_until if contact is not None else None


def _max_wait_until(state: State, contact_id: str, _: str) -> float | None:
    contact = _waiting(state, contact_id)
    return contact.max_wait_until if contact is not None else None


def _unstaffed_until(state: State, contact_id: str, _: str) -> float | None:
    contact = _waiting(state, contact_id)
    return contact.unstaffed_until if contact is not None else None


def _reserved_until(state: State, contact_id: str, _: str) -> float | None:
    contact = _waiting(state, contact_id)
    return contact.reserved_until if contact is not None else None


def _callback_until(state: State, contact_id: str, _: str) -> float | None:
    contact = state.contacts.get(contact_id)
    return contact.callback_until if contact is not None and contact.phase in ("waiting", "quarantined") else None


def _quarantine_until(state: State, contact_id: str, _: str) -> float | None:
    contact = state.contacts.get(contact_id)
    return contact.quarantine_until if contact is not None and contact.phase == "quarantined" else None


def _lease_until(state: State, offer_id: str, _: str) -> float | None:
    offer = state.offers.get(offer_id)
    return offer.lease_until if offer is not None else None


def _cool_until(state: State, agent_id: str, _: str) -> float | None:
    agent = state.agents.get(agent_id)
    return agent.cool_until if agent is not None else None


def _wrap_until(state: State, agent_id: str, contact_id: str) -> float | None:
    agent = state.agents.get(agent_id)
    work = agent.work.get(contact_id) if agent is not None else None
    return work.wrap_until if work is not None and work.phase == "wrap_up" else None


# What is done when it is due.


def _relax(state: State, contact_id: str, _: str) -> None:
    places.move(state, state.contacts[contact_id])


def _waited_too_long(state: State, contact_id: str, _: str) -> None:
    on_contacts.overflow(state, state.contacts[contact_id], "max_wait")


def _nobody_came(state: State, contact_id: str, _: str) -> None:
    on_contacts.overflow(state, state.contacts[contact_id], "no_agents")


def _stop_preferring_last_agent(state: State, contact_id: str, _: str) -> None:
    on_agents.release_reservation(state, state.contacts[contact_id])


def _give_callback_up(state: State, contact_id: str, _: str) -> None:
    on_callbacks.end(state, state.contacts[contact_id], "expired")


def _try_callback_again(state: State, contact_id: str, _: str) -> None:
    on_callbacks.end_quarantine(state, state.contacts[contact_id])


def _expire_lease(state: State, offer_id: str, _: str) -> None:
    on_offers.expired(state, state.offers[offer_id])


def _end_cool_down(state: State, agent_id: str, _: str) -> None:
    agent = state.agents[agent_id]
    agent.cool_until, agent.cool_cause = None, ""
    on_agents.refresh(state, agent)


def _end_wrap_up(state: State, agent_id: str, contact_id: str) -> None:
    agent = state.agents[agent_id]
    on_wrap_up.finish(state, agent, agent.work[contact_id], "timer")


_KINDS: dict[str, tuple[Callable[[State, str, str], float | None], Callable[[State, str, str], None]]] = {
    "stage": (_stage_until, _relax),
    "max_wait": (_max_wait_until, _waited_too_long),
    "unstaffed": (_unstaffed_until, _nobody_came),
    "reserved": (_reserved_until, _stop_preferring_last_agent),
    "callback": (_callback_until, _give_callback_up),
    "quarantine": (_quarantine_until, _try_callback_again),
    "lease": (_lease_until, _expire_lease),
    "cool_down": (_cool_until, _end_cool_down),
    "wrap_up": (_wrap_until, _end_wrap_up),
}


def upcoming(state: State) -> float | None:
    """The earliest deadline that still holds."""
    heap = state.deadlines
    while heap:
        when, kind, first, second = heap[0]
        if _KINDS[kind][0](state, first, second) == when:
            return when
        heappop(heap)
    return None


def run_next(state: State, until: float) -> bool:
    """Handle the earliest deadline up to `until`, at its own instant. False when none is left."""
    heap = state.deadlines
    while heap and heap[0][0] <= until:
        when, kind, first, second = heappop(heap)
        holds, act = _KINDS[kind]
        if holds(state, first, second) == when:
            state.now = max(state.now, when)
            act(state, first, second)
            return True
    return False
