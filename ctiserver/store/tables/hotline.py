"""What operations staff switch and plan from day to day (with `shift` and `calendar_day` of configuration.py)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Integer, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base, one_of

EMPTY_JSON = text("'{}'")
NONE = text("'{}'")


class HotlineRevision(Base):
    """One row: goes up with each change, so that every daemon sees within a second that there is one."""

    __tablename__ = "hotline_revision"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    revision: Mapped[int]


class AnnouncementRow(Base):
    """Heard before a flow begins; no `dialled` or `areas` means everybody."""

    __tablename__ = "announcement"
    __table_args__ = (CheckConstraint("active_until > active_from", name="active_until"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    title: Mapped[str]
    texts: Mapped[dict[str, str]] = mapped_column(server_default=EMPTY_JSON)  # by language
    prompt: Mapped[str] = mapped_column(server_default="")  # a recording instead of a text
    dialled: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=NONE)
    areas: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=NONE)
    active_from: Mapped[datetime | None]
    active_until: Mapped[datetime | None]
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    hang_up: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CalendarRow(Base):
    """Opening hours under a name, written as in lines.yaml; goes before a calendar of that name there."""

    __tablename__ = "calendar"
    __table_args__ = (one_of("holidays", "china", "none"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[dict[str, str]] = mapped_column(server_default=EMPTY_JSON)
    timezone: Mapped[str] = mapped_column(server_default="")
    weekly: Mapped[dict[str, str]] = mapped_column(server_default=EMPTY_JSON)
    holidays: Mapped[str] = mapped_column(server_default="china")
    holiday_hours: Mapped[str] = mapped_column(server_default="closed")
    days: Mapped[dict[str, str]] = mapped_column(server_default=EMPTY_JSON)
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class DutyRow(Base):
    """Who works a shift that begins on that day. The shift's hours are in `shift`."""

    __tablename__ = "duty"

    day: Mapped[date] = mapped_column(primary_key=True)
    shift: Mapped[str] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"), primary_key=True)
