"""A way to Postgres on which opening a connection takes longer than a call can wait: the call after it has its card."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ctiserver.store.database import OPENING, Database
from tests.fault_proxy import FaultProxy

PATIENCE_S = 0.8  # of a lookup; the question alone takes half of it


async def test_opening_goes_on_without_those_who_gave_up(empty_database_url: str) -> None:
    async with behind_a_link(empty_database_url) as (database, link):
        link.delay_s = 0.05
        gave_up = 0
        async with asyncio.timeout(20):
            while not (rows := await asked(database)):
                gave_up += 1
        assert [dict(row) for row in rows] == [{"n": 1}]
        assert gave_up > 0, "the story is about somebody who could not wait"


async def test_what_failed_when_nobody_waited_is_not_told_to_the_next_one(empty_database_url: str) -> None:
    async with behind_a_link(empty_database_url) as (database, link):
        await link.refuse()
        asking = asyncio.create_task(database.quick("SELECT 1"))
        await asyncio.sleep(0)  # it has begun
        (opening,) = (task for task in asyncio.all_tasks() if task.get_name() == OPENING)
        asking.cancel()
        await asyncio.wait([asking, opening])
        assert isinstance(opening.exception(), OSError)
        await link.accept()
        assert await asked(database, patience_s=5)


@asynccontextmanager
async def behind_a_link(url: str) -> AsyncGenerator[tuple[Database, FaultProxy]]:
    parts = urlsplit(url)
    async with FaultProxy(parts.hostname or "", parts.port or 0) as link:
        user, _, _ = parts.netloc.rpartition("@")
        database = Database(urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{link.port}")))
        try:
            yield database, link
        finally:
            await database.close()


async def asked(database: Database, patience_s: float = PATIENCE_S) -> Sequence[Mapping[str, Any]] | None:
    try:
        async with asyncio.timeout(patience_s):
            return await database.quick("SELECT $1::int AS n", 1)
    except TimeoutError:
        return None
