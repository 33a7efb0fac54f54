"""Half-open intervals of local time as UTC instants: quarters and half hours, hours, days, weeks, months, years.

Every edge lies on a quarter of an hour in UTC, because all time zones in use are whole quarters away from it and change
their offset on one. So figures that are booked by quarter of an hour in UTC add up exactly to any of these, on days of
23, 24 and 25 hours alike. The hour that happens twice in autumn is two rows; the one that is left out in spring none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Literal

QUARTER_S: Final = 900
MOST_INTERVALS: Final = 20_000

Interval = Literal["total", "15min", "30min", "hour", "day", "week", "month", "year"]
_MINUTES: Final[dict[str, int]] = {"15min": 15, "30min": 30, "hour": 60}


class TooManyIntervalsError(ValueError):
    """The span has more than MOST_INTERVALS of them."""


def edges(since: int, until: int, interval: Interval, timezone: tzinfo) -> list[int]:
    """The edges of all intervals that [since, until) touches, cut to it: n + 1 instants for n intervals.

    `since` and `until` are whole quarters of an hour. Raises ValueError for others, TooManyIntervalsError.
    """
    if since % QUARTER_S or until % QUARTER_S or since >= until:
        raise ValueError("a span begins before it ends, both at whole quarters of an hour")
    found = [since]
    for edge in _inner(since, until, interval, timezone):
        found.append(edge)
        if len(found) > MOST_INTERVALS:
            raise TooManyIntervalsError(f"more than {MOST_INTERVALS} intervals")
    return [*found, until]


def start_of(instant: float, interval: Interval, timezone: tzinfo) -> int:
    """The beginning of the interval that holds the instant (of day, week, month or year)."""
    return _midnight(_first_day(datetime.fromtimestamp(instant, timezone).date(), interval), timezone)


def quarter_of(instant: float) -> int:
    """The beginning of the quarter of an hour in UTC that holds the instant."""
    return int(instant // QUARTER_S) * QUARTER_S


def split_by_quarters(start_ms: int, end_ms: int) -> Iterator[tuple[int, int]]:
    """[start, end), both milliseconds since 1970, cut at the quarters of an hour in UTC: the beginning of each quarter
    in seconds, and the milliseconds in it."""
    quarter_ms = start_ms // (QUARTER_S * 1000) * QUARTER_S * 1000
    while quarter_ms < end_ms:
        following = quarter_ms + QUARTER_S * 1000
        yield quarter_ms // 1000, min(end_ms, following) - max(start_ms, quarter_ms)
        quarter_ms = following


def _inner(since: int, until: int, interval: Interval, timezone: tzinfo) -> Iterator[int]:
    if interval == "total":
        return
    if minutes := _MINUTES.get(interval):
        for instant in range(since + QUARTER_S, until, QUARTER_S):
            local = datetime.fromtimestamp(instant, timezone)
            if (local.hour * 60 + local.minute) % minutes == 0 or _offset_changed(instant, timezone):
                yield instant
        return
    day = _first_day(datetime.fromtimestamp(since, timezone).date(), interval)
    while (instant := _midnight(day := _next(day, interval), timezone)) < until:
        if instant > since:
            yield instant


def _offset_changed(instant: int, timezone: tzinfo) -> bool:
    """Clocks that change by less than the interval begin a new one: the local hour is cut short or goes on."""
    before = datetime.fromtimestamp(instant - 1, timezone).utcoffset()
    after = datetime.fromtimestamp(instant, timezone).utcoffset()
    return before != after and before is not None and after is not None and bool((after - before) % timedelta(hours=1))


def _first_day(day: date, interval: Interval) -> date:
    match interval:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def _next(day: date, interval: Interval) -> date:
    match interval:
        case "week":
            return day + timedelta(days=7)
        case "month":
            return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        case "year":
            return day.replace(year=day.year + 1, month=1, day=1)
        case _:
            return day + timedelta(days=1)


def _midnight(day: date, timezone: tzinfo) -> int:
    """Where midnight is left out by the clocks, the instant of the change; where it happens twice, the first."""
    return int(datetime(day.year, day.month, day.day, tzinfo=timezone).timestamp())
