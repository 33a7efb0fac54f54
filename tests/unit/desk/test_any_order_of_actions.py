"""Story: whatever is asked in whatever order, promises hold: archived is final, clocks never run backwards, and time
in which an order is suspended never counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctiserver.desk.clocks import Clock
from ctiserver.desk.decide import decide
from ctiserver.desk.words import ACTIONS, ENDED, STATES
from ctiserver.desk.work_order import Request, TransitionRefused, WorkOrder
from tests.unit.desk.desk_rules import CALENDAR, EVERYBODY, NOW, RULES, ask, requests

HOUR = 3600.0
steps = st.lists(st.tuples(requests, st.floats(-2 * HOUR, 90 * HOUR)), max_size=30)


def spent(clock: Clock, now: float) -> float:
    running = clock.running_since
    return clock.spent_s + (CALENDAR.counted(clock.counting, running, now) if running is not None else 0.0)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_promises_hold(asked: list[tuple[Request, float]]) -> None:
    order, now = WorkOrder(category="repair.leak", changed_at=NOW), NOW
    for request, passes in asked:
        now += passes
        try:
            outcome = decide(order, request, EVERYBODY, now, RULES)
        except TransitionRefused:
            continue
        after, event = outcome.order, outcome.event
        assert order.state != "archived"
        assert event.at >= order.changed_at
        assert (event.before, event.after) == (order.state, after.state)
        for clock in after.clocks:
            before = order.clock(clock.stage)
            assert clock.spent_s >= 0
            if before is not None and before.not_before == clock.not_before:
                assert spent(clock, after.changed_at) >= spent(before, order.changed_at) - 1e-6
            if order.state in ("suspended", "merged") and before is not None:
                assert spent(before, event.at) == before.spent_s, "nothing counts while it waits for the customer"
        if after.state in ENDED or after.state in ("suspended", "merged"):
            assert not any(clock.running for clock in after.clocks)
        assert (after.suspended_from is not None) == (after.state == "suspended")
        assert after.returns <= RULES.max_returns
        assert after.extensions <= RULES.max_extensions
        order = after


def test_nothing_leads_out_of_archived() -> None:
    archived = WorkOrder(state="archived")
    for action in ACTIONS:
        with pytest.raises(TransitionRefused) as refused:
            decide(archived, ask(action), EVERYBODY, NOW, RULES)
        assert refused.value.why == "wrong_state"
        assert refused.value.params == {"action": action, "state": "archived"}


def test_every_state_can_be_reached_and_left() -> None:
    seen, waiting = {"draft"}, [WorkOrder(follow_up=follow) for follow in (True, False)]
    while waiting:
        order = waiting.pop()
        for action in ACTIONS:
            try:
                after = decide(order, ask(action), EVERYBODY, NOW, RULES).order
            except TransitionRefused:
                continue
            if after.state not in seen:
                seen.add(after.state)
                waiting.append(after)
    assert seen == set(STATES)
