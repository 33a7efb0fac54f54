"""Rebuilding from the truth: contacts that agents already have in their hands when the router is made anew."""

from __future__ import annotations

from acd import on_agents, on_offers, places
from acd.agent_states import Work
from acd.contacts import Contact, OpenOffer
from acd.events import OfferAdopted, OfferAnswered
from acd.state import State


def adopted(state: State, event: OfferAdopted) -> None:
    """The contact is offered to this agent, or talks with it, since before this router knew either."""
    queue, agent = state.queues.get(event.queue_id), state.agents.get(event.agent_id)
    if queue is None or agent is None or event.contact_id in state.contacts or event.offer_id in state.offers:
        state.anomalies["not_adoptable"] += 1
        return
    state.last_seq += 1
    entered_at = min(event.enqueued_at, state.now)
    contact = Contact(
        event.contact_id,
        event.queue_id,
        queue.config.medium,
        state.last_seq,
        place_at=entered_at,
        entered_at=entered_at,
        customer_id=event.customer_id,
        phase="offered",
        offers=[event.offer_id],
        offer_count=max(_number_of(event.offer_id), state.offer_counts.pop(event.contact_id, (0, 0.0))[0]),
    )
    state.contacts[contact.contact_id] = contact
    state.by_seq[contact.seq] = contact
    places.hold(state, contact, queue)
    if queue.config.max_wait_s is not None:
        contact.max_wait_until = entered_at + queue.config.max_wait_s
        state.schedule(contact.max_wait_until, "max_wait", contact.contact_id)
    lease_until = state.now + queue.config.lease_s
    offer = OpenOffer(event.offer_id, contact.contact_id, agent.agent_id, lease_until, state.now, ringing=True)
    state.offers[offer.offer_id] = offer
    state.schedule(lease_until, "lease", offer.offer_id)
    agent.work[contact.contact_id] = Work(
        contact.contact_id,
        contact.queue_id,
        contact.medium,
        offer.offer_id,
        "ringing",
        since=state.now,
        offered_at=state.now,
    )
    queue.in_service += 1
    on_agents.refresh(state, agent)
    if event.answered:
        on_offers.answered(state, OfferAnswered(event.offer_id))


def _number_of(offer_id: str) -> int:
    """Later offers of this contact must not repeat an id."""
    digits = offer_id.rpartition(".o")[2]
    return int(digits) if digits.isdigit() else 1
