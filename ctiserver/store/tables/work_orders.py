"""Work orders: the order, its trail, its alarms, and the data that decide about it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.desk.words import STAGES, STATES, URGENCIES
from ctiserver.store.tables.base import Base, not_negative, one_of

NOTHING = sql("'{}'")
NO_LIST = sql("'[]'")
OPEN = sql("state NOT IN ('resolved_on_call', 'closed', 'cancelled', 'archived')")


class ServiceCategory(Base):
    """What an order is about, in up to three levels: "repair", "repair.leak", "repair.leak.main"."""

    __tablename__ = "service_category"
    __table_args__ = (CheckConstraint("id ~ '^[a-z0-9_]+([.][a-z0-9_]+){0,2}$'", name="path"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[dict[str, str]]
    urgency: Mapped[str] = mapped_column(server_default="normal")
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))  # proposed to the dispatcher
    follow_up: Mapped[bool] = mapped_column(server_default=sql("true"))  # the customer is asked before it closes
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=NO_LIST)  # desk.fields.CustomField
    position: Mapped[int] = mapped_column(Integer, server_default="0")
    retired_at: Mapped[datetime | None]


class WorkOrderDeadline(Base):
    """A desk.deadlines.DeadlineRule; empty words hold for all."""

    __tablename__ = "work_order_deadline"
    __table_args__ = (
        one_of("stage", *STAGES),
        one_of("unit", "minutes", "working_days", "calendar_days"),
        one_of("starting", "now", "next_working_day"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("since BETWEEN 0 AND 1439 AND until BETWEEN 0 AND 1440", name="hours"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    stage: Mapped[str]
    amount: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str]
    starting: Mapped[str] = mapped_column(server_default="now")
    category: Mapped[str] = mapped_column(server_default="")
    urgency: Mapped[str] = mapped_column(server_default="")
    area: Mapped[str] = mapped_column(server_default="")
    since: Mapped[int | None] = mapped_column(Integer)  # minutes after local midnight
    until: Mapped[int | None] = mapped_column(Integer)


class WorkOrderEscalation(Base):
    """A desk.deadlines.EscalationRule."""

    __tablename__ = "work_order_escalation"
    __table_args__ = (not_negative("level"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    stage: Mapped[str] = mapped_column(server_default="")
    after_s: Mapped[int] = mapped_column(Integer)
    level: Mapped[int] = mapped_column(SmallInteger)
    audience: Mapped[list[str]] = mapped_column(ARRAY(TEXT))


class WorkOrder(Base):
    """`version` grows with each change: who changes an older one is refused."""

    __tablename__ = "work_order"
    __table_args__ = (
        one_of("state", *STATES),
        one_of("urgency", *URGENCIES),
        not_negative("returns", "urges", "extensions", "misses", "escalation"),
        Index(None, "created_at", "id"),
        Index(None, "state", "created_at"),
        Index(None, "unit", "state", "created_at"),
        Index(None, "category", "created_at", postgresql_ops={"category": "text_pattern_ops"}),
        Index(None, "customer_id", "created_at"),
        Index(None, "caller_number", "created_at"),
        Index(None, "area", "created_at"),
        Index(None, "parent_id", postgresql_where=sql("parent_id IS NOT NULL")),
        Index(None, "next_due_at", postgresql_where=sql("next_due_at IS NOT NULL")),
        Index(None, "contact_number", "created_at"),
        Index("ix_work_order_open", "state", "unit", "next_due_at", postgresql_where=OPEN),
        Index(None, "search", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    state: Mapped[str]
    channel: Mapped[str] = mapped_column(server_default="call")
    category: Mapped[str] = mapped_column(server_default="")
    urgency: Mapped[str] = mapped_column(server_default="normal")
    area: Mapped[str] = mapped_column(ForeignKey("area.id"))
    title: Mapped[str]
    text: Mapped[str] = mapped_column(server_default="")
    wanted: Mapped[str] = mapped_column(server_default="")  # 诉求: the outcome the customer wants
    caller_number: Mapped[str] = mapped_column(server_default="")
    contact_number: Mapped[str] = mapped_column(server_default="")
    contact_name: Mapped[str] = mapped_column(server_default="")
    confidential: Mapped[bool] = mapped_column(server_default=sql("false"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    address: Mapped[str] = mapped_column(server_default="")
    fields: Mapped[dict[str, Any]] = mapped_column(server_default=NOTHING)
    unit: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    assignee: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    assisting: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=NOTHING)
    forced: Mapped[bool] = mapped_column(server_default=sql("false"))
    suspended_from: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"))
    incident: Mapped[bool] = mapped_column(server_default=sql("false"))  # others are merged into it
    repeat_of: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"))
    follow_up: Mapped[bool] = mapped_column(server_default=sql("true"))
    round: Mapped[int] = mapped_column(Integer, server_default="1")
    returns: Mapped[int] = mapped_column(Integer, server_default="0")
    urges: Mapped[int] = mapped_column(Integer, server_default="0")
    extensions: Mapped[int] = mapped_column(Integer, server_default="0")
    misses: Mapped[int] = mapped_column(Integer, server_default="0")
    supervised: Mapped[bool] = mapped_column(server_default=sql("false"))
    escalation: Mapped[int] = mapped_column(Integer, server_default="0")
    extension: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    clocks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=NO_LIST)  # desk.clocks.Clock
    due_at: Mapped[datetime | None]  # of the stage "finish", while it runs
    next_due_at: Mapped[datetime | None]  # of whichever clock is due first
    result: Mapped[dict[str, Any]] = mapped_column(server_default=NOTHING)  # cause, action, reply of the unit
    followed_up: Mapped[dict[str, Any]] = mapped_column(server_default=NOTHING)  # scores and words of the customer
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    search: Mapped[str] = mapped_column(TSVECTOR, server_default=sql("''::tsvector"))  # desk.bigrams


class WorkOrderEvent(Base):
    """The trail. A trigger refuses every UPDATE and DELETE."""

    __tablename__ = "work_order_event"
    __table_args__ = (UniqueConstraint("order_id", "version"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"))
    version: Mapped[int] = mapped_column(Integer)  # of the order afterwards
    at: Mapped[datetime]
    action: Mapped[str]
    state_before: Mapped[str]
    state_after: Mapped[str]
    round: Mapped[int] = mapped_column(Integer)
    user_id: Mapped[int | None]  # without a foreign key: the row stays as it is when the user goes
    actor: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    text: Mapped[str] = mapped_column(server_default="")
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=NOTHING)
    clocks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=NO_LIST)


class WorkOrderCall(Base):
    """Calls that belong to an order; a call may be here before its own row arrives, hence no foreign key."""

    __tablename__ = "work_order_call"

    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), primary_key=True)
    call_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(server_default="caused")  # caused, urged, followed_up


class WorkOrderAttachment(Base):
    """A file on disk below `attachments/`; named by id, never by what the sender called it."""

    __tablename__ = "work_order_attachment"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    stage: Mapped[str] = mapped_column(server_default="")  # state of the order when it was added
    user_id: Mapped[int | None]
    actor: Mapped[str]
    at: Mapped[datetime]


class WorkOrderAlarm(Base):
    """When somebody is told that a clock is or will be overdue; `fired_at` once that has happened."""

    __tablename__ = "work_order_alarm"
    __table_args__ = (
        UniqueConstraint("order_id", "stage", "level", "at"),
        Index(None, "at", postgresql_where=sql("fired_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"))
    stage: Mapped[str]
    level: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    audience: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    fired_at: Mapped[datetime | None]


class WorkOrderCounter(Base):
    """The last sequence of an area and day; its row is locked while an order takes the next one."""

    __tablename__ = "work_order_counter"

    area: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class WorkOrderIntake(Base):
    """Requests that became orders: a repeated one finds its order instead of making another."""

    __tablename__ = "work_order_intake"

    key: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
