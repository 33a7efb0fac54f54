"""Brings the schema to this version, and tells when it is another."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ctiserver.errors import PartError
from ctiserver.store.database import Database

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


async def upgrade(database: Database) -> tuple[str | None, str]:
    """Applies all pending migrations in one transaction; returns the revision before and after."""
    async with database.writing() as connection:
        before = await connection.run_sync(_current)
        await connection.run_sync(_upgrade)
        after = await connection.run_sync(_current)
    return before, after or ""


class EmptyDatabaseError(PartError):
    """Nothing of ours is in it: a new installation, or a wrong server in place of the right one."""


async def check_schema(database: Database) -> None:
    """Raises PartError where the schema is not of this version, with the way out."""
    async with database.reading() as connection:
        found = await connection.run_sync(_current)
    scripts = ScriptDirectory.from_config(_config())
    head = scripts.get_current_head()
    if found == head:
        return
    if found is None:
        raise EmptyDatabaseError(f"The database {database.place} is empty", hint="run `ctiserver migrate`")
    if found in {script.revision for script in scripts.walk_revisions()}:
        problem = f"The database {database.place} is at revision {found}, this version needs {head}"
        raise PartError(problem, hint="run `ctiserver migrate`")
    problem = f"The database {database.place} is at revision {found}, which a later version made"
    raise PartError(problem, hint="start that version, or restore a backup from before its migration")


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config
