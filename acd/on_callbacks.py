"""Callbacks: a virtual contact keeps the place of a caller who hung up.

The agent is asked first and the customer dialled only then, so there are never more attempts than free agents.
"""

from __future__ import annotations

from acd import on_contacts, on_offers, places
from acd.contacts import Contact
from acd.decisions import CallbackEnd, CallbackEnded, ContactRefused
from acd.events import CallbackAttemptFailed, CallbackRequested
from acd.state import State


def requested(state: State, event: CallbackRequested) -> None:
    """From now on the place is kept for a call back to `number`; agents are asked first, so none is dialled idly."""
    contact = on_contacts.known(state, event.contact_id)
    if contact is None:
        return
    if contact.phase not in ("waiting", "offered") or contact.callback_number is not None:
        state.anomalies["callback_not_possible"] += 1
        return
    if event.number in state.callback_numbers:
        state.anomalies["callback_exists"] += 1
        state.decisions.append(ContactRefused(event.contact_id, "callback_exists"))
        return
    rule = state.queues[contact.queue_id].config.callback
    contact.callback_number = event.number
    contact.callback_until = state.now + rule.expires_s
    contact.max_wait_until = contact.unstaffed_until = None
    state.callback_numbers[event.number] = contact.contact_id
    state.schedule(contact.callback_until, "callback", contact.contact_id)
    if contact.offers:
        on_offers.withdraw_all(state, contact, "caller_left")
        on_contacts.wait_again(state, contact)


def attempt_failed(state: State, event: CallbackAttemptFailed) -> None:
    """The customer did not answer: free the agent, let the number rest, keep the place."""
    contact = on_contacts.known(state, event.contact_id)
    if contact is None:
        return
    if contact.phase != "connected" or contact.callback_number is None:
        state.anomalies["no_callback_attempt"] += 1
        return
    on_contacts.free_agent(state, contact, cause=None)
    queue = state.queues.get(contact.queue_id)
    contact.attempts += 1
    if queue is None or contact.attempts >= queue.config.callback.max_attempts:
        end(state, contact, "attempts_used")
        return
    contact.phase = "quarantined"
    contact.quarantine_until = state.now + queue.config.callback.quarantine_s
    state.schedule(contact.quarantine_until, "quarantine", contact.contact_id)


def end_quarantine(state: State, contact: Contact) -> None:
    contact.quarantine_until = None
    on_contacts.back(state, contact)


def end(state: State, contact: Contact, reason: CallbackEnd) -> None:
    places.leave(state, contact)
    state.decisions.append(CallbackEnded(contact.contact_id, reason))
    on_contacts.forget(state, contact)
