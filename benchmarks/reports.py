"""How quickly reports over a million calls are told, and a hundred thousand of them exported.

    python -m benchmarks.reports [--calls 1000000] [--repeats 10] [--folder FOLDER] [--only REPORT]

Runs on an embedded Postgres of its own in a temporary folder, or in FOLDER, whose data the next run uses again (and
brings to the present tables); rows are made by the server (a year, ten segments a call). Prints one line per report:
50th and 95th percentile in milliseconds, through the classes that the API uses.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from zoneinfo import ZoneInfo

from ctiserver.api.reports.tables import csv_lines
from ctiserver.free_ports import choose_free_port
from ctiserver.kpi.intervals import Interval
from ctiserver.parts_folders import cache_folder
from ctiserver.store.call_export import CallExport
from ctiserver.store.database import Database
from ctiserver.store.embedded import EmbeddedPostgres, wheel_programs
from ctiserver.store.migrations import upgrade
from ctiserver.store.reporting.catalogue import SPECS
from ctiserver.store.reporting.reports import Reports
from ctiserver.store.reporting.shapes import Contract, SameAs, Wanted
from ctiserver.store.rows import CallFilter
from ctiserver.unprivileged import service_user
from tests.real_parts import service_folder

SHANGHAI = ZoneInfo("Asia/Shanghai")
SINCE = 1_798_732_800  # 2027-01-01 00:00 in Shanghai
YEAR_S = 365 * 86_400
EXPORTED = 100_000
Question = tuple[str, str, Interval, int, SameAs]  # report, by, interval, days, what a repeat is
SAME: tuple[SameAs, ...] = ("customer", "address", "category")
QUEUES, AGENTS, CUSTOMERS = 20, 200, 50_000
PEOPLE = """
INSERT INTO team (id, name) SELECT 'team_' || n, '{}' FROM generate_series(1, 10) n;
INSERT INTO agent (number, name, extension, sip_password, team_id)
SELECT 1000 + n, '坐席' || n, 1000 + n, 'x', 'team_' || (1 + n % 10) FROM generate_series(1, :agents) n;
INSERT INTO queue (id, name) SELECT 'queue_' || n, '{}' FROM generate_series(0, :queues - 1) n;
INSERT INTO area (id, name) VALUES ('CD', '{}');
INSERT INTO customer (id, name, district, estate, building) OVERRIDING SYSTEM VALUE
SELECT n, '户' || n, 'district_' || n % 12, 'estate_' || n % 900, cast(n % 40 AS text)
FROM generate_series(1, :customers) n;
"""
# A call every half minute or so of the year; one in seven gives up, one in thirty is led elsewhere.
CALLS = """
INSERT INTO call (id, node, started_at, ended_at, dialled, caller_number, caller_e164, caller_name, flow, queue_id,
    agent_id, customer_id, queued_at, answered_at, outcome, ended_by, reason, cause, waited_ms, ring_ms, talk_ms,
    hold_ms, wrap_up_ms, disposition, caused_category, first_score)
SELECT 'n1-' || n, 'n1', at, at + interval '4 minutes', 96100 + n % 5,
    '138' || lpad((n::bigint * 7919 % 300000)::text, 8, '0'),
    '+86138' || lpad((n::bigint * 7919 % 300000)::text, 8, '0'), '', 'main', 'queue_' || n % :queues,
    CASE WHEN n % 7 > 0 THEN 1 + n % :agents END,
    CASE WHEN n % 3 > 0 THEN 1 + n::bigint * 7919 % :customers END, at + interval '20 seconds',
    CASE WHEN n % 7 > 0 THEN at + interval '40 seconds' END,
    CASE WHEN n % 7 > 0 THEN 'answered' ELSE 'abandoned' END, 'caller', 'hang_up', 16, n % 60000, 5000,
    CASE WHEN n % 7 > 0 THEN 120000 + n % 60000 ELSE 0 END, 0, 15000, 'code_' || n % 12,
    CASE WHEN n % 60000 % 5 = 0 THEN (ARRAY[:categories])[1 + n % 60000 % 4] END,
    CASE WHEN n % 7 > 0 AND n % 60000 % 4 = 0 THEN 1 + (120000 + n % 60000) % 5 END
FROM (SELECT n, to_timestamp(:since + n * :year.0 / :calls) AS at FROM generate_series(1, :calls) n) AS made
"""
SEGMENTS = """
INSERT INTO call_segment (call_id, kind, started_at, ended_at, queue_id, agent_id, outcome, detail)
SELECT 'n1-' || n, kind, at + begun * interval '1 second', at + (begun + 1 + n % 60) * interval '1 second',
    'queue_' || n % :queues, CASE WHEN kind <> 'queue' THEN 1 + n % :agents END,
    CASE WHEN kind <> 'queue' THEN NULL WHEN n % 7 = 0 THEN 'abandoned' WHEN n % 30 = 0 THEN 'overflowed'
        ELSE 'answered' END, '{}'
