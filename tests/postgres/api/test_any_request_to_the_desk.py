"""Story: whatever is sent to the desk's routes, the real store refuses it in the ways that the document promises."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
import schemathesis.checks
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import DataObject, data, one_of
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from ctiserver.store.embedded import EmbeddedPostgres
from tests.api_schema import IN_POSTGRES
from tests.postgres.api.boards import hang_boards
from tests.postgres.api.conftest import open_office, seeded_database
from tests.postgres.migrated import MigratedDatabases

EXAMPLES = int(os.environ.get("CTI_TEST_EXAMPLES", "5"))  # of each operation; more when looking for trouble
CHECKS: Any = [  # not whether it is accepted: names must exist, and too large a body is refused before it is read
    vars(schemathesis.checks)["not_a_server_error"],
    *(
        vars(checks)[name]
        for name in ("status_code_conformance", "content_type_conformance", "response_schema_conformance")
    ),
]
PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def running(
    embedded_postgres: EmbeddedPostgres,
    migrated_databases: MigratedDatabases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, dict[str, str]]]:
    """The application in a thread of its own with a database of its own, which nobody wants to see afterwards, and the
    headers of an administrator. One version of Postgres is enough for what the application refuses."""
    folder: Path = tmp_path_factory.mktemp("desk")
    ready: threading.Event = threading.Event()
    state: dict[str, Any] = {}

    async def serve() -> None:
        async with open_office(seeded, folder) as office:
            hang_boards(office)
            assert await office.sign_in("admin") == 200
            cookies = "; ".join(f"{each.key}={each.value}" for each in office.http.cookie_jar)
            headers = {"Cookie": cookies, "X-CSRF-Token": office.csrf}
            state.update(url=office.url("").rstrip("/"), headers=headers)
            state.update(loop=asyncio.get_running_loop(), stop=asyncio.Event())
            ready.set()
            await state["stop"].wait()

    seeded = seeded_database(embedded_postgres, migrated_databases, "any_request")
    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="http-server")
    thread.start()
    assert ready.wait(PATIENCE_S)
    yield state["url"], state["headers"]
    state["loop"].call_soon_threadsafe(state["stop"].set)
    thread.join(PATIENCE_S)


@pytest.mark.parametrize("operation", IN_POSTGRES, ids=attrgetter("label"))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(data=data())
def test_the_desk_keeps_to_the_document(operation: Any, running: tuple[str, dict[str, str]], data: DataObject) -> None:
    url, headers = running
    case = data.draw(one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
    case.call_and_validate(base_url=url, headers=headers, checks=CHECKS)
