"""Recorded prompts that were uploaded: every version, the newest in force."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base, one_of


class PromptRecording(Base):
    """Rows are only added: a removal is a version without sound, going back is the earlier sound as a new version."""

    __tablename__ = "prompt_recording"
    __table_args__ = (
        UniqueConstraint("prompt", "language", "version"),
        one_of("language", "", "zh-CN", "en"),
        CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    prompt: Mapped[str]
    language: Mapped[str]  # "": for every language
    version: Mapped[int] = mapped_column(Integer)
    sound: Mapped[bytes | None] = mapped_column(LargeBinary)  # WAV, 16 kHz, 16-bit, mono; None: removed
    sha256: Mapped[str]
    duration_ms: Mapped[int] = mapped_column(Integer)
    loudness_db: Mapped[float] = mapped_column(Float)  # as it was uploaded
    peak_db: Mapped[float] = mapped_column(Float)
    clipped: Mapped[bool]
    back_to: Mapped[int | None] = mapped_column(Integer)  # the version that was brought back
    note: Mapped[str]
    author: Mapped[str]  # as people read it; stays when the user goes
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
