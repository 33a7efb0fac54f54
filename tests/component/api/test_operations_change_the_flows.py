"""Ops edits, tries out, publishes and goes back; what is wrong is refused with its place, and nothing changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from ctiserver.live.flow_publishing import new_release
from ctiserver.store.flow_rows import Author
from tests.component.api.conftest import SignIn, Stage
from tests.component.api.flow_stage import MAIN, MemoryPrompts, MemoryReleases

NEW = MAIN.replace("水费请按1。", "水费查询请按1。")
CLI = Author(name="cli")
BROKEN = MAIN.replace("no_input: people", "no_input: poeple")


def in_force(stage: Stage) -> str:
    return stage.context.flows.keeper.release.texts["main.yaml"]


def store_of(stage: Stage) -> MemoryReleases:
    store = stage.context.flows.store
    assert isinstance(store, MemoryReleases)
    return store


async def draft(page: Any, text: str | None, revision: int = 0, file: str = "main.yaml") -> dict[str, Any]:
    base = (await (await page.get(f"/api/flows/files/{file}")).json()).get("hash", "")
    answer = await page.put(f"/api/flows/drafts/{file}", {"text": text, "base": base, "revision": revision})
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def test_from_a_draft_to_the_next_call_and_back(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("ops")
    before = await (await page.get("/api/flows")).json()
    assert before["release"]["number"] == 0
    [main] = [row for row in before["files"] if row["file"] == "main.yaml"]
    assert (main["flow"], main["numbers"], main["tests"], main["inside"]) == ("main", ["96100"], 1, 2)

    await draft(page, NEW)
    assert "水费请按1" in in_force(stage), "a draft changes nothing"
    published = await page.post("/api/flows/publish", {"after": 0, "note": "措辞", "drafts": {"main.yaml": 1}})
    assert published.status == 200, await published.text()
    row = await published.json()
    assert (row["number"], row["author"], row["note"], row["changed"]) == (2, "ops", "措辞", ["main.yaml"])
    assert in_force(stage) == NEW
    assert (await (await page.get("/api/flows/files/main.yaml")).json())["draft"] is None

    difference = await (await page.get("/api/flows/diff?from=1")).json()
    assert [one["file"] for one in difference] == ["main.yaml"]
    assert "+    menu: {say: 水费查询请按1。" in difference[0]["diff"]

    back = await page.post("/api/flows/rollback", {"to": 1, "after": 2, "note": "还是旧的好"})
    assert (await back.json())["back_to"] == 1
    assert in_force(stage) == MAIN
    history = await (await page.get("/api/flows/releases")).json()
    assert [(item["number"], item["kind"]) for item in history["items"]] == [
        (3, "rollback"),
        (2, "publish"),
        (1, "files"),
    ]
    assert [action for _, action, _, _ in stage.store.audited] == ["flow.draft", "flow.publish", "flow.rollback"]


async def test_an_error_is_told_with_its_place_and_nothing_changes(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("ops")
    checked = await (await page.post("/api/flows/check", {"changes": {"main.yaml": BROKEN}})).json()
    [error] = checked["errors"]
    assert (error["file"], error["line"]) == ("main.yaml", 6)
    assert error["hint"] == "did you mean people?"
    await draft(page, BROKEN)
    refused = await page.post("/api/flows/publish", {"after": 0, "note": "x", "drafts": {"main.yaml": 1}})
    problem = await refused.json()
    assert (refused.status, problem["error_id"]) == (409, "flows_refused")
    assert problem["detail"].startswith("main.yaml:6:")
    assert in_force(stage) == MAIN
    assert store_of(stage).releases == []


async def test_a_failing_test_stands_in_the_way(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("ops")
    changes = {"main.yaml": MAIN.replace("expect: [welcome, bill", "expect: [bill, welcome, bill")}
    tried = await (await page.post("/api/flows/test", {"changes": changes, "flow": "main"})).json()
    assert tried["failed"] == 1
    refused = await page.post("/api/flows/publish", {"after": 0, "note": "x", "changes": changes})
    problem = await refused.json()
    assert problem["error_id"] == "flow_tests_failed"
    assert "a key leads on" in problem["detail"]
    assert in_force(stage) == MAIN


async def test_texts_that_nobody_can_speak_stand_in_the_way_unless_one_insists(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("ops")
    prompts = stage.context.flows.publishing._prompts  # pyright: ignore[reportPrivateUsage] - the engine of this story
    assert isinstance(prompts, MemoryPrompts)
    prompts.missing = 1
    body = {"after": 0, "note": "x", "changes": {"main.yaml": NEW}}
    refused = await page.post("/api/flows/publish", body)
    assert (await refused.json())["error_id"] == "prompts_missing"
    assert prompts.rendered == ["水费查询请按1。"], "only what is new is rendered"
    assert in_force(stage) == MAIN
    insisted = await page.post("/api/flows/publish", {**body, "without_prompts": True})
    assert insisted.status == 200
    assert in_force(stage) == NEW


async def test_two_people_edit_one_file(stage: Stage, sign_in: SignIn) -> None:
    first, second = await sign_in("ops"), await sign_in("admin")
    await draft(first, NEW)
    answer = await second.put("/api/flows/drafts/main.yaml", {"text": "other", "base": "", "revision": 0})
    problem = await answer.json()
    assert (answer.status, problem["error_id"]) == (409, "draft_conflict")
    assert (problem["params"]["author"], problem["params"]["revision"]) == ("ops", 1)
    await draft(second, NEW, revision=1)
    late = await first.put("/api/flows/drafts/main.yaml", {"text": NEW, "base": "", "revision": 1})
    assert (await late.json())["params"]["author"] == "admin"


async def test_two_people_publish(stage: Stage, sign_in: SignIn) -> None:
    first, second = await sign_in("ops"), await sign_in("admin")
    await draft(second, MAIN.replace("请稍候", "请等待"))
    done = await first.post("/api/flows/publish", {"after": 0, "note": "x", "changes": {"main.yaml": NEW}})
    assert done.status == 200
    blind = await second.post("/api/flows/publish", {"after": 0, "note": "y", "changes": {"main.yaml": MAIN}})
    problem = await blind.json()
    assert (problem["error_id"], problem["params"]["author"]) == ("release_conflict", "ops")
    outdated = await second.post("/api/flows/publish", {"after": 2, "note": "y", "drafts": {"main.yaml": 1}})
    problem = await outdated.json()
    assert (problem["error_id"], problem["params"]["author"]) == ("draft_outdated", "ops")
    assert in_force(stage) == NEW


async def test_a_new_file_and_its_end(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("ops")
    text = "flow: extra\nmenu: none\nqueue: service\n"
    saved = await page.put("/api/flows/drafts/extra.yaml", {"text": text, "base": "", "revision": 0})
    assert saved.status == 200
    listed = await (await page.get("/api/flows")).json()
    assert [row["file"] for row in listed["files"]] == ["extra.yaml", "lines.yaml", "main.yaml"]
    await page.post("/api/flows/publish", {"after": 0, "note": "x", "drafts": {"extra.yaml": 1}})
    assert "extra" in stage.context.flows.keeper.flows.flows
    gone = await page.post("/api/flows/publish", {"after": 2, "note": "x", "changes": {"extra.yaml": None}})
    assert gone.status == 200
    assert "extra" not in stage.context.flows.keeper.flows.flows
    for name in ("../evil.yaml", "main.txt", "a" * 70 + ".yaml"):
        answer = await page.put(f"/api/flows/drafts/{name}", {"text": "x", "base": "", "revision": 0})
        assert answer.status in (404, 405, 409)


async def test_a_caller_who_is_nobody_walks(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("ops")
    walked = await (await page.post("/api/flows/walk", {"start": "96100", "does": ["7", "1"]})).json()
    assert [step["did"] for step in walked["steps"]] == ["", "7", "1"]
    assert walked["steps"][0]["heard"] == ["水费请按1。"]
    assert walked["steps"][2]["visited"][-1] == "queue service"
    assert (walked["queue"], walked["ended"]) == ("service", "")
    tried = {"start": "main", "changes": {"main.yaml": NEW}}
    walked = await (await page.post("/api/flows/walk", tried)).json()
    assert walked["steps"][0]["heard"] == ["水费查询请按1。"]
    assert (await page.post("/api/flows/walk", {"start": "nowhere"})).status == 404


async def test_pictures(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    drawing = await (await page.get("/api/flows/main/drawing")).json()
    assert [box["id"] for box in drawing["boxes"]] == ["welcome", "bill", "people", "*"]
    assert {"source": "welcome", "target": "bill", "edge": "choices.1"} in drawing["arrows"]
    svg = await page.get("/api/flows/main/drawing.svg")
    assert svg.content_type == "image/svg+xml"
    assert "welcome" in await svg.text()
    assert (await (await page.get("/api/flows/main/drawing.mermaid")).text()).startswith("flowchart TD")
    assert (await page.get("/api/flows/nowhere/drawing")).status == 404
    today = await (await page.get("/api/flows/main/today")).json()
    assert today["inside"] == {"welcome": 2}


async def test_while_postgres_is_away(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("ops")
    store_of(stage).away = True
    listed = await (await page.get("/api/flows")).json()
    assert (listed["complete"], len(listed["files"])) == (False, 2)
    answer = await page.post("/api/flows/publish", {"after": 0, "note": "x", "changes": {"main.yaml": NEW}})
    assert (answer.status, (await answer.json())["error_id"]) == (503, "database_away")
    assert in_force(stage) == MAIN


LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\n" + "".join(f"c{n}: &c{n} [*b, *b, *b]\n" for n in range(50))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (LAUGHS, 1),
        ("x" * 10_000_000, 1),
        ("flow: main\nnodes: " + "[" * 5000, 2),
        ("flow: main\nflow: again\n", 2),
        ("flow: main\nentry: [1]\nnodes: {a: 7}\n", 2),
        ("flow: main\nentry: a\nnodes:\n  a: {set: {x: 1}, next: b}\n  b: {set: {x: 2}, next: a}\n", 4),
        ("flow: main\nentry: a\nnodes:\n  a: {say: 您好, next: nowhere}\n", 4),
        ("flow: main\nentry: a\nnodes:\n  a: {hang_up: 再见, colour: red}\n", 4),
        ("flow: !!python/object/apply:os.system [ls]\n", 1),
        ("- " * 20_000, 1),
    ],
    ids=["laughs", "10MB", "deep", "twice", "types", "cycle", "nowhere", "unknown key", "tag", "many"],
)
async def test_hostile_texts(stage: Stage, sign_in: SignIn, text: str, line: int) -> None:
    page = await sign_in("ops")
    begun = time.process_time()
    answer = await page.post("/api/flows/check", {"changes": {"main.yaml": text}})
    took = time.process_time() - begun
    assert answer.status == 200
    errors = (await answer.json())["errors"]
    assert [error for error in errors if error["file"] == "main.yaml" and error["line"] == line and error["column"]]
    assert took < 1.0
    saved = await page.put("/api/flows/drafts/main.yaml", {"text": text, "base": "", "revision": 0})
    assert saved.status == (200 if len(text) < 256 * 1024 else 409)


async def test_what_another_node_published_is_taken(stage: Stage) -> None:
    """As it is after `ctiserver flows publish`: nobody asks this daemon, it notices."""
    store, desk = store_of(stage), stage.context.flows
    watching = asyncio.create_task(desk.publishing.run())
    try:
        files = {**desk.keeper.release.texts, "main.yaml": NEW}
        await store.publish(new_release(files, "publish", after=0, author=CLI, note="", first=desk.keeper.release))
        await until(lambda: desk.keeper.release.row.number == 2)
        assert in_force(stage) == NEW
        await store.publish(new_release({"main.yaml": BROKEN}, "publish", after=2, author=CLI, note=""))
        await until(lambda: store.nodes["n1"].number == 3)
        assert store.nodes["n1"].problem.startswith("main.yaml:6:")
        assert in_force(stage) == NEW
    finally:
        watching.cancel()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - there is no event: another node has written it down
            await asyncio.sleep(0.01)
