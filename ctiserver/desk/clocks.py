"""One stage's clock: a budget of counted seconds, which runs, stands still while suspended, and stops.

running   running_since and due_at are set; spent_s is what counted before
frozen    neither is set: nothing counts
stopped   stopped_at is set, spent_s is final; `met` tells whether the budget was kept
"""

from __future__ import annotations

import msgspec

from ctiserver.desk.calendar import Counting, WorkCalendar
from ctiserver.desk.words import Stage


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds, and instants as UTC seconds since 1970. Nothing counts before `not_before`."""

    stage: Stage
    counting: Counting
    budget_s: float
    not_before: float = 0.0
    spent_s: float = 0.0
    running_since: float | None = None
    due_at: float | None = None  # also kept when stopped: what was promised
    stopped_at: float | None = None

    @property
    def running(self) -> bool:
        return self.running_since is not None

    @property
    def met(self) -> bool | None:
        """Of a stopped clock: whether it was in time."""
        return None if self.stopped_at is None else self.spent_s <= self.budget_s


def started(calendar: WorkCalendar, stage: Stage, counting: Counting, budget_s: float, at: float) -> Clock:
    """`at` may lie ahead: a deadline that starts on the next working day."""
    return _running(calendar, Clock(stage=stage, counting=counting, budget_s=budget_s, not_before=at), at)


def frozen(calendar: WorkCalendar, clock: Clock, at: float) -> Clock:
    """What has counted so far is kept; a clock that does not run stays as it is."""
    if clock.running_since is None:
        return clock
    return msgspec.structs.replace(clock, spent_s=_spent(calendar, clock, at), running_since=None, due_at=None)


def resumed(calendar: WorkCalendar, clock: Clock, at: float) -> Clock:
    """Runs on with what is left; a stopped clock runs again (a reply that was sent back)."""
    if clock.running_since is not None:
        return clock
    return _running(calendar, msgspec.structs.replace(clock, stopped_at=None), max(at, clock.not_before))


def stopped(calendar: WorkCalendar, clock: Clock, at: float) -> Clock:
    if clock.stopped_at is not None:
        return clock
    spent_s = clock.spent_s if clock.running_since is None else _spent(calendar, clock, at)
    return msgspec.structs.replace(clock, spent_s=spent_s, running_since=None, stopped_at=at)


def extended(calendar: WorkCalendar, clock: Clock, more_s: float) -> Clock:
    """A larger budget; the due instant of a running clock moves with it."""
    larger = msgspec.structs.replace(clock, budget_s=clock.budget_s + more_s)
    return larger if larger.running_since is None else _running(calendar, larger, larger.running_since)


def _spent(calendar: WorkCalendar, clock: Clock, at: float) -> float:
    return clock.spent_s + calendar.counted(clock.counting, clock.running_since or 0.0, at)


def _running(calendar: WorkCalendar, clock: Clock, since: float) -> Clock:
    left_s = max(0.0, clock.budget_s - clock.spent_s)
    return msgspec.structs.replace(clock, running_since=since, due_at=calendar.due(clock.counting, since, left_s))
