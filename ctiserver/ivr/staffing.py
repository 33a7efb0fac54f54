"""Opening hours, days and shifts as people plan them, made into what flows ask: open? anybody there? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ctiserver.hotline_settings import CalendarSetup, DaySetup, Duty, HotlineSettings, ShiftSetup
from ctiserver.ivr import opening_hours
from ctiserver.ivr.opening_hours import Calendar, DayKind, HolidayTable

SATURDAY = 5
NEXT_YEAR_BY_MONTH = 12
"""The State Council publishes next year's holidays in November: from December on they are missed."""


def calendar_of(setup: CalendarSetup, timezone: str) -> Calendar:
    """Raises ValueError with a sentence for people; `timezone` is the centre's."""
    return Calendar(
        timezone=opening_hours.zone(setup.timezone or timezone),
        weekly={opening_hours.weekdays(days): opening_hours.ranges(hours) for days, hours in setup.weekly.items()},
        holidays=setup.holidays,
        holiday_hours=opening_hours.ranges(setup.holiday_hours),
        days={opening_hours.day(day): opening_hours.ranges(hours) for day, hours in setup.days.items()},
    )


def calendars_of(settings: HotlineSettings, timezone: str) -> tuple[dict[str, Calendar], list[str]]:
    """By name, and what is wrong with those that can't be used: they are checked before they are stored."""
    found: dict[str, Calendar] = {}
    problems: list[str] = []
    for setup in settings.calendars:
        try:
            found[setup.name] = calendar_of(setup, timezone)
        except ValueError as error:
            problems.append(f"{setup.name}: {error}")
    return found, problems


def holidays_with(days: Sequence[DaySetup], published: HolidayTable) -> HolidayTable:
    """The public calendar with what was entered by hand on top."""
    entered: dict[date, DayKind | None] = {}
    for setup in days:
        day = date.fromisoformat(setup.day)
        working: DayKind | None = "makeup" if day.weekday() >= SATURDAY else None
        entered[day] = "holiday" if setup.kind == "holiday" else working

    def kind_of(day: date) -> DayKind | None:
        return entered[day] if day in entered else published(day)

    return kind_of


def unknown_holidays(today: date, last_published: int, days: Sequence[DaySetup]) -> str:
    """What is wrong with what we know of China's holidays; "" is good news. `last_published` is a year."""
    needed = today.year + 1 if today.month >= NEXT_YEAR_BY_MONTH else today.year
    by_hand = {int(setup.day[:4]) for setup in days if setup.kind == "holiday"}
    missing = [year for year in range(last_published + 1, needed + 1) if year not in by_hand]
    if not missing:
        return ""
    return (
        f"China's holidays of {', '.join(map(str, missing))} are not known: plain weekdays apply — "
        "update chinesecalendar, or enter the days under calendars"
    )


def span_of(hours: str) -> list[tuple[int, int]]:
    """ "08:00-16:00" in minutes after midnight; an end at or before the beginning is on the next day."""
    return list(opening_hours.ranges(hours).spans)


def on_duty(settings: HotlineSettings, now: datetime, timezone: str) -> frozenset[int] | None:
    """Agents whose shift runs at `now`; None where nobody planned anything for today or yesterday."""
    local = now.astimezone(ZoneInfo(timezone))
    days = {(local.date() - timedelta(days=back)).isoformat() for back in (0, 1)}
    planned = [duty for duty in settings.duties if duty.day in days]
    if not planned:
        return None
    shifts = {shift.name: shift for shift in settings.shifts}
    return frozenset(duty.agent_id for duty in planned if _runs(duty, shifts.get(duty.shift), local))


def _runs(duty: Duty, shift: ShiftSetup | None, local: datetime) -> bool:
    if shift is None:
        return False
    day = date.fromisoformat(duty.day)
    midnight = datetime.combine(day, time(), local.tzinfo)
    spans = span_of(shift.hours.get(str(day.isoweekday()), "closed"))
    return any(midnight + timedelta(minutes=begin) <= local < midnight + timedelta(minutes=end) for begin, end in spans)
