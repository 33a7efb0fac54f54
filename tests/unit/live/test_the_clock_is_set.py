"""Steps of the system's clock: within a process they are not seen, from one to the next time does not go back."""

from __future__ import annotations

import time

import pytest

from ctiserver.clock import FURTHEST_S, SystemClock


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
