"""Story: who supervises writes beside the records of calls, finds them again by it, and keeps searches for the team."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from ctiserver.store.directory_store import load_directory
from tests.postgres.api.conftest import Office
from tests.postgres.store.call_stories import abandoned_call, answered_call
from tests.postgres.store.projecting import project


class Desk:
    """Somebody at a page of records."""

    def __init__(self, office: Office) -> None:
        self.office = office

    async def send(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        headers = {"X-CSRF-Token": self.office.csrf}
        async with self.office.http.request(method, self.office.url(path), json=body, headers=headers) as answer:
            told = await answer.read()
            return answer.status, json.loads(told) if told.startswith((b"{", b"[")) else told.decode("utf-8-sig")

    async def as_(self, login: str) -> Desk:
        assert await self.office.sign_in(login) == 200
        return self

    async def found(self, query: str) -> list[str]:
        status, page = await self.send("GET", f"/api/calls?{query}")
        assert status == 200, page
        return [call["id"] for call in page["items"]]


@pytest.fixture
async def desk(office: Office) -> Desk:
    """Calls n1-0 (of 1002, team service_1), n1-5 (of 1006, service_2) and n1-9, which nobody answered."""
    office.centre.directory = await load_directory(office.database)
    numbers = {agent.number: agent.id for agent in office.centre.directory.agents}
    await project(office.database, [*answered_call("n1-0"), *abandoned_call("n1-9", at=2000)])
    async with office.database.writing() as connection:
        await connection.execute(text("UPDATE call SET agent_id = :id WHERE id = 'n1-0'"), {"id": numbers["1002"]})
        copy = """INSERT INTO call (id, node, started_at, dialled, caller_number, caller_e164, caller_name, flow,
            agent_id, outcome) SELECT 'n1-5', node, started_at + interval '1 second', dialled, caller_number,
            caller_e164, caller_name, flow, :id, 'answered' FROM call WHERE id = 'n1-0'"""
        await connection.execute(text(copy), {"id": numbers["1006"]})
    return Desk(office)


async def test_a_comment_is_written_changed_and_found(desk: Desk) -> None:
    await desk.as_("supervisor")
    said = {"text": "客户要求回访", "position_s": 12.5}
    status, made = await desk.send("POST", "/api/calls/n1-0/comments", said)
    assert (status, made["author"], made["position_s"], made["edited_at"]) == (201, "班长", 12.5, None)
    assert (await desk.send("PUT", "/api/calls/n1-0/marks/example"))[0] == 204
    assert (await desk.send("PUT", "/api/calls/n1-0/marks/example"))[0] == 204  # said twice is said once
    assert (await desk.send("PUT", "/api/calls/n1-9/marks/complaint"))[0] == 204

    _, page = await desk.send("GET", "/api/calls")
    assert {call["id"]: (call["marks"], call["comments"]) for call in page["items"]} == {
        "n1-0": (["example"], 1), "n1-9": (["complaint"], 0), "n1-5": ([], 0),
    }  # fmt: skip
    assert await desk.found("mark=example") == ["n1-0"]
    assert await desk.found("comment=%E5%9B%9E%E8%AE%BF") == ["n1-0"]
    assert await desk.found("comment=%25") == []
    assert await desk.found("commented=false") == ["n1-9", "n1-5"]

    path = f"/api/calls/n1-0/comments/{made['id']}"
    status, changed = await desk.send("PUT", path, {"text": "已回访"})
    assert (status, changed["text"], changed["position_s"], changed["edited_at"] is None) == (
        200,
        "已回访",
        None,
        False,
    )
    await desk.as_("ops")  # another's words stay as they are
    assert (await desk.send("PUT", path, {"text": "x"}))[0] == 403
    assert (await desk.send("DELETE", path))[0] == 403
    _, notes = await desk.send("GET", "/api/calls/n1-0/notes")
    assert [one["text"] for one in notes["comments"]] == ["已回访"]
    assert [(one["mark"], one["author"]) for one in notes["marks"]] == [("example", "班长")]
    await desk.as_("admin")
    assert (await desk.send("DELETE", path))[0] == 204
    assert (await desk.send("DELETE", "/api/calls/n1-0/marks/example"))[0] == 204
    assert (await desk.send("DELETE", "/api/calls/n1-0/marks/example"))[0] == 404

    async with desk.office.database.reading() as connection:
        query = "SELECT action, detail ->> 'former' FROM audit_log WHERE object_id = 'n1-0' ORDER BY id"
        kept = [tuple(row) for row in await connection.execute(text(query))]
    assert kept == [
        ("call.comment", None), ("call.mark", None), ("call.mark", None), ("call.comment_changed", "客户要求回访"),
        ("call.comment_removed", "已回访"), ("call.unmark", None),
    ]  # fmt: skip


async def test_what_is_written_goes_along_with_an_export(desk: Desk) -> None:
    await desk.as_("supervisor")
    await desk.send("POST", "/api/calls/n1-0/comments", {"text": "=1+1"})
    await desk.send("PUT", "/api/calls/n1-0/marks/inspect")
    status, told = await desk.send("GET", "/api/calls/export?format=csv&mark=inspect")
    heading, line = told.splitlines()[:2]
    assert (status, heading.endswith("备注,标记,评论"), line.endswith("待质检,班长: =1+1")) == (200, True, True)


async def test_teams_and_agents_keep_to_their_own_calls(desk: Desk) -> None:
    await desk.as_("supervisor")
    for call in ("n1-0", "n1-5"):
        await desk.send("POST", f"/api/calls/{call}/comments", {"text": "留意"})
        await desk.send("PUT", f"/api/calls/{call}/marks/training")
    await desk.as_("leader")  # of service_1
    assert (await desk.send("GET", "/api/calls/n1-0/notes"))[0] == 200
    for method, path, body in (
        ("GET", "notes", None), ("POST", "comments", {"text": "x"}), ("PUT", "marks/example", None),
        ("DELETE", "marks/training", None),
    ):  # fmt: skip
        status, told = await desk.send(method, f"/api/calls/n1-5/{path}", body)
        assert (status, told["error_id"]) == (403, "other_team"), path
    assert await desk.found("mark=training") == ["n1-0"]
    await desk.as_("1006")
    status, told = await desk.send("GET", "/api/calls/n1-0/notes")
    assert (status, told["error_id"]) == (403, "other_agent")
    assert (await desk.send("POST", "/api/calls/n1-5/comments", {"text": "客户已满意"}))[0] == 201
    assert await desk.found("mark=training") == ["n1-5"]
    _, page = await desk.send("GET", "/api/calls")
    assert {call["id"]: call["comments"] for call in page["items"]} == {"n1-0": 0, "n1-5": 2, "n1-9": 0}


async def test_what_can_not_be_is_refused(desk: Desk) -> None:
    await desk.as_("supervisor")
    cases: list[tuple[str, str, object, int]] = [
        ("POST", "n1-0/comments", {"text": "  "}, 422),
        ("POST", "n1-0/comments", {"text": "x", "position_s": -1}, 422),
        ("POST", "n1-0/comments", {"text": "x\u0000"}, 422),
        ("POST", "nobody/comments", {"text": "x"}, 404),
        ("PUT", "n1-0/comments/999", {"text": "x"}, 404),
        ("PUT", "n1-0/marks/nice", None, 404),
        ("DELETE", "n1-0/marks/important", None, 404),
    ]
    for method, path, body, status in cases:
        assert (await desk.send(method, f"/api/calls/{path}", body))[0] == status, path


async def test_searches_are_kept_and_shared_with_the_team(desk: Desk) -> None:
    await desk.as_("leader")
    wanted = {"name": "昨日放弃", "criteria": {"outcome": "abandoned", "from": 1, "page": 3}, "span": "yesterday"}
    status, own = await desk.send("POST", "/api/saved-searches", wanted)
    assert (status, own["criteria"], own["span"], own["team"]) == (201, {"outcome": "abandoned"}, "yesterday", None)
    assert (await desk.send("POST", "/api/saved-searches", wanted))[0] == 409
    shared = {"name": "长通话", "criteria": {"talk_from_s": 600}, "shared": True}
    _, team = await desk.send("POST", "/api/saved-searches", shared)
    number = {"name": "投诉人", "criteria": {"number": "13800138000"}, "shared": True}
    await desk.send("POST", "/api/saved-searches", number)
    assert team["team"] == "service_1"

    async def seen_by(login: str) -> list[str]:
        await desk.as_(login)
        return [one["name"] for one in (await desk.send("GET", "/api/saved-searches"))[1]]

    assert set(await seen_by("leader")) == {"投诉人", "昨日放弃", "长通话"}
    assert await seen_by("1002") == ["长通话"]  # of the team, but not whom others look for
    assert await seen_by("1006") == []
    assert set(await seen_by("supervisor")) == {"长通话", "投诉人"}
    path = f"/api/saved-searches/{team['id']}"
    assert (await desk.send("PUT", path, shared))[0] == 403
    assert (await desk.send("DELETE", path))[0] == 403
    await desk.as_("leader")
    status, renamed = await desk.send("PUT", path, {**shared, "name": "很长的通话", "shared": False})
    assert (status, renamed["name"], renamed["team"]) == (200, "很长的通话", None)
    assert (await desk.send("PUT", path, {**shared, "name": "昨日放弃"}))[0] == 409
    assert (await desk.send("DELETE", path))[0] == 204
    assert (await desk.send("DELETE", path))[0] == 404


async def test_a_search_that_nobody_could_make_is_not_kept(desk: Desk) -> None:
    await desk.as_("supervisor")
    lucky, nameless = {"name": "x", "criteria": {"outcome": "lucky"}}, {"name": "", "criteria": {"outcome": ""}}
    bodies: list[dict[str, Any]] = [lucky, nameless, {"name": "x"}]
    for body in bodies:
        assert (await desk.send("POST", "/api/saved-searches", body))[0] == 422
