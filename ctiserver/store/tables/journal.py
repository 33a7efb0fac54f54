"""The journal as shipped from the nodes' spools: what all read models can be rebuilt from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base


class JournalEvent(Base):
    """One step: its input and all facts and commands that followed, as in the spool but without the subject's state."""

    __tablename__ = "journal_event"
    __table_args__ = (
        Index(None, "call_id", "at", postgresql_where=text("call_id IS NOT NULL")),
        Index(None, "at"),
    )

    node: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str | None]  # None: about an agent
    at: Mapped[datetime]
    type: Mapped[str]  # of the input
    body: Mapped[dict[str, Any]]
    projection_error: Mapped[str | None]  # why its read models were left out


class JournalPosition(Base):
    """How far each node's journal has been shipped; changes in the same transaction as what was shipped."""

    __tablename__ = "journal_position"

    node: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
