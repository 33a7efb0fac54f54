"""Story: the main line and its side paths, with the clocks that belong to them."""

from __future__ import annotations

import msgspec
import pytest

from ctiserver.desk.deadlines import EscalationRule, alarms
from ctiserver.desk.decide import decide, refresh_deadlines
from ctiserver.desk.words import Action, Actor
from ctiserver.desk.work_order import Request, TransitionRefused, Who, WorkOrder
from tests.unit.desk.desk_rules import NOW, RULES, ask, at, one, run

HOUR = 3600.0
LEAK = WorkOrder(category="repair.leak", changed_at=NOW)
BILL = WorkOrder(category="bill", changed_at=NOW)


def refusal(order: WorkOrder, request: Request, now: float = NOW) -> TransitionRefused:
    with pytest.raises(TransitionRefused) as caught:
        one(order, request, now)
    return caught.value


def due(order: WorkOrder, stage: str) -> float | None:
    return next(clock.due_at for clock in order.clocks if clock.stage == stage)


def met(order: WorkOrder, stage: str) -> bool | None:
    return next(clock.met for clock in order.clocks if clock.stage == stage)


def test_from_ring_to_archive() -> None:
    order = run(LEAK, "submit", "request_dispatch", "dispatch", "sign", "arrive", "begin", "reply", step_s=600)
    assert (order.state, met(order, "respond"), met(order, "arrive"), met(order, "finish")) == (
        "replied", True, True, True,
    )  # fmt: skip
    order = run(order, "review", "approve", now=NOW + HOUR)
    assert due(order, "follow_up") == at("2026-10-08 16:20")  # Wednesday and, after the holiday, Thursday
    order = run(order, "confirm", "archive", now=NOW + 2 * HOUR)
    assert (order.state, met(order, "follow_up"), order.round) == ("archived", True, 1)


def test_the_most_specific_deadline_holds() -> None:
    assert due(run(LEAK, "submit"), "finish") == NOW + 24 * HOUR
    assert due(run(BILL, "submit"), "finish") == at("2026-10-12 15:20")  # 29, 30, 8, 9, make-up 10: five days in all
    assert due(run(BILL, "submit"), "reply") == at("2026-10-15 00:00")  # seven whole days from the 30th on
    assert due(run(WorkOrder(urgency="critical"), "submit"), "respond") == NOW + 600
    assert all(clock.stage != "arrive" for clock in run(BILL, "submit").clocks)


def test_suspended_time_does_not_count() -> None:
    order = run(LEAK, "submit", "dispatch", "sign")
    suspended = run(order, "suspend", now=NOW + HOUR)
    assert due(suspended, "finish") is None
    resumed = run(suspended, "resume", now=NOW + 50 * HOUR)
    assert (resumed.state, due(resumed, "finish")) == ("signed", NOW + 73 * HOUR)


def test_a_clock_that_starts_tomorrow_does_not_begin_early_by_a_suspension() -> None:
    order = run(BILL, "submit", "dispatch", "suspend")
    assert due(run(order, "resume", now=NOW + 60), "reply") == at("2026-10-15 00:00")


def test_a_unit_returns_a_wrong_dispatch_but_not_for_ever() -> None:
    order = run(LEAK, "submit", "dispatch")
    again = run(order, "return", "dispatch", "return", "dispatch")
    assert (again.returns, refusal(again, ask("return")).why) == (2, "return_limit")
    assert refusal(order, ask("return"), at("2026-10-09 00:00")).why == "return_too_late"
    forced = one(run(LEAK, "submit"), Request(action="dispatch", unit="east", forced=True)).order
    assert refusal(forced, ask("return")).why == "return_forced"


