"""The driver's own connection, for what must be quick: many rows per round trip, without SQLAlchemy in between."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, cast

from ctiserver.store.database import Database


class DriverConnection(Protocol):
    """The part of asyncpg.Connection that we use (it ships no types)."""

    async def execute(self, query: str, *values: object) -> str: ...

    async def executemany(self, command: str, args: Iterable[Sequence[object]]) -> None: ...

    async def fetch(self, query: str, *values: object) -> list[Mapping[str, Any]]: ...

    async def fetchval(self, query: str, *values: object) -> Any: ...

    def cursor(self, query: str, *values: object, prefetch: int) -> AsyncIterator[Mapping[str, Any]]: ...

    def transaction(self) -> AbstractAsyncContextManager[object]: ...


@asynccontextmanager
async def driver_connection(database: Database) -> AsyncGenerator[DriverConnection]:
    """One of the pool's connections. Raises DatabaseAwayError."""
    async with database.reading() as connection:
        pooled = await connection.get_raw_connection()
        yield cast("DriverConnection", pooled.driver_connection)
