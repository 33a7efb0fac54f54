"""Real Postgres, the embedded version and 15: each test that asks for `postgres_server` runs on both."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator

import pytest

from ctiserver.store.embedded import EmbeddedPostgres
from tests.postgres.migrated import MigratedDatabases
from tests.real_parts import (
    embedded_postgres,
    empty_database_url,
    oldest_postgres,
    parts_cache,
    postgres_programs,
    postgres_server,
    postgres_servers,
)

__all__ = [
    "embedded_postgres",
    "empty_database_url",
    "oldest_postgres",
    "parts_cache",
    "postgres_programs",
    "postgres_server",
    "postgres_servers",
]

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def migrated_databases() -> MigratedDatabases:
    return MigratedDatabases()


@pytest.fixture
def migrated_database_url(postgres_server: EmbeddedPostgres, migrated_databases: MigratedDatabases) -> Iterator[str]:
    """`postgresql://…` of a new database with this version's schema and no rows; dropped afterwards."""
    name = f"migrated_{next(_numbers)}"
    yield migrated_databases.make(postgres_server, name)
    asyncio.run(postgres_server.drop_database(name))
