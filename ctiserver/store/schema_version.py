"""Whether the database has the schema of this version.

Without Alembic, which every start would have to load: a revision is the number in its migration's file name, and the
row in which Alembic notes the last one is plain SQL.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from ctiserver.errors import PartError
from ctiserver.store.database import Database

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
# An empty database has not even the table: asking for it by name would be an error that looks like an absent server.
NOTED = "SELECT to_regclass('alembic_version') IS NOT NULL"
REVISION = "SELECT version_num FROM alembic_version"


class EmptyDatabaseError(PartError):
    """Nothing of ours is in it: a new installation, or a wrong server in place of the right one."""


def revisions() -> tuple[str, ...]:
    """All that this version knows, oldest first: "0001", "0002" …"""
    return tuple(sorted(file.name.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*_*.py")))


async def check_schema(database: Database) -> None:
    """Raises PartError where the schema is not of this version, with the way out."""
    found = await _revision_of(database)
    known = revisions()
    if found == known[-1]:
        return
    if found is None:
        raise EmptyDatabaseError(f"The database {database.place} is empty", hint="run `ctiserver migrate`")
    if found in known:
        problem = f"The database {database.place} is at revision {found}, this version needs {known[-1]}"
        raise PartError(problem, hint="run `ctiserver migrate`")
    problem = f"The database {database.place} is at revision {found}, which a later version made"
    raise PartError(problem, hint="start that version, or restore a backup from before its migration")


async def _revision_of(database: Database) -> str | None:
    async with database.reading() as connection:
        if not (await connection.execute(text(NOTED))).scalar_one():
            return None
        return (await connection.execute(text(REVISION))).scalar_one_or_none()
