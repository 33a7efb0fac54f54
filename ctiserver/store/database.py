"""The way to Postgres: one engine with sane limits, and errors that say what to do.

Who uses a connection sees either its result or DatabaseAwayError (try again later); everything else is a defect.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it ships none
from sqlalchemy import event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ctiserver.errors import ConfigurationError, DatabaseAwayError, PartError

CONNECT_TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = 30.0
POOL_TIMEOUT_S = 3.0
OLDEST_SERVER = 15
OPENING = "postgres: kept connection"  # name of the task


class Database:
    """Opens connections when they are first needed: making one of these never fails for an absent server."""

    def __init__(self, url: str, *, pool_size: int = 10, patience_s: float = POOL_TIMEOUT_S) -> None:
        """`patience_s`: how long to wait for one of the connections to become free; calls can't wait, people can."""
        self.url = engine_url(url)
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,  # opening and closing connections under load would cost more than to keep them
            pool_timeout=patience_s,
            connect_args={
                "timeout": CONNECT_TIMEOUT_S,
                "command_timeout": COMMAND_TIMEOUT_S,
                "server_settings": {"application_name": "ctiserver", "timezone": "UTC"},
            },
        )
        self._for_calls = _KeptConnection(self)
        self._for_watchers = _KeptConnection(self)
        self._deadline: float | None = None
        # Not pool_pre_ping: every lookup would pay for its BEGIN, statement and ROLLBACK.
        event.listen(self.engine.sync_engine, "checkout", _refuse_closed)

    @property
    def place(self) -> str:
        """Host, port and name for messages; never the password."""
        return f"{self.url.host or 'localhost'}:{self.url.port or 5432}/{self.url.database or ''}"

    @asynccontextmanager
    async def within(self, seconds: float | None) -> AsyncGenerator[None]:
        """All that is asked in this block has so long together; then it is told at once that Postgres is away.

        For what has to go on without Postgres, where each single question would wait in vain. None: no limit.
        """
        self._deadline = None if seconds is None else asyncio.get_running_loop().time() + seconds
        try:
            yield
        finally:
            self._deadline = None

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """A connection whose changes, if any, are rolled back. Raises DatabaseAwayError."""
        with self._away_is_told():
            async with asyncio.timeout_at(self._deadline), self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction, committed at the end of the block. Raises DatabaseAwayError."""
        with self._away_is_told():
            async with self.engine.begin() as connection:
                yield connection

    @contextmanager
    def _away_is_told(self) -> Generator[None]:
        try:
            yield
        except _SERVER_ERRORS as error:
            explained = self.explained_if_away(error)
            if explained is error:
                raise
            raise explained from error

    async def quick(self, query: str, *values: object) -> Sequence[Mapping[str, Any]]:
        """Rows of one small query with $1, $2 …, outside of any transaction. Raises DatabaseAwayError.

        For what is asked with every call: one round trip on a connection that is kept for it. One query at a time.
        """
        return await self._for_calls.rows(query, *values)

    async def glance(self, query: str, *values: object) -> Sequence[Mapping[str, Any]]:
        """As `quick`, on another connection: for those who look every second whether anything has changed."""
        return await self._for_watchers.rows(query, *values)

    def explained_if_away(self, error: BaseException) -> BaseException:
        """DatabaseAwayError in the words of people, where the error means that Postgres could not be asked."""
        if isinstance(error, _SERVER_ERRORS) and is_away(error):
            told = self._explained(error)
            return DatabaseAwayError(told.message, hint=told.hint)
        return error

    async def check(self) -> str:
        """The server's version, e.g. "15.18". Raises PartError that says what is wrong and what to do."""
        try:
            async with self.engine.connect() as connection:
                version = str((await connection.execute(text("SHOW server_version"))).scalar_one()).split()[0]
        except _SERVER_ERRORS as error:
            raise self._explained(error) from error
        if int(version.partition(".")[0]) < OLDEST_SERVER:
            raise PartError(f"Postgres at {self.place} is of version {version}", hint=f"{OLDEST_SERVER} is the oldest")
        return version

    async def close(self) -> None:
        await self._for_calls.end()
        await self._for_watchers.end()
        await self.engine.dispose()

    def _explained(self, error: Exception) -> PartError:
        cause = _origin(error)
        user = self.url.username or ""
        match cause:
            case asyncpg.InvalidAuthorizationSpecificationError():  # includes a wrong password
                return PartError(
                    f"Postgres at {self.place} refuses user '{user}': {_words(cause)}",
                    hint="check user and password in DATABASE_URL, and pg_hba.conf of the server",
                )
            case asyncpg.InvalidCatalogNameError():
                return PartError(
                    f"Postgres at {self.place} has no such database",
                    hint=f"create it (`createdb {self.url.database} --owner {user}`) or correct DATABASE_URL",
                )
            case asyncpg.UndefinedTableError():
                return PartError(
                    f"Postgres at {self.place} has not our tables: {_words(cause)}",
                    hint="is it the right one? bring that back, or run `ctiserver migrate`",
                )
            case _ if is_away(error):
                return PartError(
                    f"Postgres at {self.place} can't be reached: {_words(cause)}",
                    hint="start it, or correct host and port in DATABASE_URL",
                )
            case _:
                return PartError(f"Postgres at {self.place}: {_words(cause)}")


