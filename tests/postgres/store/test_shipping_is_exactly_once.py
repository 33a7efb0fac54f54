"""From the spool to Postgres: in order, each step once, whatever fails in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ctiserver.call import events as ev
from ctiserver.call.events import Step
from ctiserver.errors import DatabaseAwayError, PartError
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.driver import driver_connection
from ctiserver.store.embedded import EmbeddedPostgres
from ctiserver.store.journal import JournalLimits, SpoolJournal
from ctiserver.store.projection import Projection
from ctiserver.store.rebuild import rebuild
from ctiserver.store.shipper import Shipper, ShipperLimits, next_seq
from ctiserver.store.spool_files import list_segments
from tests.postgres.store.call_stories import abandoned_call, answered_call, arrival, numbered, step

QUICK = ShipperLimits(gather_s=0.01, spacing_s=0.01, retry_s=0.02, longest_retry_s=0.05, batch_steps=7)
READ_MODELS = (
    "call", "call_leg", "call_segment", "call_path", "call_input", "offer", "recording", "agent_state_span",
    "queue_interval", "flow_passage",
)  # fmt: skip


@asynccontextmanager
async def running(
    folder: Path, database: Database, limits: ShipperLimits = QUICK
) -> AsyncGenerator[tuple[SpoolJournal, Shipper]]:
    journal = SpoolJournal(folder, limits=JournalLimits(segment_bytes=3000))
    shipper = Shipper(journal, database, node="n1", region="CN", limits=limits)
    await journal.start(bytes)
    work = asyncio.create_task(shipper.run())
    try:
        yield journal, shipper
    finally:
        await journal.close()
        await shipper.close()
        async with asyncio.timeout(10):
            await work


async def count(database: Database, query: str) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(text(query))).scalar_one())


async def all_rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every read model without the numbers that the database gave."""
    async with database.reading() as connection:
        found = {name: await fetch_all(connection, f"SELECT * FROM {name}", {}) for name in READ_MODELS}  # noqa: S608
    return {
        name: sorted(
            ({key: value for key, value in row.items() if not isinstance(value, int) or key != "id"} for row in rows),
            key=str,
        )
        for name, rows in found.items()
    }


async def appended(journal: SpoolJournal, shipper: Shipper, steps: list[Step]) -> None:
    """Appends and waits until all is in Postgres."""
    for one in steps:
        journal.append(one)
    async with asyncio.timeout(10):
        await shipper.shipped(journal.next_seq - 1)


async def test_steps_arrive_in_order_and_segments_go(tmp_path: Path, centre: Database) -> None:
    async with running(tmp_path, centre) as (journal, shipper):
        for number in range(6):
            await appended(journal, shipper, answered_call(f"n1-{number}", at=number * 200.0))
        assert shipper.lag == 0
        assert journal.durable_seq == 6 * 17
    assert await count(centre, "SELECT count(*) FROM journal_event") == 6 * 17
    assert await count(centre, "SELECT max(seq) FROM journal_event") == 6 * 17
    assert await count(centre, "SELECT count(*) FROM call WHERE outcome = 'answered' AND wrap_up_ms = 8000") == 6
    assert len(list_segments(tmp_path)) <= 2, "what is in Postgres is not kept on disk"


async def test_a_restart_ships_what_was_left(tmp_path: Path, centre: Database) -> None:
    journal = SpoolJournal(tmp_path)
    await journal.start(bytes)
    for one in answered_call():
        journal.append(one)
    await journal.close()  # killed before anything was shipped
    async with running(tmp_path, centre) as (journal, shipper):
        await appended(journal, shipper, abandoned_call())
    assert await count(centre, "SELECT count(*) FROM call") == 2


async def test_a_commit_whose_answer_was_lost_is_not_repeated(tmp_path: Path, centre: Database) -> None:
    steps = numbered(answered_call())
    projection = Projection("n1", "CN")
    async with driver_connection(centre) as connection:
        assert await projection.write(connection, steps[:10]) == 10
        assert await projection.write(connection, steps) == len(steps) - 10
        assert await projection.write(connection, steps) == 0
    assert await count(centre, "SELECT count(*) FROM journal_event") == len(steps)
    assert await count(centre, "SELECT sum(offered) FROM queue_interval") == 1


