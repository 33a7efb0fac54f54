"""Work orders as pages and programs see them. Instants are UTC seconds since 1970."""

from __future__ import annotations

from typing import Any

import msgspec

from ctiserver.desk.clocks import Clock
from ctiserver.desk.words import Action, Channel, State, Urgency
from ctiserver.desk.work_order import Extension
from ctiserver.store.rows import CustomerName, Row


class StaffName(Row, frozen=True, kw_only=True):
    id: int
    name: str


class OrderRow(Row, frozen=True, kw_only=True):
    """One line of a list. `due_at` is that of the stage "finish", `next_due_at` of whichever clock is due first;
    both are None while nothing runs."""

    id: int
    number: str
    version: int
    state: State
    channel: str
    category: str
    urgency: str
    area: str
    title: str
    unit: str
    assignee: StaffName | None
    contact_name: str
    contact_number: str
    caller_number: str
    confidential: bool
    customer: CustomerName | None
    address: str
    parent_id: int | None
    incident: bool
    repeat_of: int | None
    round: int
    returns: int
    urges: int
    supervised: bool
    escalation: int
    extension_asked: bool
    due_at: float | None
    next_due_at: float | None
    created_at: float
    changed_at: float
    closed_at: float | None


class OrderPage(Row, frozen=True, kw_only=True):
    """`total` counts up to a limit; `more` says that there are more."""

    items: tuple[OrderRow, ...]
    total: int
    more: bool
    page: int
    page_size: int


class TrailRow(Row, frozen=True, kw_only=True):
    version: int
    at: float
    action: Action
    before: State
    after: State
    round: int
    actor: str
    reason: str
    text: str
    detail: dict[str, Any]


class OrderCallRow(Row, frozen=True, kw_only=True):
    """`kind`: caused, urged or followed_up. `recordings` can be played at /api/recordings/{id}/audio."""

    call_id: str
    kind: str
    started_at: float | None  # None: not in Postgres yet
    recordings: tuple[str, ...]


class AttachmentRow(Row, frozen=True, kw_only=True):
    id: str
    name: str
    media_type: str
    size_bytes: int
    stage: str
    actor: str
    at: float


class OrderDetails(OrderRow, frozen=True, kw_only=True):
    """All of one order. `allowed`: what the asking user may do with it in this state."""

    text: str
    wanted: str
    fields: dict[str, Any]
    assisting: tuple[str, ...]
    forced: bool
    suspended_from: State | None
    follow_up: bool
    extensions: int
    misses: int
    extension: Extension | None
    clocks: tuple[Clock, ...]
    result: dict[str, Any]
    followed_up: dict[str, Any]
    created_by: str
    trail: tuple[TrailRow, ...]
    calls: tuple[OrderCallRow, ...]
    attachments: tuple[AttachmentRow, ...]
    children: tuple[OrderRow, ...]
    allowed: tuple[Action, ...]


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody fills in. `area` may be empty: it then follows from the customer's district."""

    title: str
    category: str = ""
    urgency: Urgency | None = None  # None: the category's
    channel: Channel = "call"
    area: str = ""
    text: str = ""
    wanted: str = ""
    caller_number: str = ""
    contact_number: str = ""
    contact_name: str = ""
    confidential: bool = False
    customer_id: int | None = None
    address: str = ""
    fields: dict[str, Any] = {}
    repeat_of: int | None = None
    incident: bool = False
    call_ids: tuple[str, ...] = ()
    draft: bool = False  # kept, but not accepted yet


class OrderChange(msgspec.Struct, frozen=True, kw_only=True):
    """Corrections; None leaves a field as it is."""

    title: str | None = None
    category: str | None = None
    urgency: Urgency | None = None
    text: str | None = None
    wanted: str | None = None
    contact_number: str | None = None
    contact_name: str | None = None
    confidential: bool | None = None
    customer_id: int | None = None
    address: str | None = None
    fields: dict[str, Any] | None = None


class OrderFilter(msgspec.Struct, frozen=True, kw_only=True):
    states: tuple[str, ...] = ()
    open: bool | None = None
    unit: str = ""
    assignee: int | None = None
    category: str = ""  # and everything below
    area: str = ""
    urgency: str = ""
    customer_id: int | None = None
    number: str = ""  # of the caller or contact
    call_id: str = ""
    text: str = ""
    overdue: bool | None = None
    incident: bool | None = None
    supervised: bool | None = None
    parent_id: int | None = None
    created_from: float | None = None
    created_to: float | None = None
    order_by: str = "newest"  # newest, due
    page: int = 1
    page_size: int = 50


class BoardCount(Row, frozen=True, kw_only=True):
    """Open orders of one state and unit; `overdue` of them have a clock that is past due."""

    state: State
    unit: str
    orders: int
    overdue: int


class Conversion(Row, frozen=True, kw_only=True):
    """What became of a request to make an order."""

    order_id: int
    number: str
    created: bool  # False: it had been made before
