"""Story: operations staff set up queues, skills and people; whoever was slower, wrong or not allowed is told why."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientResponse
from msgspec.structs import replace

from tests.component.api.conftest import SignIn, Stage

REPAIRS = "/api/config/queues/repairs"


async def problem(answer: ClientResponse, status: int, error_id: str) -> dict[str, Any]:
    told: dict[str, Any] = await answer.json()
    assert (answer.status, told["error_id"]) == (status, error_id), told
    return told["params"]


async def fields(answer: ClientResponse) -> list[str]:
    """Where the values are that were refused."""
    return [".".join(map(str, error["loc"])) for error in (await problem(answer, 422, "invalid"))["errors"]]


async def test_a_queue_is_changed_and_the_daemon_takes_it_over(stage: Stage, sign_in: SignIn) -> None:
    ops = await sign_in("ops")
    queue = await (await ops.get(REPAIRS)).json()
    body = {name: value for name, value in queue.items() if name != "id"}
    changed = await ops.put(REPAIRS, {**body, "steps": [{"after_s": 30.0, "levels": {"service": 1}}], "wrap_up_s": 7.5})
    assert changed.status == 200, await changed.text()
    after = await changed.json()
    assert (after["wrap_up_s"], after["steps"]) == (7.5, [{"after_s": 30.0, "levels": {"service": 1}}])
    assert after["version"] != queue["version"]
    assert stage.reloads == [1]
    [(who, change)] = stage.configuration.changes
    action, detail = change.audited()
    assert (who, action) == ("ops", "queue.changed")
    assert detail["before"] == {"wrap_up_s": 15.0, "steps": []}


async def test_whoever_was_slower_is_shown_the_others_change(stage: Stage, sign_in: SignIn) -> None:
    ops, admin = await sign_in("ops"), await sign_in("admin")
    queue = await (await ops.get(REPAIRS)).json()
    body = {name: value for name, value in queue.items() if name != "id"}
    assert (await admin.put(REPAIRS, {**body, "max_waiting": 5})).status == 200
    told = await problem(await ops.put(REPAIRS, {**body, "max_waiting": 9}), 409, "changed_meanwhile")
    assert told["current"]["max_waiting"] == 5
    assert (told["change"]["actor"], told["change"]["detail"]["after"]) == ("admin", {"max_waiting": 5})
    again = {**body, "max_waiting": 9, "version": told["current"]["version"]}
    assert (await ops.put(REPAIRS, again)).status == 200


async def test_adding_what_exists_is_no_overwriting(sign_in: SignIn) -> None:
    ops = await sign_in("ops")
    told = await problem(await ops.put(REPAIRS, {"name": {"zh-CN": "新"}}), 409, "changed_meanwhile")
    assert told["current"]["name"] == {"zh-CN": "报修"}


async def test_wrong_values_are_named(stage: Stage, sign_in: SignIn) -> None:
    ops = await sign_in("ops")
    new = "/api/config/queues/bills"
    named: dict[str, dict[str, Any]] = {
        "body.strategy": {"strategy": "best"},
        "body.skills.tibetan": {"skills": {"tibetan": 1}},
        "body.skills.service": {"skills": {"service": 11}},
        "body.options.weight": {"options": {"weight": 0.0}},
        "body.options.overflow.max_wait.target": {
            "options": {"overflow": {"max_wait": {"action": "queue", "target": "nowhere"}}}
        },
        "body.steps.0.levels.bills": {"skills": {"service": 5}, "steps": [{"after_s": 10.0, "levels": {"bills": 1}}]},
        "body.name": {"name": {}},
    }
    for field, values in named.items():
        assert await fields(await ops.put(new, {"name": {"zh-CN": "账单"}, **values})) == [field]
    assert await fields(await ops.put("/api/config/queues/Bills", {"name": {"zh-CN": "账单"}})) == ["path.id"]
    assert stage.configuration.changes == []
    assert stage.reloads == []


async def test_what_is_used_stays(stage: Stage, sign_in: SignIn) -> None:
    ops = await sign_in("ops")
    told = await problem(await ops.delete("/api/config/skills/service"), 409, "in_use")
    assert told["used_by"] == [{"kind": "queue", "id": "repairs"}, {"kind": "agent", "id": "1001"}]
    told = await problem(await ops.delete(REPAIRS), 409, "in_use")
    assert told["used_by"] == [{"kind": "flow", "id": "main:to_repairs"}]
    told = await problem(await ops.delete("/api/config/teams/team_1"), 409, "in_use")
    assert told["used_by"] == [{"kind": "agent", "id": "1001"}]
    assert (await ops.delete("/api/config/skills/bills")).status == 204
    assert "bills" not in stage.configuration.configured.skills


async def test_an_agent_is_taken_on_moved_and_retired(stage: Stage, sign_in: SignIn) -> None:
    ops = await sign_in("ops")
    hired = {"number": "1003", "name": "张伟", "extension": "1003", "team": "team_1", "skills": {"bills": 4}}
    agent = await (await ops.post("/api/config/agents", hired)).json()
    assert agent["id"] == 3
    password = await (await ops.post("/api/config/agents/3/phone-password")).json()
    assert password["extension"] == "1003"
    assert len(password["sip_password"]) >= 16
    body = {name: value for name, value in agent.items() if name != "id"}
    retired = await (await ops.put("/api/config/agents/3", {**body, "retired": True})).json()
    assert retired["retired"]
    assert await fields(await ops.post("/api/config/agents", {**hired, "team": "none"})) == ["body.team"]
    assert not any(password["sip_password"] in str(change.audited()) for _, change in stage.configuration.changes)


async def test_no_two_agents_have_the_same_phone_or_number(stage: Stage, sign_in: SignIn) -> None:
    """Also not that of somebody who has retired: one phone would ring for both when they come back."""
    ops = await sign_in("ops")
    hired: dict[str, Any] = {"number": "1003", "name": "张伟", "extension": "1003", "team": "team_1", "skills": {}}
    agent = await (await ops.post("/api/config/agents", hired)).json()
    body = {name: value for name, value in agent.items() if name != "id"}
    assert await fields(await ops.put("/api/config/agents/3", {**body, "extension": "1001"})) == ["body.extension"]
    await ops.put("/api/config/agents/3", {**body, "retired": True})
    assert await fields(await ops.post("/api/config/agents", {**hired, "number": "1004"})) == ["body.extension"]
    assert await fields(await ops.post("/api/config/agents", {**hired, "extension": "1004"})) == ["body.number"]


async def test_supervisors_teach_their_own_team(stage: Stage, sign_in: SignIn) -> None:
    stage.store.people["supervisor"] = replace(stage.store.people["supervisor"], team="team_1")
    supervisor = await sign_in("supervisor")
    own, other = await (await supervisor.get("/api/config/agents")).json()
    levels = {"skills": {"bills": 2}, "version": own["version"]}
    assert (await supervisor.put("/api/config/agents/1/skills", levels)).status == 200
    assert stage.configuration.configured.agents[1].skills == {"bills": 2}
    levels = {"skills": {"bills": 2}, "version": other["version"]}
    await problem(await supervisor.put("/api/config/agents/2/skills", levels), 403, "other_team")


async def test_nobody_gives_more_rights_than_the_own(stage: Stage, sign_in: SignIn) -> None:
    ops, admin = await sign_in("ops"), await sign_in("admin")
    new = {"login": "boss", "name": "新", "role": "admin", "password": "long enough"}
    await problem(await ops.post("/api/config/users", new), 403, "forbidden")
    assert (await ops.post("/api/config/users", {**new, "role": "supervisor"})).status == 201
    me = next(user for user in await (await admin.get("/api/config/users")).json() if user["login"] == "admin")
    body = {name: value for name, value in me.items() if name != "id"}
    assert await fields(await admin.put("/api/config/users/13", {**body, "disabled": True})) == ["body.disabled"]
    assert await fields(await ops.post("/api/config/users", {**new, "role": "agent"})) == ["body.login"]
    no_password = {"login": "other", "name": "新", "role": "agent"}
    assert await fields(await ops.post("/api/config/users", no_password)) == ["body.password"]


async def test_postgres_is_away(stage: Stage, sign_in: SignIn) -> None:
    ops = await sign_in("ops")
    stage.store.away = True
    answer = await ops.put("/api/config/skills/gas", {"name": {"zh-CN": "燃气"}})
    assert answer.headers["Retry-After"]
    await problem(answer, 503, "database_away")
    assert stage.reloads == []