FROM (SELECT n, to_timestamp(:since + n * :year.0 / :calls) AS at FROM generate_series(1, :calls) n) AS made,
    (VALUES ('ivr', 0), ('queue', 20), ('ring', 21), ('ring', 22), ('ring', 23), ('talk', 40), ('hold', 50),
        ('talk', 60), ('hold', 70), ('wrap_up', 100)) AS part(kind, begun)
"""
ENTRIES = """
INSERT INTO queue_interval (queue_id, started_at, offered)
SELECT queue_id, date_bin('15 minutes', started_at, '1970-01-01 00:00:00+00'), count(*)
FROM call_segment WHERE kind = 'queue' GROUP BY 1, 2
"""
WORK = """
INSERT INTO agent_interval (started_at, agent_id, queue_id, offered, answered, handled, talk_ms, wrap_up_ms)
SELECT date_bin('15 minutes', started_at, '1970-01-01 00:00:00+00'), agent_id, queue_id, count(*), count(*), count(*),
    sum(talk_ms), sum(wrap_up_ms)
FROM call WHERE agent_id IS NOT NULL GROUP BY 1, 2, 3
"""
TIME = """
INSERT INTO agent_time_interval (started_at, agent_id, presence, reason, activity, ms)
SELECT to_timestamp(:since + quarter * 900), agent, presence, '', activity, 225000
FROM generate_series(0, :year / 900 - 1) AS quarter, generate_series(1, :agents) AS agent,
    (VALUES ('ready', 'idle'), ('ready', 'talking'), ('ready', 'wrap_up'), ('break', 'idle'))
        AS state(presence, activity)
WHERE quarter % 96 < 32
"""
SURVEYS = """
INSERT INTO survey_answer (id, call_id, at, survey, question, score, agent_id, queue_id)
SELECT id || '-s', id, ended_at, 'after', 'how', 1 + talk_ms % 5, agent_id, queue_id
FROM call WHERE outcome = 'answered' AND waited_ms % 4 = 0
"""
ORDERS = """
INSERT INTO work_order (number, state, category, area, title, created_at, changed_at, closed_at, clocks)
SELECT 'CD-' || id, 'closed', (ARRAY[:categories])[1 + waited_ms % 4], 'CD',
    '漏水', started_at, ended_at, ended_at,
    '[{"stage": "finish", "spent_s": 3600, "budget_s": 7200, "stopped_at": 1, "due_at": 1}]'
FROM call WHERE waited_ms % 5 = 0
"""
CAUSED = """
INSERT INTO work_order_call (order_id, call_id, kind) SELECT id, substr(number, 4), 'caused' FROM work_order
"""
TRAIL = """
INSERT INTO work_order_event (order_id, version, at, action, state_before, state_after, round, actor)
SELECT work_order.id, step.version, created_at, step.action, '', 'closed', 1, ''
FROM work_order, (VALUES (1, 'accept'), (2, 'resolve_on_call'), (3, 'archive')) AS step(version, action)
WHERE step.action <> 'resolve_on_call' OR work_order.id % 4 = 0
"""
TRANSFERS = """
INSERT INTO call_transfer (call_id, started_at, ended_at, kind, agent_id, target_kind, target, outcome)
SELECT id, started_at, ended_at, 'blind', agent_id, 'queue', 'queue_1', 'queued'
FROM call WHERE outcome = 'answered' AND waited_ms % 20 = 0
"""
PASSAGES = """
INSERT INTO flow_passage (started_at, flow, node, way, edge, to_flow, to_node, callers, spent_ms)
SELECT to_timestamp(:since + quarter * 900), 'main', 'node_' || node, 'edge', '1', 'main', 'x', 10, 50000
FROM generate_series(0, :year / 900 - 1) AS quarter, generate_series(1, 20) AS node
"""
BLOCKS = """
INSERT INTO agent_time_block (started_at, agent_id, presence, reason, activity, ms)
SELECT date_bin('8 hours', started_at, '1970-01-01 00:00:00+00'), agent_id, presence, reason, activity, sum(ms)
FROM agent_time_interval GROUP BY 1, 2, 3, 4, 5
"""
PARTS = {
    "calls": CALLS, "segments": SEGMENTS, "entries": ENTRIES, "agents' work": WORK, "agents' time": TIME,
    "blocks of time": BLOCKS,
    "surveys": SURVEYS, "orders": ORDERS, "their calls": CAUSED, "their trail": TRAIL, "transfers": TRANSFERS,
    "passages": PASSAGES,
}  # fmt: skip
KEPT_BY_TRIGGERS = ("agent_time_interval", "call", "survey_answer", "work_order_call")
FOREIGN_KEYS = """
SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint
WHERE contype = 'f' AND conrelid::regclass::text IN ('call', 'call_segment', 'survey_answer')
"""
LATER = """
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix_%'
    AND tablename IN ('call', 'call_segment', 'survey_answer', 'work_order')
