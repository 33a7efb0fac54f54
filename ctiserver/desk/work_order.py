"""A work order as its rules see it, what may be asked of it, and what came of it: shapes only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from ctiserver.desk.calendar import WorkCalendar
from ctiserver.desk.clocks import Clock
from ctiserver.desk.deadlines import DeadlineRule
from ctiserver.desk.words import Action, Actor, Stage, State
from ctiserver.errors import Rejected


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """Asked for and not decided yet: so many more counted seconds for the stage "finish"."""

    seconds: float
    reason: str


class WorkOrder(msgspec.Struct, frozen=True, kw_only=True):
    """`clocks` holds at most one of each stage; `changed_at` is the instant of the last change."""

    state: State = "draft"
    category: str = ""
    urgency: str = "normal"
    area: str = ""
    unit: str = ""  # the main unit; empty before it is dispatched
    assignee: int | None = None  # staff id
    assisting: tuple[str, ...] = ()
    forced: bool = False  # the unit may not return it
    suspended_from: State | None = None
    parent_id: int | None = None
    follow_up: bool = True  # the customer is asked before it closes
    round: int = 1
    returns: int = 0
    urges: int = 0
    extensions: int = 0
    misses: int = 0  # follow-ups that reached nobody, in this round
    supervised: bool = False
    escalation: int = 0
    extension: Extension | None = None
    clocks: tuple[Clock, ...] = ()
    changed_at: float = 0.0

    def clock(self, stage: Stage) -> Clock | None:
        return next((clock for clock in self.clocks if clock.stage == stage), None)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks; the table says which of the fields an action needs."""

    action: Action
    reason: str = ""  # a code: wrong_unit, duplicate, …
    text: str = ""
    unit: str = ""
    assignee: int | None = None
    forced: bool = False
    seconds: float = 0.0  # of an extension
    parent_id: int | None = None
    level: int = 0
    detail: dict[str, Any] = {}  # scores of a follow-up, cause and action of a reply: kept in the trail as given


@dataclass(frozen=True)
class Who:
    """Who asks: `roles` as seen from this order ("unit" only for members of its units)."""

    roles: frozenset[Actor]
    name: str = ""
    user_id: int | None = None


@dataclass(frozen=True)
class DeskRules:
    """Data that people set."""

    calendar: WorkCalendar
    deadlines: tuple[DeadlineRule, ...] = ()
    max_returns: int = 2
    max_extensions: int = 2
    longest_extension_s: float = 15 * 86_400.0
    misses_before_closing: int = 3


class OrderEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the trail; `clocks` as they stood afterwards."""

    action: Action
    at: float
    before: State
    after: State
    round: int
    reason: str
    text: str
    detail: dict[str, Any]
    clocks: tuple[Clock, ...]


class Outcome(msgspec.Struct, frozen=True):
    order: WorkOrder
    event: OrderEvent


class TransitionRefused(Rejected):
    """The order is not in a state for this, or a rule forbids it. `why` is a stable word, `params` fill its sentence.

    >>> str(TransitionRefused("wrong_state", action="sign", state="archived"))
    'wrong_state: action=sign, state=archived'
    """

    def __init__(self, why: str, **params: object) -> None:
        self.why = why
        self.params: Mapping[str, object] = params
        named = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{why}: {named}" if named else why)
