"""Callbacks: who is to be rung back, made for oneself or a queue, put off, cancelled, done."""

from __future__ import annotations

import secrets

import msgspec

from ctiserver.api.audit import note
from ctiserver.api.callers.asking import store_of, tell_pages, user_of
from ctiserver.api.callers.bodies import CallbackBody, CallbackChange, CallbackEnd, CallbackSearch
from ctiserver.api.identity import EVERY_ROLE
from ctiserver.api.problems import ApiError, forbidden, invalid, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.scope import require_row, scope_of
from ctiserver.live.audience import number_for
from ctiserver.store.callers.callbacks import NewCallback
from ctiserver.store.callers.rows import CallbackPage, CallbackRow

LONGEST_AHEAD_S = 90 * 86_400.0


async def list_callbacks(ask: Ask, query: CallbackSearch) -> CallbackPage:
    """Requests, the open ones first; numbers in clear for who supervises and for the agent who is to ring."""
    agent_id = ask.agent_id if query.mine else query.agent
    page = await store_of(ask).callbacks.search(
        query.span, status=query.status, queue_id=query.queue, agent_id=agent_id, scope=scope_of(ask)
    )
    return msgspec.structs.replace(page, items=tuple(_shown(ask, row) for row in page.items))


async def add_callback(ask: Ask, body: CallbackBody) -> CallbackRow:
    """A request for a queue, or for the asking agent; one at a time for each number."""
    store, now = store_of(ask).callbacks, ask.context.clock.now()
    if not store.is_number(body.number):
        raise invalid((["body", "number"], "this is no number that can be dialled"))
    ask.context.centre.controls.number(body.number)  # raises Refused for one that may not be rung
    _check_due(body.due_at, now)
    if body.queue_id and body.queue_id not in {queue.id for queue in ask.context.centre.directory.queues}:
        raise ApiError(409, "no_such_queue", "there is no such queue", params={"queue": body.queue_id})
    new = NewCallback(
        id=f"cb-{secrets.token_hex(8)}",
        number=body.number,
        queue_id=body.queue_id,
        agent_id=None if body.queue_id else ask.agent_id,
        due_at=body.due_at,
        call_id=body.call_id,
        customer_id=body.customer_id,
        note=body.note,
    )
    await store.add(new, user_of(ask), now)
    await note(ask, "callback.add", f"callback:{new.id}", {"queue": new.queue_id, "agent": new.agent_id})
    tell_pages(ask, "callback", new.id)
    return await _read(ask, new.id)


async def change_callback(ask: Ask, callback_id: str, body: CallbackChange) -> CallbackRow:
    """Another time or note."""
    await _may(ask, callback_id)
    _check_due(body.due_at, ask.context.clock.now())
    if not await store_of(ask).callbacks.change(callback_id, due_at=body.due_at, note=body.note):
        raise ApiError(409, "callback_over", "this request is over")
    await note(ask, "callback.change", f"callback:{callback_id}", {"due_at": body.due_at})
    tell_pages(ask, "callback", callback_id)
    return await _read(ask, callback_id)


async def end_callback(ask: Ask, callback_id: str, body: CallbackEnd) -> CallbackRow:
    """Cancelled, or done without us. An attempt that runs already is not hung up."""
    await _may(ask, callback_id)
    now = ask.context.clock.now()
    if not await store_of(ask).callbacks.end(callback_id, body.status, user_of(ask), now):
        raise ApiError(409, "callback_over", "this request is over")
    await note(ask, f"callback.{body.status}", f"callback:{callback_id}", {})
    tell_pages(ask, "callback", callback_id)
    return await _read(ask, callback_id)


async def _read(ask: Ask, callback_id: str) -> CallbackRow:
    row = await store_of(ask).callbacks.find(callback_id)
    if row is None:
        raise not_found("callback")
    return _shown(ask, row)


async def _may(ask: Ask, callback_id: str) -> None:
    """Who supervises may touch all but another team's, an agent those that the agent is to make."""
    row = await store_of(ask).callbacks.find(callback_id)
    if row is None:
        raise not_found("callback")
    own = row.agent is not None and row.agent.id == ask.who.viewer.agent_id
    if not own and not ask.who.viewer.staff:
        raise forbidden("only whoever is to ring back may change that")
    if row.agent is not None:
        require_row(ask, row.agent)


def _check_due(due_at: float | None, now: float) -> None:
    if due_at is not None and not now - 60 <= due_at <= now + LONGEST_AHEAD_S:
        raise invalid((["body", "due_at"], "a time that is to come, within 90 days"))


def _shown(ask: Ask, row: CallbackRow) -> CallbackRow:
    agent_id = row.agent.id if row.agent else None
    return msgspec.structs.replace(row, number=number_for(ask.who.viewer, row.number, agent_id=agent_id))


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/callbacks", list_callbacks, EVERY_ROLE),
    route("POST", "/api/callbacks", add_callback, EVERY_ROLE, 201),
    route("PUT", "/api/callbacks/{callback_id}", change_callback, EVERY_ROLE),
    route("POST", "/api/callbacks/{callback_id}/end", end_callback, EVERY_ROLE),
)