class _KeptConnection:
    """One of the pool's connections, kept for small queries outside of transactions; opened when first needed.

    Whoever asks may have less patience than opening takes: it goes on alone, for the next one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pooled: AsyncConnection | None = None
        self._driver: asyncio.Task[Any] | None = None  # asyncpg's connection, once it is open
        self._turn = asyncio.Lock()

    async def rows(self, query: str, *values: object) -> Sequence[Mapping[str, Any]]:
        async with self._turn:
            try:
                driver = await self._open()
                try:
                    return await driver.fetch(query, *values)
                except BaseException:  # also a query that was given up: its answer may still come
                    driver.terminate()
                    await self.end()
                    raise
            except _SERVER_ERRORS as error:
                explained = self._database.explained_if_away(error)
                if explained is error:
                    raise
                raise explained from error

    async def _open(self) -> Any:
        if self._driver is not None and self._driver.done() and self._driver.exception() is not None:
            await self.end()  # it failed when nobody waited for it any more, perhaps long ago
        if self._driver is None:
            self._driver = asyncio.create_task(self._connect(), name=OPENING)
        return await asyncio.shield(self._driver)

    async def _connect(self) -> Any:
        self._pooled = await self._database.engine.connect()
        return (await self._pooled.get_raw_connection()).driver_connection

    async def end(self) -> None:
        driver, self._driver = self._driver, None
        if driver is None:
            return
        driver.cancel()
        with suppress(asyncio.CancelledError, *_SERVER_ERRORS):
            await driver
        pooled, self._pooled = self._pooled, None
        if pooled is not None:
            with suppress(*_SERVER_ERRORS):
                await pooled.invalidate()
                await pooled.close()


def _refuse_closed(adapted: Any, _record: object, _proxy: object) -> None:
    """A connection whose server has gone meanwhile is told by its own socket: the pool then opens another one."""
    if adapted.driver_connection.is_closed():
        raise DisconnectionError("the server closed the connection while nobody used it")


def engine_url(url: str) -> URL:
    """`postgresql://…` as people write it, for the driver that we use. Raises ConfigurationError."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise ConfigurationError(
            "DATABASE_URL is no URL", hint="like postgresql://user:password@host:5432/ctiserver"
        ) from None
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise ConfigurationError(
            f"DATABASE_URL names '{parsed.drivername}'", hint="only Postgres 15 or later will do: postgresql://…"
        )
    query = dict(parsed.query)
    if "sslmode" in query:  # libpq's word for what asyncpg calls ssl
        query["ssl"] = query.pop("sslmode")
    return parsed.set(drivername="postgresql+asyncpg", query=query)


_SERVER_ERRORS = (DBAPIError, PoolTimeoutError, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_AWAY = (
    OSError,
    TimeoutError,
    PoolTimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,  # "connection was closed in the middle of operation"
    asyncpg.ReadOnlySQLTransactionError,  # talking to a standby during a failover
    asyncpg.InvalidAuthorizationSpecificationError,  # a password that was changed: calls go on until it is put right
    asyncpg.InvalidCatalogNameError,  # a database that is being restored
    asyncpg.UndefinedTableError,  # an empty one in its place: the start has seen our tables
)


def is_away(error: BaseException) -> bool:
    """Whether Postgres could not be asked at all, so that the same may succeed later."""
    return isinstance(_origin(error), _AWAY) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def _origin(error: BaseException) -> BaseException:
    """asyncpg's own error inside SQLAlchemy's two wrappers."""
    while isinstance(error, DBAPIError) or (
        error.__cause__ is not None and type(error).__module__.startswith("sqlalch")
    ):
        inner = error.orig if isinstance(error, DBAPIError) else error.__cause__
        if inner is None:
            return error
        error = inner
    return error


def _words(error: BaseException) -> str:
    first_line = str(error).strip().partition("\n")[0]
    if not first_line and isinstance(error, TimeoutError):
        return "it does not answer"
    return first_line or type(error).__name__


async def fetch_all(
    connection: AsyncConnection, query: str, values: Mapping[str, Any] | None = None
) -> list[Mapping[str, Any]]:
    """Rows of a named query as mappings."""
    found = await connection.execute(text(query), dict(values or {}))
    names = list(found.keys())  # once: a mapping per row makes them anew for each
    return [dict(zip(names, row, strict=True)) for row in found]
