"""A recording is complete when it has stopped growing; many that end together are looked at together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ctiserver.asterisk import settling
from ctiserver.asterisk.settling import SettlingFiles
from ctiserver.tasks import TaskOwner


@pytest.fixture
async def tasks() -> AsyncIterator[TaskOwner]:
    owner = TaskOwner("test")
    yield owner
    async with asyncio.timeout(5):  # nobody watches when nothing is waited for
        while len(owner):  # noqa: ASYNC110 - it ends by itself
            await asyncio.sleep(0)


async def test_one_that_grows_is_waited_for_and_others_are_not(
    tasks: TaskOwner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing, ready = tmp_path / "growing.raw", tmp_path / "ready.raw"
    growing.write_bytes(b"1")
    ready.write_bytes(b"12")
    looks: list[int] = []
    look = settling._sizes  # pyright: ignore[reportPrivateUsage] - how often and at how many

    def counted(files: list[Path]) -> list[int | OSError | None]:
        looks.append(len(files))
        if len(looks) <= 4:
            with growing.open("ab") as file:
                file.write(b"x")
        return look(files)

    monkeypatch.setattr(settling, "_sizes", counted)
    files = SettlingFiles(tasks)
    sizes = await asyncio.gather(files.size(growing), files.size(ready), files.size(tmp_path / "none.raw"))
    assert sizes == [5, 2, None]
    assert looks == [3, 2, 2, 1, 1, 1], "the one that is not there, then the one that is ready, then the one that grew"


async def test_one_that_never_stops_is_taken_after_a_while(
    tasks: TaskOwner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "SETTLE_LIMIT_S", 0.3)
    endless, look = tmp_path / "endless.raw", settling._sizes  # pyright: ignore[reportPrivateUsage]

    def grown(files: list[Path]) -> list[int | OSError | None]:
        with endless.open("ab") as file:
            file.write(b"x")
        return look(files)

    monkeypatch.setattr(settling, "_sizes", grown)
    size = await SettlingFiles(tasks).size(endless)
    assert size is not None
    assert size >= 2


async def test_what_cant_be_looked_at_is_told_to_whom_it_concerns(tasks: TaskOwner, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "ready.raw").write_bytes(b"12")
    files = SettlingFiles(tasks)
    failed, size = await asyncio.gather(
        files.size(tmp_path / "file" / "below.raw"), files.size(tmp_path / "ready.raw"), return_exceptions=True
    )
    assert isinstance(failed, NotADirectoryError)
    assert size == 2


async def test_who_gives_up_waiting_leaves_nothing_behind(tasks: TaskOwner, tmp_path: Path) -> None:
    (tmp_path / "a.raw").write_bytes(b"1")
    files = SettlingFiles(tasks)
    waiting = asyncio.create_task(files.size(tmp_path / "a.raw"))
    await asyncio.sleep(0)
    waiting.cancel()
    assert await files.size(tmp_path / "a.raw") == 1
