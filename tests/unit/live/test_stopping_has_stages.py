"""Parts end in reverse order, each within its budget; one that hangs or fails keeps none of the others from ending."""

from __future__ import annotations

import asyncio

import pytest

from ctiserver.stages import Stages


async def test_the_last_begun_ends_first() -> None:
    ended: list[str] = []

    async def end(name: str) -> None:
        ended.append(name)

    async with Stages() as stages:
        for name in ("journal", "Asterisk", "HTTP"):
            stages.add(name, lambda name=name: end(name))
    assert ended == ["HTTP", "Asterisk", "journal"]
    assert stages.overdue == []


async def test_what_hangs_is_named_and_left_behind(capsys: pytest.CaptureFixture[str]) -> None:
    closed = asyncio.Event()

    async def hang() -> None:
        await asyncio.Event().wait()

    async def close() -> None:
        closed.set()

    async with Stages() as stages:
        stages.add("journal", close)
        stages.add("Asterisk", hang, 0.01)
        still = asyncio.create_task(hang(), name="reader:events")
    assert closed.is_set()
    assert stages.overdue == ["Asterisk"]
    said = capsys.readouterr().out
    assert "stage_outlives_budget" in said
    assert "reader:events" in said
    still.cancel()


async def test_even_what_ignores_being_cancelled() -> None:
    release = asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    async with Stages() as stages:
        stages.add("speech", stubborn, 0.01)
    assert stages.overdue == ["speech"]
    release.set()


async def test_what_fails_is_told_at_the_end_and_the_others_end_before() -> None:
    ended: list[str] = []

    async def end() -> None:
        ended.append("journal")

    async def fail() -> None:
        raise OSError("the disk is gone")

    async def run() -> None:
        async with Stages() as stages:
            stages.add("journal", end)
            stages.add("recordings", fail)

    with pytest.raises(OSError, match="the disk is gone"):
        await run()
    assert ended == ["journal"]


async def test_an_error_of_the_start_is_not_hidden_by_one_of_the_end() -> None:
    async def fail() -> None:
        raise OSError("the disk is gone")

    async def start() -> None:
        async with Stages() as stages:
            stages.add("recordings", fail)
            raise ValueError("wrong setting")

    with pytest.raises(ValueError, match="wrong setting"):
        await start()
