"""Intervals follow the local clock, also where it changes; no second is lost, none counted twice."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctiserver.kpi.intervals import (
    QUARTER_S,
    Interval,
    TooManyIntervalsError,
    edges,
    quarter_of,
    split_by_quarters,
    start_of,
)

ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Havana",
    "Asia/Beirut",
    "UTC",
)


def at(zone: str | tzinfo, *when: int) -> int:
    timezone = ZoneInfo(zone) if isinstance(zone, str) else zone
    return int(datetime(*when, tzinfo=timezone).timestamp())  # pyright: ignore[reportArgumentType] - year, month, …


def hours(found: list[int]) -> list[float]:
    return [(end - start) / 3600 for start, end in pairwise(found)]


def test_a_day_in_spring_has_23_hours_and_in_autumn_25() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring = edges(at(berlin, 2027, 3, 27), at(berlin, 2027, 3, 30), "day", berlin)
    autumn = edges(at(berlin, 2027, 10, 30), at(berlin, 2027, 11, 2), "day", berlin)
    assert hours(spring) == [24, 23, 24]
    assert hours(autumn) == [24, 25, 24]
    assert len(edges(at(berlin, 2027, 10, 31), at(berlin, 2027, 11, 1), "hour", berlin)) - 1 == 25
    assert len(edges(at(berlin, 2027, 3, 28), at(berlin, 2027, 3, 29), "30min", berlin)) - 1 == 46


def test_where_midnight_is_left_out_the_day_begins_with_the_change() -> None:
    beirut = ZoneInfo("Asia/Beirut")  # 28 March 2027: 00:00 becomes 01:00
    found = edges(at(beirut, 2027, 3, 27), at(beirut, 2027, 3, 29, 1), "day", beirut)
    first_hours = [datetime.fromtimestamp(edge, beirut).hour for edge in found[:-1]]
    assert first_hours == [0, 1, 0]


def test_hours_begin_where_the_local_clock_says_so() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")  # UTC+05:45
    found = edges(at(UTC, 2027, 1, 1), at(UTC, 2027, 1, 1, 3), "hour", kathmandu)
    assert [datetime.fromtimestamp(edge, kathmandu).minute for edge in found] == [45, 0, 0, 0, 45]


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    since, until = at(shanghai, 2027, 1, 15), at(shanghai, 2027, 3, 5)
    weeks = [datetime.fromtimestamp(edge, shanghai) for edge in edges(since, until, "week", shanghai)]
    assert {day.weekday() for day in weeks[1:-1]} == {0}
    months = [datetime.fromtimestamp(edge, shanghai) for edge in edges(since, until, "month", shanghai)]
    assert [(day.month, day.day) for day in months] == [(1, 15), (2, 1), (3, 1), (3, 5)]
    years = edges(at(shanghai, 2026, 12, 31), at(shanghai, 2028, 1, 2), "year", shanghai)
    assert [datetime.fromtimestamp(edge, shanghai).year for edge in years] == [2026, 2027, 2028, 2028]
    assert edges(since, until, "total", shanghai) == [since, until]


QUARTERS = st.integers(min_value=1_700_000_000 // QUARTER_S, max_value=1_900_000_000 // QUARTER_S)


@given(
    QUARTERS,
    st.integers(1, 3000),
    st.sampled_from(("15min", "30min", "hour", "day", "week", "month", "year")),
    st.sampled_from(ZONES),
)
def test_no_second_is_lost_or_counted_twice(first: int, quarters: int, interval: Interval, zone: str) -> None:
    since, until = first * QUARTER_S, (first + quarters) * QUARTER_S
    found = edges(since, until, interval, ZoneInfo(zone))
    assert found[0] == since
    assert found[-1] == until
    assert all(before < after for before, after in pairwise(found))
    assert all(edge % QUARTER_S == 0 for edge in found)
    if interval == "15min":
        assert len(found) == quarters + 1


@given(st.integers(1_700_000_000_000, 1_900_000_000_000), st.integers(1, 90_000_000))
def test_a_span_cut_at_quarters_adds_up_to_itself(start: int, lasts: int) -> None:
    parts = list(split_by_quarters(start, start + lasts))
    assert sum(ms for _, ms in parts) == lasts
    assert all(quarter % QUARTER_S == 0 and 0 < ms <= QUARTER_S * 1000 for quarter, ms in parts)
    assert len({quarter for quarter, _ in parts}) == len(parts)


def test_a_span_that_ends_on_a_quarter_does_not_touch_the_next() -> None:
    assert list(split_by_quarters(0, 900_000)) == [(0, 900_000)]
    assert list(split_by_quarters(899_999, 900_001)) == [(0, 1), (900, 1)]
    assert quarter_of(899.999) == 0
    assert quarter_of(900.0) == 900


def test_the_beginning_of_day_and_month() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    instant = at(shanghai, 2027, 5, 17, 13, 20)
    assert start_of(instant, "day", shanghai) == at(shanghai, 2027, 5, 17)
    assert start_of(instant, "month", shanghai) == at(shanghai, 2027, 5, 1)


def test_spans_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="whole quarters"):
        edges(1, 900, "day", UTC)
    with pytest.raises(ValueError, match="begins before"):
        edges(900, 900, "day", UTC)
    with pytest.raises(TooManyIntervalsError):
        edges(0, 900 * 30_000, "15min", UTC)
