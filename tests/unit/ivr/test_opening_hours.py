"""When we are open: weekdays, nights, public holidays, make-up working days, days set by hand."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ctiserver.ivr.china_holidays import china_day_kind
from ctiserver.ivr.flow import no_holidays
from ctiserver.ivr.flow_file import build_flow_set
from ctiserver.ivr.opening_hours import Calendar, opening_at
from tests.unit.ivr.flow_texts import flow_set, ring

CALENDARS = """
lines: {}
calendars:
  office:
    weekly: {mon-fri: "08:30-12:00, 13:30-17:30", sat: "09:00-12:00"}
    days: {2026-12-24: closed, 2026-10-02: "10:00-11:00"}
  night: {weekly: {fri-sun: "22:00-06:00"}, holidays: none}
  always: {weekly: {mon-sun: "00:00-24:00"}, holidays: none}
  never: {weekly: {}}
  service: {weekly: {mon-sun: "08:00-20:00"}, holiday_hours: "09:00-17:00"}
"""


@pytest.fixture(scope="module")
def calendars() -> dict[str, Calendar]:
    flows = build_flow_set({"a.yaml": "flow: a\nentry: x\nnodes: {x: {hang_up: }}", "lines.yaml": CALENDARS})
    return dict(flows.calendars)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("calendar", "moment", "state", "opens"),
    [
        ("office", "2026-11-23T08:29", "closed", "2026-11-23T08:30"),
        ("office", "2026-11-23T08:30", "open", None),
        ("office", "2026-11-23T11:59", "open", None),
        ("office", "2026-11-23T12:00", "closed", "2026-11-23T13:30"),
        ("office", "2026-11-23T17:30", "closed", "2026-11-24T08:30"),
        ("office", "2026-11-28T11:00", "open", None),  # Saturday
        ("office", "2026-11-28T15:00", "closed", "2026-11-30T08:30"),
        ("office", "2026-10-01T10:00", "holiday", "2026-10-02T10:00"),
        ("office", "2026-10-02T10:30", "open", None),  # set by hand
        ("office", "2026-10-10T15:00", "open", None),  # a Saturday that makes up for a holiday
        ("office", "2026-12-24T10:00", "closed", "2026-12-25T08:30"),
        ("service", "2026-10-01T10:00", "open", None),
        ("service", "2026-10-01T18:00", "holiday", "2026-10-02T09:00"),
        ("night", "2026-11-27T23:00", "open", None),  # Friday
        ("night", "2026-11-28T05:59", "open", None),
        ("night", "2026-11-30T05:59", "open", None),  # Monday, from Sunday night
        ("night", "2026-11-30T06:00", "closed", "2026-12-04T22:00"),
        ("always", "2026-11-23T00:00", "open", None),
        ("always", "2026-11-23T23:59", "open", None),
        ("never", "2026-11-23T12:00", "closed", None),
    ],
)
def test_open_or_not_and_when_next(
    calendars: dict[str, Calendar], calendar: str, moment: str, state: str, opens: str | None
) -> None:
    opening = opening_at(calendars[calendar], at(moment), china_day_kind)
    assert opening.state == state
    assert opening.opens == (at(opens) if opens else None)


def test_the_clock_of_the_calendar_counts_and_not_that_of_the_server(calendars: dict[str, Calendar]) -> None:
    in_utc = datetime.fromisoformat("2026-11-23T00:30+00:00")
    opening = opening_at(calendars["office"], in_utc, no_holidays)
    assert opening.state == "open"
    assert opening.closes == at("2026-11-23T12:00")


def test_china_s_holidays_and_years_that_are_not_published() -> None:
    assert china_day_kind(date(2026, 10, 1)) == "holiday"
    assert china_day_kind(date(2026, 10, 10)) == "makeup"
    assert china_day_kind(date(2026, 11, 23)) is None
    assert china_day_kind(date(2050, 10, 1)) is None


HOURS = """
entry: open?
nodes:
  open?: {hours: {calendar: office, open: people, closed: night, holiday: feast}}
  night: {hang_up: "我们{hours.opens|when}开始服务"}
  feast: {hang_up: 节日}
  people: {queue: service}
"""


def test_the_flow_says_when_we_open() -> None:
    flows = flow_set(HOURS, lines=CALENDARS)
    assert ring(flows, at=at("2026-11-23T20:00")).heard == ["我们明天上午八点三十分开始服务"]
    assert ring(flows, at=at("2026-10-01T10:00")).heard == ["节日"]
    assert ring(flows, at=at("2026-11-23T10:00")).visited == ["open?", "people", "queue service"]
