"""What happens to contacts: entering, limits and overflow, leaving, coming back, callbacks."""

from __future__ import annotations

from acd import forecast, on_agents, on_callbacks, on_offers, on_wrap_up, places
from acd.contacts import Contact
from acd.decisions import ContactOverflowed, ContactRefused, PlaceResumed
from acd.errors import ConfigError
from acd.events import (
    ContactEnded,
    ContactEnqueued,
    ContactLeft,
    ContactRequeued,
    LastAgentKnown,
    PlaceKept,
    PriorityChanged,
)
from acd.matching import Requirement
from acd.model import Limit, Overflow, QueueConfig, RefusalCause
from acd.state import Queue, ResumablePlace, State
from acd.validation import validate_wanted

OFFER_NUMBERS_KEPT_S = 3600.0
_LEAVE = Overflow()


def enqueued(state: State, event: ContactEnqueued) -> None:
    """Take a contact in, at the place it is entitled to, unless a limit sends it elsewhere."""
    queue = state.queues.get(event.queue_id)
    refusal = _refusal(state, event, queue)
    if refusal is not None or queue is None:
        state.anomalies[refusal or "unknown_queue"] += 1
        if refusal != "duplicate_contact":
            state.decisions.append(ContactRefused(event.contact_id, refusal or "unknown_queue"))
        return
    wanted: Requirement | None = None
    if event.skills is not None:
        try:
            wanted = validate_wanted(event.skills, queue.config.evaluation, state.config, "skills")
        except ConfigError:
            state.anomalies["bad_skills"] += 1
            state.decisions.append(ContactRefused(event.contact_id, "bad_skills"))
            return
    state.last_seq += 1
    place_at = state.now if event.enqueued_at is None else event.enqueued_at
    if place_at > state.now:
        state.anomalies["enqueued_in_the_future"] += 1
        place_at = state.now
    entered_at = place_at
    if event.place_at is not None:
        place_at = min(place_at, event.place_at)
    contact = Contact(
        event.contact_id,
        event.queue_id,
        queue.config.medium,
        state.last_seq,
        place_at=place_at,
        entered_at=entered_at,
        priority_s=event.priority_s,
        wanted=wanted,
        customer_id=event.customer_id,
        last_agent_id=event.last_agent_id,
        offer_count=max(event.offers_before, state.offer_counts.pop(event.contact_id, (0, 0.0))[0]),
    )
    if event.callback_number is not None:
        contact.callback_number = event.callback_number
        state.callback_numbers[event.callback_number] = contact.contact_id
    else:
        _resume_place(state, contact)
    state.contacts[contact.contact_id] = contact
    state.by_seq[contact.seq] = contact
    admit(state, contact, queue)


def _refusal(state: State, event: ContactEnqueued, queue: Queue | None) -> str | None:
    if event.contact_id in state.contacts:
        return "duplicate_contact"
    if queue is None:
        return "unknown_queue"
    if event.medium is not None and event.medium != queue.config.medium:
        return "wrong_medium"
    if event.callback_number is not None and event.callback_number in state.callback_numbers:
        return "callback_exists"
    return None


def admit(state: State, contact: Contact, queue: Queue) -> None:
    """Let a contact into a queue, or overflow it by the first limit that is hit."""
    config = queue.config
    if not queue.open:
        overflow(state, contact, "closed")
    elif contact.callback_number is not None:
        places.join(state, contact, queue)
    else:
        is_full = config.max_waiting is not None and len(queue.ranks) >= config.max_waiting
        places.join(state, contact, queue)
        served_at_once = contact.line is not None and contact.line.best_agent() is not None
        if is_full and not served_at_once:
            overflow(state, contact, "max_waiting")
        elif config.no_agents_grace_s == 0 and contact.route is not None and not contact.route.staffed:
            overflow(state, contact, "no_agents")
        elif not served_at_once and _forecast_too_long(state, contact, config.forecast_limit_s):
            overflow(state, contact, "forecast")
        else:
            if not served_at_once:
                forecast.tell(state, contact)
            _watch(state, contact, queue)


