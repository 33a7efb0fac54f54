"""Story: operations record a prompt, listen to it, replace it, go back; the next caller hears what is in force."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ctiserver.ivr.messages import Recorded
from ctiserver.live.prompt_library import PromptLibrary
from ctiserver.store.flow_rows import Author
from tests.component.api.conftest import Page, SignIn, Stage
from tests.component.api.memory_prompts import MemoryPromptStore, prepare

GREETED = """flow: main
entry: greeting
nodes:
  greeting: {say: {prompt: welcome, zh-CN: 您好}, next: people}
  people: {queue: service}
"""
NEEDED = GREETED.replace("{prompt: welcome, zh-CN: 您好}", "{prompt: welcome}")


async def upload(page: Page, path: str, content: bytes, key: str = "") -> tuple[int, Any]:
    headers = {"X-CSRF-Token": page.csrf, "Content-Type": "audio/wav", **({"Idempotency-Key": key} if key else {})}
    async with page.http.post(page.stage.url(path), data=content, headers=headers) as answer:
        return answer.status, await answer.json()


async def listed(page: Page) -> dict[tuple[str, str], Any]:
    told = await (await page.get("/api/prompts")).json()
    return {(line["prompt"], line["language"]): line for line in told["prompts"]}


async def sound(page: Page, path: str) -> tuple[int, bytes]:
    async with page.http.get(page.stage.url(path)) as answer:
        return answer.status, await answer.read()


async def test_an_upload_that_is_sent_twice_is_taken_once(sign_in: SignIn) -> None:
    page = await sign_in("ops")
    content = b"RIFF" + bytes(100_000)
    for _ in range(2):
        status, told = await upload(page, "/api/prompts/welcome/zh-CN", content, key="one")
        assert (status, told["version"]) == (201, 1)
    assert (await sound(page, "/api/prompts/welcome/zh-CN/sound")) == (200, content)


async def test_a_prompt_is_recorded_replaced_and_taken_back(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("ops")
    status, first = await upload(page, "/api/prompts/welcome/zh-CN?note=新录音", b"RIFFfirst")
    assert (status, first["version"], first["language"], first["note"]) == (201, 1, "zh-CN", "新录音")
    assert (await sound(page, "/api/prompts/welcome/zh-CN/sound")) == (200, b"RIFFfirst")
    assert stage.context.flows.keeper.flows.recordings == {"zh-CN": frozenset({"welcome"})}
    status, second = await upload(page, "/api/prompts/welcome/zh-CN", b"RIFFsecond")
    assert second["version"] == 2
    assert (await sound(page, "/api/prompts/welcome/zh-CN/sound"))[1] == b"RIFFsecond"
    assert (await sound(page, "/api/prompts/welcome/zh-CN/sound?version=1"))[1] == b"RIFFfirst"
    back = await (await page.post("/api/prompts/welcome/zh-CN/restore", {"version": 1})).json()
    assert (back["version"], back["back_to"]) == (3, 1)
    assert (await sound(page, "/api/prompts/welcome/zh-CN/sound"))[1] == b"RIFFfirst"
    assert (await page.delete("/api/prompts/welcome/zh-CN")).status == 204
    assert (await sound(page, "/api/prompts/welcome/zh-CN/sound"))[0] == 404
    assert stage.context.flows.keeper.flows.recordings == {}
    versions = await (await page.get("/api/prompts/welcome/zh-CN/versions")).json()
    assert [(row["version"], row["removed"]) for row in versions] == [(4, True), (3, False), (2, False), (1, False)]
    assert [action for _, action, _, _ in stage.store.audited if action.startswith("prompt.")] == [
        *("prompt.upload", "prompt.upload", "prompt.restore", "prompt.delete")
    ]


async def test_the_list_tells_what_is_missing_and_who_plays_it(stage: Stage, sign_in: SignIn) -> None:
    (stage.settings.flows / "main.yaml").write_text(GREETED, encoding="utf-8")
    assert stage.context.flows.keeper.reload() is None
    page = await sign_in("ops")
    before = await listed(page)
    assert (before["welcome", "any"]["exists"], before["welcome", "any"]["users"]) == (False, ["main:greeting"])
    await upload(page, "/api/prompts/welcome/en", b"RIFFwelcome")
    after = await listed(page)
    assert list(after) == [("welcome", "en")]
    assert after["welcome", "en"]["uploaded"]["author"]
    told = await (await page.get("/api/prompts")).json()
    digits = next(one for one in told["value_sets"] if (one["form"], one["language"]) == ("digits", "zh-CN"))
    assert digits["missing"] == [f"value.{digit}" for digit in range(10)]


async def test_what_a_flow_can_not_do_without_is_not_removed(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("admin")
    await upload(page, "/api/prompts/welcome/any", b"RIFFwelcome")
    (stage.settings.flows / "main.yaml").write_text(NEEDED, encoding="utf-8")
    assert stage.context.flows.keeper.reload() is None
    refused = await page.delete("/api/prompts/welcome/any")
    assert (refused.status, (await refused.json())["error_id"]) == (409, "still_used")
    (stage.settings.flows / "main.yaml").write_text(GREETED, encoding="utf-8")
    assert stage.context.flows.keeper.reload() is None
    assert (await page.delete("/api/prompts/welcome/any")).status == 204


async def test_what_is_no_sound_no_language_or_no_name_is_refused(
    stage: Stage, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await sign_in("ops")
    status, told = await upload(page, "/api/prompts/welcome/zh-CN", b"not a sound")
    assert (status, told["error_id"]) == (409, "not_audio")
    assert "WAV" in told["detail"]
    assert (await upload(page, "/api/prompts/welcome/fr", b"RIFF"))[0] == 404
    assert (await upload(page, "/api/prompts/a..b/zh-CN", b"RIFF"))[0] == 404
    assert (await page.post("/api/prompts/welcome/zh-CN/restore", {"version": 1})).status == 404
    assert (await page.delete("/api/prompts/welcome/zh-CN")).status == 404
    monkeypatch.setattr("ctiserver.api.prompts.prompt_routes.LARGEST", 1000)
    assert (await upload(page, "/api/prompts/welcome/zh-CN", b"RIFF" + bytes(2000)))[0] == 413


async def test_while_postgres_is_away_uploaded_prompts_are_still_heard(tmp_path: Path) -> None:
    store = MemoryPromptStore()
    desk_of_the_past = PromptLibrary(store, tmp_path / "recorded", tmp_path)
    await store.add("welcome", "", await prepare(b"RIFFhello"), note="", author=Author(name="ops"))
    await desk_of_the_past.look()
    store.away = True
    restarted = PromptLibrary(store, tmp_path / "recorded", tmp_path)
    await restarted.start()
    utterance = Recorded(prompt="welcome", language="zh-CN")
    found = await asyncio.to_thread(restarted.find, utterance.prompt, utterance.language)
    assert found is not None
    assert await asyncio.to_thread(found.read_bytes) == b"RIFFhello"
    assert restarted.recordings() == {"": frozenset({"welcome"})}
