"""Steps straight into the read models, without a spool."""

from __future__ import annotations

from collections.abc import Sequence

from ctiserver.call.events import Step
from ctiserver.store.database import Database
from ctiserver.store.driver import driver_connection
from ctiserver.store.projection import Projection
from tests.postgres.store.call_stories import numbered


async def project(database: Database, steps: Sequence[Step]) -> Projection:
    projection = Projection("n1", "CN")
    async with driver_connection(database) as connection:
        await projection.write(connection, numbered(steps))
    return projection
