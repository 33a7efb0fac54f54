"""Agents: their own place, and what supervisors see and do."""

from __future__ import annotations

from ctiserver.api.audit import note
from ctiserver.api.identity import EVERY_ROLE, SUPERVISOR_UP
from ctiserver.api.problems import ApiError, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Accepted, PresenceChoice, WrapUpExtension
from ctiserver.api.scope import require_scope
from ctiserver.live.audience import visible_agents
from ctiserver.live.views import AgentView


async def read_own_agent(ask: Ask) -> AgentView:
    """The asking agent's state."""
    return _view(ask, ask.agent_id)


async def choose_own_presence(ask: Ask, body: PresenceChoice) -> Accepted:
    """Ready, break with a reason, signed out …; takes effect after the present call."""
    _check_reason(ask, body)
    ask.context.centre.choose_presence(ask.agent_id, body.presence, body.reason, "agent")
    return Accepted()


async def finish_wrap_up(ask: Ask) -> Accepted:
    """The agent is done with the last call before the timer is."""
    ask.context.centre.finish_wrap_up(ask.agent_id)
    return Accepted()


async def extend_wrap_up(ask: Ask, body: WrapUpExtension) -> Accepted:
    """More time for the last call."""
    ask.context.centre.extend_wrap_up(ask.agent_id, body.seconds)
    return Accepted()


async def list_agents(ask: Ask) -> list[AgentView]:
    """All agents and what they do."""
    return visible_agents(ask.context.centre.agents(), ask.who.viewer)


async def force_presence(ask: Ask, agent_id: int, body: PresenceChoice) -> Accepted:
    """A supervisor sets an agent's presence; kept in the audit log."""
    _view(ask, agent_id)
    require_scope(ask, (agent_id,))
    _check_reason(ask, body)
    ask.context.centre.choose_presence(agent_id, body.presence, body.reason, f"supervisor:{ask.who.user_id}")
    await note(ask, "agent.presence", f"agent:{agent_id}", {"presence": body.presence, "reason": body.reason})
    return Accepted()


def _view(ask: Ask, agent_id: int) -> AgentView:
    view = next((agent for agent in ask.context.centre.agents() if agent.id == agent_id), None)
    if view is None:
        raise not_found("agent")
    return view


def _check_reason(ask: Ask, choice: PresenceChoice) -> None:
    if not choice.reason:
        return
    codes = ask.context.centre.directory.reason_codes
    if not any(code.code == choice.reason and code.presence == choice.presence for code in codes):
        raise ApiError(409, "unknown_reason_code", "no such reason for this presence", params={"reason": choice.reason})


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/agents/me", read_own_agent, EVERY_ROLE),
    route("POST", "/api/agents/me/presence", choose_own_presence, EVERY_ROLE, 202),
    route("POST", "/api/agents/me/wrap-up/finish", finish_wrap_up, EVERY_ROLE, 202),
    route("POST", "/api/agents/me/wrap-up/extend", extend_wrap_up, EVERY_ROLE, 202),
    route("GET", "/api/agents", list_agents, SUPERVISOR_UP),
    route("POST", "/api/agents/{agent_id}/presence", force_presence, SUPERVISOR_UP, 202),
)
