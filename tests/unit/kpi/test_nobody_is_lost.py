"""The reconciliation of a span, and which convention holds."""

from __future__ import annotations

from ctiserver.kpi.booking import Reconciliation, booking_of


def test_who_waited_over_the_edges_is_accounted_for() -> None:
    row = Reconciliation(waiting_before=2, offered=10, answered=8, abandoned=1, overflowed=1, waiting_after=2)
    assert row.difference == 0


def test_a_lost_record_shows() -> None:
    row = Reconciliation(waiting_before=0, offered=10, answered=8, abandoned=1, overflowed=0, waiting_after=0)
    assert row.difference == 1


def test_the_convention_that_is_asked_for_goes_before_the_setting() -> None:
    assert booking_of("event", "cohort") == "event"
    assert booking_of("", "completion") == "completion"
    assert booking_of("", None) == "cohort"
