"""A database with this version's schema, and the people and queues that calls refer to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from ctiserver.store.database import Database
from ctiserver.store.migrations import upgrade


@pytest.fixture
async def database(empty_database_url: str) -> AsyncIterator[Database]:
    database = Database(empty_database_url)
    await upgrade(database)
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
            "INSERT INTO customer (id, name, customer_number, tags) VALUES (7, '张伟', '3300000007', '{vip}')",
            "INSERT INTO customer_phone (customer_id, e164) VALUES (7, '+8613800138000')",
        ):
            await connection.execute(text(statement))
    return database