def test_an_extension_is_asked_before_it_is_due_and_granted_by_the_desk() -> None:
    order = run(LEAK, "submit", "dispatch", "sign", "ask_extension")
    assert refusal(order, ask("ask_extension")).why == "extension_pending"
    assert due(run(order, "grant_extension"), "finish") == NOW + 25 * HOUR
    refused = run(order, "refuse_extension")
    assert (due(refused, "finish"), refused.extension) == (NOW + 24 * HOUR, None)
    assert refusal(refused, ask("grant_extension")).why == "no_extension"
    assert refusal(refused, ask("ask_extension"), NOW + 25 * HOUR).why == "extension_too_late"
    long = Request(action="ask_extension", reason="r", seconds=60 * 86_400.0)
    assert refusal(refused, long).why == "extension_too_long"
    twice = run(order, "grant_extension", "ask_extension", "grant_extension")
    assert refusal(twice, ask("ask_extension")).why == "extension_limit"


def test_an_unsatisfied_customer_starts_a_new_round() -> None:
    line: tuple[Action, ...] = ("submit", "dispatch", "sign", "begin", "reply", "review", "approve")
    order = run(run(LEAK, *line), "redo", now=NOW + 30 * HOUR)
    assert (order.state, order.round, order.unit) == ("pending_dispatch", 2, "")
    assert due(order, "finish") == NOW + 54 * HOUR


def test_urging_is_counted_and_resets_nothing() -> None:
    order = run(LEAK, "submit", "dispatch")
    urged = run(order, "urge", "urge", now=NOW + HOUR)
    assert (urged.urges, urged.clocks, urged.state) == (2, order.clocks, "dispatched")


def test_a_reply_that_is_sent_back_runs_on_with_what_was_left() -> None:
    order = run(run(LEAK, "submit", "dispatch", "sign", "begin"), "reply", now=NOW + 10 * HOUR)
    back = run(order, "send_back", now=NOW + 20 * HOUR)
    assert (back.state, due(back, "finish")) == ("processing", NOW + 34 * HOUR)


def test_merged_into_an_incident_and_separated_again() -> None:
    order = run(run(LEAK, "submit"), "merge", now=NOW + HOUR)
    assert (order.state, order.parent_id, due(order, "finish")) == ("merged", 9, None)
    apart = run(order, "separate", now=NOW + 10 * HOUR)
    assert (apart.parent_id, due(apart, "finish")) == (None, NOW + 33 * HOUR)
    assert run(order, "settle").state == "closed"


def test_follow_up_is_not_skipped_and_not_given_up_at_once() -> None:
    reviewing = run(LEAK, "submit", "dispatch", "sign", "begin", "reply", "review")
    assert refusal(reviewing, ask("close")).why == "follow_up_needed"
    waiting = run(reviewing, "approve", "miss", "miss")
    assert refusal(waiting, ask("close_unreached")).why == "too_few_attempts"
    assert run(waiting, "miss", "close_unreached").state == "closed"


def test_who_may_and_what_is_missing() -> None:
    order = run(LEAK, "submit")
    agent = Who(frozenset[Actor]({"agent"}))
    with pytest.raises(TransitionRefused, match="not_yours: action=dispatch"):
        decide(order, ask("dispatch"), agent, NOW, RULES)
    assert refusal(order, Request(action="dispatch")).params == {"fields": ["unit"]}
    assert refusal(order, ask("sign")).params == {"action": "sign", "state": "accepted"}


def test_alarms_before_and_after_the_due_instant() -> None:
    rules = (
        EscalationRule(after_s=-600, level=0, audience=("unit",)),
        EscalationRule(after_s=0, level=1, audience=("dispatcher",)),
        EscalationRule(after_s=1800, level=2, audience=("supervisor",), stage="respond"),
    )
    order = run(LEAK, "submit", "dispatch")
    found = [(each.stage, each.level, each.at - NOW) for each in alarms(order.clocks, rules)]
    assert found[:3] == [("respond", 0, 1200), ("respond", 1, 1800), ("arrive", 0, 3000)]
    assert ("respond", 2, 3600) in found
    assert "return" not in {each.stage for each in alarms(order.clocks, rules)}
    assert alarms(run(order, "suspend").clocks, rules) == []


def test_a_corrected_category_changes_what_is_left() -> None:
    order = run(BILL, "submit")
    leak = refresh_deadlines(msgspec.structs.replace(order, category="repair.leak"), NOW + HOUR, RULES)
    assert due(leak, "finish") == NOW + 24 * HOUR
