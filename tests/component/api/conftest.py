"""The real application on a free port of 127.0.0.1, with a fake centre and a fake store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar
from aiohttp.test_utils import TestServer

from ctiserver.api.context import ApiContext
from ctiserver.api.server import build_app
from ctiserver.config import HttpSettings, Settings
from ctiserver.live.feed import Feed
from ctiserver.live.phone_choices import PhoneChoices
from ctiserver.live.prompt_library import PromptLibrary
from ctiserver.store.audio_files import AudioFiles
from tests.component.api.example_views import ManualClock
from tests.component.api.fake_centre import FakeCentre
from tests.component.api.fake_configuration import FakeConfiguration
from tests.component.api.fake_hotline import FakeHotline
from tests.component.api.fake_store import (
    PASSWORD,
    FakeAudit,
    FakeCalls,
    FakeCustomers,
    FakeRecordings,
    FakeStore,
    FakeUsers,
    fake_hash,
)
from tests.component.api.flow_stage import flow_desk
from tests.component.api.memory_prompts import MemoryPromptStore, prompt_desk


@dataclass
class Stage:
    """Everything a story needs."""

    context: ApiContext
    centre: FakeCentre
    store: FakeStore
    feed: Feed
    clock: ManualClock
    recordings: FakeRecordings
    settings: Settings
    server: TestServer
    configuration: FakeConfiguration
    reloads: list[int]  # how many changes had been made when the daemon read the directory again

    def url(self, path: str) -> str:
        return str(self.server.make_url(path))


@dataclass
class Page:
    """A signed-in browser."""

    http: ClientSession
    stage: Stage
    csrf: str

    async def get(self, path: str, **options: Any) -> ClientResponse:
        return await self.http.get(self.stage.url(path), **options)

    async def post(self, path: str, body: object = None, **headers: str) -> ClientResponse:
        sent = {"X-CSRF-Token": self.csrf, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return await self.http.post(self.stage.url(path), json=body, headers=sent)

    async def put(self, path: str, body: object) -> ClientResponse:
        return await self.http.put(self.stage.url(path), json=body, headers={"X-CSRF-Token": self.csrf})

    async def delete(self, path: str) -> ClientResponse:
        return await self.http.delete(self.stage.url(path), headers={"X-CSRF-Token": self.csrf})


SignIn = Callable[[str], Awaitable[Page]]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    web, recordings = tmp_path / "web", tmp_path / "recordings"
    web.mkdir()
    recordings.mkdir()
    settings = Settings(
        var=tmp_path / "var",
        flows=tmp_path / "flows",
        recordings=recordings,
        http=HttpSettings(web_folder=web),
    )
    clock, centre, store = ManualClock(), FakeCentre(), FakeStore()
    feed, files = Feed(clock), FakeRecordings(store)
    configuration, reloads = FakeConfiguration(store), list[int]()

    async def reload() -> None:
        reloads.append(len(configuration.changes))

    recorded = MemoryPromptStore()
    library = PromptLibrary(recorded, tmp_path / "recorded", tmp_path / "flows")
    flows = flow_desk(tmp_path / "flows", recordings=library.recordings)
    phones = PhoneChoices(tmp_path / "phones.json", lambda directory: None, browser_allowed=True)
    phones.use_directory(centre.directory)
    context = ApiContext(
        settings=settings,
        centre=centre,
        feed=feed,
        clock=clock,
        users=FakeUsers(store),
        calls=FakeCalls(store),
        recordings=files,
        audio=AudioFiles(settings.recordings),
        customers=FakeCustomers(store),
        audit=FakeAudit(store),
        configuration=configuration,
        hotline=FakeHotline(),
        hash_password=fake_hash,
        reload=reload,
        queue_users=lambda queue_id: ["main:to_repairs"] if queue_id == "repairs" else [],
        flow_names=lambda: ("main",),
        calendar_names=lambda: ("office",),
        flows=flows,
        prompts=prompt_desk(recorded, library, flows.keeper),
        phones=phones,
        lines=lambda: {"96100": "Hotline"},
        nodes=lambda: {"main": {"welcome": {"zh-CN": "主菜单", "en": "Main menu"}}},
    )
    server = TestServer(build_app(context))
    await server.start_server()
    try:
        yield Stage(context, centre, store, feed, clock, files, settings, server, configuration, reloads)
    finally:
        await server.close()


@pytest.fixture
async def visitor(stage: Stage) -> AsyncIterator[ClientSession]:
    """A browser that is not signed in."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        yield http


@pytest.fixture
async def sign_in(stage: Stage) -> AsyncIterator[SignIn]:
    """sign_in("1001") gives a signed-in browser of that user."""
    opened: list[ClientSession] = []

    async def page(login: str) -> Page:
        http = ClientSession(cookie_jar=CookieJar(unsafe=True))
        opened.append(http)
        answer = await http.post(stage.url("/api/session"), json={"login": login, "password": PASSWORD})
        assert answer.status == 200, await answer.text()
        return Page(http, stage, (await answer.json())["csrf_token"])

    yield page
    for http in opened:
        await http.close()
