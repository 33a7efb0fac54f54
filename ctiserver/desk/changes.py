"""What an action changes beside the state, and what forbids it: one small function per action that needs one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import msgspec

from ctiserver.desk import clocks
from ctiserver.desk.words import Action
from ctiserver.desk.work_order import DeskRules, Extension, Request, TransitionRefused, WorkOrder

Change: TypeAlias = Callable[[WorkOrder, Request, DeskRules, float], WorkOrder]
replace = msgspec.structs.replace


def dispatch(order: WorkOrder, request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    assisting = tuple(unit for unit in order.assisting if unit != request.unit)
    return replace(order, unit=request.unit, assignee=request.assignee, forced=request.forced, assisting=assisting)


def reassign(order: WorkOrder, request: Request, rules: DeskRules, now: float) -> WorkOrder:
    if request.unit == order.unit:
        raise TransitionRefused("same_unit", unit=order.unit)
    return replace(dispatch(order, request, rules, now), extension=None)


def assign(order: WorkOrder, request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    return replace(order, assignee=request.assignee)


def give_back(order: WorkOrder, _request: Request, rules: DeskRules, now: float) -> WorkOrder:
    if order.forced:
        raise TransitionRefused("return_forced", unit=order.unit)
    if order.returns >= rules.max_returns:
        raise TransitionRefused("return_limit", limit=rules.max_returns)
    deadline = order.clock("return") or order.clock("finish")
    if deadline is not None and deadline.due_at is not None and now > deadline.due_at:
        raise TransitionRefused("return_too_late", due_at=deadline.due_at)
    return replace(_without_unit(order), returns=order.returns + 1)


def withdraw(order: WorkOrder, _request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    return _without_unit(order)


def redo(order: WorkOrder, _request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    return replace(_without_unit(order), round=order.round + 1, returns=0, extensions=0, misses=0)


def suspend(order: WorkOrder, _request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    return replace(order, suspended_from=order.state)


def resume(order: WorkOrder, _request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    return replace(order, suspended_from=None)


def merge(order: WorkOrder, request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    return replace(_without_unit(order), parent_id=request.parent_id)


def separate(order: WorkOrder, _request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    return replace(order, parent_id=None)


def assist(order: WorkOrder, request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    if request.unit == order.unit or request.unit in order.assisting:
        raise TransitionRefused("unit_is_there", unit=request.unit)
    return replace(order, assisting=(*order.assisting, request.unit))


def ask_extension(order: WorkOrder, request: Request, rules: DeskRules, now: float) -> WorkOrder:
    finish = order.clock("finish")
    if finish is None or finish.due_at is None:
        raise TransitionRefused("no_deadline")
    if order.extension is not None:
        raise TransitionRefused("extension_pending")
    if now > finish.due_at:
        raise TransitionRefused("extension_too_late", due_at=finish.due_at)
    if order.extensions >= rules.max_extensions:
        raise TransitionRefused("extension_limit", limit=rules.max_extensions)
    if request.seconds > rules.longest_extension_s:
        raise TransitionRefused("extension_too_long", longest_s=rules.longest_extension_s)
    return replace(order, extension=Extension(seconds=request.seconds, reason=request.reason))


def grant_extension(order: WorkOrder, _request: Request, rules: DeskRules, _now: float) -> WorkOrder:
    asked = _asked(order)
    longer = tuple(
        clocks.extended(rules.calendar, clock, asked.seconds) if clock.stage == "finish" else clock
        for clock in order.clocks
    )
    return replace(order, extension=None, extensions=order.extensions + 1, clocks=longer)


def refuse_extension(order: WorkOrder, _request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    _asked(order)
    return replace(order, extension=None)


def close(order: WorkOrder, _request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    if order.follow_up:
        raise TransitionRefused("follow_up_needed")
    return order


def miss(order: WorkOrder, _request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    return replace(order, misses=order.misses + 1)


def close_unreached(order: WorkOrder, _request: Request, rules: DeskRules, _now: float) -> WorkOrder:
    if order.misses < rules.misses_before_closing:
        raise TransitionRefused("too_few_attempts", attempts=order.misses, needed=rules.misses_before_closing)
    return order


def urge(order: WorkOrder, _request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    return replace(order, urges=order.urges + 1)


def supervise(order: WorkOrder, _request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    return replace(order, supervised=True)


def escalate(order: WorkOrder, request: Request, _rules: DeskRules, _now: float) -> WorkOrder:
    return replace(order, escalation=max(order.escalation, request.level))


CHANGES: Final[Mapping[Action, Change]] = {
    "dispatch": dispatch,
    "reassign": reassign,
    "assign": assign,
    "return": give_back,
    "withdraw": withdraw,
    "redo": redo,
    "reopen": redo,
    "suspend": suspend,
    "resume": resume,
    "merge": merge,
    "separate": separate,
    "assist": assist,
    "ask_extension": ask_extension,
    "grant_extension": grant_extension,
    "refuse_extension": refuse_extension,
    "close": close,
    "miss": miss,
    "close_unreached": close_unreached,
    "urge": urge,
    "supervise": supervise,
    "escalate": escalate,
}


def _without_unit(order: WorkOrder) -> WorkOrder:
    return replace(order, unit="", assignee=None, assisting=(), forced=False, extension=None)


def _asked(order: WorkOrder) -> Extension:
    if order.extension is None:
        raise TransitionRefused("no_extension")
    return order.extension
