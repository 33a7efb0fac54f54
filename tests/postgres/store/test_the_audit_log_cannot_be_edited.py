"""Somebody wants an act undone on paper: Postgres refuses, and who can make Postgres obey is found out."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ctiserver.store.audit import Audit
from ctiserver.store.database import Database


@pytest.fixture
async def audit(centre: Database) -> Audit:
    log = Audit(centre)
    for number in range(5):
        detail = {"name": f"王\x01|'{number}", "deep": {"z": 1, "a": [1.50, None, "é😀"]}}
        await log.record(None, "customer.merged", f"customer:{number}", detail, "10.0.0.1")
    return log


async def behind_the_triggers(database: Database, statement: str) -> None:
    """As the tables' owner can."""
    switch = "ALTER TABLE audit_log {} TRIGGER USER"
    await execute(database, switch.format("DISABLE"), statement, switch.format("ENABLE"))


async def execute(database: Database, *statements: str) -> None:
    async with database.writing() as connection:
        for statement in statements:
            await connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET action = 'nothing' WHERE object_id = '2'",
        "UPDATE audit_log SET digest = '' WHERE object_id = '2'",
        "DELETE FROM audit_log WHERE object_id = '2'",
        "TRUNCATE audit_log",
    ],
)
async def test_postgres_refuses(audit: Audit, centre: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        await execute(centre, statement)
    assert (await audit.verify()).rows == 5


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit_log SET address = '10.9.9.9' WHERE object_id = '2'", "2"),
        ("UPDATE audit_log SET detail = '{}' WHERE object_id = '0'", "0"),
        ("DELETE FROM audit_log WHERE object_id = '2'", "3"),
    ],
)
async def test_who_gets_round_the_triggers_is_found_out(
    audit: Audit, centre: Database, statement: str, broken_at: str
) -> None:
    assert (await audit.verify()).broken_at is None
    await behind_the_triggers(centre, statement)
    found = (await audit.verify()).broken_at
    async with centre.reading() as connection:
        row = await connection.execute(text("SELECT object_id FROM audit_log WHERE id = :id"), {"id": found})
    assert row.scalar_one() == broken_at


async def test_a_cut_off_end_shows_by_the_anchor(audit: Audit, centre: Database) -> None:
    before = await audit.verify()
    assert await audit.digest_of(before.last_id) == before.last_digest
    cut = f"DELETE FROM audit_log WHERE id = {before.last_id}"  # noqa: S608 - a number of ours
    await behind_the_triggers(centre, cut)
    assert (await audit.verify()).broken_at is None
    assert await audit.digest_of(before.last_id) is None


async def test_acts_in_the_same_instant_make_one_chain(audit: Audit) -> None:
    await asyncio.gather(*(audit.record(None, "presence.set", f"agent:{n}", {}, "10.0.0.1") for n in range(20)))
    chain = await audit.verify()
    assert (chain.rows, chain.broken_at) == (25, None)


async def test_an_account_may_be_removed(audit: Audit, centre: Database) -> None:
    insert = (
        "INSERT INTO app_user (id, login, name, role, language, password_hash)"
        " OVERRIDING SYSTEM VALUE VALUES (4711, 'gone', 'gone', 'agent', 'en', 'x')"
    )
    await execute(centre, insert)
    await audit.record(4711, "recording.played", "recording:r1", {}, "10.0.0.1")
    await execute(centre, "DELETE FROM app_user WHERE id = 4711")
    chain = await audit.verify()
    assert (chain.rows, chain.broken_at) == (6, None)
