"""A failover that leads to the wrong server: an empty one, or one that lost what it had. Nothing is written there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import text

from ctiserver.store.database import Database
from ctiserver.store.shipper import Shipper
from tests.postgres.store.call_stories import abandoned_call, answered_call
from tests.postgres.store.test_shipping_is_exactly_once import appended, count, running


async def until_told(shipper: Shipper, words: str) -> None:
    async with asyncio.timeout(30):
        while words not in shipper.failure:  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.02)


async def changed(database: Database, *statements: str) -> None:
    async with database.writing() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def outage(
    folder: Path, centre: Database, away: Callable[[], Awaitable[None]], back: Callable[[], Awaitable[None]], words: str
) -> None:
    """A call before, one meanwhile, and everything is there afterwards."""
    async with running(folder, centre) as (journal, shipper):
        await appended(journal, shipper, answered_call("n1-1"))
        shipped = shipper.shipped_seq
        await away()
        for one in answered_call("n1-2", at=200.0):
            journal.append(one)
        await until_told(shipper, words)
        assert shipper.shipped_seq == shipped
        await back()
        await appended(journal, shipper, abandoned_call("n1-3", at=400.0))
        assert shipper.failure == ""
        last = journal.next_seq - 1
    assert await count(centre, "SELECT count(*) FROM call WHERE ended_at IS NOT NULL") == 3
    assert await count(centre, "SELECT count(*) FROM journal_event") == last


async def test_an_empty_one(tmp_path: Path, centre: Database) -> None:
    """Its tables are not there: calls go on, the spool keeps all, and the right one gets it."""
    await outage(
        tmp_path,
        centre,
        lambda: changed(centre, "ALTER TABLE journal_position RENAME TO of_the_right_one"),
        lambda: changed(centre, "ALTER TABLE of_the_right_one RENAME TO journal_position"),
        "has not our tables",
    )


async def test_one_that_lost_what_it_had(tmp_path: Path, centre: Database) -> None:
    """A replica that lags, or a backup: writing on there would leave a hole that nobody sees."""
    await outage(
        tmp_path,
        centre,
        lambda: changed(centre, "UPDATE journal_position SET seq = seq - 5"),
        lambda: changed(centre, "UPDATE journal_position SET seq = seq + 5"),
        "it is another one, or was restored",
    )


async def test_the_restored_one_is_accepted_by_a_restart(tmp_path: Path, centre: Database) -> None:
    async with running(tmp_path, centre) as (journal, shipper):
        await appended(journal, shipper, answered_call("n1-1"))
        await changed(centre, "DELETE FROM journal_position")
        journal.append(abandoned_call("n1-2", at=200.0)[0])
        await until_told(shipper, "it is another one, or was restored")
    async with running(tmp_path, centre) as (journal, shipper):
        await appended(journal, shipper, answered_call("n1-3", at=400.0))
        assert shipper.failure == ""
