"""Rebuilding from the truth: contacts that agents already have in their hands when the router is made anew."""

from __future__ import annotations

from acd import on_agents, on_offers, places
from acd.agent_states import Work
from acd.contacts import Contact, OpenOffer
from acd.errors import ConfigError
from acd.events import OfferAdopted, OfferAnswered, WrapUpAdopted
from acd.matching import Requirement
from acd.state import Queue, State
from acd.validation import validate_wanted


def adopted(state: State, event: OfferAdopted) -> None:
    """The contact is offered to this agent, or talks with it, since before this router knew either."""
    queue, agent = state.queues.get(event.queue_id), state.agents.get(event.agent_id)
    known = state.contacts.get(event.contact_id)
    one_of_several = known is None or (known.phase == "offered" and known.queue_id == event.queue_id)
    if (
        queue is None
        or agent is None
        or event.offer_id in state.offers
        or event.contact_id in agent.work
        or not one_of_several
    ):
        state.anomalies["not_adoptable"] += 1
        return
    contact = known if known is not None else _contact(state, event, queue)
    contact.offers.append(event.offer_id)
    earlier, _ = state.offer_counts.pop(event.contact_id, (0, 0.0))
    contact.offer_count = max(contact.offer_count, _number_of(event.offer_id), earlier)
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


def wrap_up_adopted(state: State, event: WrapUpAdopted) -> None:
    """The conversation ended before this router knew of it; the agent has the rest of the time. None left: nothing."""
    queue, agent = state.queues.get(event.queue_id), state.agents.get(event.agent_id)
    if queue is None or agent is None or event.contact_id in agent.work or event.contact_id in state.contacts:
        state.anomalies["not_adoptable"] += 1
        return
    rule = queue.config.wrap_up
    until = None if rule.mode == "until_disposition" else event.until
    if rule.mode == "none" or (until is None and rule.mode != "until_disposition"):
        return
    if until is not None and until <= state.now:
        return
    agent.work[event.contact_id] = Work(
        event.contact_id,
        event.queue_id,
        queue.config.medium,
        f"{event.contact_id}.o0",
        "wrap_up",
        since=state.now,
        offered_at=state.now,
        wrap_mode=rule.mode,
        wrap_until=until,
        extension_left_s=rule.max_extension_s,
    )
    queue.in_service += 1
    state.schedule(until, "wrap_up", agent.agent_id, event.contact_id)
    on_agents.refresh(state, agent)


def _contact(state: State, event: OfferAdopted, queue: Queue) -> Contact:
    state.last_seq += 1
    entered_at = min(event.enqueued_at, state.now)
    contact = Contact(
        event.contact_id,
        event.queue_id,
        queue.config.medium,
        state.last_seq,
        place_at=entered_at if event.place_at is None else min(entered_at, event.place_at),
        entered_at=entered_at,
        priority_s=event.priority_s,
        wanted=_wanted(state, event, queue),
        customer_id=event.customer_id,
        phase="offered",
    )
    state.contacts[contact.contact_id] = contact
    state.by_seq[contact.seq] = contact
    places.hold(state, contact, queue)
    if queue.config.max_wait_s is not None:
        contact.max_wait_until = entered_at + queue.config.max_wait_s
        state.schedule(contact.max_wait_until, "max_wait", contact.contact_id)
    return contact


def _wanted(state: State, event: OfferAdopted, queue: Queue) -> Requirement | None:
    """None: the queue's own, also where what was asked for is no longer possible."""
    if event.skills is None:
        return None
    try:
        return validate_wanted(event.skills, queue.config.evaluation, state.config, "skills")
    except ConfigError:
        state.anomalies["bad_skills"] += 1
        return None


def _number_of(offer_id: str) -> int:
    """Later offers of this contact must not repeat an id."""
    digits = offer_id.rpartition(".o")[2]
    return int(digits) if digits.isdigit() else 1
