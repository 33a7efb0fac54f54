"""Steps of the system's clock: within a process they are not seen, from one to the next time does not go back."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ctiserver.clock import FURTHEST_S, SystemClock
from ctiserver.kept_clock import OFF, KeptClock, watch_clock


class Wall:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.monotonic = 1_800_000_000.0, 5_000.0
        monkeypatch.setattr(time, "time", lambda: self.wall)
        monkeypatch.setattr(time, "monotonic", lambda: self.monotonic)

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    return Wall(monkeypatch)


@pytest.mark.parametrize("step", [-3600.0, 3600.0])
def test_a_step_while_we_run_neither_fires_nor_starves_a_timer(wall: Wall, step: float) -> None:
    clock = SystemClock()
    before = clock.now()
    wall.wall += step
    wall.passes(20)
    assert clock.now() - before == 20


def test_set_back_between_two_processes(wall: Wall) -> None:
    """What the former journaled stays in the past: a conversation that goes on has no negative length."""
    last = SystemClock().now()
    wall.wall -= 3600
    wall.passes(2)
    clock = SystemClock()
    assert clock.not_before(last) == pytest.approx(3598)
    assert clock.now() == last
    wall.passes(5)
    assert clock.now() == last + 5


def test_nothing_to_do_on_an_ordinary_day(wall: Wall) -> None:
    clock = SystemClock()
    assert clock.not_before(clock.now() - 2) == 0.0
    assert clock.not_before(0.0) == 0.0
    assert clock.now() == wall.wall


def test_a_clock_that_had_been_days_ahead_is_not_followed(wall: Wall) -> None:
    clock = SystemClock()
    assert clock.not_before(clock.now() + FURTHEST_S + 1) == 0.0
    assert clock.now() == wall.wall


@pytest.mark.parametrize("step", [-3600.0, 3600.0])
def test_set_while_nobody_ran_and_calls_are_under_way(wall: Wall, tmp_path: Path, step: float) -> None:
    """The machine's monotonic clock says how long nobody ran: that long, and no hour longer."""
    boot = booted(tmp_path, "first")
    former = SystemClock()
    KeptClock(tmp_path / "clock.json", boot).keep(former)
    last = former.now()
    wall.wall += step
    wall.passes(3)
    clock = SystemClock()
    assert KeptClock(tmp_path / "clock.json", boot).go_on(clock) == pytest.approx(-step)
    assert clock.now() == pytest.approx(last + 3)
    assert clock.not_before(last) == 0.0


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"boot": "", "offset_s": 1}'])
def test_nothing_is_known_of_the_former_process(wall: Wall, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "clock.json").write_bytes(content)
    clock = SystemClock()
    assert KeptClock(tmp_path / "clock.json", booted(tmp_path, "")).go_on(clock) == 0.0
    assert clock.now() == wall.wall


def test_after_a_boot_the_monotonic_clock_is_another_one(wall: Wall, tmp_path: Path) -> None:
    KeptClock(tmp_path / "clock.json", booted(tmp_path, "first")).keep(SystemClock())
    wall.monotonic = 30.0
    clock = SystemClock()
    assert KeptClock(tmp_path / "clock.json", booted(tmp_path, "second")).go_on(clock) == 0.0
    assert clock.now() == wall.wall


def test_on_an_ordinary_day_the_system_is_followed(wall: Wall, tmp_path: Path) -> None:
    boot = booted(tmp_path, "first")
    KeptClock(tmp_path / "clock.json", boot).keep(SystemClock())
    wall.wall += 0.4  # drift
    clock = SystemClock()
    assert KeptClock(tmp_path / "clock.json", boot).go_on(clock) == 0.0
    assert clock.now() == wall.wall


def test_a_disk_that_is_full_costs_only_the_knowledge(tmp_path: Path) -> None:
    with capture_logs() as logs:
        KeptClock(tmp_path / "no folder" / "clock.json").keep(SystemClock())
    assert [line["event"] for line in logs] == ["clock_not_kept"]


async def test_each_step_is_told_once(wall: Wall) -> None:
    clock = SystemClock()
    with capture_logs() as logs:
        watching = asyncio.create_task(watch_clock(clock, every_s=0))
        for ahead in (0.0, -3600.0, 0.0):
            wall.wall = clock.now() - ahead
            for _ in range(5):
                await asyncio.sleep(0)
            assert OFF._value.get() == ahead  # pyright: ignore[reportPrivateUsage] - prometheus_client has no other way
        watching.cancel()
    assert [line["ahead_s"] for line in logs] == [-3600.0, 0.0]


def booted(folder: Path, boot: str) -> Path:
    file = folder / f"boot-{boot}"
    file.write_text(f"{boot}\n")
    return file