"""


def filled(statement: str, calls: int) -> str:
    values = {
        "calls": calls, "since": SINCE, "year": YEAR_S, "queues": QUEUES, "agents": AGENTS, "customers": CUSTOMERS,
        "categories": "'repair.leak', 'repair.none', 'bill.high', 'praise'",
    }  # fmt: skip
    for word, value in values.items():
        statement = statement.replace(f":{word}", str(value))
    return statement


async def fill(database: Database, calls: int) -> None:
    async with database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute(filled(PEOPLE, calls))
        indexes = await driver.fetch(LATER)
        for index in indexes:
            await driver.execute(f"DROP INDEX {index['indexname']}")
        for key in await driver.fetch(FOREIGN_KEYS):  # checked row by row they would take longer than all the rest
            await driver.execute(f"ALTER TABLE {key['table']} DROP CONSTRAINT {key['name']}")
        for table in KEPT_BY_TRIGGERS:  # what they keep is filled at once
            await driver.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for name, statement in PARTS.items():
            begun = time.perf_counter()
            await driver.execute(filled(statement, calls), timeout=3600)
            print(f"  {name:<14} {time.perf_counter() - begun:6.1f} s", flush=True)
        for table in KEPT_BY_TRIGGERS:
            await driver.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        begun = time.perf_counter()
        for index in indexes:
            await driver.execute(index["indexdef"], timeout=3600)
        await driver.execute("VACUUM ANALYZE", timeout=3600)
        print(f"  {'indexes':<14} {time.perf_counter() - begun:6.1f} s\n", flush=True)


def wanted(report: str, by: str, interval: Interval, days: int, same: SameAs = "caller") -> Wanted:
    contract = Contract(formula="SL1", within_ms=20_000, short_ms=5_000, target=0.8)
    return Wanted(
        report=report,
        since=SINCE,
        until=SINCE + days * 86_400,
        interval=interval,
        by=by,
        booking="event",
        formula="SL1",
        formula_asked=False,
        usual=contract,
        contracts={f"queue_{n}": contract for n in range(QUEUES)},
        same=same,
        now=float(SINCE + YEAR_S),
    )


async def measure(database: Database, repeats: int, only: str | None) -> None:
    reports = Reports(database, SHANGHAI, "Asia/Shanghai")
    questions: list[Question] = [
        *((report, by, "month", 365, "caller") for report, spec in SPECS.items() for by in spec.by),
        *(("repeats", "none", "month", 365, same) for same in SAME),
        *((report, "none", "day", 365, "caller") for report in ("traffic", "calls", "agents", "business")),
        ("traffic", "none", "30min", 31, "caller"),
        ("traffic", "queue", "day", 31, "caller"),
        ("agents", "agent", "day", 31, "caller"),
    ]
    questions = [asked for asked in questions if only in (None, asked[0])]
    print("| report | by | interval | days | p50 | p95 |\n|---|---|---|---|---|---|")
    for report, by, interval, days, same in questions:
        question = wanted(report, by, interval, days, same)
        took: list[float] = []
        for _ in range(repeats + 1):
            begun = time.perf_counter()
            await reports.read(question, members={})
            took.append((time.perf_counter() - begun) * 1000)
        took = sorted(took[1:])  # the first finds cold pages
        p95 = took[min(len(took) - 1, round(len(took) * 0.95))]
        name = report if same == "caller" else f"{report} (same {same})"
        print(f"| {name} | {by} | {interval} | {days} | {statistics.median(took):.0f} ms | {p95:.0f} ms |", flush=True)


async def export(database: Database, calls: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    share = min(1.0, EXPORTED / calls)
    span = CallFilter(started_from=float(SINCE), started_to=SINCE + YEAR_S * share)
    begun, written = time.perf_counter(), 0
    with tempfile.TemporaryFile() as target:
        async with CallExport(database, "CN").calls(span) as (total, rows):
            async for row in rows:
                target.write(csv_lines([[str(value) for value in row.values()]]))
                written += 1
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    took = time.perf_counter() - begun
    print(f"\n{written:,} of {total:,} rows exported in {took:.1f} s; the process grew by {grown:.0f} MB")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--folder", type=Path, help="keeps the data for further runs")
    parser.add_argument("--only", help="one report")
    asked = parser.parse_args()
    with service_folder() if asked.folder is None else nullcontext(asked.folder) as folder:
        kept = (Path(folder) / "postgres").exists()
        server = EmbeddedPostgres(
            Path(folder) / "postgres", choose_free_port(), wheel_programs(cache_folder(), service_user()), durable=False
        )
        await server.start()
        try:
            if not kept:
                await server.create_database("reports")
            database = Database(server.url_of("reports"))
            await upgrade(database)
            if not kept:
                await fill(database, asked.calls)
            await measure(database, asked.repeats, asked.only)
            await export(database, asked.calls)
            await database.close()
        finally:
            await server.stop()


if __name__ == "__main__":
    asyncio.run(main())