async def test_postgres_away_and_back(tmp_path: Path, centre: Database, postgres_server: EmbeddedPostgres) -> None:
    async with running(tmp_path, centre) as (journal, shipper):
        await appended(journal, shipper, answered_call("n1-1"))
        await postgres_server.stop()
        try:
            for one in [*answered_call("n1-2", at=300), *abandoned_call("n1-3", at=600)]:
                journal.append(one)  # calls go on
            async with asyncio.timeout(10):
                while not shipper.failure:  # noqa: ASYNC110 - a figure that is read, not an event
                    await asyncio.sleep(0)
            assert "can't be reached" in shipper.failure
            with pytest.raises(DatabaseAwayError):
                await next_seq(centre, "n1")
            with pytest.raises(PartError, match=r"can't be reached: .* — start it, or correct host and port"):
                await centre.check()
        finally:
            await postgres_server.start()
        async with asyncio.timeout(10):
            await shipper.shipped(17 * 2 + 3)
        assert shipper.failure == ""
    assert await count(centre, "SELECT count(*) FROM call") == 3
    assert await count(centre, "SELECT count(*) FROM journal_event") == 17 * 2 + 3


async def test_connections_cut_in_the_middle(tmp_path: Path, centre: Database) -> None:
    async with running(tmp_path, centre) as (journal, shipper):
        await appended(journal, shipper, answered_call("n1-1"))
        async with centre.writing() as connection:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        await appended(journal, shipper, answered_call("n1-2", at=300))
    assert await count(centre, "SELECT count(*) FROM call") == 2


async def test_one_bad_step_does_not_hold_up_the_others(tmp_path: Path, centre: Database) -> None:
    orphan = step(1, "n1-9", ev.DigitReceived(digit="1"), ev.NodeEntered(flow="main", node="lost"))  # call unknown
    async with running(tmp_path, centre) as (journal, shipper):
        await appended(journal, shipper, [*abandoned_call("n1-1"), orphan, *abandoned_call("n1-2")])
        assert shipper.projection_errors == 1
    assert await count(centre, "SELECT count(*) FROM call WHERE ended_at IS NOT NULL") == 2
    async with centre.reading() as connection:
        [bad] = await fetch_all(
            connection, "SELECT seq, projection_error FROM journal_event WHERE projection_error IS NOT NULL", {}
        )
    assert bad["seq"] == 4
    assert "ForeignKeyViolation" in str(bad["projection_error"])


async def test_hostile_text_is_stored(tmp_path: Path, centre: Database) -> None:
    name = "a\0b\ud800'; DROP TABLE call; --😀\u202e"
    async with running(tmp_path, centre) as (journal, shipper):
        await appended(journal, shipper, [arrival("n1-1", 0, name=name)])
        assert shipper.projection_errors == 0
    async with centre.reading() as connection:
        [call] = await fetch_all(connection, "SELECT caller_name FROM call", {})
    assert call["caller_name"] == "ab?'; DROP TABLE call; --😀\u202e"


async def test_another_spool_of_the_same_node_is_refused(tmp_path: Path, centre: Database) -> None:
    async with running(tmp_path / "one", centre) as (journal, shipper):
        await appended(journal, shipper, answered_call())
    journal = SpoolJournal(tmp_path / "two")
    await journal.start(bytes)
    with pytest.raises(PartError, match="another spool was used"):
        await Shipper(journal, centre, node="n1", region="CN", limits=QUICK).run()
    await journal.close()
    assert await next_seq(centre, "n1") == 18
    assert await next_seq(centre, "n2") == 1


async def test_rebuilding_gives_the_same_rows(tmp_path: Path, centre: Database) -> None:
    async with running(tmp_path, centre) as (journal, shipper):
        for number in range(4):
            await appended(journal, shipper, answered_call(f"n1-a{number}", at=number * 500.0))
            await appended(journal, shipper, abandoned_call(f"n1-b{number}", at=number * 500.0 + 100))
    before = await all_rows(centre)
    async with centre.writing() as connection:
        await connection.execute(text("UPDATE call SET talk_ms = 1"))
    assert await rebuild(centre, "CN") == (4 * 20, 0)
    assert await all_rows(centre) == before
    assert len(before["call_segment"]) == 4 * (7 + 2)
