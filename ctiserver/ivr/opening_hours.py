"""Opening hours: weekly ranges, public holidays with make-up working days, and single days set by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

DayKind: TypeAlias = Literal["holiday", "makeup"]
HolidayTable: TypeAlias = Callable[[date], DayKind | None]
"""What a date is in the public calendar: a holiday, a working day that makes up for one, or neither (None)."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HORIZON_DAYS = 400
_RANGE = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class Weekdays(str):
    """`mon-fri`, `sat`, `sat,sun`."""

    __slots__ = ()

    def indexes(self) -> tuple[int, ...]:
        """0 is Monday. Raises ValueError."""
        days: list[int] = []
        for part in self.split(","):
            first, dash, last = (word.strip().lower() for word in part.partition("-"))
            begin, end = _weekday(first), _weekday(last if dash else first)
            days.extend(day % 7 for day in range(begin, end + 1 if end >= begin else end + 8))
        return tuple(days)


class Day(str):
    """An ISO date, `2026-10-01`."""

    __slots__ = ()


class Ranges(msgspec.Struct, frozen=True):
    """Open from, to in minutes after midnight; `to` may lie beyond 1440 for a range that ends on the next day."""

    spans: tuple[tuple[int, int], ...] = ()


class Zone(str):
    """An IANA time zone."""

    __slots__ = ()


class Calendar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`days` overrule everything else; on a make-up working day the hours of a Monday apply."""

    timezone: Zone = Zone("Asia/Shanghai")
    weekly: dict[Weekdays, Ranges]
    holidays: Literal["china", "none"] = "china"
    holiday_hours: Ranges = Ranges()
    days: dict[Day, Ranges] = {}


class Opening(msgspec.Struct, frozen=True):
    """`opens` is the next opening when not open (None: not within a year), `closes` the end of the present opening."""

    state: Literal["open", "closed", "holiday"]
    opens: datetime | None = None
    closes: datetime | None = None


def opening_at(calendar: Calendar, now: datetime, holidays: HolidayTable) -> Opening:
    """How things stand at `now` (an aware datetime)."""
    local = now.astimezone(ZoneInfo(calendar.timezone))
    table = holidays if calendar.holidays == "china" else _no_holidays
    today = local.date()
    for day in (today - timedelta(days=1), today):
        for begin, end in _openings(calendar, day, local, table):
            if begin <= local < end:
                return Opening("open", closes=end)
    is_holiday = table(today) == "holiday" and Day(today.isoformat()) not in calendar.days
    return Opening("holiday" if is_holiday else "closed", opens=_next_opening(calendar, local, table))


def _next_opening(calendar: Calendar, local: datetime, holidays: HolidayTable) -> datetime | None:
    for ahead in range(_HORIZON_DAYS):
        day = local.date() + timedelta(days=ahead)
        for begin, _ in sorted(_openings(calendar, day, local, holidays)):
            if begin > local:
                return begin
    return None


def _openings(
    calendar: Calendar, day: date, local: datetime, holidays: HolidayTable
) -> list[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time(), local.tzinfo)
    spans = _ranges_of(calendar, day, holidays).spans
    return [(midnight + timedelta(minutes=begin), midnight + timedelta(minutes=end)) for begin, end in spans]


def _ranges_of(calendar: Calendar, day: date, holidays: HolidayTable) -> Ranges:
    single = calendar.days.get(Day(day.isoformat()))
    if single is not None:
        return single
    kind = holidays(day)
    if kind == "holiday":
        return calendar.holiday_hours
    weekday = 0 if kind == "makeup" else day.weekday()
    spans = [span for days, ranges in calendar.weekly.items() if weekday in days.indexes() for span in ranges.spans]
    return Ranges(tuple(sorted(spans)))


def _no_holidays(day: date) -> DayKind | None:
    return None


def _weekday(name: str) -> int:
    if name not in WEEKDAYS:
        raise ValueError(f'"{name}" is not a weekday: {", ".join(WEEKDAYS)}')
    return WEEKDAYS.index(name)


def weekdays(text: str) -> Weekdays:
    days = Weekdays(text)
    days.indexes()
    return days


def day(text: str) -> Day:
    try:
        return Day(date.fromisoformat(text).isoformat())
    except ValueError as error:
        raise ValueError(f'"{text}" is not a date such as 2026-10-01') from error


def zone(text: str) -> Zone:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, LookupError) as error:
        raise ValueError(f'"{text}" is not a time zone such as Asia/Shanghai') from error
    return Zone(text)


def ranges(text: str) -> Ranges:
    """`08:30-12:00, 13:30-17:30`, or `closed`. Raises ValueError."""
    if text.strip() in ("", "closed"):
        return Ranges()
    spans: list[tuple[int, int]] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise ValueError(f'"{part.strip()}" is not a range such as 08:30-17:30')
        begin, end = _minute(match.group(1), match.group(2)), _minute(match.group(3), match.group(4))
        spans.append((begin, end if end > begin else end + 1440))
    return Ranges(tuple(spans))


def _minute(hour: str, minute: str) -> int:
    if int(minute) > 59 or int(hour) * 60 + int(minute) > 1440:
        raise ValueError(f'"{hour}:{minute}" is not a time of day')
    return int(hour) * 60 + int(minute)
