"""Listening to agents, whispering, barging in: by who supervises, each act audited before it happens."""

from __future__ import annotations

from ctiserver.api.audit import note
from ctiserver.api.control_schemas import ModeBody, SupervisionBody
from ctiserver.api.identity import SUPERVISOR_UP
from ctiserver.api.problems import ApiError, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Accepted
from ctiserver.api.scope import require_scope
from ctiserver.call.watching import Watch
from ctiserver.live.audience import supervises
from ctiserver.live.floor_views import WatchView, watch_view


async def list_watches(ask: Ask) -> list[WatchView]:
    """Who listens to whom now."""
    watches = ask.context.centre.supervision.watches()
    return [watch_view(watch) for watch in watches if supervises(ask.who.viewer, (watch.agent_id,))]


async def begin(ask: Ask, body: SupervisionBody) -> WatchView:
    """Rings the supervisor's phone, then joins it to what the agent says and hears, from call to call."""
    directory = ask.context.centre.directory
    if not any(agent.id == body.agent_id for agent in directory.agents):
        raise not_found("agent")
    require_scope(ask, (body.agent_id,))
    phone = body.phone or next((a.extension for a in directory.agents if a.id == ask.who.agent_id), "")
    listener = next((agent for agent in directory.agents if phone and agent.extension == phone), None)
    if listener is None:
        raise ApiError(409, "no_phone", "name a phone of ours that is to be rung")
    if listener.id == body.agent_id:
        raise ApiError(409, "own_phone", "nobody listens to themselves")
    detail = {"mode": body.mode, "phone": phone}
    await note(ask, "supervision.begin", f"agent:{body.agent_id}", detail)
    supervision = ask.context.centre.supervision
    ident = supervision.begin(body.agent_id, f"PJSIP/{phone}", ask.who.login, body.mode)
    return watch_view(next(watch for watch in supervision.watches() if watch.id == ident))


async def change(ask: Ask, watch_id: str, body: ModeBody) -> Accepted:
    """From listening to whispering and so on, without a gap."""
    watch = _known(ask, watch_id)
    await note(ask, "supervision.mode", f"agent:{watch.agent_id}", {"mode": body.mode})
    ask.context.centre.supervision.change(watch_id, body.mode)
    return Accepted()


async def end(ask: Ask, watch_id: str) -> Accepted:
    """The supervisor's phone is hung up; the agent's call goes on."""
    watch = _known(ask, watch_id)
    ask.context.centre.supervision.end(watch_id)
    await note(ask, "supervision.end", f"agent:{watch.agent_id}", {})
    return Accepted()


def _known(ask: Ask, watch_id: str) -> Watch:
    watch = next((each for each in ask.context.centre.supervision.watches() if each.id == watch_id), None)
    if watch is None:
        raise not_found("supervision")
    require_scope(ask, (watch.agent_id,))
    return watch


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/supervision", list_watches, SUPERVISOR_UP),
    route("POST", "/api/supervision", begin, SUPERVISOR_UP, 202),
    route("PUT", "/api/supervision/{watch_id}", change, SUPERVISOR_UP, 202),
    route("DELETE", "/api/supervision/{watch_id}", end, SUPERVISOR_UP, 202),
)
