"""Next week by half-hour: how many will come, how many agents that asks for, and who kept to the plan. Pure.

A half-hour of next week is expected to bring what the same weekday and time of day brought on average in the last
weeks; times of day are local, so that a change of clocks shifts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

import msgspec

from ctiserver.kpi.intervals import QUARTER_S

HALF_HOUR_S: Final = 1800
DAYS: Final = 7


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A half-hour [start, start + 30 min) in UTC seconds. None: too few calls are known to say how long they take."""

    start: int
    expected: float
    agents_needed: int | None
    agents_planned: int


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """An agent is planned for [start, end), UTC seconds."""

    agent_id: int
    start: int
    end: int


def week_slots(first: date, timezone: tzinfo) -> list[int]:
    """The half-hours of seven local days, as instants; an hour that the clocks leave out is not among them."""
    begin, end = (
        _instant(datetime.combine(day, datetime.min.time()), timezone) for day in (first, first + timedelta(DAYS))
    )
    return list(range(begin, end, HALF_HOUR_S))


def expected(slot: int, offered: Mapping[int, int], weeks: int, timezone: tzinfo) -> float:
    """Mean of the same local half-hour in the `weeks` before; `offered` is by quarter of an hour in UTC."""
    if weeks <= 0:
        return 0.0
    local = datetime.fromtimestamp(slot, timezone).replace(tzinfo=None)
    starts = (_instant(local - timedelta(days=DAYS * week), timezone) for week in range(1, weeks + 1))
    return sum(offered.get(start, 0) + offered.get(start + QUARTER_S, 0) for start in starts) / weeks


def planned(slot: int, shifts: Sequence[Shift], able: frozenset[int]) -> int:
    """Agents of `able` who are planned for the whole half-hour."""
    return len({s.agent_id for s in shifts if s.agent_id in able and s.start <= slot and slot + HALF_HOUR_S <= s.end})


def shift_on(agent_id: int, day: date, since: int, until: int, timezone: tzinfo) -> Shift:
    """From minutes after local midnight; an end at or before the beginning is on the next day."""
    midnight = datetime.combine(day, datetime.min.time())
    last = until if until > since else until + 1440
    return Shift(
        agent_id=agent_id,
        start=_instant(midnight + timedelta(minutes=since), timezone),
        end=_instant(midnight + timedelta(minutes=last), timezone),
    )


def _instant(local: datetime, timezone: tzinfo) -> int:
    return int(local.replace(tzinfo=timezone).timestamp())
