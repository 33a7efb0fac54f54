"""Story: each route opens for exactly the roles its row in the table names, and for nobody else."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from aiohttp import ClientSession

from ctiserver.api.route import Route
from ctiserver.api.route_table import ROUTES
from ctiserver.directory import Role
from tests.component.api import board_routes, caller_routes, desk_routes, hotline_routes, note_routes, report_routes
from tests.component.api.conftest import SignIn, Stage

LOGINS: dict[Role, str] = {
    "agent": "1001",
    "supervisor": "supervisor",
    "ops": "ops",
    "admin": "admin",
    "dispatcher": "dispatcher",
    "field": "field",
}
PARTS = {
    **board_routes.PARTS,
    **caller_routes.PARTS,
    **hotline_routes.PARTS,
    **desk_routes.PARTS,
    **note_routes.PARTS,
    **report_routes.PARTS,
    "call_id": "c1",
    "party_id": "c1.l1",
    "watch_id": "w1",
    "agent_id": "1",
    "customer_id": "1",
    "recording_id": "c1.r1",
    "prompt": "abc",
    "skill": "service",
    "team": "team_1",
    "code": "lunch",
    "queue_id": "repairs",
    "user_id": "1",
    "kind": "queue",
    "key": "repairs",
    "file": "main.yaml",
    "flow_id": "main",
    "number": "1",
}
QUERIES = {
    **board_routes.QUERIES,
    **report_routes.QUERIES,
    "drop_draft": "?revision=1",
    "compare_releases": "?from=0",
    "read_passages": "?from=0&to=900",
}
BODIES: dict[str, Any] = {
    **board_routes.BODIES,
    **caller_routes.BODIES,
    **hotline_routes.BODIES,
    **note_routes.BODIES,
    **report_routes.BODIES,
    "HoldBody": {"held": True},
    "MuteBody": {"muted": True},
    "DigitsBody": {"digits": "1"},
    "HelpBody": {"text": "请帮忙"},
    "PieceBody": {"prompt": "notice"},
    "PauseBody": {"paused": True},
    "TransferBody": {"to": {"kind": "agent", "agent_id": 2}},
    "ConsultBody": {"to": {"kind": "queue", "queue_id": "repairs"}},
    "ConsultChoiceBody": {"choice": "swap"},
    "InviteBody": {"to": {"kind": "number", "number": "10010"}},
    "CallBody": {},
    "QueueMoveBody": {"queue_id": "repairs"},
    "PriorityBody": {"priority_s": 60},
    "BroadcastBody": {"text": "今天下午停水"},
    "SupervisionBody": {"agent_id": 1, "phone": "1002"},
    "ModeBody": {"mode": "whisper"},
    "PhoneChoice": {"kind": "browser"},
    "PresenceChoice": {"presence": "ready"},
    "WrapUpExtension": {"seconds": 30},
    "DispositionChoice": {"code": "fault", "note": ""},
    "LanguageChoice": {"language": "en"},
    "LegalHoldReason": {"reason": "court 2026-17"},
    "WordBody": {"name": {"zh-CN": "词"}},
    "QueueBody": {"name": {"zh-CN": "报修"}},
    "RoutingBody": {"options": {}},
    "AgentBody": {"number": "1", "name": "王芳", "extension": "1"},
    "SkillLevels": {"skills": {}},
    "ReasonCodeBody": {"presence": "break", "name": {"zh-CN": "用餐"}},
    "DispositionBody": {"name": {"zh-CN": "咨询"}},
    "UserBody": {"login": "new", "name": "新", "role": "agent", "password": "long enough"},
    "FlowChanges": {},
    "FlowTestRun": {},
    "FlowDrawingOf": {"flow": "main"},
    "FlowWalk": {"start": "main"},
    "DraftText": {"text": "flow: main", "base": "", "revision": 0},
    "Publication": {"after": 0, "note": "x", "changes": {"gone.yaml": None}},
    "GoingBack": {"to": 1, "after": 0, "note": "x"},
}
CLOSED = [route for route in ROUTES if route.access != "public"]
EXPECTED_FOR_SUPERVISORS = {
    *board_routes.SUPERVISORS,
    *caller_routes.SUPERVISORS,
    *hotline_routes.SUPERVISORS,
    "PUT /api/calls/{call_id}/legal-hold",
    *desk_routes.SUPERVISORS,
    *report_routes.SUPERVISORS,
    "GET /api/agents",
    "POST /api/agents/{agent_id}/presence",
    "GET /api/supervision",
    "POST /api/agents/{agent_id}/help/answer",
    "POST /api/supervision",
    "PUT /api/supervision/{watch_id}",
    "DELETE /api/supervision/{watch_id}",
    "POST /api/broadcast",
    "POST /api/calls/{call_id}/priority",
    "POST /api/calls/{call_id}/queue",
    "GET /api/calls/{call_id}/decisions",
    "GET /api/calls/{call_id}/explain",
    "GET /api/config/agents",
    "GET /api/config/dispositions",
    "GET /api/config/queues",
    "GET /api/config/queues/{queue_id}",
    "GET /api/config/reason-codes",
    "GET /api/config/routing",
    "GET /api/config/skills",
    "GET /api/config/teams",
    "GET /api/staffing",
    "PUT /api/config/agents/{agent_id}/skills",
    "GET /api/flows",
    "GET /api/flows/files/{file}",
    "GET /api/flows/releases",
    "GET /api/flows/releases/{number}",
    "GET /api/flows/diff",
    "GET /api/flows/schema",
    "GET /api/flows/{flow_id}/drawing",
    "GET /api/flows/{flow_id}/drawing.svg",
    "GET /api/flows/{flow_id}/drawing.mermaid",
    "GET /api/flows/{flow_id}/today",
    "GET /api/flows/{flow_id}/statistics",
}
EXPECTED_FOR_OPERATIONS = {
    *board_routes.OPERATIONS,
    *caller_routes.OPERATIONS,
    *hotline_routes.OPERATIONS,
    "DELETE /api/calls/{call_id}/legal-hold",
    *desk_routes.OPERATIONS,
    "DELETE /api/config/dispositions/{code}",
    "DELETE /api/config/queues/{queue_id}",
    "DELETE /api/config/reason-codes/{code}",
    "DELETE /api/config/skills/{skill}",
    "DELETE /api/config/teams/{team}",
    "GET /api/config/history/{kind}/{key}",
    "GET /api/config/users",
    "POST /api/config/agents",
    "POST /api/config/agents/{agent_id}/phone-password",
    "POST /api/config/users",
    "PUT /api/config/agents/{agent_id}",
    "PUT /api/config/dispositions/{code}",
    "PUT /api/config/queues/{queue_id}",
    "PUT /api/config/reason-codes/{code}",
    "PUT /api/config/routing",
    "PUT /api/config/skills/{skill}",
    "PUT /api/config/teams/{team}",
    "PUT /api/config/users/{user_id}",
    "PUT /api/flows/drafts/{file}",
    "DELETE /api/flows/drafts/{file}",
    "POST /api/flows/check",
    "POST /api/flows/test",
    "POST /api/flows/walk",
    "POST /api/flows/drawing",
    "POST /api/flows/publish",
    "POST /api/flows/rollback",
}
EXPECTED_PUBLIC = {
    *board_routes.PUBLIC,
    "POST /api/session",
    "GET /api/openapi.json",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
    "GET /media/prompts/{prompt}.wav",
}


def title(route: Route) -> str:
    return f"{route.method} {route.path}"


def address(stage: Stage, route: Route) -> str:
    return stage.url(route.path.format(**PARTS) + QUERIES.get(route.name, ""))


def body_of(route: Route) -> Any:
    return BODIES.get(route.body.__name__, {}) if route.body else None


def test_the_table_opens_no_more_than_intended() -> None:
    """A new route has to be put into one of these sets by hand."""
    assert {title(r) for r in ROUTES if r.access == "public"} == EXPECTED_PUBLIC
    above_agents = [r for r in CLOSED if "agent" not in r.access]
    assert {title(r) for r in above_agents if "supervisor" in r.access} == EXPECTED_FOR_SUPERVISORS
    assert {title(r) for r in above_agents if "supervisor" not in r.access} == EXPECTED_FOR_OPERATIONS
    assert {title(r) for r in CLOSED if "field" in r.access} == desk_routes.EVERYBODY
    for_dispatchers = {title(r) for r in CLOSED if "dispatcher" in r.access}
    assert for_dispatchers == desk_routes.EVERYBODY | desk_routes.DISPATCHERS_TOO


# One server serves a whole table of requests and the exceptions are collected: a server for each would take minutes.


@pytest.mark.parametrize("role", get_args(Role))
async def test_every_route_for_a_role(stage: Stage, sign_in: SignIn, role: Role) -> None:
    wrong: list[str] = []
    for route in CLOSED:
        page = await sign_in(LOGINS[role])  # anew: one of the routes signs out
        headers = {"X-CSRF-Token": page.csrf, "Origin": stage.url("")}
        before = len(stage.centre.commands)
        answer = await page.http.request(route.method, address(stage, route), json=body_of(route), headers=headers)
        refused = answer.content_type == "application/problem+json" and (await answer.json())["error_id"] == "forbidden"
        if refused != (role not in route.access) or answer.status == 401:
            wrong.append(f"{title(route)}: {answer.status} {await answer.text()}")
        if refused and len(stage.centre.commands) > before:
            wrong.append(f"{title(route)}: refused and done all the same")
        await page.http.close()
    assert wrong == []


async def test_every_route_for_nobody(stage: Stage, visitor: ClientSession) -> None:
    wrong: list[str] = []
    for route in CLOSED:
        answer = await visitor.request(route.method, address(stage, route), json=body_of(route))
        if answer.status != 401 or (await answer.json())["error_id"] != "not_signed_in":
            wrong.append(f"{title(route)}: {answer.status} {await answer.text()}")
    assert wrong == []
    assert stage.centre.commands == []


@pytest.mark.parametrize(
    ("foreign", "error_id"),
    [
        ({"X-CSRF-Token": ""}, "csrf"),
        ({"X-CSRF-Token": "0" * 64}, "csrf"),
        ({"Origin": "https://evil.example"}, "foreign_origin"),
    ],
    ids=["no token", "a wrong token", "a page of somebody else"],
)
async def test_every_write_from_elsewhere_is_refused(
    stage: Stage, sign_in: SignIn, foreign: dict[str, str], error_id: str
) -> None:
    page = await sign_in("admin")
    headers = {"X-CSRF-Token": page.csrf, **foreign}
    wrong: list[str] = []
    for route in (route for route in CLOSED if route.writes):
        answer = await page.http.request(route.method, address(stage, route), json=body_of(route), headers=headers)
        if answer.status != 403 or (await answer.json())["error_id"] != error_id:
            wrong.append(f"{title(route)}: {answer.status} {await answer.text()}")
    assert wrong == []
    assert stage.centre.commands == []
