"""Story: the document is what the server does. It is generated, committed, and the server is held to it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import DataObject, data, one_of
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from ctiserver.api.context import ApiContext
from ctiserver.api.openapi import document, encoded
from ctiserver.api.server import build_app
from ctiserver.config import Settings
from ctiserver.live.feed import Feed
from ctiserver.live.prompt_library import PromptLibrary
from ctiserver.store.audio_files import AudioFiles
from tests.api_schema import IN_MEMORY
from tests.component.api.conftest import Stage
from tests.component.api.example_views import ManualClock
from tests.component.api.fake_centre import FakeCentre
from tests.component.api.fake_configuration import FakeConfiguration
from tests.component.api.fake_hotline import FakeHotline
from tests.component.api.fake_store import (
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

EXAMPLES = int(os.environ.get("CTI_TEST_EXAMPLES", "12"))  # of each operation; more when looking for trouble
COMMITTED = Path(__file__).parents[3] / "web" / "openapi.json"
BEYOND_THE_SCHEMA = {  # a well-formed request may break a rule that OpenAPI has no words for, and is told so
    "POST /api/announcements": "texts or a prompt, not both",
    "PUT /api/announcements/{announcement_id}": "the same",
    "GET /api/duties": "the first day is before the last",
    "PUT /api/duties/{day}": "a day of the calendar",
}
IGNORED_AUTH: Any = vars(checks)["ignored_auth"]
POSITIVE_DATA: Any = vars(checks)["positive_data_acceptance"]


def test_the_committed_document_is_up_to_date() -> None:
    assert COMMITTED.read_bytes() == encoded(), "run: python -m ctiserver openapi web/openapi.json"


def test_every_operation_has_its_own_name_and_a_summary() -> None:
    operations = [operation for path in document()["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(operation["summary"] for operation in operations)


async def test_the_server_serves_it(stage: Stage, visitor: ClientSession) -> None:
    answer = await visitor.get(stage.url("/api/openapi.json"))
    assert await answer.read() == encoded()


@dataclass
class Running:
    base_url: str


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The application in a thread of its own: schemathesis asks from outside and blocks while it waits."""
    folder = tmp_path_factory.mktemp("server")
    ready: threading.Event = threading.Event()
    state: dict[str, Any] = {}

    async def serve() -> None:
        server = TestServer(build_app(_context(folder)))
        await server.start_server()
        state.update(url=str(server.make_url("")), loop=asyncio.get_running_loop(), stop=asyncio.Event())
        ready.set()
        await state["stop"].wait()
        await server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="http-server")
    thread.start()
    assert ready.wait(10)
    yield Running(state["url"].rstrip("/"))
    state["loop"].call_soon_threadsafe(state["stop"].set)
    thread.join(10)


def _context(folder: Path) -> ApiContext:
    clock, store = ManualClock(), FakeStore()
    recordings = FakeRecordings(store)
    recorded = MemoryPromptStore()
    library = PromptLibrary(recorded, folder / "recorded", folder / "flows")
    flows = flow_desk(folder / "flows", recordings=library.recordings)
    return ApiContext(
        settings=Settings(var=folder, flows=folder, recordings=folder),
        centre=FakeCentre(),
        feed=Feed(clock),
        clock=clock,
        users=FakeUsers(store),
        calls=FakeCalls(store),
        recordings=recordings,
        audio=AudioFiles(folder),
        customers=FakeCustomers(store),
        audit=FakeAudit(store),
        configuration=FakeConfiguration(store),
        hotline=FakeHotline(),
        hash_password=fake_hash,
        flows=flows,
        prompts=prompt_desk(recorded, library, flows.keeper),
    )


@pytest.mark.parametrize("operation", IN_MEMORY, ids=attrgetter("label"))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(data=data())
def test_the_server_keeps_to_the_document(operation: Any, running: Running, data: DataObject) -> None:
    """Well- and ill-formed requests to every operation: no 500, and every answer is one that the document promises."""
    case = data.draw(one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
    excluded = [IGNORED_AUTH]  # it takes our key for one of its own making; every route × role is a story
    if operation.label in BEYOND_THE_SCHEMA:
        excluded.append(POSITIVE_DATA)
    headers = {"Authorization": "Bearer machine-key"}
    case.call_and_validate(base_url=running.base_url, headers=headers, excluded_checks=excluded)
