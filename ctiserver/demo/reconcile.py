"""Do the phones, the journal, Postgres and the recordings tell the same story? Read from outside, row by row.

The phones know nothing of the daemon, and this reads the tables directly, so that no part vouches for itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from ctiserver.demo.tones import ToneMissing, ToneUnwanted, assert_no_tone, assert_tone, read_wav
from ctiserver.demo.traffic_report import CallRow, TrafficSummary
from ctiserver.store.database import Database, fetch_all

SAME_MOMENT = timedelta(seconds=10)
SETTLING_S = 30.0
POLL_S = 0.3

CALLS = """
SELECT call.id, call.started_at, call.ended_at, call.dialled, call.caller_number, call.caller_name, call.outcome,
    agent.extension, call.talk_ms, call.hold_ms
FROM call LEFT JOIN agent ON agent.id = call.agent_id WHERE call.started_at >= :since ORDER BY call.started_at
"""
RECORDINGS = """
SELECT recording.id, recording.call_id, recording.path, recording.duration_ms, recording.status
FROM recording JOIN call ON call.id = recording.call_id WHERE call.started_at >= :since
"""
JOURNAL = """
SELECT facts.value ->> 'type' AS fact, count(*) AS count
FROM journal_event, jsonb_array_elements(coalesce(body -> 'facts', '[]'::jsonb)) AS facts
WHERE at >= :since GROUP BY 1
"""
SAME_OUTCOME: Mapping[str, frozenset[str]] = {
    "talked": frozenset({"answered"}),
    "abandoned": frozenset({"abandoned", "self_service"}),
    "released": frozenset({"self_service", "refused", "abandoned"}),
    "failed": frozenset({"failed", "refused"}),
}


@dataclass
class Reconciliation:
    """`differences` is empty when everything adds up; each is one sentence about one call."""

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    self_service: int = 0
    recorded: int = 0
    rows: int = 0
    journal: dict[str, int] = field(default_factory=dict[str, int])
    differences: list[str] = field(default_factory=list[str])


async def reconcile(database_url: str, recordings: Path, summary: TrafficSummary) -> Reconciliation:
    """Waits (bounded) until the journal has been shipped and the recordings are home, then compares."""
    database = Database(database_url, pool_size=1)
    try:
        calls, files, journal = await _settled(database, summary)
    finally:
        await database.close()
    result = Reconciliation(offered=summary.offered, rows=len(calls), journal=journal)
    unmatched = list(calls)
    by_call: dict[str, list[Mapping[str, Any]]] = {}
    for file in files:
        by_call.setdefault(file["call_id"], []).append(file)
    for row in summary.calls:
        found = _take(unmatched, row)
        if found is None:
            result.differences.append(f"{_name(row)}: the phone called, Postgres has no such call")
            continue
        _compare(row, found, by_call.get(found["id"], []), recordings, result)
    result.differences += [f"call {row['id']}: in Postgres, but no phone made it" for row in unmatched]
    for fact in ("CallStarted", "CallEnded"):
        if journal.get(fact, 0) != summary.offered:
            result.differences.append(
                f"the journal has {journal.get(fact, 0)} {fact}, {summary.offered} calls were made"
            )
    return result


async def _settled(
    database: Database, summary: TrafficSummary
) -> tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]], dict[str, int]]:
    since = {"since": min((row.started for row in summary.calls), default=None)}
    if since["since"] is None:
        return (), (), {}
    since["since"] -= SAME_MOMENT
    deadline = asyncio.get_running_loop().time() + SETTLING_S
    while True:
        async with database.reading() as connection:
            calls = await fetch_all(connection, CALLS, since)
            files = await fetch_all(connection, RECORDINGS, since)
            journal = {row["fact"]: row["count"] for row in await fetch_all(connection, JOURNAL, since)}
        complete = (
            len(calls) >= summary.offered
            and all(call["ended_at"] is not None for call in calls)
            and all(file["status"] != "pending" for file in files)
        )
        if complete or asyncio.get_running_loop().time() > deadline:
            return calls, files, journal
        await asyncio.sleep(POLL_S)


def _take(unmatched: list[Mapping[str, Any]], row: CallRow) -> Mapping[str, Any] | None:
    for index, call in enumerate(unmatched):
        same = call["caller_number"] == row.caller_number and call["dialled"] == row.did
        if same and abs(call["started_at"] - row.started) < SAME_MOMENT:
            return unmatched.pop(index)
    return None


def _compare(
    row: CallRow,
    call: Mapping[str, Any],
    files: Sequence[Mapping[str, Any]],
    recordings: Path,
    result: Reconciliation,
) -> None:
    differ = result.differences.append
    result.answered += call["outcome"] == "answered"
    result.abandoned += call["outcome"] == "abandoned"
    result.self_service += call["outcome"] == "self_service"
    if call["outcome"] not in SAME_OUTCOME[row.outcome]:
        differ(f"{_name(row)}: the phone says {row.outcome}, Postgres says {call['outcome']}")
    if call["caller_name"] != row.caller_name:
        differ(f"{_name(row)}: named {row.caller_name!r}, recorded as {call['caller_name']!r}")
    if call["ended_at"] is None:
        differ(f"{_name(row)}: it is over, but not in Postgres")
    if row.outcome != "talked":
        return
    if call["extension"] != row.answered_by:
        differ(f"{_name(row)}: {row.answered_by} answered, Postgres says {call['extension']}")
    if not row.heard_agent:
        differ(f"{_name(row)}: never heard the agent")
    if len(files) != 1:
        differ(f"{_name(row)}: {len(files)} recordings instead of one")
        return
    result.recorded += 1
    problem = _problem_of(files[0], recordings, row)
    if problem:
        differ(f"{_name(row)}: recording {files[0]['id']}: {problem}")


def _problem_of(file: Mapping[str, Any], recordings: Path, row: CallRow) -> str:
    """Stored, as long as Postgres says, the caller on the left and the agent on the right."""
    if file["status"] != "stored":
        return f"is {file['status']}"
    path = recordings / file["path"]
    if not path.is_file():
        return f"{path} is missing"
    wav = read_wav(path)
    if abs(wav.seconds * 1000 - file["duration_ms"]) > 50:
        return f"lasts {wav.seconds:.2f} s, Postgres says {file['duration_ms']} ms"
    try:
        assert_tone(wav.left, wav.rate, row.caller_tone_hz)
        if row.agent_tone_hz is not None:
            assert_tone(wav.right, wav.rate, row.agent_tone_hz)
            assert_no_tone(wav.left, wav.rate, row.agent_tone_hz)
        assert_no_tone(wav.right, wav.rate, row.caller_tone_hz)
    except (ToneMissing, ToneUnwanted) as wrong:
        return str(wrong)
    return ""


def _name(row: CallRow) -> str:
    return f"call of {row.caller_number} at {row.started:%H:%M:%S} to {row.did}"
