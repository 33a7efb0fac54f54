"""A database with this version's schema, and the people and queues that calls refer to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from ctiserver.store.database import Database
from ctiserver.store.embedded import EmbeddedPostgres
from ctiserver.store.tables import Base
from tests.postgres.emptied import empty
from tests.postgres.migrated import MigratedDatabases
from tests.postgres.store.desk_office import Desk, open_desk

NAME = "store"


@pytest.fixture(scope="session")
def migrated_url(postgres_server: EmbeddedPostgres, migrated_databases: MigratedDatabases) -> str:
    """A database with this version's schema, the same for all stories of a server."""
    return migrated_databases.get(postgres_server, NAME)


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    """All tables, all empty."""
    database = Database(migrated_url)
    await empty(database, Base.metadata.tables)
    yield database
    await database.close()


@pytest.fixture
async def centre(database: Database) -> Database:
    """Agents 1 and 2, the queue "repairs" (20 s, short abandon 5 s), customer 7 with 13800138000."""
    async with database.writing() as connection:
        for statement in (
            "INSERT INTO agent (id, number, name, extension, sip_password)"
            " VALUES (1, '1001', '王芳', '1001', 'x'), (2, '1002', '李娜', '1002', 'x')",
            "INSERT INTO queue (id, name) VALUES ('repairs', '{}')",
            "INSERT INTO customer (id, name, customer_number, tags, search)"
            " VALUES (7, '张伟', '3300000007', '{vip}', array_to_tsvector('{张伟,伟}'))",
            "INSERT INTO customer_phone (customer_id, e164) VALUES (7, '+8613800138000')",
        ):
            await connection.execute(text(statement))
    return database


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    """Users 1 to 5, areas CD and CX, units east (with a crew) and west, customer 7, a few categories and deadlines."""
    patient = Database(database.url.render_as_string(hide_password=False), patience_s=60)
    yield await open_desk(patient)
    await patient.close()
