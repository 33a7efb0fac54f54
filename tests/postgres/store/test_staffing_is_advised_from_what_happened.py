"""Story: arrivals, handling times, patience and the same weekdays of former weeks, as the adviser reads them."""

from __future__ import annotations

from sqlalchemy import text

from ctiserver.clock import to_datetime
from ctiserver.staffing import QueueFacts
from ctiserver.store.database import Database
from ctiserver.store.staffing_facts import read_staffing_facts

NOW = 1_760_000_400.0  # a quarter of an hour begins
DAY_S = 86_400.0
CALL = """
INSERT INTO call (id, node, started_at, ended_at, dialled, caller_number, caller_e164, caller_name, flow, queue_id,
    queued_at, answered_at, talk_ms, hold_ms, wrap_up_ms)
VALUES (:id, 'n1', :at, :ended, '1', '', '', '', 'main', 'bills', :at, :answered, 100000, 10000, 10000)
"""
STAY = """
INSERT INTO call_segment (call_id, kind, started_at, ended_at, queue_id, outcome)
VALUES (:id, 'queue', :at, :ended, 'bills', :outcome)
"""
INTERVAL = "INSERT INTO queue_interval (queue_id, started_at, offered) VALUES ('bills', :at, :offered)"


async def test_the_facts_of_a_queue(migrated_database_url: str) -> None:
    database = Database(migrated_database_url)
    async with database.writing() as connection:

        async def call(number: int, ago_s: float, outcome: str | None) -> None:
            at, ended = to_datetime(NOW - ago_s), to_datetime(NOW - ago_s + 30)
            answered = ended if outcome == "answered" else None
            values = {"id": f"c{number}", "at": at, "ended": ended if outcome else None, "answered": answered}
            await connection.execute(text(CALL), values)
            if outcome:
                await connection.execute(text(STAY), {"id": f"c{number}", "at": at, "ended": ended, "outcome": outcome})

        await call(1, 60, None)  # waits still
        await call(2, 1500, "answered")
        await call(3, 3000, "abandoned")
        await call(4, 2 * DAY_S, "answered")
        await call(5, 30 * DAY_S, "answered")  # too long ago
        for weeks, before, after in ((1, 10, 20), (2, 30, 60)):
            middle = NOW - weeks * 7 * DAY_S
            for at, offered in ((middle - 900, before), (middle, after), (middle + 3600, 999)):
                await connection.execute(text(INTERVAL), {"at": to_datetime(at), "offered": offered})
    found = await read_staffing_facts(database, NOW)
    await database.close()
    assert found["bills"] == QueueFacts(
        last_30_min=2,
        last_60_min=3,
        history_last_hour=20.0,
        history_next_hour=40.0,
        handled=2,
        mean_handling_s=120.0,
        abandoned=1,
        waited_s=90.0,
    )
