"""Opening hours, odd days and shifts as they are entered: what a flow makes of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ctiserver.hotline_settings import CalendarSetup, DaySetup, Duty, HotlineSettings, ShiftSetup
from ctiserver.ivr.china_holidays import china_day_kind, last_published_year
from ctiserver.ivr.emergency import Announcement, to_be_heard
from ctiserver.ivr.nodes.hours import is_staffed
from ctiserver.ivr.opening_hours import opening_at
from ctiserver.ivr.staffing import calendar_of, calendars_of, holidays_with, on_duty, unknown_holidays

SHANGHAI = timezone(timedelta(hours=8))
OFFICE = CalendarSetup(name="office", weekly={"mon-fri": "08:30-17:30"})
NIGHT = ShiftSetup(name="night", hours={str(day): "22:00-06:00" for day in range(1, 8)})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def state(days: tuple[DaySetup, ...], moment: str) -> str:
    calendar = calendar_of(OFFICE, "Asia/Shanghai")
    return opening_at(calendar, at(moment), holidays_with(days, china_day_kind)).state


def test_a_day_entered_by_hand_overrules_the_public_calendar() -> None:
    assert state((), "2026-10-01T10:00") == "holiday"
    assert state((DaySetup(day="2026-10-01", kind="working_day"),), "2026-10-01T10:00") == "open"
    assert state((DaySetup(day="2026-11-23", kind="holiday"),), "2026-11-23T10:00") == "holiday"


def test_a_saturday_that_is_worked_has_mondays_hours() -> None:
    assert state((), "2026-11-21T10:00") == "closed"
    assert state((DaySetup(day="2026-11-21", kind="working_day"),), "2026-11-21T10:00") == "open"


@pytest.mark.parametrize(
    ("today", "missing"),
    [("2026-11-23", ""), ("2026-12-01", "2027"), ("2027-03-01", "2027"), ("2028-03-01", "2027, 2028")],
)
def test_years_whose_holidays_nobody_knows_are_named(today: str, missing: str) -> None:
    told = unknown_holidays(date.fromisoformat(today), 2026, ())
    assert (missing in told and "plain weekdays" in told) if missing else told == ""


def test_days_entered_by_hand_stand_in_for_a_year() -> None:
    assert unknown_holidays(date(2027, 3, 1), 2026, (DaySetup(day="2027-01-01", kind="holiday"),)) == ""
    assert last_published_year() >= 2026


def test_a_calendar_that_can_not_be_read_is_named_and_left_out() -> None:
    wrong = CalendarSetup(name="wrong", weekly={"someday": "08:00-09:00"})
    found, problems = calendars_of(HotlineSettings(calendars=(OFFICE, wrong)), "Asia/Shanghai")
    assert set(found) == {"office"}
    assert problems[0].startswith("wrong: ")


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("2026-11-23T21:59", frozenset[int]()),
        ("2026-11-23T22:00", frozenset({7})),
        ("2026-11-24T05:59", frozenset({7})),
        ("2026-11-24T06:00", frozenset[int]()),
        ("2026-11-26T05:00", None),
    ],
)
def test_a_night_shift_runs_into_the_next_day(moment: str, there: frozenset[int] | None) -> None:
    settings = HotlineSettings(shifts=(NIGHT,), duties=(Duty(day="2026-11-23", shift="night", agent_id=7),))
    assert on_duty(settings, at(moment), "Asia/Shanghai") == there
    assert on_duty(settings, at(moment).astimezone(UTC), "Asia/Shanghai") == there


@pytest.mark.parametrize(
    ("on_duty_now", "signed_in", "staffed"),
    [(0, 5, False), (1, 0, True), (None, 0, False), (None, 3, True), (None, None, True)],
)
def test_the_roster_goes_before_who_is_signed_in(on_duty_now: int | None, signed_in: int | None, staffed: bool) -> None:
    assert is_staffed({"on_duty": on_duty_now, "agents_signed_in": signed_in}) is staffed


def test_announcements_that_end_the_call_come_last() -> None:
    last = Announcement(id=1, title="closed", texts={"zh-CN": "今日停止服务。"}, hang_up=True)
    first = Announcement(id=2, title="burst", texts={"zh-CN": "正在抢修。"})
    assert [one.id for one in to_be_heard((last, first), 0.0, "96100", ())] == [2, 1]


def test_a_text_in_one_language_is_better_than_silence() -> None:
    (spoken,) = Announcement(id=1, title="x", texts={"zh-CN": "正在抢修。"}).utterances("en")
    assert getattr(spoken, "language", "") == "zh-CN"
