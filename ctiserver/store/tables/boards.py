"""Wallboards, the links under which screens show them, and the alerts that their figures raised."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, Integer, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base, one_of


class Wallboard(Base):
    """`setup` is a ctiserver.kpi.boards.Board without what has a column."""

    __tablename__ = "wallboard"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[dict[str, str]]
    setup: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(Integer, server_default="0")
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class WallboardLink(Base):
    """Of the token only the hash is kept. No `boards`: all of them."""

    __tablename__ = "wallboard_link"
    __table_args__ = (one_of("language", "zh-CN", "en"), one_of("theme", "light", "dark"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    boards: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"))
    tiles: Mapped[bool] = mapped_column(server_default=text("false"))
    language: Mapped[str] = mapped_column(server_default="zh-CN")
    theme: Mapped[str] = mapped_column(server_default="dark")
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class WallboardAlert(Base):
    """`id` is BOARD.FIGURE.INSTANT, so that one that waited for Postgres is written once."""

    __tablename__ = "wallboard_alert"
    __table_args__ = (
        Index("ix_wallboard_alert_raised_at", "raised_at"),
        Index("ix_wallboard_alert_open", "id", postgresql_where=text("cleared_at IS NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    board: Mapped[str]
    figure: Mapped[str]
    value: Mapped[float | None]
    target: Mapped[float | None]
    raised_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    cleared_at: Mapped[datetime | None]
