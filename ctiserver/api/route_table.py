"""All routes: what can be asked, by whom, and which handler answers."""

from __future__ import annotations

from ctiserver.api.agent_routes import (
    choose_own_presence,
    extend_wrap_up,
    finish_wrap_up,
    force_presence,
    list_agents,
    read_own_agent,
)
from ctiserver.api.call_routes import choose_disposition, explain, hang_up, list_live_calls, read_call, search_calls
from ctiserver.api.centre_routes import list_queues, read_reference, read_wallboard
from ctiserver.api.customer_routes import read_customer, search_customers
from ctiserver.api.health_routes import read_live, read_metrics, read_openapi, read_ready
from ctiserver.api.identity import EVERY_ROLE, SUPERVISOR_UP
from ctiserver.api.media import read_prompt
from ctiserver.api.pages import read_page
from ctiserver.api.recording_routes import play_recording, search_recordings
from ctiserver.api.route import Access, Handler, Method, Route
from ctiserver.api.session_routes import choose_language, read_session, sign_in, sign_out
from ctiserver.api.websocket import watch_events


def _route(method: Method, path: str, handler: Handler, access: Access, status: int = 200) -> Route:
    return Route(method=method, path=path, handler=handler, access=access, status=status)


ROUTES: tuple[Route, ...] = (
    _route("POST", "/api/session", sign_in, "public"),
    _route("GET", "/api/session", read_session, EVERY_ROLE),
    _route("DELETE", "/api/session", sign_out, EVERY_ROLE, 204),
    _route("POST", "/api/session/language", choose_language, EVERY_ROLE, 204),
    _route("GET", "/api/agents/me", read_own_agent, EVERY_ROLE),
    _route("POST", "/api/agents/me/presence", choose_own_presence, EVERY_ROLE, 202),
    _route("POST", "/api/agents/me/wrap-up/finish", finish_wrap_up, EVERY_ROLE, 202),
    _route("POST", "/api/agents/me/wrap-up/extend", extend_wrap_up, EVERY_ROLE, 202),
    _route("GET", "/api/agents", list_agents, SUPERVISOR_UP),
    _route("POST", "/api/agents/{agent_id}/presence", force_presence, SUPERVISOR_UP, 202),
    _route("GET", "/api/reference", read_reference, EVERY_ROLE),
    _route("GET", "/api/queues", list_queues, EVERY_ROLE),
    _route("GET", "/api/wallboard", read_wallboard, EVERY_ROLE),
    _route("GET", "/api/calls/live", list_live_calls, EVERY_ROLE),
    _route("GET", "/api/calls", search_calls, EVERY_ROLE),
    _route("GET", "/api/calls/{call_id}", read_call, EVERY_ROLE),
    _route("POST", "/api/calls/{call_id}/hang-up", hang_up, EVERY_ROLE, 202),
    _route("GET", "/api/calls/{call_id}/explain", explain, SUPERVISOR_UP),
    _route("POST", "/api/calls/{call_id}/disposition", choose_disposition, EVERY_ROLE, 202),
    _route("GET", "/api/recordings", search_recordings, EVERY_ROLE),
    Route(
        method="GET",
        path="/api/recordings/{recording_id}/audio",
        handler=play_recording,
        access=EVERY_ROLE,
        content="audio/wav",
    ),
    _route("GET", "/api/customers", search_customers, EVERY_ROLE),
    _route("GET", "/api/customers/{customer_id}", read_customer, EVERY_ROLE),
    _route("GET", "/api/openapi.json", read_openapi, "public"),
    _route("GET", "/health/live", read_live, "public"),
    _route("GET", "/health/ready", read_ready, "public"),
    Route(method="GET", path="/metrics", handler=read_metrics, access="public", content="text/plain"),
    Route(method="GET", path="/media/prompts/{prompt}.wav", handler=read_prompt, access="public", content="audio/wav"),
    Route(method="GET", path="/ws/events", handler=watch_events, access=EVERY_ROLE, hidden=True),
)

PAGES = Route(method="GET", path="/{tail}", handler=read_page, access="public", hidden=True)
PAGES_PATTERN = r"/{tail:(?!api/|ws/|media/|health/|metrics$).*}"
