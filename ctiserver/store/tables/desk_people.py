"""Who carries out what callers need: areas, units with their crews, and staff."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base, one_of

NOTHING = text("'{}'")


class Area(Base):
    """A part of the town; its code begins the numbers of its work orders."""

    __tablename__ = "area"
    __table_args__ = (CheckConstraint("id ~ '^[A-Z0-9]{1,6}$'", name="code"),)

    id: Mapped[str] = mapped_column(primary_key=True)  # "CD"
    name: Mapped[dict[str, str]]
    districts: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=NOTHING)  # as customers' addresses say
    position: Mapped[int] = mapped_column(Integer, server_default="0")


class Unit(Base):
    """A department or a crew that work orders are dispatched to. Never deleted, only retired."""

    __tablename__ = "unit"
    __table_args__ = (one_of("kind", "unit", "crew"),)

    id: Mapped[str] = mapped_column(primary_key=True)  # a word: "repairs_east"
    kind: Mapped[str]
    name: Mapped[dict[str, str]]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    areas: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=NOTHING)
    phone: Mapped[str] = mapped_column(server_default="")
    position: Mapped[int] = mapped_column(Integer, server_default="0")
    retired_at: Mapped[datetime | None]


class Staff(Base):
    """A person of the directory; `user_id` for those who sign in. Never deleted, only retired."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    title: Mapped[str] = mapped_column(server_default="")  # 职务
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"), unique=True)
    phone: Mapped[str] = mapped_column(server_default="")
    mobile: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str] = mapped_column(server_default="")
    on_duty: Mapped[bool] = mapped_column(server_default=text("true"))
    retired_at: Mapped[datetime | None]
