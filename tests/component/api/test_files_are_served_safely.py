"""Story: recordings are played in parts and audited, prompts are fetched by Asterisk, pages come compressed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from aiohttp import ClientSession
from yarl import URL

from tests.component.api.conftest import SignIn, Stage

AUDIO = bytes(range(256)) * 40


@pytest.fixture
def recorded(stage: Stage) -> None:
    file = stage.settings.recordings / "2026" / "c1.r1.wav"
    file.parent.mkdir()
    file.write_bytes(AUDIO)
    stage.recordings.paths["c1.r1"] = Path("2026/c1.r1.wav")


@pytest.mark.usefixtures("recorded")
async def test_a_recording_is_played_in_parts(sign_in: SignIn) -> None:
    page = await sign_in("1001")
    whole = await page.get("/api/recordings/c1.r1/audio")
    assert (whole.status, whole.content_type, await whole.read()) == (200, "audio/wav", AUDIO)
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = await page.get("/api/recordings/c1.r1/audio", headers={"Range": "bytes=100-199"})
    assert (part.status, await part.read()) == (206, AUDIO[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(AUDIO)}"
    tail = await page.get("/api/recordings/c1.r1/audio", headers={"Range": "bytes=-10"})
    assert (tail.status, await tail.read()) == (206, AUDIO[-10:])
    beyond = await page.get("/api/recordings/c1.r1/audio", headers={"Range": "bytes=99999-"})
    assert beyond.status == 416


@pytest.mark.usefixtures("recorded")
async def test_one_playing_is_one_audit_row_whichever_part_comes_first(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    for part in ("bytes=500-", "bytes=0-", "bytes=100-199"):
        await page.get("/api/recordings/c1.r1/audio", headers={"Range": part})
    assert stage.store.audited == [(11, "recording.play", "recording:c1.r1", {"call_id": "c1"})]
    stage.clock.time += 601
    await page.get("/api/recordings/c1.r1/audio")
    assert len(stage.store.audited) == 2


@pytest.mark.usefixtures("recorded")
async def test_nothing_is_played_that_can_not_be_audited(
    stage: Stage, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await sign_in("supervisor")

    async def find(recording_id: str) -> object:
        found = await type(stage.recordings).find(stage.recordings, recording_id)
        stage.store.away = True  # goes away between looking up and auditing
        return found

    monkeypatch.setattr(stage.recordings, "find", find)
    answer = await page.get("/api/recordings/c1.r1/audio")
    assert answer.status == 503
    assert answer.content_type == "application/problem+json"


@pytest.mark.usefixtures("recorded")
async def test_an_agent_plays_and_lists_the_own_recordings_only(stage: Stage, sign_in: SignIn) -> None:
    own, other = await sign_in("1001"), await sign_in("1002")
    assert (await other.get("/api/recordings/c1.r1/audio")).status == 403
    assert stage.store.audited == []
    listed = await (await own.get("/api/recordings")).json()
    assert [row["id"] for row in listed["items"]] == ["c1.r1"]
    assert (await own.get("/api/recordings?agent=2")).status == 403


async def test_a_path_that_leads_out_of_the_folder_is_not_followed(stage: Stage, sign_in: SignIn) -> None:
    secret = stage.settings.recordings.parent / "secret.wav"
    secret.write_bytes(b"secret")
    (stage.settings.recordings / "link.wav").symlink_to(secret)
    page = await sign_in("supervisor")
    for path in ("../secret.wav", str(secret), "link.wav", "missing.wav"):
        stage.recordings.paths["r1"] = Path(path)
        answer = await page.get("/api/recordings/r1/audio")
        assert (answer.status, (await answer.json())["error_id"]) == (404, "recording_lost"), path
    assert (await page.get("/api/recordings/..%2Fsecret/audio")).status == 404


async def test_asterisk_fetches_prompts_without_credentials(stage: Stage, visitor: ClientSession) -> None:
    cached = stage.settings.var / "prompts" / "ab" / "abcdef.wav"
    recorded = stage.settings.flows / "prompts" / "welcome.wav"
    for file in (cached, recorded):
        file.parent.mkdir(parents=True)
        file.write_bytes(AUDIO)
    answer = await visitor.get(stage.url("/media/prompts/abcdef.wav"))
    assert (answer.status, answer.content_type, await answer.read()) == (200, "audio/wav", AUDIO)
    assert "immutable" in answer.headers["Cache-Control"]
    again = await visitor.get(stage.url("/media/prompts/abcdef.wav"), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304
    by_people = await visitor.get(stage.url("/media/prompts/welcome.wav"))
    assert "no-cache" in by_people.headers["Cache-Control"]
    assert (await visitor.head(stage.url("/media/prompts/welcome.wav"))).status == 200


@pytest.mark.parametrize("name", ["..%2F..%2Fsecret", "..", "a/b", "%2Fetc%2Fpasswd", "missing", "x%00", "a.b"])
async def test_prompts_are_ids_and_nothing_else(stage: Stage, visitor: ClientSession, name: str) -> None:
    (stage.settings.var / "secret.wav").parent.mkdir(exist_ok=True)
    (stage.settings.var / "secret.wav").write_bytes(b"secret")
    answer = await visitor.get(stage.url(f"/media/prompts/{name}.wav"))
    assert answer.status == 404
    assert b"secret" not in await answer.read()


async def test_pages_come_compressed_and_assets_stay_in_the_browser(stage: Stage, visitor: ClientSession) -> None:
    web = stage.settings.http.web_folder
    (web / "assets").mkdir()
    (web / "index.html").write_text("<!doctype html>")
    (web / "assets" / "app-1a2b.js").write_text("run()")
    (web / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(b"run()"))
    for path in ("/", "/wallboard", "/calls/c1", "/admin/categories/repair.leak"):
        page = await visitor.get(stage.url(path))
        assert (page.status, await page.text()) == (200, "<!doctype html>"), path
        assert page.headers["Cache-Control"] == "no-cache"
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    script = await visitor.get(stage.url("/assets/app-1a2b.js"), headers={"Accept-Encoding": "gzip"})
    assert script.headers["Content-Encoding"] == "gzip"
    assert await script.text() == "run()"
    assert "javascript" in script.headers["Content-Type"]
    assert "immutable" in script.headers["Cache-Control"]
    assert (await visitor.get(stage.url("/assets/gone-0000.js"))).status == 404
    stage.clock.time += 2
    (web / "assets" / "app-9z8y.js").write_text("new()")
    assert await (await visitor.get(stage.url("/assets/app-9z8y.js"))).text() == "new()"


async def test_nothing_outside_the_build_is_served(stage: Stage, visitor: ClientSession) -> None:
    web = stage.settings.http.web_folder
    (web.parent / "secret.txt").write_text("secret")
    (web / "index.html").write_text("index")
    (web / "link.txt").symlink_to(web.parent / "secret.txt")
    for path in ("/%2e%2e/secret.txt", "/..%2Fsecret.txt", "/link.txt", "//etc/passwd", "/assets/..%2F..%2Fsecret.txt"):
        answer = await visitor.get(URL(stage.url("").rstrip("/") + path, encoded=True))
        assert "secret" not in await answer.text(), path
        assert "root:" not in await answer.text(), path


async def test_pages_that_are_not_built_say_so(stage: Stage, visitor: ClientSession) -> None:
    answer = await visitor.get(stage.url("/"))
    assert answer.status == 503
    assert "make pages" in await answer.text()