def _forecast_too_long(state: State, contact: Contact, limit_s: float | None) -> bool:
    if limit_s is None:
        return False
    expected = forecast.expected_wait(state, contact)
    return expected is not None and expected.p50_s > limit_s


def _watch(state: State, contact: Contact, queue: Queue) -> None:
    """Start the limits that run while the contact waits, and prefer the last agent if there is one to wait for."""
    config = queue.config
    contact.max_wait_until = None if config.max_wait_s is None else contact.entered_at + config.max_wait_s
    state.schedule(contact.max_wait_until, "max_wait", contact.contact_id)
    _prefer_last_agent(state, contact, config)


def last_agent_known(state: State, event: LastAgentKnown) -> None:
    contact = known(state, event.contact_id)
    if contact is None:
        return
    contact.last_agent_id = event.agent_id
    queue = state.queues.get(contact.queue_id)
    if contact.phase == "waiting" and contact.reserved_for is None and queue is not None:
        _prefer_last_agent(state, contact, queue.config)


def _prefer_last_agent(state: State, contact: Contact, config: QueueConfig) -> None:
    """Wait for this one agent for a while, if it makes sense."""
    last_agent = state.agents.get(contact.last_agent_id or "")
    if config.last_agent_s <= 0 or last_agent is None or not places.may_be_waited_for(last_agent, contact):
        return
    until = contact.entered_at + config.last_agent_s
    if until > state.now:
        places.unplace(state, contact)
        contact.reserved_for, contact.reserved_until = last_agent.agent_id, until
        state.schedule(until, "reserved", contact.contact_id)
        places.place(state, contact)


def overflow(state: State, contact: Contact, limit: Limit) -> None:
    """A limit was hit: into the next queue at the same place, or out of the router."""
    queue = state.queues[contact.queue_id]
    rule = queue.config.overflow.get(limit, _LEAVE)
    places.leave(state, contact)
    contact.reserved_for = contact.reserved_until = None
    target = state.queues.get(rule.target or "") if rule.action == "queue" else None
    if rule.action == "queue" and (target is None or target.config.medium != contact.medium):
        state.anomalies["overflow_target_missing"] += 1
        rule = _LEAVE
    state.decisions.append(
        ContactOverflowed(contact.contact_id, queue.config.queue_id, rule.action, rule.target, exit_reason=limit)
    )
    if target is None or rule is _LEAVE:
        forget(state, contact)
        return
    contact.queue_id = target.config.queue_id
    contact.entered_at = state.now
    contact.floor = 0
    contact.max_wait_until = contact.unstaffed_until = contact.told = None
    admit(state, contact, target)


def left(state: State, event: ContactLeft) -> None:
    """The caller is gone: out of the queue, off the phones; the place can be resumed after an abandonment."""
    contact = known(state, event.contact_id)
    if contact is None:
        return
    if contact.phase == "connected":
        if event.reason == "unreached":
            free_agent(state, contact, cause=None)
            forget(state, contact)
        else:
            _end_conversation(state, contact)
        return
    on_offers.withdraw_all(state, contact, "caller_left")
    queue = state.queues.get(contact.queue_id)
    if queue is not None and contact.phase != "quarantined":
        queue.history.note_waited(state.now - contact.entered_at, abandoned=event.reason == "abandoned")
    if event.reason == "abandoned" and contact.customer_id is not None and queue is not None:
        _keep_place(state, (contact.queue_id, contact.customer_id), contact.place_at, state.now)
    places.leave(state, contact)
    forget(state, contact)


def ended(state: State, event: ContactEnded) -> None:
    contact = known(state, event.contact_id)
    if contact is None:
        return
    if contact.phase != "connected":
        state.anomalies["ended_before_answer"] += 1
        on_offers.withdraw_all(state, contact, "caller_left")
        places.leave(state, contact)
        forget(state, contact)
        return
    _end_conversation(state, contact)


def _end_conversation(state: State, contact: Contact) -> None:
    agent = state.agents[contact.agent_id or ""]
    work = agent.work[contact.contact_id]
    forget(state, contact)
    on_wrap_up.begin(state, agent, work)
    if work.phase == "wrap_up":
        on_agents.refresh(state, agent)


