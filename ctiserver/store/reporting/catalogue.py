"""Which reports there are, by what they can be broken down and filtered, and which figures they show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.kpi.service_level import FORMULAS
from ctiserver.store.reporting import business, calls_in, contacts, people
from ctiserver.store.reporting.shapes import FILTERS, Filter, Measured, Wanted

Counting = Callable[[AsyncConnection, Wanted, list[int]], Awaitable[list[Measured]]]


class Spec(NamedTuple):
    """`by`: the first is the default. `filters`: those that its query counts. `balance`: whether a reconciliation goes
    with it."""

    name: dict[str, str]
    by: tuple[str, ...]
    filters: tuple[Filter, ...]
    figures: tuple[str, ...]
    measure: Counting
    balance: bool = False


HANDLING: Final = ("talk_ms", "hold_ms", "wrap_up_ms")
SPECS: Final[dict[str, Spec]] = {
    "traffic": Spec(
        {"zh-CN": "话务统计", "en": "Traffic"},
        ("none", "queue", "skill"),
        ("queue",),
        (
            "offered", "answered", "abandoned", "short_abandoned", "overflowed", "waiting", "answered_within",
            "abandoned_within", "service_level", "target", *(formula.lower() for formula in FORMULAS), "answer_rate",
            "abandon_rate", "asa_ms", "abandon_wait_mean_ms", "wait_mean_ms", "max_wait_ms",
        ),
        contacts.traffic,
        balance=True,
    ),
    "calls": Spec(
        {"zh-CN": "来电统计", "en": "Calls in"},
        (
            "none", "dialled", "queue", "skill", "agent", "team", "flow", "outcome", "disposition", "category", "area",
            "direction", "score",
        ),
        ("queue", "team", "agent", "dialled"),
        (
            "calls", "answered", "abandoned", "self_service", "refused", "failed", "live", "connect_rate",
            "self_service_rate", *HANDLING, "talk_mean_ms", "call_handling_ms", "duration_mean_ms",
        ),
        calls_in.calls,
    ),
    "agents": Spec(
        {"zh-CN": "人员考核", "en": "Staff assessment"},
        ("agent", "team", "none", "queue", "skill"),
        ("queue", "team", "agent"),
        (
            "offers", "offers_answered", "missed", "withdrawn", "miss_rate", "handled", "handled_per_hour",
            "transferred", "transfer_rate", *HANDLING, "aht_ms", "aht_talk_ms", "aht_hold_ms", "aht_wrap_up_ms",
            "signed_in_ms", "state_talk_ms", "state_hold_ms", "state_wrap_up_ms", "state_ringing_ms", "state_idle_ms",
            "state_busy_ms", "break_ms", "training_ms", "outbound_ms", "occupancy", "utilisation",
        ),
        people.agents,
    ),
    "abandonment": Spec(
        {"zh-CN": "按等待时长的放弃", "en": "Abandonment by waiting time"},
        ("wait",),
        ("queue",),
        ("answered", "abandoned", "overflowed", "abandon_rate"),
        contacts.by_wait,
    ),
    "repeats": Spec(
        {"zh-CN": "重复来电与首次解决", "en": "Repeat calls and first-contact resolution"},
        ("none", "queue", "agent", "team"),
        ("queue", "team", "agent"),
        ("calls", "repeats", "repeat_rate", "followed", "fcr", "pending"),
        calls_in.repeats,
    ),
    "satisfaction": Spec(
        {"zh-CN": "满意度", "en": "Satisfaction"},
        ("none", "queue", "agent", "team", "question", "score"),
        ("queue", "team", "agent"),
        ("answered", "calls_rated", "answer_share", "answers", "score_mean"),
        people.satisfaction,
    ),
    "business": Spec(
        {"zh-CN": "业务统计", "en": "Business"},
        ("category_1", "category", "area", "unit", "channel", "urgency", "state", "none"),
        (),
        (
            "orders", "orders_closed", "orders_open", "orders_on_call", "kept", "late", "kept_rate", "closing_mean_ms",
            "urges", "returns", "redone", "response_rate", "solution_rate", "satisfaction_rate",
        ),
        business.business,
    ),
    "ivr": Spec(
        {"zh-CN": "流程节点", "en": "Menus"},
        ("node", "way", "flow", "none"),
        (),
        ("callers", "hung_up", "hung_up_rate", "spent_mean_ms"),
        business.ivr,
    ),
}  # fmt: skip


def uncounted(report: str) -> tuple[Filter, ...]:
    """The filters that would change nothing in it; of a report that is not there nobody can tell."""
    return tuple(name for name in FILTERS if name not in SPECS[report].filters) if report in SPECS else ()


def without_uncounted(report: str, query: Mapping[str, str | int]) -> dict[str, str | int]:
    """Asks for the same figures."""
    dropped = frozenset[str](uncounted(report))
    return {name: value for name, value in query.items() if name not in dropped}
