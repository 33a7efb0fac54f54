"""Story: a supervisor of a team sees its agents and acts on them; of another team's, every route says no."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from ctiserver.api.route import Route
from ctiserver.api.route_table import ROUTES
from tests.component.api.conftest import Page, SignIn, Stage
from tests.component.api.example_views import CALLER, OTHER_CALLER
from tests.component.api.test_every_route_and_every_role import address, body_of, title

OF_SOMEBODY = {"{call_id}", "{agent_id}", "{recording_id}", "{watch_id}"}
BY_BODY = {"SupervisionBody"}  # the agent stands there
NOT_SCOPED = {
    "POST /api/calls/{call_id}/disposition": "of the agent who had the call, and nobody else",
    "POST /api/calls/{call_id}/leave": "of whoever is on the call",
    "PUT /api/config/agents/{agent_id}/skills": "tests/component/api/test_the_centre_is_set_up.py",
}
SCOPED = [
    route
    for route in ROUTES
    if route.access != "public"
    and "supervisor" in route.access
    and title(route) not in NOT_SCOPED
    and (any(part in route.path for part in OF_SOMEBODY) or (route.body and route.body.__name__ in BY_BODY))
]


@pytest.fixture
def of_teams(stage: Stage) -> Stage:
    """Agent 1, who has call c1, recording c1.r1 and is listened to, is of the night team; agent 2 of the day's."""
    teams = {1: "night", 2: "day"}
    directory = stage.centre.directory
    agents = tuple(msgspec.structs.replace(agent, team=teams[agent.id]) for agent in directory.agents)
    stage.centre.directory = msgspec.structs.replace(directory, agents=agents, teams={"night": {}, "day": {}})
    stage.recordings.paths["c1.r1"] = Path("c1.wav")
    stage.centre.views = [msgspec.structs.replace(view, team=teams[view.id]) for view in stage.centre.views]
    return stage


async def supervisor(stage: Stage, sign_in: SignIn, team: str | None) -> Page:
    stage.store.people["supervisor"] = msgspec.structs.replace(stage.store.people["supervisor"], team=team)
    return await sign_in("supervisor")


async def refused(page: Page, stage: Stage, route: Route) -> bool:
    headers = {"X-CSRF-Token": page.csrf, "Origin": stage.url("")}
    answer = await page.http.request(route.method, address(stage, route), json=body_of(route), headers=headers)
    if answer.content_type != "application/problem+json":
        return False
    told = await answer.json()
    assert (told["error_id"] == "other_team") == (answer.status == 403), told
    return bool(told["error_id"] == "other_team")


def test_the_matrix_is_not_empty() -> None:
    assert len(SCOPED) >= 20
    assert set(NOT_SCOPED) <= {title(route) for route in ROUTES}


@pytest.mark.parametrize("route", SCOPED, ids=title)
async def test_of_another_team(of_teams: Stage, sign_in: SignIn, route: Route) -> None:
    page = await supervisor(of_teams, sign_in, "day")
    assert await refused(page, of_teams, route)
    assert of_teams.centre.commands == []
    assert not [row for row in of_teams.store.audited if row[1] != "session"]


@pytest.mark.parametrize("route", SCOPED, ids=title)
@pytest.mark.parametrize("team", ["night", None])
async def test_of_the_own_team_or_of_all(of_teams: Stage, sign_in: SignIn, route: Route, team: str | None) -> None:
    page = await supervisor(of_teams, sign_in, team)
    assert not await refused(page, of_teams, route)


async def seen(page: Page) -> dict[str, Any]:
    async def get(path: str) -> Any:
        return await (await page.get(path)).json()

    return {
        "agents": [agent["id"] for agent in await get("/api/agents")],
        "live": [(call["id"], call["caller_number"]) for call in await get("/api/calls/live")],
        "watches": [watch["id"] for watch in await get("/api/supervision")],
        "wallboard": [agent["id"] for agent in (await get("/api/wallboard"))["agents"]],
    }


async def test_what_lists_show(of_teams: Stage, sign_in: SignIn) -> None:
    """A caller who is with nobody yet is everybody's."""
    assert await seen(await supervisor(of_teams, sign_in, "day")) == {
        "agents": [2],
        "live": [("c2", OTHER_CALLER)],
        "watches": [],
        "wallboard": [2],
    }
    assert await seen(await supervisor(of_teams, sign_in, "night")) == {
        "agents": [1],
        "live": [("c1", CALLER), ("c2", OTHER_CALLER)],
        "watches": ["w1"],
        "wallboard": [1],
    }
    everything = await seen(await supervisor(of_teams, sign_in, None))
    assert everything["agents"] == [1, 2]
    assert everything == await seen(await sign_in("ops"))


async def test_lists_of_the_past_ask_for_the_team(of_teams: Stage, sign_in: SignIn) -> None:
    page = await supervisor(of_teams, sign_in, "day")
    for path in ("/api/calls", "/api/recordings"):
        assert (await page.get(path)).status == 200
        assert of_teams.store.asked[-1].scope == (2,)
    boss = await sign_in("admin")
    await boss.get("/api/calls")
    assert of_teams.store.asked[-1].scope is None


async def test_a_line_goes_to_the_own_team(of_teams: Stage, sign_in: SignIn) -> None:
    page = await supervisor(of_teams, sign_in, "day")
    assert (await page.post("/api/broadcast", {"text": "hello"})).status == 202
    assert of_teams.centre.commands[-1] == ("broadcast", "hello", "supervisor", "day")
    answer = await page.post("/api/broadcast", {"text": "hello", "team": "night"})
    assert (await answer.json())["error_id"] == "other_team"