def requeued(state: State, event: ContactRequeued) -> None:
    """The conversation never began: the caller is back at the same place."""
    contact = known(state, event.contact_id)
    if contact is None:
        return
    if contact.phase != "connected":
        state.anomalies["requeued_before_answer"] += 1
        return
    free_agent(state, contact, cause=event.cause)
    back(state, contact)


def priority_changed(state: State, event: PriorityChanged) -> None:
    contact = known(state, event.contact_id)
    if contact is None:
        return
    contact.priority_s = event.priority_s
    if contact.phase in ("waiting", "offered"):
        offered = contact.phase == "offered"
        places.leave(state, contact)
        if not offered:
            places.join(state, contact, state.queues[contact.queue_id])
            return
        places.hold(state, contact, state.queues[contact.queue_id])


def wait_again(state: State, contact: Contact) -> None:
    """After lost offers: back into the line, unless a limit ran out meanwhile."""
    if contact.callback_number is not None and _overdue(contact.callback_until, state.now):
        on_callbacks.end(state, contact, "expired")
    elif _overdue(contact.max_wait_until, state.now):
        overflow(state, contact, "max_wait")
    else:
        contact.phase = "waiting"
        places.place(state, contact)


def forget(state: State, contact: Contact) -> None:
    """The contact is out of the router; only the number of its offers is remembered for a while."""
    contact.phase = "gone"
    del state.contacts[contact.contact_id]
    del state.by_seq[contact.seq]
    state.placed.pop(contact.contact_id, None)
    if contact.callback_number is not None:
        state.callback_numbers.pop(contact.callback_number, None)
    counts = state.offer_counts
    if contact.offer_count:
        counts[contact.contact_id] = (contact.offer_count, state.now + OFFER_NUMBERS_KEPT_S)
    while counts and (oldest := next(iter(counts.items())))[1][1] <= state.now:
        del counts[oldest[0]]


def free_agent(state: State, contact: Contact, cause: RefusalCause | None) -> None:
    agent = state.agents[contact.agent_id or ""]
    contact.agent_id = None
    on_agents.take_work(state, agent, contact.contact_id)
    agent.handled -= 1
    if cause is not None:
        on_agents.cool_down(state, agent, cause)
    on_agents.after_work(state, agent)


def back(state: State, contact: Contact) -> None:
    queue = state.queues.get(contact.queue_id)
    if queue is None:
        state.decisions.append(ContactRefused(contact.contact_id, "unknown_queue"))
        forget(state, contact)
        return
    places.hold(state, contact, queue)
    wait_again(state, contact)


def place_kept(state: State, event: PlaceKept) -> None:
    if event.queue_id not in state.queues:
        state.anomalies["unknown_queue"] += 1
        return
    left_at = min(event.left_at, state.now)
    _keep_place(state, (event.queue_id, event.customer_id), min(event.place_at, left_at), left_at)


def _keep_place(state: State, whose: tuple[str, str], place_at: float, left_at: float) -> None:
    """`whose`: queue and customer."""
    until = left_at + state.queues[whose[0]].config.return_s
    if left_at < until and state.now <= until:
        state.abandoned.pop(whose, None)
        state.abandoned[whose] = ResumablePlace(place_at, until, left_at)
    while state.abandoned and (oldest := next(iter(state.abandoned.items())))[1].until < state.now:
        del state.abandoned[oldest[0]]


def _resume_place(state: State, contact: Contact) -> None:
    place = state.abandoned.pop((contact.queue_id, contact.customer_id or ""), None)
    if place is not None and place.until >= state.now and place.place_at < contact.place_at:
        contact.place_at = place.place_at
        state.decisions.append(PlaceResumed(contact.contact_id, contact.queue_id, place.place_at))


def _overdue(until: float | None, now: float) -> bool:
    return until is not None and until <= now


def known(state: State, contact_id: str) -> Contact | None:
    contact = state.contacts.get(contact_id)
    if contact is None:
        state.anomalies["unknown_contact"] += 1
    return contact
