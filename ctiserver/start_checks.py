"""What the daemon reads and checks before it touches anything that only one daemon may."""

from __future__ import annotations

from pathlib import Path

import structlog

from ctiserver.errors import DatabaseAwayError
from ctiserver.live.flow_copies import FlowCopies
from ctiserver.store.database import Database
from ctiserver.store.directory_store import read_copy
from ctiserver.store.flow_releases import FlowReleases
from ctiserver.store.flow_rows import Release
from ctiserver.store.schema_version import EmptyDatabaseError, check_schema

log = structlog.get_logger()

DIRECTORY_COPY = "directory.json"
READING_BUDGET_S = 3.0


def patience_with_postgres(copy: Path) -> float | None:
    """Seconds that the start waits for all that Postgres is asked. A node that has a directory goes on with its copies:
    its calls must not wait for a server that hangs."""
    return READING_BUDGET_S if read_copy(copy) is not None else None


async def check_database(database: Database, copy: Path) -> None:
    """Raises PartError where the database is of another version, or empty and this is a new node.

    A node that has a directory goes on with its copy: a failover to the wrong server must not close the hotline.
    """
    try:
        await check_schema(database)
    except DatabaseAwayError:
        pass  # then the copy of the directory must do
    except EmptyDatabaseError as error:
        if read_copy(copy) is None:
            raise
        log.error("database_is_empty", problem=error.message, effect="calls go on, nothing is written there")


async def published_flows(releases: FlowReleases, copies: FlowCopies) -> Release | None:
    """What was published last: from Postgres, else as this node knows it; None: the folder's files are in force."""
    try:
        return await releases.newest()
    except DatabaseAwayError as error:
        kept = copies.in_force()
        log.warning("flows_from_copy", problem=error.message, release=kept.row.number if kept else 0)
        return kept if kept is not None and kept.row.number else None
