"""Story: from what the last hour and the same weekdays brought, how many agents the target takes now and next."""

from __future__ import annotations

import msgspec

from acd.erlang import agents_needed
from ctiserver.directory import Queue
from ctiserver.staffing import Advice, QueueFacts, advise

QUEUE = Queue(id="bills", name={}, skills={}, service_level_s=20.0, service_level_target=0.8)


def told(**facts: float | int | None) -> Advice:
    known = {"handled": 100, "mean_handling_s": 120.0, **facts}
    return advise(msgspec.convert(known, QueueFacts, strict=False), QUEUE)


def test_a_steady_hour_takes_what_erlang_says() -> None:
    advice = told(last_30_min=126, last_60_min=252)
    assert advice.per_hour_now == 252
    assert advice.agents_now == agents_needed(252, 120, 0.8, 20).agents == 12
    assert advice.agents_next_hour == advice.agents_now  # without history


def test_a_rush_of_the_last_half_hour_counts() -> None:
    assert told(last_30_min=200, last_60_min=252).per_hour_now == 326


def test_the_next_hour_follows_the_same_weekday_at_todays_level() -> None:
    facts = {"last_30_min": 60, "last_60_min": 120, "history_last_hour": 100.0, "history_next_hour": 200.0}
    assert told(**facts).per_hour_next == 240
    assert told(**{**facts, "last_60_min": 900}).per_hour_next == 400  # a freak hour is not carried on for ever
    assert told(**{**facts, "history_last_hour": None}).per_hour_next == 200


def test_impatient_callers_need_fewer_agents() -> None:
    patient = told(last_30_min=126, last_60_min=252)
    impatient = told(last_30_min=126, last_60_min=252, abandoned=50, waited_s=1500.0)
    assert impatient.patience_s == 30
    assert patient.agents_now is not None
    assert impatient.agents_now is not None
    assert impatient.agents_now < patient.agents_now
    assert told(last_60_min=252, abandoned=3, waited_s=90.0).patience_s is None  # three say nothing


def test_too_little_is_known() -> None:
    assert told(last_60_min=50, last_30_min=25, handled=2).agents_now is None
    assert told().agents_now == 0  # nobody rings
