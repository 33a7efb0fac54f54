"""What must be kept, and what is gone. No foreign keys: rows outlive a rebuild of the read models."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base


class LegalHold(Base):
    """Nothing of this call is removed, however old, until the hold is lifted."""

    __tablename__ = "legal_hold"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    set_by: Mapped[str]  # login
    set_at: Mapped[datetime]


class RecordingRemoval(Base):
    """The recording's time was over and its file was removed."""

    __tablename__ = "recording_removal"

    recording_id: Mapped[str] = mapped_column(primary_key=True)
    removed_at: Mapped[datetime]
