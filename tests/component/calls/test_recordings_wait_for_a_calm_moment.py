"""Asterisk is busy with calls: recordings keep, come home in calm moments, and after a minute in any case."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from ctiserver.call.commands import CollectRecording
from ctiserver.call.events import CallInput, RecordingCollected, RecordingLost
from ctiserver.live.recording_collector import BUSY_COMMANDS, BUSY_PATIENCE_S, RecordingCollector
from ctiserver.ports import RecordingStore, Telephony
from ctiserver.tasks import TaskOwner

AT_ONCE = 4
SETTLES_S = 0.3


class BusyAsterisk:
    """The part of the Telephony port that recordings need."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.behind = BUSY_COMMANDS

    def lane_of(self, channel_id: str) -> int:
        return 0

    def unanswered(self, lane: int) -> int:
        return self.behind

    async def stop_recording(self, recording_id: str, channel_id: str) -> str:
        return "done"

    async def delete_recording(self, recording_id: str) -> str:
        return "done"

    @asynccontextmanager
    async def recording(self, recording_id: str) -> AsyncGenerator[Path | None]:
        await asyncio.sleep(SETTLES_S)
        yield self.file


class Store:
    def __init__(self) -> None:
        self.kept: list[str] = []

    async def keep(self, recording_id: str, *_: Any) -> tuple[str, int, int, str]:
        self.kept.append(recording_id)
        await asyncio.sleep(0.05)
        return f"{recording_id}.wav", 1000, 16_044, "0"


class Home:
    """A collector with its surroundings; `told`: what calls were told."""

    def __init__(self, file: Path | None) -> None:
        self.asterisk, self.store, self.told = BusyAsterisk(file), Store(), list[CallInput]()
        self.tasks = TaskOwner("recordings")
        self._collector = RecordingCollector(
            cast("Telephony", self.asterisk),
            cast("RecordingStore", self.store),
            self.tasks,
            self._post,
            at_once=AT_ONCE,
        )

    def _post(self, call_id: str, event: CallInput) -> bool:
        self.told.append(event)
        return True

    def collect(self, count: int) -> None:
        for number in range(count):
            self._collector.begin(
                f"c{number}",
                CollectRecording(
                    recording_id=f"r{number}",
                    channel_id="c",
                    agent_number="1",
                    queue_id="q",
                    started_at=0.0,
                    expected_s=1.0,
                ),
            )

    async def until_told(self, count: int) -> float:
        """The loop's time when it was."""
        while len(self.told) < count:  # noqa: ASYNC110 - in virtual time
            await asyncio.sleep(0.01)
        return asyncio.get_running_loop().time()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "r.raw"
    path.write_bytes(b"")
    return path


async def test_a_calm_moment_is_for_a_few_and_the_next_for_the_others(file: Path) -> None:
    home = Home(file)
    home.collect(100)
    await asyncio.sleep(5)
    assert not home.store.kept
    home.asterisk.behind = 0
    await asyncio.sleep(SETTLES_S + 0.15)
    home.asterisk.behind = BUSY_COMMANDS
    began = len(home.store.kept)
    await asyncio.sleep(5)
    assert len(home.store.kept) <= began + AT_ONCE < 100, "whoever had not begun goes on waiting"
    home.asterisk.behind = 0
    await home.until_told(100)
    assert all(isinstance(event, RecordingCollected) for event in home.told)
    await home.tasks.stop()


async def test_after_a_minute_it_is_not_put_off_any_more(file: Path) -> None:
    home = Home(file)
    began = asyncio.get_running_loop().time()
    home.collect(1)
    assert await home.until_told(1) - began == pytest.approx(BUSY_PATIENCE_S, abs=1.0)  # pyright: ignore[reportUnknownMemberType]
    await home.tasks.stop()


async def test_a_minute_is_a_minute_however_often_asterisk_is_asked() -> None:
    home = Home(None)
    began = asyncio.get_running_loop().time()
    home.collect(1)
    assert await home.until_told(1) - began < BUSY_PATIENCE_S + 30
    assert isinstance(home.told[0], RecordingLost)
    await home.tasks.stop()
