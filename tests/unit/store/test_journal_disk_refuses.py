"""Disk full, or broken: the person on duty hears of it once, pages go on, and nothing is written twice."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path

import pytest

from ctiserver.store.journal import JournalLimits, SpoolJournal
from tests.unit.store.journal_tools import Heard, digit


class Disk:
    """os.fdatasync that can be told to fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = False
        self._real = os.fdatasync
        monkeypatch.setattr("os.fdatasync", self._sync)

    def _sync(self, descriptor: int) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._real(descriptor)


class Failures:
    def __init__(self, journal: SpoolJournal) -> None:
        self.heard: list[OSError | None] = []
        self._changed = asyncio.Event()
        journal.on_failure(self._hear)

    def _hear(self, error: OSError | None) -> None:
        self.heard.append(error)
        self._changed.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.heard) < count:
                self._changed.clear()
                await self._changed.wait()


LIMITS = JournalLimits(retry_s=0.01, gather_s=0.001, memory_bytes=1000)


async def test_steps_of_the_outage_are_written_afterwards_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch)
    journal = SpoolJournal(tmp_path, limits=LIMITS)
    await journal.start(bytes)
    heard, failures = Heard(journal), Failures(journal)
    journal.append(digit(1))
    await heard.until(1)
    disk.full = True
    journal.append(digit(2))
    await failures.until(1)
    journal.append(digit(3))
    await heard.until(3)
    assert journal.durable_seq == 1, "pages were told without the disk"
    disk.full = False
    await failures.until(2)
    assert [type(error) for error in failures.heard] == [OSError, type(None)]
    journal.append(digit(4))
    await heard.until(4)
    await journal.close()
    assert [step.seq for step in heard.steps] == [1, 2, 3, 4], "nobody hears twice"
    reread = SpoolJournal(tmp_path)
    assert reread.next_seq == 5


async def test_what_memory_cannot_hold_is_counted_and_followed_by_a_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)
    state = b"before"
    journal = SpoolJournal(tmp_path, limits=LIMITS)
    await journal.start(lambda: state)
    heard, failures = Heard(journal), Failures(journal)
    disk.full = True
    for number in range(100):
        journal.append(digit(number))
    await failures.until(1)
    await heard.until(100)
    assert journal.dropped_steps > 50
    assert journal.backlog_bytes < 1200
    state = b"after the outage"
    disk.full = False
    await failures.until(2)
    journal.append(digit(1))
    await heard.until(101)
    await journal.close()
    assert SpoolJournal(tmp_path).recovered.checkpoint == b"after the outage"


async def test_closing_with_a_broken_disk_does_not_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch)
    journal = SpoolJournal(tmp_path, limits=JournalLimits(retry_s=60))
    await journal.start(bytes)
    disk.full = True
    journal.append(digit(1))
    async with asyncio.timeout(5):
        await journal.close()
