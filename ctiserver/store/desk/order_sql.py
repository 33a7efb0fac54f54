"""From a work order's row to the value its rules know, and back; and to what pages see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, cast, func
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from ctiserver.clock import to_datetime
from ctiserver.desk.bigrams import index_words
from ctiserver.desk.clocks import Clock
from ctiserver.desk.words import ENDED
from ctiserver.desk.work_order import Extension, WorkOrder
from ctiserver.store.desk.order_rows import OrderRow, StaffName, TrailRow
from ctiserver.store.rows import CustomerName

COLUMNS = """
o.id, o.number, o.version, o.state, o.channel, o.category, o.urgency, o.area, o.title, o.unit, o.assignee,
o.contact_name, o.contact_number, o.caller_number, o.confidential, o.customer_id, o.address, o.parent_id, o.incident,
o.repeat_of, o.round, o.returns, o.urges, o.supervised, o.escalation, o.extension, o.due_at, o.next_due_at,
o.created_at, o.changed_at, o.closed_at, staff.name AS staff_name, customer.name AS customer_name
"""
JOINS = "LEFT JOIN staff ON staff.id = o.assignee LEFT JOIN customer ON customer.id = o.customer_id"
PLAIN = (
    "state", "category", "urgency", "area", "assignee", "forced", "suspended_from", "parent_id", "follow_up", "round",
    "returns", "urges", "extensions", "misses", "supervised", "escalation",
)  # fmt: skip


def machine(row: Mapping[str, Any]) -> WorkOrder:
    """The order as `desk.decide` knows it."""
    return WorkOrder(
        **{name: row[name] for name in PLAIN},
        unit=row["unit"] or "",
        assisting=tuple(row["assisting"]),
        extension=msgspec.convert(row["extension"], Extension) if row["extension"] else None,
        clocks=msgspec.convert(row["clocks"], tuple[Clock, ...]),
        changed_at=row["changed_at"].timestamp(),
    )


def columns(order: WorkOrder) -> dict[str, Any]:
    """What `machine` reads, as values of the row's columns."""
    promised = [clock for clock in order.clocks if clock.running and clock.stage != "return"]
    finish = order.clock("finish")
    return {
        **{name: getattr(order, name) for name in PLAIN},
        "unit": order.unit or None,
        "assisting": list(order.assisting),
        "extension": msgspec.to_builtins(order.extension),
        "clocks": msgspec.to_builtins(order.clocks),
        "changed_at": to_datetime(order.changed_at),
        "due_at": instant(finish.due_at) if finish is not None and finish.running else None,
        "next_due_at": instant(min((clock.due_at for clock in promised if clock.due_at is not None), default=None)),
        "closed_at": to_datetime(order.changed_at) if order.state in ENDED else None,
    }


def search_words(
    *, number: str, title: str, text: str, address: str, contact_name: str, numbers: Sequence[str]
) -> list[str]:
    """Lexemes of an order: its words, and its numbers as people type them."""
    national = [digits.removeprefix("+86") for digits in numbers if digits]
    return index_words(number, title, text[:1000], address, contact_name, " ".join(national)).split()


def tsvector(words: Sequence[str]) -> ColumnElement[str]:
    """Made of the words as they are: no parser, no language of the database in between."""
    return func.array_to_tsvector(cast(list(words), ARRAY(TEXT)))


def order_row(row: Mapping[str, Any]) -> OrderRow:
    return OrderRow(**common(row))


def common(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that OrderRow and OrderDetails share."""
    assignee = StaffName(id=row["assignee"], name=row["staff_name"] or "") if row["assignee"] else None
    customer = CustomerName(id=row["customer_id"], name=row["customer_name"] or "") if row["customer_id"] else None
    same = (
        "id", "number", "version", "state", "channel", "category", "urgency", "area", "title", "contact_name",
        "contact_number", "caller_number", "confidential", "address", "parent_id", "incident", "repeat_of", "round",
        "returns", "urges", "supervised", "escalation",
    )  # fmt: skip
    return {
        **{name: row[name] for name in same},
        "unit": row["unit"] or "",
        "assignee": assignee,
        "customer": customer,
        "extension_asked": row["extension"] is not None,
        "due_at": seconds(row["due_at"]),
        "next_due_at": seconds(row["next_due_at"]),
        "created_at": row["created_at"].timestamp(),
        "changed_at": row["changed_at"].timestamp(),
        "closed_at": seconds(row["closed_at"]),
    }


def trail_row(row: Mapping[str, Any]) -> TrailRow:
    return TrailRow(
        version=row["version"],
        at=row["at"].timestamp(),
        action=row["action"],
        before=row["state_before"],
        after=row["state_after"],
        round=row["round"],
        actor=row["actor"],
        reason=row["reason"],
        text=row["text"],
        detail=row["detail"],
    )


def instant(at: float | None) -> datetime | None:
    return None if at is None else to_datetime(at)


def seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
