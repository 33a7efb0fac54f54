"""What operations staff switch and plan from day to day: announcements, opening hours, odd days, who is on duty.

Kept in Postgres, changed through the API, and copied beside the spool so that a start without Postgres knows it too.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.ivr.emergency import Announcement


class CalendarSetup(msgspec.Struct, frozen=True, kw_only=True):
    """Opening hours under a name that flows use; written as in lines.yaml ("mon-fri" → "08:30-12:00, 13:30-17:30")."""

    name: str
    title: dict[str, str] = {}  # by language
    timezone: str = ""  # empty: the centre's
    weekly: dict[str, str] = {}
    holidays: Literal["china", "none"] = "china"
    holiday_hours: str = "closed"
    days: dict[str, str] = {}  # ISO date → hours; they overrule everything else
    version: int = 1


class DaySetup(msgspec.Struct, frozen=True, kw_only=True):
    """A day that differs from the published public calendar, for all calendars with China's holidays."""

    day: str  # ISO date
    kind: Literal["holiday", "working_day"]
    name: dict[str, str] = {}  # by language


class ShiftSetup(msgspec.Struct, frozen=True, kw_only=True):
    """A shift (班次), such as 早班: its hours by ISO weekday ("1" is Monday), "16:00-00:00" ends at midnight."""

    name: str
    hours: dict[str, str]


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """Who works a shift that begins on that day (班值)."""

    day: str  # ISO date
    shift: str
    agent_id: int


class HotlineSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, as of one revision; a higher one is newer."""

    revision: int = 0
    announcements: tuple[Announcement, ...] = ()
    calendars: tuple[CalendarSetup, ...] = ()
    days: tuple[DaySetup, ...] = ()
    shifts: tuple[ShiftSetup, ...] = ()
    duties: tuple[Duty, ...] = ()  # of yesterday, today and tomorrow
