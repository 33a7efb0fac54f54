"""Figures of the day: the local one, whenever the disk or the next caller comes."""

from __future__ import annotations

from datetime import datetime

from ctiserver.call.events import DigitReceived, QueueEntered, Step
from ctiserver.live.statistics import TodayStatistics
from ctiserver.timezones import load_timezone

SHANGHAI = load_timezone("Asia/Shanghai")
MIDNIGHT = datetime(2026, 3, 2, tzinfo=SHANGHAI).timestamp()


def entered(at: float) -> Step:
    return Step(at=at, subject="c", input=DigitReceived(digit="1"), facts=(QueueEntered(queue_id="service"),))


def figures() -> TodayStatistics:
    return TodayStatistics(SHANGHAI, dict)


def test_yesterday_is_gone_at_local_midnight_though_nobody_calls() -> None:
    today = figures()
    today.take([entered(MIDNIGHT - 60), entered(MIDNIGHT - 30)])
    today.begin_day(MIDNIGHT - 1)
    assert today.queue("service").offered == 2
    today.begin_day(MIDNIGHT)
    assert today.queue("service").offered == 0


def test_what_reaches_the_disk_after_midnight_belongs_to_the_day_before() -> None:
    today = figures()
    today.begin_day(MIDNIGHT + 1)
    today.take([entered(MIDNIGHT - 0.01), entered(MIDNIGHT)])
    assert today.queue("service").offered == 1


def test_clocks_that_go_forward_make_the_day_shorter() -> None:
    zone = load_timezone("Europe/Berlin")
    today = TodayStatistics(zone, dict)
    short_day = datetime(2026, 3, 29, tzinfo=zone).timestamp()
    today.take([entered(short_day + 60)])
    today.begin_day(short_day + 23 * 3600)
    assert today.queue("service").offered == 0
