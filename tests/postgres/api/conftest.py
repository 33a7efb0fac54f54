"""The real application on the real store of a seeded demo; only the centre is a fake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from sqlalchemy import text

from ctiserver.api.context import ApiContext
from ctiserver.api.server import build_app
from ctiserver.clock import SystemClock
from ctiserver.config import Settings
from ctiserver.demo.seed import SeededAccount, seed_demo
from ctiserver.demo.seed_desk import seed_desk
from ctiserver.errors import DatabaseAwayError
from ctiserver.live.feed import Feed
from ctiserver.store.audio_files import AudioFiles
from ctiserver.store.audit import Audit
from ctiserver.store.call_export import CallExport
from ctiserver.store.call_notes import CallNotesStore
from ctiserver.store.callers.store import open_callers_store
from ctiserver.store.calls import Calls
from ctiserver.store.configuration import Configuration
from ctiserver.store.customers import Customers
from ctiserver.store.database import Database
from ctiserver.store.desk.order_rows import Conversion
from ctiserver.store.desk.store import DeskStore, open_desk_store
from ctiserver.store.embedded import EmbeddedPostgres
from ctiserver.store.hotline import Hotline
from ctiserver.store.recordings import Recordings
from ctiserver.store.reporting.reports import Reports
from ctiserver.store.reporting.schedules import Schedules
from ctiserver.store.reporting.workforce import Workforce
from ctiserver.store.saved_searches import SavedSearches
from ctiserver.store.users import Users
from tests.component.api.fake_centre import FakeCentre
from tests.component.api.fake_store import fake_hash
from tests.component.api.flow_stage import flow_desk
from tests.postgres.migrated import MigratedDatabases

WHAT_STORIES_LEAVE = """user_session, api_key, audit_log, journal_event, journal_position, call, call_segment,
call_path, call_input, offer, recording, agent_state_span, queue_interval, agent_interval, agent_time_interval,
prompt_recording, announcement, calendar, calendar_day, shift, duty, hotline_revision,
flow_passage, flow_release, flow_text, flow_draft, flow_taken,
voicemail, voicemail_listener, message_box, fax, callback_request, survey_answer,
call_comment, call_mark, saved_search, report_schedule, report_delivery"""


@dataclass
class Office:
    """The running application and the accounts that may sign in."""

    server: TestServer
    database: Database
    accounts: dict[str, SeededAccount]
    recordings: Path
    http: ClientSession
    desk: DeskStore
    centre: FakeCentre
    csrf: str = ""

    def url(self, path: str) -> str:
        return str(self.server.make_url(path))

    async def sign_in(self, login: str) -> int:
        self.http.cookie_jar.clear()
        body = {"login": login, "password": self.accounts[login].password}
        answer = await self.http.post(self.url("/api/session"), json=body)
        self.csrf = (await answer.json()).get("csrf_token", "")
        return answer.status

    @contextmanager
    def away(self) -> Generator[None]:
        """Postgres can't be reached for orders."""

        async def unreachable(*_: object, **__: object) -> Conversion:
            raise DatabaseAwayError("Postgres can't be reached")

        orders = self.desk.orders
        reachable = orders.create
        object.__setattr__(orders, "create", unreachable)
        yield
        object.__setattr__(orders, "create", reachable)


@dataclass(frozen=True)
class Seeded:
    url: str
    accounts: dict[str, SeededAccount]


@pytest.fixture(scope="session")
def seeded(oldest_postgres: EmbeddedPostgres, migrated_databases: MigratedDatabases) -> Seeded:
    """One database for all stories: hashing the passwords of a whole office takes seconds. One version is enough: the
    store's own stories run on both, and those in a browser on the other."""
    return seeded_database(oldest_postgres, migrated_databases, "api")


def seeded_database(server: EmbeddedPostgres, databases: MigratedDatabases, name: str) -> Seeded:
    """With the demo's people and desk."""

    async def seed(url: str) -> Seeded:
        database = Database(url)
        accounts = (await seed_demo(database)).accounts
        await seed_desk(database, SystemClock().now())
        await database.close()
        return Seeded(url, {account.login: account for account in accounts})

    return asyncio.run(seed(databases.make(server, name)))


@pytest.fixture
async def office(seeded: Seeded, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(seeded, tmp_path) as office:
        yield office


@asynccontextmanager
async def open_office(seeded: Seeded, tmp_path: Path) -> AsyncGenerator[Office]:
    """Without what former stories left."""
    database = Database(seeded.url)
    async with database.writing() as connection:
        await connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER USER"))  # it refuses to be emptied
        await connection.execute(text(f"TRUNCATE {WHAT_STORIES_LEAVE} CASCADE"))
        await connection.execute(text("ALTER TABLE audit_log ENABLE TRIGGER USER"))
    settings = Settings(var=tmp_path, flows=tmp_path, recordings=tmp_path)
    clock = SystemClock()
    centre = FakeCentre()
    desk = open_desk_store(database, tmp_path / "desk", timezone="Asia/Shanghai", region="CN")
    context = ApiContext(
        settings=settings,
        centre=centre,
        feed=Feed(clock),
        clock=clock,
        users=Users(database),
        calls=Calls(database, "CN"),
        recordings=Recordings(database, "CN"),
        audio=AudioFiles(tmp_path),
        customers=Customers(database, "CN"),
        audit=Audit(database),
        desk=desk,
        callers=open_callers_store(database, "CN"),
        call_export=CallExport(database, "CN"),
        workforce=Workforce(database),
        call_notes=CallNotesStore(database),
        saved_searches=SavedSearches(database),
        schedules=Schedules(database),
        reports=Reports(database, ZoneInfo("Asia/Shanghai"), "Asia/Shanghai"),
        configuration=Configuration(database),
        hotline=Hotline(database),
        hash_password=fake_hash,
        flows=flow_desk(tmp_path / "flows"),
    )
    server = TestServer(build_app(context))
    await server.start_server()
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        yield Office(server, database, seeded.accounts, tmp_path, http, desk, centre)
    await server.close()
    await database.close()
