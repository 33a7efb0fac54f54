"""The routes about flows: who supervises may read, ops and admin may change."""

from __future__ import annotations

from typing import Final

from ctiserver.api.flows import editing, reading
from ctiserver.api.flows.schemas import LARGEST_BODY
from ctiserver.api.identity import SUPERVISOR_UP
from ctiserver.api.route import Handler, Method, Route, route
from ctiserver.directory import Role

EDITORS: Final[frozenset[Role]] = frozenset({"ops", "admin"})


def _with_texts(method: Method, path: str, handler: Handler) -> Route:
    """Takes whole files."""
    return Route(method=method, path=path, handler=handler, access=EDITORS, largest_body=LARGEST_BODY)


def _picture(path: str, handler: Handler, content: str) -> Route:
    return Route(method="GET", path=path, handler=handler, access=SUPERVISOR_UP, content=content)


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/flows", reading.list_flows, SUPERVISOR_UP),
    route("GET", "/api/flows/files/{file}", reading.read_flow_file, SUPERVISOR_UP),
    route("GET", "/api/flows/releases", reading.list_releases, SUPERVISOR_UP),
    route("GET", "/api/flows/releases/{number}", reading.read_release, SUPERVISOR_UP),
    route("GET", "/api/flows/diff", reading.compare_releases, SUPERVISOR_UP),
    route("GET", "/api/flows/schema", reading.read_schema, SUPERVISOR_UP),
    route("GET", "/api/flows/{flow_id}/drawing", reading.read_drawing, SUPERVISOR_UP),
    _picture("/api/flows/{flow_id}/drawing.svg", reading.read_svg, "image/svg+xml"),
    _picture("/api/flows/{flow_id}/drawing.mermaid", reading.read_mermaid, "text/plain"),
    route("GET", "/api/flows/{flow_id}/today", reading.read_today, SUPERVISOR_UP),
    route("GET", "/api/flows/{flow_id}/statistics", reading.read_passages, SUPERVISOR_UP),
    _with_texts("PUT", "/api/flows/drafts/{file}", editing.save_draft),
    route("DELETE", "/api/flows/drafts/{file}", editing.drop_draft, EDITORS, 204),
    _with_texts("POST", "/api/flows/check", editing.check_flows),
    _with_texts("POST", "/api/flows/test", editing.run_flow_tests),
    _with_texts("POST", "/api/flows/walk", editing.walk_flow),
    _with_texts("POST", "/api/flows/drawing", editing.draw_flow),
    _with_texts("POST", "/api/flows/publish", editing.publish_flows),
    route("POST", "/api/flows/rollback", editing.roll_back_flows, EDITORS),
)
