"""From a filter of work orders to SQL: fixed fragments, values only as parameters."""

from __future__ import annotations

import re
from typing import Any

from ctiserver.clock import to_datetime
from ctiserver.desk.bigrams import query
from ctiserver.store.desk.desk_user import DeskUser
from ctiserver.store.desk.order_rows import OrderFilter
from ctiserver.store.desk.order_sql import COLUMNS, JOINS
from ctiserver.store.numbers import e164

NUMBER = re.compile(r"[A-Z0-9]{1,6}-\d{8}-\d{4,}")
OPEN = "o.state NOT IN ('resolved_on_call', 'closed', 'cancelled', 'archived')"
COUNTED = 2_000  # more are "and more": nobody reads the 41st page, and counting a million takes longer than reading one
ORDERS = {"newest": "o.created_at DESC, o.id DESC", "due": "o.next_due_at, o.id"}


def where(wanted: OrderFilter, user: DeskUser, now: float, region: str) -> tuple[str, dict[str, Any]]:
    clauses: list[str] = []
    values: dict[str, Any] = {}

    def add(clause: str, **named: object) -> None:
        clauses.append(clause)
        values.update(named)

    if not user.sees_all:
        add(
            "(o.unit = ANY(:own_units) OR o.assisting && :own_units OR o.assignee = :own_staff)",
            own_units=sorted(user.units),
            own_staff=user.staff_id or 0,
        )
    if len(wanted.states) == 1:
        add("o.state = :state", state=wanted.states[0])  # unlike ANY, this is read from the index in order
    elif wanted.states:
        add("o.state = ANY(:states)", states=list(wanted.states))
    if wanted.open is not None:
        add(OPEN if wanted.open else f"NOT ({OPEN})")
    for column in ("unit", "area", "urgency"):
        if value := getattr(wanted, column):
            add(f"o.{column} = :{column}", **{column: value})
    for column in ("assignee", "customer_id", "parent_id", "incident", "supervised"):
        if (value := getattr(wanted, column)) is not None:
            add(f"o.{column} = :{column}", **{column: value})
    if wanted.category:
        below = wanted.category.replace("_", r"\_") + ".%"
        add("(o.category = :category OR o.category LIKE :below)", category=wanted.category, below=below)
    if wanted.number:
        number = e164(wanted.number, region) or wanted.number
        add("(o.caller_number = :number OR o.contact_number = :number)", number=number)
    if wanted.call_id:
        add("o.id IN (SELECT order_id FROM work_order_call WHERE call_id = :call_id)", call_id=wanted.call_id)
    if wanted.overdue is not None:
        late = "o.next_due_at IS NOT NULL AND o.next_due_at < :now"
        add(late if wanted.overdue else f"NOT ({late})", now=to_datetime(now))
    if wanted.created_from is not None:
        add("o.created_at >= :created_from", created_from=to_datetime(wanted.created_from))
    if wanted.created_to is not None:
        add("o.created_at < :created_to", created_to=to_datetime(wanted.created_to))
    if wanted.order_by == "due":
        add("o.next_due_at IS NOT NULL")
    _add_text(wanted.text, add)
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def page_of(condition: str, wanted: OrderFilter) -> str:
    """The page's ids are found first: names are joined to those few only."""
    order = ORDERS[wanted.order_by]
    ids = f"SELECT o.id FROM work_order o {condition} ORDER BY {order} LIMIT :limit OFFSET :offset"  # noqa: S608 - fixed
    return f"SELECT {COLUMNS} FROM work_order o {JOINS} WHERE o.id IN ({ids}) ORDER BY {order}"  # noqa: S608 - fixed


def count_of(condition: str) -> str:
    return f"SELECT count(*) AS total FROM (SELECT 1 FROM work_order o {condition} LIMIT {COUNTED + 1}) AS counted"  # noqa: S608 - fixed


def _add_text(text: str, add: Any) -> None:
    words = text.strip()
    if NUMBER.fullmatch(words.upper()):
        add("o.number = :exact_number", exact_number=words.upper())
    elif terms := query(words):
        add("o.search @@ cast(:terms AS tsquery)", terms=terms)
    elif words:
        add("false")  # nothing but punctuation: nothing is found, rather than everything
