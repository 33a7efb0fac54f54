"""Deadlines and escalation as data: which rule holds for an order, when its clocks are due, and who is told when.

The most specific rule wins: first by depth of category, then urgency, area, hours; among equals the one listed first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from ctiserver.desk import clocks
from ctiserver.desk.calendar import DAY_S, Counting, WorkCalendar
from ctiserver.desk.clocks import Clock
from ctiserver.desk.words import STAGES, Stage

Unit = Literal["minutes", "working_days", "calendar_days"]
Starting = Literal["now", "next_working_day"]
COUNTING: Final[dict[Unit, Counting]] = {"minutes": "all", "calendar_days": "all", "working_days": "working_days"}
UNIT_S: Final[dict[Unit, int]] = {"minutes": 60, "calendar_days": DAY_S, "working_days": DAY_S}


class DeadlineRule(msgspec.Struct, frozen=True, kw_only=True):
    """Empty words hold for all. `category` is a path ("repair.leak"): it holds for all below it as well.
    `since`, `until`: minutes after local midnight in which the clock starts; `until` < `since` spans midnight."""

    stage: Stage
    amount: int
    unit: Unit
    starting: Starting = "now"
    category: str = ""
    urgency: str = ""
    area: str = ""
    since: int | None = None
    until: int | None = None


class EscalationRule(msgspec.Struct, frozen=True, kw_only=True):
    """Tell `audience` (unit, dispatcher, supervisor) `after_s` seconds after the due instant; negative: before it."""

    after_s: int
    level: int  # 0 warns, 1 and above raise the order's level
    audience: tuple[str, ...]
    stage: str = ""  # empty: any


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    stage: Stage
    level: int
    at: float
    due_at: float
    audience: tuple[str, ...]


def choose(
    rules: Iterable[DeadlineRule], stage: Stage, *, category: str, urgency: str, area: str, minute: int
) -> DeadlineRule | None:
    """The rule for a clock that starts at `minute` after local midnight; None: this stage has no deadline."""
    best: DeadlineRule | None = None
    for rule in rules:
        if rule.stage != stage or not _holds(rule, category, urgency, area, minute):
            continue
        if best is None or _specificity(rule) > _specificity(best):
            best = rule
    return best


def start_clock(calendar: WorkCalendar, rule: DeadlineRule, now: float) -> Clock:
    """Raises ValueError for a calendar without working days."""
    at = now if rule.starting == "now" else calendar.next_working_day(now)
    return clocks.started(calendar, rule.stage, COUNTING[rule.unit], float(rule.amount * UNIT_S[rule.unit]), at)


class StageDue(msgspec.Struct, frozen=True, kw_only=True):
    """When a stage would be due, by which rule; `starts_at` is when its clock would begin to count."""

    stage: Stage
    rule: DeadlineRule
    starts_at: float
    due_at: float


def stages_due(
    calendar: WorkCalendar, rules: Sequence[DeadlineRule], now: float, *, category: str, urgency: str, area: str
) -> list[StageDue]:
    """For each stage with a deadline, if its clock began now. Raises ValueError for a calendar without working days."""
    local = calendar.local(now)
    minute = local.hour * 60 + local.minute
    found: list[StageDue] = []
    for stage in STAGES:
        rule = choose(rules, stage, category=category, urgency=urgency, area=area, minute=minute)
        if rule is not None:
            clock = start_clock(calendar, rule, now)
            due = clock.due_at if clock.due_at is not None else clock.not_before
            found.append(StageDue(stage=stage, rule=rule, starts_at=clock.not_before, due_at=due))
    return found


def alarms(running: Sequence[Clock], rules: Iterable[EscalationRule]) -> list[Alarm]:
    """All alarms of the clocks that run, earliest first; no warning for a time before the clock ran."""
    found = [
        Alarm(stage=clock.stage, level=rule.level, at=clock.due_at + rule.after_s, due_at=clock.due_at,
              audience=rule.audience)
        for rule in rules
        for clock in running
        if clock.running_since is not None and clock.due_at is not None and clock.stage != "return"
        and rule.stage in ("", clock.stage)
        and (rule.level > 0 or clock.due_at + rule.after_s > clock.running_since)
    ]  # fmt: skip
    return sorted(found, key=lambda alarm: (alarm.at, alarm.level, alarm.stage))


def covers(path: str, category: str) -> bool:
    """Whether a category lies at or below a path: "repair.leak" covers "repair.leak.main", not "repair.leaking"."""
    return not path or category == path or category.startswith(f"{path}.")


def _holds(rule: DeadlineRule, category: str, urgency: str, area: str, minute: int) -> bool:
    if not covers(rule.category, category) or rule.urgency not in ("", urgency) or rule.area not in ("", area):
        return False
    since, until = rule.since or 0, 1440 if rule.until is None else rule.until
    return since <= minute < until if since <= until else minute >= since or minute < until


def _specificity(rule: DeadlineRule) -> tuple[int, bool, bool, bool]:
    depth = len(rule.category.split(".")) if rule.category else 0
    return depth, bool(rule.urgency), bool(rule.area), rule.since is not None or rule.until is not None
