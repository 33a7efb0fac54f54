"""What happens to queues: created, changed with people waiting, opened, closed, removed."""

from __future__ import annotations

from dataclasses import replace

from acd import on_contacts, on_offers, places
from acd.decisions import ContactOverflowed
from acd.events import NamesConfigured, QueueClosed, QueueConfigured, QueueOpened, QueueRemoved, RulesConfigured
from acd.state import Queue, State
from acd.validation import refuse_overflow_loop, validate_queue, validate_rules


def configured(state: State, event: QueueConfigured) -> None:
    """Create a queue or change its rules; who waits keeps the place and is looked at anew."""
    config = event.queue
    requirement = validate_queue(config, state.config, f"queues[{config.queue_id}]")
    others = {queue_id: queue.config for queue_id, queue in state.queues.items()}
    refuse_overflow_loop({**others, config.queue_id: config})
    queue = state.queues.get(config.queue_id)
    if queue is None:
        queue = state.queues[config.queue_id] = Queue(config, requirement, open=config.open)
        places.rebuild(state, queue)
        return
    if queue.config.medium != config.medium and queue.ranks:
        state.anomalies["medium_changed_with_waiting"] += 1
        config = replace(config, medium=queue.config.medium)
    queue.config = config
    queue.requirement = requirement
    queue.open = config.open
    places.rebuild(state, queue)
    for rank in list(queue.ranks):
        contact = state.by_seq[rank[2]]
        until = None if config.max_wait_s is None else contact.entered_at + config.max_wait_s
        if contact.callback_number is None and until != contact.max_wait_until:
            contact.max_wait_until = until
            state.schedule(until, "max_wait", contact.contact_id)


def removed(state: State, event: QueueRemoved) -> None:
    """Delete a queue: whoever is in it leaves the router, conversations go on."""
    queue = _known(state, event.queue_id)
    if queue is None:
        return
    for rank in list(queue.ranks):
        contact = state.by_seq[rank[2]]
        on_offers.withdraw_all(state, contact, "queue_removed")
        places.leave(state, contact)
        state.decisions.append(
            ContactOverflowed(contact.contact_id, event.queue_id, "none", None, exit_reason="queue_removed")
        )
        on_contacts.forget(state, contact)
    places.dissolve(state, queue)
    del state.queues[event.queue_id]


def opened(state: State, event: QueueOpened) -> None:
    if (queue := _known(state, event.queue_id)) is not None:
        queue.open = True


def closed(state: State, event: QueueClosed) -> None:
    if (queue := _known(state, event.queue_id)) is not None:
        queue.open = False


def names_configured(state: State, event: NamesConfigured) -> None:
    """Other skills and groups exist now; it holds for configuration that comes after."""
    state.config = replace(state.config, skills=event.skills, groups=event.groups)


def rules_configured(state: State, event: RulesConfigured) -> None:
    """Other cool-downs hold for what is lost from now on; who cools down already does so to the end."""
    config = replace(
        state.config,
        cool_down_s=event.cool_down_s,
        max_misses=event.max_misses,
        agent_choice=event.agent_choice,
    )
    validate_rules(config)
    state.config = config


def _known(state: State, queue_id: str) -> Queue | None:
    queue = state.queues.get(queue_id)
    if queue is None:
        state.anomalies["unknown_queue"] += 1
    return queue
