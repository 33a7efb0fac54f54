"""China's calendar around National Day 2026, a set of deadlines, and people, for the stories of this folder."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from ctiserver.desk.calendar import PublicDay, WorkCalendar
from ctiserver.desk.deadlines import DeadlineRule
from ctiserver.desk.decide import decide
from ctiserver.desk.words import ACTIONS, Action, Actor
from ctiserver.desk.work_order import DeskRules, Outcome, Request, Who, WorkOrder

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOLIDAYS = frozenset(date(2026, 10, day) for day in range(1, 8))
MAKE_UP = frozenset({date(2026, 9, 20), date(2026, 10, 10)})  # a Sunday and a Saturday that are worked


def public_day(day: date) -> PublicDay | None:
    return "holiday" if day in HOLIDAYS else "makeup" if day in MAKE_UP else None


CALENDAR = WorkCalendar(SHANGHAI, public_day)
RULES = DeskRules(
    CALENDAR,
    (
        DeadlineRule(stage="respond", amount=30, unit="minutes"),
        DeadlineRule(stage="respond", amount=10, unit="minutes", urgency="critical"),
        DeadlineRule(stage="arrive", amount=60, unit="minutes", category="repair.leak"),
        DeadlineRule(stage="finish", amount=5, unit="working_days"),
        DeadlineRule(stage="finish", amount=24 * 60, unit="minutes", category="repair"),
        DeadlineRule(stage="reply", amount=7, unit="working_days", starting="next_working_day"),
        DeadlineRule(stage="follow_up", amount=2, unit="working_days"),
        DeadlineRule(stage="return", amount=2, unit="working_days"),
    ),
)
NOW = datetime(2026, 9, 29, 15, 20, tzinfo=SHANGHAI).timestamp()  # a Tuesday
EVERYBODY = Who(frozenset[Actor]({"agent", "dispatcher", "unit", "supervisor", "system"}), "all")


def at(text: str) -> float:
    """Local time of Shanghai as an instant: at("2026-10-08 15:20")."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp()


def ask(action: Action) -> Request:
    """Everything that any action may need."""
    return Request(action=action, reason="r", text="t", unit="u", assignee=1, seconds=3600.0, parent_id=9, level=1)


def run(order: WorkOrder, *actions: Action, now: float = NOW, step_s: float = 0.0) -> WorkOrder:
    for action in actions:
        order = one(order, ask(action), now).order
        now += step_s
    return order


def one(order: WorkOrder, request: Request, now: float = NOW) -> Outcome:
    return decide(order, request, EVERYBODY, now, RULES)


requests = st.builds(
    Request,
    action=st.sampled_from(ACTIONS),
    reason=st.sampled_from(["", "wrong_unit"]),
    text=st.sampled_from(["", "done"]),
    unit=st.sampled_from(["", "east", "west"]),
    assignee=st.sampled_from([None, 3]),
    forced=st.booleans(),
    seconds=st.sampled_from([0.0, 3600.0, 5 * 86_400.0]),
    parent_id=st.sampled_from([None, 5]),
    level=st.integers(0, 3),
)
