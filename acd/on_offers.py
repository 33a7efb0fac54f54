"""What happens to offers: ringing, answered, refused, expired, withdrawn."""

from __future__ import annotations

from acd import on_agents, on_contacts, places
from acd.contacts import Contact, OpenOffer
from acd.decisions import OfferWithdrawn, WithdrawReason
from acd.events import OfferAnswered, OfferRefused, OfferReleased, OfferRinging
from acd.model import RefusalCause
from acd.state import State


def ringing(state: State, event: OfferRinging) -> None:
    offer = _known(state, event.offer_id)
    if offer is None or offer.ringing:
        return
    offer.ringing = True
    work = state.agents[offer.agent_id].work[offer.contact_id]
    work.phase, work.since = "ringing", state.now


def answered(state: State, event: OfferAnswered) -> None:
    """The agent has the contact; everybody else who was asked is let go."""
    offer = _known(state, event.offer_id)
    if offer is None:
        return
    contact = state.contacts[offer.contact_id]
    agent = state.agents[offer.agent_id]
    del state.offers[offer.offer_id]
    contact.offers.remove(offer.offer_id)
    for other in list(contact.offers):
        _close(state, state.offers[other], "answered_elsewhere")
    queue = state.queues[contact.queue_id]
    queue.history.note_waited(state.now - contact.entered_at, abandoned=False)
    if contact.told is not None:
        queue.forecast_errors.note(offer.made_at - contact.told.at, contact.told.p50_s, contact.told.p90_s)
        contact.told = None
    places.leave(state, contact)
    contact.phase, contact.agent_id = "connected", agent.agent_id
    work = agent.work[contact.contact_id]
    work.phase, work.since, work.answered_at = "talking", state.now, state.now
    agent.misses = 0
    agent.handled += 1
    on_agents.refresh(state, agent)


def refused(state: State, event: OfferRefused) -> None:
    offer = _known(state, event.offer_id)
    if offer is not None:
        lose(state, offer, event.cause)


def released(state: State, event: OfferReleased) -> None:
    """Back to the others without blame; the caller's side knows already, so nothing is decided about this offer."""
    offer = _known(state, event.offer_id)
    if offer is None:
        return
    _detach(state, offer, None)
    contact = state.contacts[offer.contact_id]
    if not contact.offers:
        on_contacts.wait_again(state, contact)


def expired(state: State, offer: OpenOffer) -> None:
    """The lease ran out: a phone that rang was not answered, one that never rang has failed."""
    state.decisions.append(OfferWithdrawn(offer.offer_id, offer.contact_id, offer.agent_id, "lease_expired"))
    lose(state, offer, "no_answer" if offer.ringing else "failed")


def lose(state: State, offer: OpenOffer, cause: RefusalCause) -> None:
    """The agent did not take it: cool down; the contact keeps its place and goes to the next agent."""
    _detach(state, offer, cause)
    contact = state.contacts[offer.contact_id]
    if not contact.offers:
        _raise_floor(contact)
        on_contacts.wait_again(state, contact)


def withdraw(state: State, offer: OpenOffer, reason: WithdrawReason) -> None:
    """Take an offer back without blaming the agent; the contact waits on."""
    _close(state, offer, reason)
    contact = state.contacts[offer.contact_id]
    if not contact.offers:
        on_contacts.wait_again(state, contact)


def withdraw_all(state: State, contact: Contact, reason: WithdrawReason) -> None:
    """Take all offers of a contact back; what becomes of the contact is the caller's business."""
    for offer_id in list(contact.offers):
        _close(state, state.offers[offer_id], reason)


def _close(state: State, offer: OpenOffer, reason: WithdrawReason) -> None:
    state.decisions.append(OfferWithdrawn(offer.offer_id, offer.contact_id, offer.agent_id, reason))
    _detach(state, offer, None)


def _detach(state: State, offer: OpenOffer, cause: RefusalCause | None) -> None:
    agent = state.agents[offer.agent_id]
    del state.offers[offer.offer_id]
    state.contacts[offer.contact_id].offers.remove(offer.offer_id)
    on_agents.take_work(state, agent, offer.contact_id)
    if cause is not None:
        on_agents.cool_down(state, agent, cause)
    on_agents.after_work(state, agent)


def _raise_floor(contact: Contact) -> None:
    """Nobody else is free at this stage: relax at once rather than wait for its time to pass."""
    route = contact.route
    if route is None or contact.stage + 1 >= len(route.stages):
        return
    if route.stages[contact.stage].line.best_agent() is None:
        contact.floor = contact.stage + 1


def _known(state: State, offer_id: str) -> OpenOffer | None:
    offer = state.offers.get(offer_id)
    if offer is None:
        state.anomalies["unknown_offer"] += 1
    return offer
