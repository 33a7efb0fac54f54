"""Connections that the server has closed while nobody used them cost nobody an error."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from ctiserver.store.database import Database, fetch_all

OTHERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
CUT_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def backend(database: Database) -> int:
    async with database.reading() as connection:
        return (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()


async def test_the_next_use_gets_a_fresh_connection(empty_database_url: str) -> None:
    database, admin = Database(empty_database_url), Database(empty_database_url, pool_size=1)
    before = await backend(database)
    assert await backend(database) == before, "the pool keeps it"
    async with admin.reading() as connection:
        await connection.execute(text(CUT_OTHERS))
        async with asyncio.timeout(5):
            while await fetch_all(connection, OTHERS):
                await asyncio.sleep(0.02)
                await connection.rollback()
    assert await backend(database) != before
    await database.close()
    await admin.close()
