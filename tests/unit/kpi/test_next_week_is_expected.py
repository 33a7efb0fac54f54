"""The same weekday and time of day of the last weeks say what comes, by the local clock; shifts say who is there."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from ctiserver.kpi.workforce import HALF_HOUR_S, Shift, expected, planned, shift_on, week_slots

BERLIN = ZoneInfo("Europe/Berlin")


def at(*when: int) -> int:
    return int(datetime(*when, tzinfo=BERLIN).timestamp())  # pyright: ignore[reportArgumentType] - year, month, …


def test_the_mean_of_the_weeks_before() -> None:
    offered = {
        at(2027, 5, 3, 10, 0): 6,
        at(2027, 5, 3, 10, 15): 4,
        at(2027, 4, 26, 10, 15): 2,
        at(2027, 4, 26, 10, 30): 99,
    }
    assert expected(at(2027, 5, 10, 10), offered, 2, BERLIN) == 6.0
    assert expected(at(2027, 5, 10, 10), offered, 0, BERLIN) == 0.0


def test_a_change_of_clocks_shifts_nothing() -> None:
    offered = {at(2027, 3, 26, 9, 0): 8}  # the Friday before clocks go forward
    assert expected(at(2027, 4, 2, 9, 0), offered, 1, BERLIN) == 8.0
    assert expected(at(2027, 4, 2, 10, 0), offered, 1, BERLIN) == 0.0


def test_a_week_in_which_clocks_change_has_an_hour_less() -> None:
    slots = week_slots(date(2027, 3, 22), BERLIN)
    assert len(slots) == 7 * 48 - 2
    assert slots[0] == at(2027, 3, 22)
    assert slots[-1] + HALF_HOUR_S == at(2027, 3, 29)


def test_who_is_planned_for_the_whole_half_hour() -> None:
    early = Shift(agent_id=1, start=at(2027, 5, 10, 8), end=at(2027, 5, 10, 16))
    late = Shift(agent_id=2, start=at(2027, 5, 10, 15, 45), end=at(2027, 5, 11))
    other = Shift(agent_id=3, start=at(2027, 5, 10, 8), end=at(2027, 5, 10, 16))
    able = frozenset({1, 2})
    times = ((7, 30), (8, 0), (15, 30), (16, 0))
    counts = [planned(at(2027, 5, 10, *time), [early, late, other], able) for time in times]
    assert counts == [0, 1, 1, 1]


def test_a_night_shift_ends_on_the_next_day() -> None:
    night = shift_on(1, date(2027, 5, 10), 22 * 60, 6 * 60, BERLIN)
    assert (night.start, night.end) == (at(2027, 5, 10, 22), at(2027, 5, 11, 6))
