"""`ctiserver acd export` and `acd replay` as operations staff run them, against a database with a morning in it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import text

from ctiserver.clock import to_datetime
from ctiserver.store.database import Database

BEGIN = 1_760_000_400.0  # 2025-10-09 17:00 in Shanghai
PERIOD = ("--from", "2025-10-09T17:00", "--to", "2025-10-09T18:00")
SETUP = """
INSERT INTO skill (id, name) VALUES ('bills', '{"en": "Bills"}');
INSERT INTO queue (id, name, skills, wrap_up_ms) VALUES ('bills', '{"en": "Bills"}', '{"bills": 5}', 0);
INSERT INTO agent (number, name, extension, sip_password) VALUES ('1001', 'A', '1001', 'x'), ('1002', 'B', '1002', 'x');
INSERT INTO agent_skill (agent_id, skill_id, level) SELECT id, 'bills', CASE number WHEN '1001' THEN 9 ELSE 2 END
FROM agent
"""
CALL = """
INSERT INTO call (id, node, started_at, dialled, caller_number, caller_e164, caller_name, flow, talk_ms, hold_ms,
    wrap_up_ms) VALUES (:id, 'n1', :since, '1', '', '', '', 'main', 60000, 0, 0)
"""
STAY = """
INSERT INTO call_segment (call_id, kind, started_at, ended_at, queue_id, outcome)
VALUES (:id, 'queue', :since, :until, 'bills', 'answered')
"""
SPAN = """
INSERT INTO agent_state_span (agent_id, presence, reason, activity, started_at, ended_at)
SELECT id, 'ready', '', 'idle', :since, :until FROM agent
"""
CALLERS = 10


async def a_morning(url: str) -> None:
    """Every half minute a caller who talks for a minute: twice what the only agent who may answer can do."""
    database = Database(url)
    async with database.writing() as connection:
        for statement in SETUP.split(";"):
            await connection.execute(text(statement.replace(":", r"\:")))
        for number in range(CALLERS):
            since, until = BEGIN + 60 + 30 * number, BEGIN + 62 + 62 * number
            values = {"id": f"c{number}", "since": to_datetime(since), "until": to_datetime(max(since + 1, until))}
            await connection.execute(text(CALL), {"id": values["id"], "since": values["since"]})
            await connection.execute(text(STAY), values)
        await connection.execute(text(SPAN), {"since": to_datetime(BEGIN), "until": to_datetime(BEGIN + 3600)})
    await database.close()


async def ctiserver(url: str, *arguments: str) -> tuple[int, str, str]:
    """Exit code, what it prints, what it complains of."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ctiserver", "acd", *arguments,
        env={**os.environ, "DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, problems = await process.communicate()
    return process.returncode or 0, out.decode(), problems.decode()


async def test_what_another_rule_would_have_changed(migrated_database_url: str, tmp_path: Path) -> None:
    await a_morning(migrated_database_url)
    code, exported, problems = await ctiserver(migrated_database_url, "export")
    assert code == 0, problems
    same, edited, wrong = tmp_path / "same.yaml", tmp_path / "edited.yaml", tmp_path / "wrong.yaml"
    same.write_text(exported, encoding="utf-8")
    edited.write_text(exported.replace("bills: 5", "bills: 1"), encoding="utf-8")
    wrong.write_text(exported.replace("bills: 5", "bills: 11"), encoding="utf-8")

    async def figures(queues: Path) -> dict[str, dict[str, Any]]:
        code, out, problems = await ctiserver(migrated_database_url, "replay", *PERIOD, "--with", str(queues), "--json")
        assert code == 0, problems
        return json.loads(out)["queues"]["bills"]

    unchanged = await figures(same)
    assert unchanged["as_is"] == unchanged["edited"]
    assert {name: unchanged[name]["offered"] for name in unchanged} == {"really": 10, "as_is": 10, "edited": 10}
    both = await figures(edited)
    assert both["as_is"] == unchanged["as_is"]
    assert both["edited"]["answered"] == CALLERS
    assert both["edited"]["asa_s"] < both["as_is"]["asa_s"], "two may answer now"
    assert both["edited"]["service_level"] > both["as_is"]["service_level"]

    code, table, _ = await ctiserver(migrated_database_url, "replay", *PERIOD, "--with", str(edited))
    assert code == 0
    assert [line.split()[0] for line in table.splitlines()[1:]] == ["bills", "as", "edited"]

    rostered = tmp_path / "rostered.yaml"
    database = Database(migrated_database_url, pool_size=1)
    async with database.writing() as connection:
        await connection.exec_driver_sql(
            """UPDATE queue SET options = options || '{"roster": true}' WHERE id = 'bills'"""
        )
    await database.close()
    rostered.write_text((await ctiserver(migrated_database_url, "export"))[1], encoding="utf-8")
    code, _, told = await ctiserver(migrated_database_url, "replay", *PERIOD, "--with", str(rostered))
    assert code == 0
    assert told.strip() == "bills: options.roster is not replayed: the queue counts as open all the time"

    code, out, problems = await ctiserver(migrated_database_url, "replay", *PERIOD, "--with", str(wrong), "--json")
    line = next(number for number, text in enumerate(wrong.read_text().splitlines(), 1) if "bills: 11" in text)
    assert code != 0
    assert out == ""
    assert f"wrong.yaml:{line}" in problems
    assert "skills.bills" in problems
