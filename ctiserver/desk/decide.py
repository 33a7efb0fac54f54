"""`decide(order, request, who, now, rules)`: the order as it then is and the row of its trail, or TransitionRefused."""

from __future__ import annotations

import msgspec

from ctiserver.desk import clocks
from ctiserver.desk.changes import CHANGES
from ctiserver.desk.clocks import Clock
from ctiserver.desk.deadlines import choose, start_clock
from ctiserver.desk.transitions import BACK, ROW_OF, STAY, Row
from ctiserver.desk.words import Stage, State
from ctiserver.desk.work_order import DeskRules, OrderEvent, Outcome, Request, TransitionRefused, Who, WorkOrder


def decide(order: WorkOrder, request: Request, who: Who, now: float, rules: DeskRules) -> Outcome:
    """`now` in UTC seconds; one that lies before the last change (another machine's clock) is taken for that."""
    row = ROW_OF.get((order.state, request.action))
    if row is None:
        raise TransitionRefused("wrong_state", action=request.action, state=order.state)
    if not row.by & who.roles:
        raise TransitionRefused("not_yours", action=request.action, may=sorted(row.by))
    missing = [field for field in row.needs if not getattr(request, field)]
    if missing:
        raise TransitionRefused("missing", fields=missing)
    at = max(now, order.changed_at)
    change = CHANGES.get(request.action)
    changed = change(order, request, rules, at) if change else order
    before, after = order.state, _target(row, order)
    order = msgspec.structs.replace(changed, state=after, clocks=_clocks(changed, row, at, rules), changed_at=at)
    event = OrderEvent(
        action=request.action,
        at=at,
        before=before,
        after=after,
        round=order.round,
        reason=request.reason,
        text=request.text,
        detail=_detail(request),
        clocks=order.clocks,
    )
    return Outcome(order, event)


def refresh_deadlines(order: WorkOrder, now: float, rules: DeskRules) -> WorkOrder:
    """After category, urgency or area were corrected: running clocks take the rule that now holds."""
    at = max(now, order.changed_at)
    renewed: list[Clock] = []
    for clock in order.clocks:
        fresh = _start(order, clock.stage, clock.not_before, rules) if clock.running else None
        if fresh is None:
            renewed.append(clock)
            continue
        held = clocks.frozen(rules.calendar, clock, at)
        same = msgspec.structs.replace(fresh, spent_s=held.spent_s, running_since=None, due_at=None)
        renewed.append(clocks.resumed(rules.calendar, same, at))
    return msgspec.structs.replace(order, clocks=tuple(renewed))


def _target(row: Row, order: WorkOrder) -> State:
    if row.to == STAY:
        return order.state
    if row.to == BACK:
        if order.suspended_from is None:
            raise TransitionRefused("wrong_state", action=row.action, state=order.state)
        return order.suspended_from
    return row.to


def _clocks(order: WorkOrder, row: Row, at: float, rules: DeskRules) -> tuple[Clock, ...]:
    by_stage: dict[Stage, Clock] = {clock.stage: clock for clock in order.clocks}
    for stage, clock in by_stage.items():
        if stage in row.stops:
            by_stage[stage] = clocks.stopped(rules.calendar, clock, at)
        elif row.freezes:
            by_stage[stage] = clocks.frozen(rules.calendar, clock, at)
        elif (row.thaws and clock.stopped_at is None) or stage in row.reopens:
            by_stage[stage] = clocks.resumed(rules.calendar, clock, at)
    for stage in row.starts:
        fresh = _start(order, stage, at, rules)
        if fresh is not None:
            by_stage[stage] = fresh
        else:
            by_stage.pop(stage, None)
    return tuple(by_stage.values())


def _start(order: WorkOrder, stage: Stage, at: float, rules: DeskRules) -> Clock | None:
    local = rules.calendar.local(at)
    rule = choose(
        rules.deadlines,
        stage,
        category=order.category,
        urgency=order.urgency,
        area=order.area,
        minute=local.hour * 60 + local.minute,
    )
    return start_clock(rules.calendar, rule, at) if rule else None


def _detail(request: Request) -> dict[str, object]:
    given: dict[str, object] = {
        "unit": request.unit,
        "assignee": request.assignee,
        "forced": request.forced or None,
        "seconds": request.seconds,
        "parent_id": request.parent_id,
        "level": request.level,
    }
    return {**{name: value for name, value in given.items() if value}, **request.detail}
