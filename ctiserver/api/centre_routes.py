"""Names, queues and the wallboard."""

from __future__ import annotations

from ctiserver.api.identity import EVERY_ROLE, SUPERVISOR_UP
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import QueueName, QueueStaffing, Reference, Wallboard
from ctiserver.live.audience import visible_agents
from ctiserver.live.views import QueueView


async def read_reference(ask: Ask) -> Reference:
    """Names of queues, skills, teams, reason codes, dispositions, lines and IVR nodes, in all languages."""
    directory = ask.context.centre.directory
    return Reference(
        queues=tuple(QueueName(id=queue.id, name=queue.name) for queue in directory.queues),
        skills=directory.skills,
        teams=directory.teams,
        reason_codes=directory.reason_codes,
        dispositions=directory.dispositions,
        lines=dict(ask.context.lines()),
        nodes=ask.context.nodes(),
    )


async def list_queues(ask: Ask) -> list[QueueView]:
    """All queues and their figures of today."""
    return ask.context.centre.queues()


async def read_staffing(ask: Ask) -> list[QueueStaffing]:
    """Agents that each queue needs for its target, now and in the next hour, beside those signed in; and from what."""
    return [
        QueueStaffing(
            queue_id=queue.id,
            agents_signed_in=queue.agents_signed_in,
            service_level_s=queue.service_level_s,
            service_level_target=queue.service_level_target,
            advice=ask.context.staffing(queue.id),
        )
        for queue in ask.context.centre.queues()
    ]


async def read_wallboard(ask: Ask) -> Wallboard:
    """What a wallboard shows, for those who poll; pages use the feed."""
    centre = ask.context.centre
    return Wallboard(
        totals=centre.totals(),
        queues=tuple(centre.queues()),
        agents=tuple(visible_agents(centre.agents(), ask.who.viewer)),
    )


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/reference", read_reference, EVERY_ROLE),
    route("GET", "/api/queues", list_queues, EVERY_ROLE),
    route("GET", "/api/staffing", read_staffing, SUPERVISOR_UP),
    route("GET", "/api/wallboard", read_wallboard, EVERY_ROLE),
)
