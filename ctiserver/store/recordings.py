"""Records of recordings: listed by page, and found by id for playing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ctiserver.store.conditions import page_of, where
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.rows import AgentName, CallFilter, RecordingPage, RecordingRow

RECORDINGS = """
SELECT recording.*, call.caller_number, agent.number AS agent_number, agent.name AS agent_name,
    removal.recording_id IS NOT NULL AS removed
FROM recording JOIN call ON call.id = recording.call_id LEFT JOIN agent ON agent.id = recording.agent_id
    LEFT JOIN recording_removal AS removal ON removal.recording_id = recording.id
"""
NEWEST_FIRST = " ORDER BY recording.started_at DESC, recording.id LIMIT :limit OFFSET :offset"
FINISHED = "recording.status <> 'pending'"


class Recordings:
    """`region` completes numbers that are searched for. All raise DatabaseAwayError."""

    def __init__(self, database: Database, region: str) -> None:
        self._database = database
        self._region = region

    async def search(self, wanted: CallFilter) -> RecordingPage:
        """Newest first; `total` counts all pages. Those still being made are left out, lost ones are not."""
        condition, values = where(
            wanted,
            self._region,
            started_of="recording.started_at",
            agent_of="recording.agent_id",
            queue_of="recording.queue_id",
            also=[FINISHED],
        )
        counting = f"SELECT count(*) AS total FROM recording JOIN call ON call.id = recording.call_id {condition}"  # noqa: S608 - fixed fragments
        async with self._database.reading() as connection:
            [counted] = await fetch_all(connection, counting, values)
            found = await fetch_all(connection, RECORDINGS + condition + NEWEST_FIRST, {**values, **page_of(wanted)})
        return RecordingPage(
            items=tuple(recording_row(row) for row in found),
            total=counted["total"],
            page=wanted.page,
            page_size=wanted.page_size,
        )

    async def find(self, recording_id: str) -> tuple[RecordingRow, Path] | None:
        """The row and its file's path below the recordings folder; None: unknown, or there is no file."""
        query = RECORDINGS + "WHERE recording.id = :id AND recording.path IS NOT NULL AND removal.recording_id IS NULL"
        async with self._database.reading() as connection:
            found = await fetch_all(connection, query, {"id": recording_id})
        return (recording_row(found[0]), Path(found[0]["path"])) if found else None


def recording_row(row: Mapping[str, Any]) -> RecordingRow:
    return RecordingRow(
        id=row["id"],
        call_id=row["call_id"],
        started_at=row["started_at"].timestamp(),
        duration_ms=row["duration_ms"] or 0,
        size_bytes=row["size_bytes"] or 0,
        status="removed" if row["removed"] else row["status"],
        agent=agent_name(row),
        queue_id=row["queue_id"] or "",
        caller_number=row["caller_number"],
    )


def agent_name(row: Mapping[str, Any]) -> AgentName | None:
    if row["agent_id"] is None:
        return None
    return AgentName(id=row["agent_id"], number=row["agent_number"], name=row["agent_name"])
