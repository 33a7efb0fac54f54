"""A database as its migrations left it: much faster than a TRUNCATE of a hundred tables, of which few have rows."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import text

from ctiserver.store.database import Database

EMPTY = """
DO $$
DECLARE
    one text;
    has_rows boolean;
    filled text[] := '{}';
BEGIN
    FOREACH one IN ARRAY '{TABLES}'::text[] LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', one) INTO has_rows;
        IF has_rows THEN
            filled := filled || format('%I', one);
        END IF;
    END LOOP;
    IF cardinality(filled) > 0 THEN
        EXECUTE 'TRUNCATE ' || array_to_string(filled, ', ') || ' RESTART IDENTITY CASCADE';
    END IF;
END $$
"""
USED_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"


async def empty(database: Database, tables: Iterable[str]) -> None:
    """Removes the rows of `tables` and what refers to them; numbers begin at 1 again."""
    statement = EMPTY.replace("{TABLES}", "{" + ",".join(tables) + "}")
    async with database.writing() as connection:
        await connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER USER"))  # it refuses to be emptied
        await connection.execute(text(statement))
        await connection.execute(text("ALTER TABLE audit_log ENABLE TRIGGER USER"))
        for name in (await connection.execute(text(USED_SEQUENCES))).scalars().all():
            await connection.execute(text(f'ALTER SEQUENCE "{name}" RESTART'))
