"""The customers that callers may turn out to be."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, Text, func, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base


class Customer(Base):
    __tablename__ = "customer"
    __table_args__ = (
        Index(None, "meter_number"),
        Index("ix_customer_number_start", "customer_number", postgresql_ops={"customer_number": "text_pattern_ops"}),
        Index("ix_customer_meter_start", "meter_number", postgresql_ops={"meter_number": "text_pattern_ops"}),
        Index(None, "search", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_number: Mapped[str | None] = mapped_column(unique=True)  # 户号
    meter_number: Mapped[str | None]
    name: Mapped[str]
    district: Mapped[str] = mapped_column(server_default="")
    estate: Mapped[str] = mapped_column(server_default="")  # 小区
    building: Mapped[str] = mapped_column(server_default="")
    unit: Mapped[str] = mapped_column(server_default="")
    room: Mapped[str] = mapped_column(server_default="")
    tags: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"))  # vip, blacklist, complaint, …
    notes: Mapped[str] = mapped_column(server_default="")
    consent: Mapped[bool | None]  # to be called and surveyed; None: never asked
    version: Mapped[int] = mapped_column(Integer, server_default="1")  # grows with each change
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))  # a duplicate that points to who stays
    search: Mapped[str] = mapped_column(TSVECTOR, server_default=text("''::tsvector"))  # desk.bigrams: name, address
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CustomerPhone(Base):
    """A number of a customer; several customers may share one (a family, a property manager)."""

    __tablename__ = "customer_phone"
    __table_args__ = (
        Index("ix_customer_phone_start", "e164", postgresql_ops={"e164": "text_pattern_ops"}),
        Index(
            "ix_customer_phone_end",
            literal_column("reverse(e164)", Text).label("backwards"),
            postgresql_ops={"backwards": "text_pattern_ops"},
        ),
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
    e164: Mapped[str] = mapped_column(primary_key=True, index=True)  # "+8613800138000"
    label: Mapped[str] = mapped_column(server_default="")
