"""What people write beside records of calls, and searches they keep. No foreign key to calls: rows outlive a rebuild
of the read models."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Identity, Index, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base


class CallComment(Base):
    """A remark about a call, perhaps about an instant of it."""

    __tablename__ = "call_comment"
    __table_args__ = (
        CheckConstraint("position_s >= 0", name="position_s"),
        Index(None, "call_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    call_id: Mapped[str]
    text: Mapped[str]
    position_s: Mapped[float | None] = mapped_column(Float)  # after the call's beginning; None: of the whole call
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    author: Mapped[str]  # readable after the user is gone
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    edited_at: Mapped[datetime | None]


class CallMark(Base):
    """A word under which a call is found again; each at most once a call."""

    __tablename__ = "call_mark"
    __table_args__ = (Index(None, "mark", "call_id"),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(primary_key=True)
    author: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SavedSearch(Base):
    """What somebody searches records of calls for. Shared: with the owner's team, or with all where there is none."""

    __tablename__ = "saved_search"
    __table_args__ = (
        Index("uq_saved_search_owner_id_name", "owner_id", "name", unique=True),
        Index("ix_saved_search_shared", "team_id", postgresql_where=sql("shared")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    name: Mapped[str]
    criteria: Mapped[dict[str, Any]]
    span: Mapped[str] = mapped_column(server_default="")  # "": the instants among the criteria, else today, week, …
    shared: Mapped[bool] = mapped_column(server_default=sql("false"))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
