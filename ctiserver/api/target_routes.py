"""Where agents may send a caller and whom they may ask; who may be taken over; help from who supervises.

Pages ask for targets while such a panel is open: telling every agent of every colleague's every change would cost each
page what only the wallboard needs.
"""

from __future__ import annotations

from ctiserver.api.audit import note
from ctiserver.api.control_schemas import HelpBody, PickupView, TargetQueue, Targets
from ctiserver.api.identity import EVERY_ROLE, SUPERVISOR_UP
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Accepted
from ctiserver.api.scope import require_scope
from ctiserver.errors import Refused
from ctiserver.live.audience import number_for
from ctiserver.live.floor_views import ColleagueView
from ctiserver.live.views import AgentView


async def read_targets(ask: Ask) -> Targets:
    """Colleagues and what they do, queues, flows, the numbers that others may see of us, recorded pieces."""
    context = ask.context
    settings = context.settings
    flows, pieces = context.flow_choices()
    return Targets(
        agents=tuple(_colleague(ask, agent) for agent in context.centre.agents() if agent.id != ask.who.agent_id),
        queues=tuple(
            TargetQueue(id=queue.id, name=queue.name, waiting=queue.waiting, agents_ready=queue.agents_ready)
            for queue in context.centre.queues()
        ),
        flows=tuple(flows),
        outside=bool(settings.outside.numbers.endpoint and settings.outside.numbers.allowed),
        shown_numbers=tuple(settings.outbound.shown_numbers),
        pieces=tuple(pieces),
    )


async def list_pickups(ask: Ask) -> list[PickupView]:
    """Callers who wait, or ring at a colleague, the longest first."""
    names = {agent.id: agent.name for agent in ask.context.centre.agents()}
    calls = [call for call in ask.context.centre.calls() if call.phase in ("waiting", "ringing")]
    return [
        PickupView(
            call_id=call.id,
            phase=call.phase,
            phase_since=call.phase_since,
            queue_id=call.queue_id,
            queued_at=call.queued_at,
            position=call.position,
            caller_number=number_for(ask.who.viewer, call.caller_number, agent_id=call.agent_id),
            agent_id=call.agent_id,
            agent_name=names.get(call.agent_id or 0, ""),
        )
        for call in sorted(calls, key=lambda call: call.queued_at or call.started_at)
    ]


async def ask_for_help(ask: Ask, body: HelpBody) -> Accepted:
    """Tells who supervises; over when it is withdrawn, or with the call."""
    me = next(agent for agent in ask.context.centre.agents() if agent.id == ask.agent_id)
    ask.context.centre.floor.ask_help(ask.agent_id, me.call_id, body.text)
    return Accepted()


async def withdraw_help(ask: Ask) -> Accepted:
    """No longer needed."""
    ask.context.centre.floor.end_help(ask.agent_id)
    return Accepted()


async def answer_help(ask: Ask, agent_id: int) -> Accepted:
    """Who supervises sees to it: the agent is told by whom."""
    require_scope(ask, (agent_id,))
    ask.context.centre.floor.answer_help(agent_id, ask.who.name)
    await note(ask, "help.answer", f"agent:{agent_id}", {})
    return Accepted()


def _colleague(ask: Ask, agent: AgentView) -> ColleagueView:
    try:
        ask.context.centre.controls.agent(agent.id)
        free = True
    except Refused:
        free = False
    return ColleagueView(
        id=agent.id,
        number=agent.number,
        name=agent.name,
        team=agent.team,
        presence=agent.presence,
        activity=agent.activity,
        activity_since=agent.activity_since,
        presence_since=agent.presence_since,
        phone=agent.phone,
        free=free,
    )


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/targets", read_targets, EVERY_ROLE),
    route("GET", "/api/pickups", list_pickups, EVERY_ROLE),
    route("PUT", "/api/agents/me/help", ask_for_help, EVERY_ROLE, 202),
    route("DELETE", "/api/agents/me/help", withdraw_help, EVERY_ROLE, 202),
    route("POST", "/api/agents/{agent_id}/help/answer", answer_help, SUPERVISOR_UP, 202),
)
