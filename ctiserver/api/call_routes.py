"""Live calls, and the records of past ones."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from ctiserver.api.audit import note, require
from ctiserver.api.identity import ADMIN_ONLY, EVERY_ROLE, SUPERVISOR_UP, Identity
from ctiserver.api.problems import ApiError, forbidden, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Accepted, CallSearch, DispositionChoice, LegalHoldReason
from ctiserver.api.scope import require_row, require_scope, scope_of
from ctiserver.call.events import LeaveRequested
from ctiserver.live.audience import agents_on, is_own, number_for, visible_calls
from ctiserver.live.explanation import ExplanationView
from ctiserver.live.views import LiveCallView
from ctiserver.store.rows import CallDetails, CallFilter, CallPage, CallRow, DecisionRow

AnyCall = TypeVar("AnyCall", CallRow, CallDetails)


async def list_live_calls(ask: Ask) -> list[LiveCallView]:
    """Calls of this moment; an agent sees the own one."""
    return visible_calls(ask.context.centre.calls(), ask.who.viewer)


async def hang_up(ask: Ask, call_id: str) -> Accepted:
    """Ends a live call: its agent, or who supervises (audited). One who was asked or invited only leaves it."""
    call, viewer = _live_call(ask, call_id), ask.who.viewer
    if viewer.agent_id is not None and viewer.agent_id != call.agent_id and is_own(call, viewer):
        ask.context.centre.controls.give(call_id, LeaveRequested(agent_id=viewer.agent_id, user_id=ask.who.user_id))
    elif is_own(call, viewer):
        ask.context.centre.hang_up(call_id, "agent", ask.who.user_id)
    elif viewer.staff:  # of this team: _live_call has looked
        ask.context.centre.hang_up(call_id, "supervisor", ask.who.user_id)
        await note(ask, "call.hang_up", f"call:{call_id}", {})
    else:
        raise forbidden("only the agent of a call may end it")
    return Accepted()


async def explain(ask: Ask, call_id: str) -> ExplanationView:
    """Why this call still waits, or why it went to its agent."""
    _live_call(ask, call_id)
    return ask.context.centre.explain(call_id)


async def list_decisions(ask: Ask, call_id: str) -> list[DecisionRow]:
    """What routing decided about a call, live or past, oldest first: offers with the reason, refusals, overflows."""
    await _require_scope_of_past(ask, call_id)
    return await ask.context.calls.decisions(call_id)


async def choose_disposition(ask: Ask, call_id: str, body: DispositionChoice) -> Accepted:
    """How the call ended, as its agent sees it, with a note."""
    if not any(known.code == body.code for known in ask.context.centre.directory.dispositions):
        raise ApiError(409, "unknown_disposition", "no such disposition", params={"code": body.code})
    await _check_agent_of_call(ask, call_id)
    ask.context.centre.choose_disposition(ask.agent_id, call_id, body.code, body.note)
    return Accepted()


async def set_legal_hold(ask: Ask, call_id: str, body: LegalHoldReason) -> None:
    """Nothing of this call is removed from now on, however old it becomes; the reason is kept."""
    await _require_scope_of_past(ask, call_id)
    await require(ask, "call.hold", f"call:{call_id}", {"reason": body.reason})
    if not await ask.context.calls.set_hold(call_id, body.reason, ask.who.login):
        raise not_found("call")


async def lift_legal_hold(ask: Ask, call_id: str) -> None:
    """The call may be removed when its time is over."""
    await require(ask, "call.lift_hold", f"call:{call_id}", {})
    if not await ask.context.calls.lift_hold(call_id):
        raise not_found("legal hold")


async def search_calls(ask: Ask, query: CallSearch) -> CallPage:
    """Past and present calls, newest first. Numbers are in clear for who supervises and for the own calls; so are
    comments and marks."""
    wanted = filter_of(query, scope_of(ask))
    if not ask.who.viewer.staff and (query.mark or query.comment or query.commented is not None):
        own = ask.who.agent_id or -1  # those of others are not found by what was written beside them
        wanted = msgspec.structs.replace(wanted, agent_id=own if wanted.agent_id in (None, own) else -1)
    page = await ask.context.calls.search(wanted)
    return msgspec.structs.replace(page, items=tuple(_shown(call, ask.who) for call in page.items))


def filter_of(query: CallSearch, scope: tuple[int, ...] | None) -> CallFilter:
    """What the store is asked for; lists and exports show the same calls."""
    return CallFilter(
        started_from=query.from_,
        started_to=query.to,
        queue_id=query.queue,
        agent_id=query.agent,
        scope=scope,
        number=query.number,
        outcome=query.outcome,
        dialled=query.dialled,
        disposition=query.disposition,
        direction=query.direction,
        ended_by=query.ended_by,
        customer=query.customer,
        note=query.note,
        flow=query.flow,
        node=query.node,
        waited_from_ms=_ms(query.waited_from_s),
        waited_to_ms=_ms(query.waited_to_s),
        talk_from_ms=_ms(query.talk_from_s),
        talk_to_ms=_ms(query.talk_to_s),
        recorded=query.recorded,
        transferred=query.transferred,
        mark=query.mark,
        comment=query.comment,
        commented=query.commented,
        page=query.page,
        page_size=query.page_size,
    )


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


async def read_call(ask: Ask, call_id: str) -> CallDetails:
    """One call with its segments, offers, way through the menu, inputs and recordings."""
    call = await ask.context.calls.details(call_id)
    if call is None:
        raise not_found("call")
    require_row(ask, call.agent)
    masked = _masked(call, ask.who)
    number = masked.caller_number
    recordings = tuple(msgspec.structs.replace(row, caller_number=number) for row in call.recordings)
    agent_id = call.agent.id if call.agent else None
    transfers = tuple(
        msgspec.structs.replace(row, target=number_for(ask.who.viewer, row.target, agent_id=agent_id))
        if row.target_kind == "number"
        else row
        for row in call.transfers
    )
    return msgspec.structs.replace(masked, recordings=recordings, transfers=transfers)


def _masked(call: AnyCall, who: Identity) -> AnyCall:
    agent_id = call.agent.id if call.agent else None
    return msgspec.structs.replace(call, caller_number=number_for(who.viewer, call.caller_number, agent_id=agent_id))


def _shown(call: CallRow, who: Identity) -> CallRow:
    """What is written beside others' calls is not an agent's business."""
    masked = _masked(call, who)
    if who.viewer.staff or (call.agent is not None and call.agent.id == who.agent_id):
        return masked
    return msgspec.structs.replace(masked, marks=(), comments=0)


def _live_call(ask: Ask, call_id: str) -> LiveCallView:
    call = next((call for call in ask.context.centre.calls() if call.id == call_id), None)
    if call is None:
        raise not_found("call")
    require_scope(ask, agents_on(call))
    return call


async def _require_scope_of_past(ask: Ask, call_id: str) -> None:
    """Only who is limited to a team has to be looked at."""
    if scope_of(ask) is None:
        return
    live = next((call for call in ask.context.centre.calls() if call.id == call_id), None)
    if live is not None:
        require_scope(ask, agents_on(live))
    elif (call := await ask.context.calls.details(call_id)) is not None:
        require_row(ask, call.agent)


async def _check_agent_of_call(ask: Ask, call_id: str) -> None:
    """The agent has the call, is wrapping it up, or had it."""
    agent_id = ask.agent_id
    centre = ask.context.centre
    if any(call.id == call_id and call.agent_id == agent_id for call in centre.calls()):
        return
    if any(agent.id == agent_id and agent.call_id == call_id for agent in centre.agents()):
        return
    pop = centre.pop(agent_id)
    if pop is not None and pop.call_id == call_id:
        return
    call = await ask.context.calls.details(call_id)
    if call is None:
        raise not_found("call")
    if call.agent is None or call.agent.id != agent_id:
        raise forbidden("only the agent of a call may choose its disposition")


ROUTES: tuple[Route, ...] = (
    route("PUT", "/api/calls/{call_id}/legal-hold", set_legal_hold, SUPERVISOR_UP, 204),
    route("DELETE", "/api/calls/{call_id}/legal-hold", lift_legal_hold, ADMIN_ONLY, 204),
    route("GET", "/api/calls/live", list_live_calls, EVERY_ROLE),
    route("GET", "/api/calls", search_calls, EVERY_ROLE),
    route("GET", "/api/calls/{call_id}", read_call, EVERY_ROLE),
    route("POST", "/api/calls/{call_id}/hang-up", hang_up, EVERY_ROLE, 202),
    route("GET", "/api/calls/{call_id}/explain", explain, SUPERVISOR_UP),
    route("GET", "/api/calls/{call_id}/decisions", list_decisions, SUPERVISOR_UP),
    route("POST", "/api/calls/{call_id}/disposition", choose_disposition, EVERY_ROLE, 202),
)
