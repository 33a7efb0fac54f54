"""Notices to people and units, small tasks between colleagues, and quality inspection."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Identity, Index, Integer, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base, one_of

NOTHING = sql("'{}'")


class Notice(Base):
    """Something to be told: to a user, or to all of a unit or duty. Pages show it; mail and SMS leave by a sender."""

    __tablename__ = "notice"
    __table_args__ = (
        one_of("channel", "page", "mail", "sms"),
        CheckConstraint("num_nonnulls(user_id, unit_id, duty) >= 1 OR address <> ''", name="to"),
        Index(None, "user_id", "created_at"),
        Index(None, "unit_id", "created_at"),
        Index(None, "duty", "created_at"),
        Index(None, "order_id"),
        Index("ix_notice_unsent", "id", postgresql_where=sql("channel <> 'page' AND sent_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel: Mapped[str] = mapped_column(server_default="page")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    duty: Mapped[str | None]  # dispatcher, supervisor
    address: Mapped[str] = mapped_column(server_default="")  # of mail and SMS
    kind: Mapped[str]  # deadline_near, deadline_over, dispatched, urged, message, …: pages have the sentence
    params: Mapped[dict[str, Any]] = mapped_column(server_default=NOTHING)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"))
    sender: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]


class NoticeRead(Base):
    """Who has seen which notice."""

    __tablename__ = "notice_read"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class ColleagueTask(Base):
    """A small task (工作协同) that one asks of another."""

    __tablename__ = "colleague_task"
    __table_args__ = (one_of("state", "open", "done", "declined"), Index(None, "to_user_id", "state"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(server_default="")
    from_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"), index=True)
    to_user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"))
    due_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(server_default="open")
    answer: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class ScoreSheet(Base):
    """What is looked at in an inspection; changed sheets are new ones, so that results keep their meaning."""

    __tablename__ = "score_sheet"
    __table_args__ = (one_of("subject", "call", "order"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    subject: Mapped[str]
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)  # desk.inspection.Criterion
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    retired_at: Mapped[datetime | None]


class Inspection(Base):
    """A call or order drawn for inspection; marked, published to the agent, perhaps disputed, settled."""

    __tablename__ = "inspection"
    __table_args__ = (
        one_of("state", "drawn", "published", "disputed", "settled"),
        CheckConstraint("(call_id IS NULL) <> (order_id IS NULL)", name="subject"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        Index("uq_inspection_call_id", "call_id", unique=True, postgresql_where=sql("call_id IS NOT NULL")),
        Index("uq_inspection_order_id", "order_id", unique=True, postgresql_where=sql("order_id IS NOT NULL")),
        Index(None, "agent_user_id", "drawn_at"),
        Index(None, "state", "drawn_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheet.id"))
    call_id: Mapped[str | None]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"))
    agent_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(server_default="drawn")
    marks: Mapped[dict[str, Any]] = mapped_column(server_default=NOTHING)
    score: Mapped[float | None] = mapped_column(Float)
    fatal: Mapped[bool] = mapped_column(server_default=sql("false"))
    remark: Mapped[str] = mapped_column(server_default="")
    dispute: Mapped[str] = mapped_column(server_default="")
    settlement: Mapped[str] = mapped_column(server_default="")
    inspector: Mapped[str] = mapped_column(server_default="")
    drawn_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]
