"""The migrations, run one by one, make exactly what the models describe, and can be undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from pytest_alembic import tests
from pytest_alembic.runner import MigrationContext
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from ctiserver.errors import PartError
from ctiserver.store.database import Database, engine_url
from ctiserver.store.migrations import upgrade
from ctiserver.store.schema_version import FOLDER, check_schema, revisions


@pytest.fixture
def alembic_config() -> dict[str, Any]:
    return {"file": str(Path(FOLDER).parent / "alembic.ini"), "script_location": str(FOLDER)}


@pytest.fixture
def alembic_engine(empty_database_url: str) -> AsyncEngine:
    return create_async_engine(engine_url(empty_database_url), poolclass=NullPool)  # each command has its own loop


def test_there_is_one_line_of_revisions(alembic_runner: MigrationContext) -> None:
    tests.test_single_head_revision(alembic_runner)
    files = sorted(path.stem for path in FOLDER.glob("versions/*.py"))
    assert [name[:4] for name in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]


def test_the_names_of_the_files_are_the_revisions() -> None:
    """The daemon compares with them, without reading the migrations."""
    walked = ScriptDirectory(str(FOLDER)).walk_revisions()
    assert tuple(script.revision for script in walked)[::-1] == revisions()


def test_models_equal_migrations(alembic_runner: MigrationContext) -> None:
    tests.test_model_definitions_match_ddl(alembic_runner)


def test_each_migration_can_be_undone(alembic_runner: MigrationContext) -> None:
    tests.test_up_down_consistency(alembic_runner)


async def test_upgrading_twice_changes_nothing(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    before, head = await upgrade(database)
    assert before is None
    assert await upgrade(database) == (head, head)
    await check_schema(database)
    await database.close()


async def test_another_schema_version_is_refused_with_the_way_out(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with pytest.raises(PartError, match="is empty — run `ctiserver migrate`"):
        await check_schema(database)
    await upgrade(database)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(PartError, match=r"revision 9999, which a later version made — start that version"):
        await check_schema(database)
    await database.close()
