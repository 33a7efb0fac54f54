"""Who is told of which action: the unit, the dispatchers, the supervisors. Alarms of deadlines bring their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ctiserver.desk.words import Action
from ctiserver.desk.work_order import OrderEvent, WorkOrder

TOLD: Final[Mapping[Action, tuple[str, ...]]] = {
    "request_dispatch": ("dispatcher",),
    "dispatch": ("unit",),
    "reassign": ("unit",),
    "assist": ("assisting",),
    "return": ("dispatcher",),
    "reply": ("dispatcher",),
    "send_back": ("unit",),
    "redo": ("dispatcher",),
    "reopen": ("dispatcher",),
    "ask_extension": ("dispatcher",),
    "grant_extension": ("unit",),
    "refuse_extension": ("unit",),
    "urge": ("unit", "dispatcher"),
    "supervise": ("unit", "dispatcher"),
    "escalate": ("unit", "dispatcher", "supervisor"),
    "close_unsatisfied": ("supervisor",),
}
REPAIRED: Final[frozenset[Action]] = frozenset({"reply"})
"""On an incident: everybody who rang because of it is told that it is repaired."""
SETTLED: Final[frozenset[Action]] = frozenset({"confirm", "close", "close_unsatisfied", "close_unreached"})
"""On an incident: its merged orders close with it."""


def units_and_duties(order: WorkOrder, event: OrderEvent) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(units, duties) that are told of an event; for an order without a unit the desk is."""
    return recipients(TOLD.get(event.action, ()), order, str(event.detail.get("unit", "")))


def recipients(
    audience: tuple[str, ...], order: WorkOrder, assisting: str = ""
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    units: dict[str, None] = {}
    duties: dict[str, None] = {}
    for word in audience:
        if word == "unit" and order.unit:
            units[order.unit] = None
        elif word == "assisting" and assisting:
            units[assisting] = None
        elif word in ("dispatcher", "unit"):
            duties["dispatcher"] = None
        elif word == "supervisor":
            duties["supervisor"] = None
    return tuple(units), tuple(duties)
