"""Recordings are kept as long as was said, and longer where a court wants them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctiserver.errors import PartError
from ctiserver.store.audio_files import AudioFiles
from ctiserver.store.audit import Audit
from ctiserver.store.calls import Calls
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.rebuild import rebuild
from ctiserver.store.recordings import Recordings
from ctiserver.store.retention import DAY_S, Retention
from ctiserver.store.rows import CallFilter
from tests.postgres.store.call_stories import START, answered_call
from tests.postgres.store.projecting import project

OLD, NEW = "n1-0", "n1-1"
NOW = START + 40 * DAY_S


@pytest.fixture
async def kept(centre: Database, tmp_path: Path) -> Path:
    """Two recorded calls, 40 and 10 days old, with their files."""
    await project(centre, [*answered_call(OLD), *answered_call(NEW, at=30 * DAY_S)])
    async with centre.reading() as connection:
        for row in await fetch_all(connection, "SELECT path FROM recording"):
            (tmp_path / row["path"]).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / row["path"]).write_bytes(b"RIFF")
    return tmp_path


def retention(database: Database, folder: Path, days: int | None = 30) -> Retention:
    return Retention(database, AudioFiles(folder), Audit(database), days)


def files(folder: Path) -> int:
    return len(list(folder.rglob("*.wav")))


async def statuses(database: Database) -> dict[str, str]:
    page = await Recordings(database, "CN").search(CallFilter())
    return {row.call_id: row.status for row in page.items}


async def test_what_is_over_is_removed_once_and_written_down(kept: Path, centre: Database) -> None:
    assert await retention(centre, kept).sweep(NOW) == 1
    assert await retention(centre, kept).sweep(NOW) == 0
    assert files(kept) == 1
    assert await statuses(centre) == {OLD: "removed", NEW: "stored"}
    async with centre.reading() as connection:
        [row] = await fetch_all(connection, "SELECT actor, action, detail FROM audit_log")
    assert (row["actor"], row["action"], row["detail"]["recordings"]) == ("retention", "recording.expire", 1)


async def test_without_a_limit_everything_is_kept(kept: Path, centre: Database) -> None:
    assert await retention(centre, kept, days=None).sweep(NOW) == 0
    assert files(kept) == 2


async def test_a_call_on_hold_is_kept_until_the_hold_is_lifted(kept: Path, centre: Database) -> None:
    calls = Calls(centre, "CN")
    assert await calls.set_hold(OLD, "court 2026-17", "chief")
    assert not await calls.set_hold("n1-99", "unknown", "chief")
    details = await calls.details(OLD)
    assert details is not None
    assert details.legal_hold is not None
    assert (details.legal_hold.reason, details.legal_hold.set_by) == ("court 2026-17", "chief")
    assert await retention(centre, kept).sweep(NOW) == 0
    assert await calls.lift_hold(OLD)
    assert not await calls.lift_hold(OLD)
    assert await retention(centre, kept).sweep(NOW) == 1


async def test_a_file_that_can_not_be_removed_is_not_marked(
    kept: Path, centre: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: AudioFiles, path: str) -> None:
        raise PermissionError(path)

    with monkeypatch.context() as broken:
        broken.setattr(AudioFiles, "remove", refuse)
        with pytest.raises(PartError, match="can't be removed"):
            await retention(centre, kept).sweep(NOW)
    assert await statuses(centre) == {OLD: "stored", NEW: "stored"}
    assert await retention(centre, kept).sweep(NOW) == 1


async def test_a_rebuild_does_not_bring_it_back(kept: Path, centre: Database) -> None:
    await retention(centre, kept).sweep(NOW)
    await rebuild(centre, "CN")
    recordings = Recordings(centre, "CN")
    page = await recordings.search(CallFilter())
    gone = [row for row in page.items if row.status == "removed"]
    assert [await recordings.find(row.id) for row in gone] == [None] * len(gone)
