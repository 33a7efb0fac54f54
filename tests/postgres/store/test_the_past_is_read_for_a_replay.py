"""Story: who waited and who was ready, as the read models have them, become the past of a replay."""

from __future__ import annotations

from sqlalchemy import text

from ctiserver.clock import to_datetime
from ctiserver.replay import PastContact, ReadySpan
from ctiserver.store.database import Database
from ctiserver.store.past import read_past

BEGIN = 1_760_000_400.0
SETUP = """
INSERT INTO agent (number, name, extension, sip_password) VALUES ('1001', 'A', '1001', 'x');
INSERT INTO call (id, node, started_at, dialled, caller_number, caller_e164, caller_name, flow, talk_ms, hold_ms,
    wrap_up_ms)
VALUES ('c1', 'n1', now(), '1', '', '', '', 'main', 60000, 5000, 8000),
    ('c2', 'n1', now(), '1', '', '', '', 'main', 0, 0, 0)
"""
STAY = """
INSERT INTO call_segment (call_id, kind, started_at, ended_at, queue_id, outcome)
VALUES (:call, 'queue', :since, :until, 'bills', :outcome)
"""
SPAN = """
INSERT INTO agent_state_span (agent_id, presence, reason, activity, started_at, ended_at)
SELECT id, :presence, '', :activity, :since, :until FROM agent
"""


async def test_stays_and_readiness(migrated_database_url: str) -> None:
    database = Database(migrated_database_url)
    async with database.writing() as connection:
        for statement in SETUP.split(";"):
            await connection.execute(text(statement))

        async def put(statement: str, since: float, until: float, **values: str) -> None:
            instants = {"since": to_datetime(BEGIN + since), "until": to_datetime(BEGIN + until)}
            await connection.execute(text(statement), {**values, **instants})

        await put(STAY, 10, 30, call="c1", outcome="answered")
        await put(STAY, 40, 45, call="c2", outcome="abandoned")
        await put(STAY, -50, -40, call="c2", outcome="abandoned")  # before
        await put(SPAN, -100, 30, presence="ready", activity="idle")
        await put(SPAN, 30, 90, presence="ready", activity="talking")
        await put(SPAN, 90, 200, presence="break", activity="idle")
        await put(SPAN, 200, 300, presence="ready", activity="idle")
    past = await read_past(database, BEGIN, BEGIN + 1000)
    await database.close()
    answered, abandoned = past.contacts
    assert (answered.talk_s, answered.wrap_up_s, answered.waited_s) == (65.0, 8.0, 20.0)
    assert abandoned == PastContact(
        id=abandoned.id, queue_id="bills", at=BEGIN + 40, waited_s=5.0, abandoned=True, talk_s=None
    )
    agent_id = past.ready[0].agent_id
    assert past.ready == (
        ReadySpan(agent_id=agent_id, since=BEGIN, until=BEGIN + 90),
        ReadySpan(agent_id=agent_id, since=BEGIN + 200, until=BEGIN + 300),
    )
