"""All routes: each area's module ends in the table of its own; here they come together."""

from __future__ import annotations

from ctiserver.api import (
    agent_routes,
    call_routes,
    centre_routes,
    control_routes,
    customer_routes,
    health_routes,
    media,
    note_routes,
    phone_routes,
    recording_routes,
    saved_search_routes,
    session_routes,
    supervision_routes,
    target_routes,
    websocket,
)
from ctiserver.api.boards import alert_routes, board_routes, link_routes, screen_routes
from ctiserver.api.callers import callback_routes, fax_routes, voicemail_routes
from ctiserver.api.configuration import history_routes, people_routes, queue_routes, word_routes
from ctiserver.api.desk import routes as desk_routes
from ctiserver.api.flows import routes as flow_routes
from ctiserver.api.hotline import announcement_routes, calendar_routes
from ctiserver.api.pages import read_page
from ctiserver.api.prompts import prompt_routes
from ctiserver.api.reports import export_routes, schedule_routes, workforce_routes
from ctiserver.api.reports import routes as report_routes
from ctiserver.api.route import Route

ROUTES: tuple[Route, ...] = (
    *session_routes.ROUTES,
    *agent_routes.ROUTES,
    *phone_routes.ROUTES,
    *centre_routes.ROUTES,
    *export_routes.ROUTES,  # before /api/calls/{call_id}
    *call_routes.ROUTES,
    *note_routes.ROUTES,
    *saved_search_routes.ROUTES,
    *control_routes.ROUTES,
    *supervision_routes.ROUTES,
    *target_routes.ROUTES,
    *recording_routes.ROUTES,
    *customer_routes.ROUTES,
    *desk_routes.ROUTES,
    *word_routes.ROUTES,
    *queue_routes.ROUTES,
    *people_routes.ROUTES,
    *history_routes.ROUTES,
    *flow_routes.ROUTES,
    *announcement_routes.ROUTES,
    *calendar_routes.ROUTES,
    *voicemail_routes.ROUTES,
    *fax_routes.ROUTES,
    *callback_routes.ROUTES,
    *report_routes.ROUTES,
    *schedule_routes.ROUTES,
    *prompt_routes.ROUTES,
    *workforce_routes.ROUTES,
    *board_routes.ROUTES,
    *link_routes.ROUTES,
    *screen_routes.ROUTES,
    *alert_routes.ROUTES,
    *health_routes.ROUTES,
    *media.ROUTES,
    *websocket.ROUTES,
)

PAGES = Route(method="GET", path="/{tail}", handler=read_page, access="public", hidden=True)
PAGES_PATTERN = r"/{tail:(?!api/|ws/|sip$|media/|health/|metrics$).*}"
