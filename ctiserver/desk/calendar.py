"""Which time counts: every minute, or only that of working days, with public holidays and make-up days (调休).

                    Fri             Sat   Sun   Mon
    working day     ████████████████            ████████████
    due of "2 days" ──from 15:20──▶·············▶──15:20▶ …   the 24 hours of each working day count, others do not

Instants are UTC seconds since 1970; days are those of the calendar's time zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Counting = Literal["all", "working_days"]
PublicDay = Literal["holiday", "makeup"]
PublicDays = Callable[[date], PublicDay | None]

DAY_S = 86_400
LONGEST_DAYS = 1_500  # a calendar without a working day in four years is a mistake, not a deadline


def no_public_days(_day: date) -> PublicDay | None:
    return None


@dataclass(frozen=True)
class WorkCalendar:
    """`days` (set by people: True is worked) overrule `public`, which overrules the weekday (0 is Monday)."""

    timezone: ZoneInfo
    public: PublicDays = no_public_days
    days: Mapping[date, bool] = field(default_factory=dict[date, bool])
    weekdays: frozenset[int] = frozenset(range(5))

    def is_working_day(self, day: date) -> bool:
        chosen = self.days.get(day)
        if chosen is not None:
            return chosen
        public = self.public(day)
        return public == "makeup" if public is not None else day.weekday() in self.weekdays

    def local(self, instant: float) -> datetime:
        return datetime.fromtimestamp(instant, self.timezone)

    def next_working_day(self, instant: float) -> float:
        """The first instant of the working day after the local day of `instant`. Raises ValueError."""
        today = self.local(instant).date()
        for ahead in range(1, LONGEST_DAYS):
            if self.is_working_day(today + timedelta(days=ahead)):
                return self._midnight(today + timedelta(days=ahead))
        raise ValueError("the calendar has no working day within four years")

    def due(self, counting: Counting, start: float, budget_s: float) -> float:
        """The instant at which `budget_s` seconds have counted since `start`. Raises ValueError."""
        if counting == "all" or budget_s <= 0:
            return start + max(budget_s, 0.0)
        left = budget_s
        for begin, end in self._working_spans(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise ValueError("the calendar has too few working days for this deadline")

    def counted(self, counting: Counting, since: float, until: float) -> float:
        """Seconds between the two instants that count; 0 if they are in the wrong order."""
        if until <= since:
            return 0.0
        if counting == "all":
            return until - since
        total = 0.0
        for begin, end in self._working_spans(since):
            if begin >= until:
                break
            total += min(end, until) - begin
        return total

    def _working_spans(self, since: float) -> Iterator[tuple[float, float]]:
        """What is left of each working day from `since` on."""
        day = self.local(since).date()
        for _ in range(LONGEST_DAYS):
            if self.is_working_day(day):
                yield max(since, self._midnight(day)), self._midnight(day + timedelta(days=1))
            day += timedelta(days=1)

    def _midnight(self, day: date) -> float:
        return datetime.combine(day, time(), self.timezone).timestamp()
