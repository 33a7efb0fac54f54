"""Story: a deadline of working days skips weekends and holidays, counts make-up days, and is right to the minute."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctiserver.desk.calendar import WorkCalendar
from tests.unit.desk.desk_rules import CALENDAR, SHANGHAI, at

MINUTE = 60
START = int(at("2026-09-15 00:00"))
instants = st.integers(0, 35 * 1440).map(lambda minutes: float(START + minutes * MINUTE))


def naive_count(since: float, until: float) -> int:
    """Seconds, minute by minute: does the minute lie in a working day?"""
    total = 0
    while since < until:
        total += MINUTE * CALENDAR.is_working_day(datetime.fromtimestamp(since, SHANGHAI).date())
        since += MINUTE
    return total


def naive_due(start: float, minutes: int) -> float:
    while minutes:
        minutes -= CALENDAR.is_working_day(datetime.fromtimestamp(start, SHANGHAI).date())
        start += MINUTE
    return start


@settings(max_examples=30, deadline=None)
@given(instants, st.integers(0, 12 * 1440))
def test_counting_equals_the_naive_count(since: float, minutes: int) -> None:
    until = since + minutes * MINUTE
    assert CALENDAR.counted("working_days", since, until) == naive_count(since, until)


@settings(max_examples=30, deadline=None)
@given(instants, st.integers(1, 6 * 1440))
def test_the_due_instant_equals_the_naive_one(start: float, minutes: int) -> None:
    assert CALENDAR.due("working_days", start, minutes * MINUTE) == naive_due(start, minutes)


@settings(deadline=None)
@given(instants, st.integers(0, 30 * 1440))
def test_due_and_counted_are_each_others_inverse(start: float, minutes: int) -> None:
    due = CALENDAR.due("working_days", start, minutes * MINUTE)
    assert CALENDAR.counted("working_days", start, due) == minutes * MINUTE


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-09-18 15:20", 1, "2026-09-20 15:20"),  # Friday → the Sunday that is worked
        ("2026-09-30 15:20", 2, "2026-10-09 15:20"),  # the holiday does not count: one day is left on the 8th
        ("2026-10-09 09:00", 2, "2026-10-12 09:00"),  # Saturday the 10th is a make-up day, Sunday the 11th is free
        ("2026-10-03 12:00", 1, "2026-10-09 00:00"),  # begins in the holiday: the 8th counts whole
    ],
)
def test_around_national_day(start: str, days: int, due: str) -> None:
    assert CALENDAR.due("working_days", at(start), days * 86_400) == at(due)


def test_people_overrule_the_public_calendar() -> None:
    changed = WorkCalendar(SHANGHAI, CALENDAR.public, {date(2026, 10, 10): False, date(2026, 10, 11): True})
    assert not changed.is_working_day(date(2026, 10, 10))
    assert changed.next_working_day(at("2026-10-09 18:00")) == at("2026-10-11 00:00")


def test_a_calendar_without_working_days_is_refused() -> None:
    never = WorkCalendar(SHANGHAI, weekdays=frozenset())
    with pytest.raises(ValueError, match="too few working days"):
        never.due("working_days", START, 1.0)
    with pytest.raises(ValueError, match="no working day"):
        never.next_working_day(START)


def test_every_minute_counts_for_minutes() -> None:
    assert CALENDAR.due("all", START, 90.0) == START + 90.0
    assert CALENDAR.counted("all", START, START - timedelta(days=1).total_seconds()) == 0.0
