"""Reports that leave by mail by themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base, one_of


class ReportSchedule(Base):
    """What is sent to whom when. It tells what its owner may see."""

    __tablename__ = "report_schedule"
    __table_args__ = (
        one_of("every", "daily", "weekly", "monthly"),
        one_of("format", "xlsx", "csv"),
        one_of("language", "zh-CN", "en"),
        CheckConstraint("minute BETWEEN 0 AND 1439", name="minute"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("month_day BETWEEN 1 AND 31", name="month_day"),
        Index("ix_report_schedule_due", "next_at", postgresql_where=sql("enabled")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    report: Mapped[str]
    query: Mapped[dict[str, Any]]  # as the API takes it, without from and to
    span: Mapped[str]
    every: Mapped[str]
    minute: Mapped[int] = mapped_column(Integer)  # after local midnight
    weekday: Mapped[int] = mapped_column(Integer, server_default="1")
    month_day: Mapped[int] = mapped_column(Integer, server_default="1")
    format: Mapped[str] = mapped_column(server_default="xlsx")
    language: Mapped[str] = mapped_column(server_default="zh-CN")
    recipients: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    enabled: Mapped[bool] = mapped_column(server_default=sql("true"))
    next_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ReportDelivery(Base):
    """One sending of a schedule: each due instant once. `sending` says that its outcome is not known yet."""

    __tablename__ = "report_delivery"
    __table_args__ = (
        one_of("state", "waiting", "sending", "sent", "failed", "unknown"),
        Index("uq_report_delivery_schedule_id_due_at", "schedule_id", "due_at", unique=True),
        Index("ix_report_delivery_open", "next_at", postgresql_where=sql("state IN ('waiting', 'sending')")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("report_schedule.id", ondelete="CASCADE"))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    next_at: Mapped[datetime]
    error: Mapped[str] = mapped_column(server_default="")
    ended_at: Mapped[datetime | None]
