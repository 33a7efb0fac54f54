"""Runs migrations: over the connection it is handed (the daemon, tests), or over DATABASE_URL (the alembic program).

Revisions are numbered 0001, 0002, … in one line; the file is NNNN_verb_object.py. All pending ones run in one
transaction, so that a failure leaves the schema as it was.
"""

from __future__ import annotations

import asyncio
import os

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from ctiserver.errors import ConfigurationError
from ctiserver.store.database import Database
from ctiserver.store.tables import Base


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()


async def migrate_over(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.run_sync(migrate)


async def migrate_over_url() -> None:
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise ConfigurationError("DATABASE_URL is not set", hint="DATABASE_URL=postgresql://user:password@host/name")
    database = Database(url)
    try:
        await migrate_over(database.engine)
    finally:
        await database.close()


handed: object = context.config.attributes.get("connection")
if isinstance(handed, Connection):
    migrate(handed)
elif isinstance(handed, AsyncEngine):
    asyncio.run(migrate_over(handed))
else:
    asyncio.run(migrate_over_url())
