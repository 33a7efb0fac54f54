"""Who may sign in, with what, and what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base, one_of

ROLES = ("agent", "supervisor", "ops", "admin", "dispatcher", "field")


class AppUser(Base):
    __tablename__ = "app_user"
    __table_args__ = (one_of("role", *ROLES), one_of("language", "zh-CN", "en"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    language: Mapped[str] = mapped_column(server_default="zh-CN")
    password_hash: Mapped[str]  # argon2id
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class UserSession(Base):
    """A signed-in browser. Only the hash of its token is kept: a copy of this table opens no session."""

    __tablename__ = "user_session"
    __table_args__ = (Index(None, "expires_at"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # SHA-256 of 32 random bytes
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str]  # where it was opened from
    agent_string: Mapped[str]  # the browser's name for itself


class ApiKey(Base):
    """A key for a machine, with the role and scopes it acts under."""

    __tablename__ = "api_key"
    __table_args__ = (one_of("role", *ROLES),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)  # SHA-256 of 32 random bytes
    role: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AuditLog(Base):
    """Who did what to whom; appended, never changed: triggers refuse it, and each row seals the one before it."""

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "at"), Index(None, "object_type", "object_id", "at"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    actor: Mapped[str]  # login or key name, readable after the user is gone
    action: Mapped[str]  # recording.played, presence.set, …
    object_type: Mapped[str]
    object_id: Mapped[str]
    address: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    digest: Mapped[bytes]  # SHA-256 of the former row's digest and of this row; set by a trigger
