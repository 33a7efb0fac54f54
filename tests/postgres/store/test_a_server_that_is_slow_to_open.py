"""A way to Postgres on which opening a connection takes longer than a call can wait: the call after it has its card."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ctiserver.store.database import Database
from tests.fault_proxy import FaultProxy

PATIENCE_S = 0.8  # of a lookup; the question alone takes half of it


async def test_opening_goes_on_without_those_who_gave_up(empty_database_url: str) -> None:
    parts = urlsplit(empty_database_url)
    async with FaultProxy(parts.hostname or "", parts.port or 0) as link:
        user, _, _ = parts.netloc.rpartition("@")
        database = Database(urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{link.port}")))
        link.delay_s = 0.05
        try:
            gave_up = 0
            async with asyncio.timeout(20):
                while not (rows := await asked(database)):
                    gave_up += 1
        finally:
            await database.close()
    assert [dict(row) for row in rows] == [{"n": 1}]
    assert gave_up > 0, "the story is about somebody who could not wait"


async def asked(database: Database) -> Sequence[Mapping[str, Any]] | None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await database.quick("SELECT $1::int AS n", 1)
    except TimeoutError:
        return None
