"""China's public holidays and make-up working days as a HolidayTable. Years that aren't published yet have none."""

from __future__ import annotations

from datetime import date

from chinese_calendar import constants  # pyright: ignore[reportMissingTypeStubs] - it has inline types only

from ctiserver.ivr.opening_hours import DayKind


def china_day_kind(day: date) -> DayKind | None:
    if day in constants.holidays:
        return "holiday"
    return "makeup" if day in constants.workdays else None


def last_published_year() -> int:
    """The last year whose holidays this installation knows."""
    return max(constants.holidays).year
