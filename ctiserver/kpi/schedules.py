"""When a report leaves by itself, and of which span it tells. Pure; instants are UTC seconds.

Hours are local: a report of 7:30 comes at 7:30 in summer and in winter. An hour that the clocks leave out is the one
after it; of one that happens twice the first counts. A month without a 31st has it on its last day.
"""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Literal

import msgspec

from ctiserver.kpi.intervals import start_of

Every = Literal["daily", "weekly", "monthly"]
ReportSpan = Literal["today", "yesterday", "last_week", "last_month", "this_month"]
SPANS: Final[tuple[ReportSpan, ...]] = ("today", "yesterday", "last_week", "last_month", "this_month")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """`weekday`: 1 is Monday, of weekly ones; `month_day`: 1 to 31, of monthly ones; `minute` after local midnight."""

    every: Every
    minute: int
    weekday: int = 1
    month_day: int = 1


def next_after(instant: float, rule: Rule, timezone: tzinfo) -> int:
    """The first time after the instant."""
    day = datetime.fromtimestamp(instant, timezone).date()
    while True:
        if _is_on(day, rule) and (found := _at(day, rule.minute, timezone)) > instant:
            return found
        day += timedelta(days=1)


def span_at(instant: int, span: ReportSpan, timezone: tzinfo) -> tuple[int, int]:
    """[since, until) of a report that leaves at the instant; what is not over yet ends with the day."""
    today = start_of(instant, "day", timezone)
    match span:
        case "today":
            return today, _day_after(today, timezone)
        case "yesterday":
            return start_of(today - 1, "day", timezone), today
        case "last_week":
            monday = start_of(instant, "week", timezone)
            return start_of(monday - 1, "week", timezone), monday
        case "last_month":
            first = start_of(instant, "month", timezone)
            return start_of(first - 1, "month", timezone), first
        case "this_month":
            return start_of(instant, "month", timezone), _day_after(today, timezone)


def _is_on(day: date, rule: Rule) -> bool:
    if rule.every == "weekly":
        return day.isoweekday() == rule.weekday
    if rule.every == "monthly":
        return day.day == min(rule.month_day, calendar.monthrange(day.year, day.month)[1])
    return True


def _at(day: date, minute: int, timezone: tzinfo) -> int:
    return int(datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=timezone).timestamp())


def _day_after(midnight: int, timezone: tzinfo) -> int:
    day = datetime.fromtimestamp(midnight, timezone).date() + timedelta(days=1)
    return _at(day, 0, timezone)
