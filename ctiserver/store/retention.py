"""How long sound is kept: recordings whose time is over are removed, unless their call is on legal hold."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from prometheus_client import Counter

from ctiserver.clock import to_datetime
from ctiserver.errors import PartError
from ctiserver.store.audio_files import AudioFiles
from ctiserver.store.audit import Audit
from ctiserver.store.database import Database, fetch_all

log = structlog.get_logger()

REMOVED = Counter("cti_recordings_removed_total", "Recordings removed because their time was over")
BATCH = 200
DAY_S = 86_400.0

OVER = """
SELECT recording.id, recording.call_id, recording.path FROM recording
WHERE recording.started_at < :before AND recording.path IS NOT NULL
    AND NOT EXISTS (SELECT FROM recording_removal WHERE recording_id = recording.id)
    AND NOT EXISTS (SELECT FROM legal_hold WHERE legal_hold.call_id = recording.call_id)
ORDER BY recording.started_at, recording.id LIMIT :batch
"""
# Asked again in the instant of removing: somebody may have set a hold since the batch was read.
MARK = """
INSERT INTO recording_removal (recording_id, removed_at)
SELECT :id, :now WHERE NOT EXISTS (SELECT FROM legal_hold WHERE call_id = :call_id FOR SHARE)
ON CONFLICT DO NOTHING RETURNING recording_id
"""


class Retention:
    """`days`: None keeps everything. Raises DatabaseAwayError, and PartError
    where a file can't be removed."""

    def __init__(self, database: Database, files: AudioFiles, audit: Audit, days: int | None) -> None:
        self._database = database
        self._files = files
        self._audit = audit
        self._days = days

    async def sweep(self, now: float) -> int:
        """Removes what is over at `now` (UTC seconds since 1970); returns how many recordings that were."""
        removed = 0
        if self._days is None:
            return 0
        while batch := await self._batch(now - self._days * DAY_S):
            marked = [row for row in batch if await self._remove(row, now)]
            removed += len(marked)
            if len(batch) < BATCH or not marked:
                break
        if removed:
            REMOVED.inc(removed)
            detail = {"actor": "retention", "recordings": removed, "days": self._days}
            await self._audit.record(None, "recording.expire", "recording:all", detail, "")
            log.info("recordings_removed", recordings=removed, older_than_days=self._days)
        return removed

    async def _batch(self, before: float) -> list[Mapping[str, Any]]:
        async with self._database.reading() as connection:
            return await fetch_all(connection, OVER, {"before": to_datetime(before), "batch": BATCH})

    async def _remove(self, row: Mapping[str, Any], now: float) -> bool:
        """Marked and removed together: if the file can't be removed, the mark is taken back."""
        values = {"id": row["id"], "call_id": row["call_id"], "now": to_datetime(now)}
        async with self._database.writing() as connection:
            if not await fetch_all(connection, MARK, values):
                return False
            try:
                await asyncio.to_thread(self._files.remove, row["path"])
            except OSError as error:
                raise PartError(f"recording {row['path']} can't be removed: {error}") from error
        return True
