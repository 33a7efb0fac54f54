"""What the rows say of one another, and of what the phones saw: agents, conversations, recordings, states."""

from __future__ import annotations

import wave
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.asterisk.chaos.people import Crowd
from tests.asterisk.chaos.stand import Stand

LENGTH_TOLERANCE_S = 0.5
CHANNELS = 2  # caller left, agent right


async def of_conversations(stand: Stand, crowd: Crowd) -> list[str]:
    """Who answered on the phone is who answered in the records; each conversation is recorded, or says why not."""
    found: list[str] = []
    talks = await stand.query(
        "SELECT s.*, a.number AS agent, c.caller_number FROM call_segment s JOIN call c ON c.id = s.call_id"
        " LEFT JOIN agent a ON a.id = s.agent_id WHERE s.kind = 'talk'"
    )
    agents: defaultdict[str, set[str]] = defaultdict(set)
    for talk in talks:
        agents[talk["caller_number"]].add(talk["agent"])
        if talk["ended_at"] is None:
            found.append(f"{talk['call_id']}: a conversation without an end")
    for number, seen in crowd.seen.items():
        if seen.heard and seen.agent not in agents[number] and not crowd.may_be_unwritten(seen):
            found.append(f"{number}: talked with {seen.agent}, Postgres says {sorted(agents[number])}")
    recorded = {row["call_id"] for row in await stand.query("SELECT call_id FROM recording")}
    found += [f"{call}: a conversation of which no recording tells" for call in _calls(talks) - recorded]
    return found


async def of_durations(stand: Stand, seconds: float) -> list[str]:
    """Nothing lasted longer than the run, or less than no time, whatever became of the clock."""
    found: list[str] = []
    for table in ("call", "call_segment", "offer", "agent_state_span"):
        rows = await stand.query(f"SELECT * FROM {table} WHERE ended_at IS NOT NULL")  # noqa: S608 - fixed names
        lasted = [(row, (row["ended_at"] - row["started_at"]).total_seconds()) for row in rows]
        found += [f"{table} lasted {took:.1f} s: {dict(row)}" for row, took in lasted if not 0 <= took <= seconds]
    return found


async def of_offers(stand: Stand) -> list[str]:
    """No agent was asked for two calls at once, and each offer has come to something."""
    rows = await stand.query("SELECT * FROM offer ORDER BY agent_id, started_at")
    found = [f"offer {row['id']} has no outcome" for row in rows if row["outcome"] is None]
    for before, after in pairwise(rows):
        same = before["agent_id"] == after["agent_id"]
        if same and before["ended_at"] is not None and after["started_at"] < before["ended_at"]:
            found.append(f"agent {after['agent_id']} was asked for {after['id']} while asked for {before['id']}")
    return found


async def of_states(stand: Stand) -> list[str]:
    """An agent is in one state at a time."""
    rows = await stand.query("SELECT * FROM agent_state_span ORDER BY agent_id, started_at")
    return [
        f"agent {after['agent_id']}: {before['activity']} until {before['ended_at']}, {after['activity']} from"
        f" {after['started_at']}"
        for before, after in pairwise(rows)
        if before["agent_id"] == after["agent_id"] and after["started_at"] < before["ended_at"]
    ]


async def of_recordings(stand: Stand) -> list[str]:
    """Rows and files are the same set; each file is what its row says, also by its own sound."""
    rows = await stand.query("SELECT * FROM recording")
    found: list[str] = []
    told: set[Path] = set()
    spool = stand.asterisk.recording_folder
    for row in rows:
        if row["status"] == "lost" and not row["reason"]:
            found.append(f"recording {row['id']}: lost, and nobody says why")
        if row["path"] is None:
            continue
        file = stand.recordings / row["path"]
        told.add(file)
        if not file.is_file() or file.stat().st_size != row["size_bytes"]:
            found.append(f"recording {row['id']}: the file is not what the row says")
            continue
        with wave.open(str(file)) as sound:
            seconds = sound.getnframes() / sound.getframerate()
            if sound.getnchannels() != CHANNELS or abs(seconds - row["duration_ms"] / 1000) > LENGTH_TOLERANCE_S:
                found.append(f"recording {row['id']}: {seconds:.1f} s in {sound.getnchannels()} channels: {dict(row)}")
        if row["status"] == "stored" and (spool / f"{row['id']}.raw").exists():
            found.append(f"recording {row['id']}: still in Asterisk's spool")
    found += [f"a recording that no row tells of: {file.name}" for file in set(stand.recordings.rglob("*.wav")) - told]
    return found


def _calls(rows: list[Mapping[str, Any]]) -> set[str]:
    return {row["call_id"] for row in rows}
