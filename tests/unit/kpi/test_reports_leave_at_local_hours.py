"""When a scheduled report is due, and of which span it tells: over clocks that change, months that end early."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ctiserver.kpi.schedules import ReportSpan, Rule, next_after, span_at

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


def at(text: str, zone: ZoneInfo = BERLIN) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def local(instant: float, zone: ZoneInfo = BERLIN) -> str:
    return f"{datetime.fromtimestamp(instant, zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("rule", "now", "due"),
    [
        (Rule(every="daily", minute=450), "2027-06-01 07:29", "2027-06-01 07:30"),
        (Rule(every="daily", minute=450), "2027-06-01 07:30", "2027-06-02 07:30"),  # not twice in the same minute
        (Rule(every="daily", minute=450), "2027-03-27 12:00", "2027-03-28 07:30"),  # the day is an hour shorter
        (Rule(every="daily", minute=150), "2027-03-27 12:00", "2027-03-28 03:30"),  # 2:30 is left out
        (Rule(every="daily", minute=150), "2027-03-28 03:30", "2027-03-29 02:30"),
        (Rule(every="daily", minute=150), "2027-10-30 12:00", "2027-10-31 02:30"),  # comes twice: the first counts
        (Rule(every="weekly", minute=0, weekday=1), "2027-06-01 00:00", "2027-06-07 00:00"),
        (Rule(every="monthly", minute=60, month_day=31), "2027-02-01 00:00", "2027-02-28 01:00"),
        (Rule(every="monthly", minute=60, month_day=31), "2028-02-28 02:00", "2028-02-29 01:00"),
        (Rule(every="monthly", minute=60, month_day=1), "2027-12-01 01:00", "2028-01-01 01:00"),
    ],
)
def test_due(rule: Rule, now: str, due: str) -> None:
    assert local(next_after(at(now), rule, BERLIN)) == due


def test_the_hour_that_comes_twice_brings_one_report() -> None:
    rule, found = Rule(every="daily", minute=150), [at("2027-10-30 12:00")]
    for _ in range(3):
        found.append(next_after(found[-1], rule, BERLIN))
    assert [local(due) for due in found[1:]] == ["2027-10-31 02:30", "2027-11-01 02:30", "2027-11-02 02:30"]


@pytest.mark.parametrize(
    ("span", "since", "until"),
    [
        ("today", "2027-03-29 00:00", "2027-03-30 00:00"),
        ("yesterday", "2027-03-28 00:00", "2027-03-29 00:00"),  # of 23 hours
        ("last_week", "2027-03-22 00:00", "2027-03-29 00:00"),
        ("last_month", "2027-02-01 00:00", "2027-03-01 00:00"),
        ("this_month", "2027-03-01 00:00", "2027-03-30 00:00"),
    ],
)
def test_span(span: ReportSpan, since: str, until: str) -> None:
    found = span_at(int(at("2027-03-29 06:00")), span, BERLIN)
    assert (local(found[0]), local(found[1])) == (since, until)
    assert found[0] % 900 == found[1] % 900 == 0
