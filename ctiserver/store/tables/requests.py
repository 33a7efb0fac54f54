"""What callers leave behind in a flow: messages, faxes, callbacks, answers, texts to be sent, work to be done.

Written by the projection of the journal, once each; what people do with it afterwards (heard, done, sent) stands in the
same row, so a rebuild of the read models leaves these tables alone. They name the call without a foreign key.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base, not_negative, one_of


class Voicemail(Base):
    """A message for a box. `mismatch`: kept, but its length contradicts what Asterisk measured."""

    __tablename__ = "voicemail"
    __table_args__ = (
        one_of("status", "stored", "mismatch", "lost"),
        not_negative("duration_ms", "size_bytes"),
        Index(None, "box", "at"),
        Index(None, "at"),
        Index("ix_voicemail_untold", "at", postgresql_where=text("told_at IS NULL")),
        Index(None, "customer_id", "at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str]
    box: Mapped[str]
    at: Mapped[datetime]
    caller_number: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL"))
    status: Mapped[str]
    path: Mapped[str | None]  # below the recordings folder
    duration_ms: Mapped[int] = mapped_column(server_default="0")
    size_bytes: Mapped[int] = mapped_column(server_default="0")
    sha256: Mapped[str | None]
    reason: Mapped[str | None]  # why it was lost
    heard_at: Mapped[datetime | None]
    heard_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    heard_phone: Mapped[str] = mapped_column(server_default="")  # on which it was heard, by whom nobody knows
    told_at: Mapped[datetime | None]  # those who are responsible have been told
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    work_order_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id", ondelete="SET NULL"))


class VoicemailListener(Base):
    """Who has listened to a message, on a page or by phone; several may."""

    __tablename__ = "voicemail_listener"
    __table_args__ = (not_negative("times"),)

    voicemail_id: Mapped[str] = mapped_column(ForeignKey("voicemail.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(server_default="1")


class VoicemailNotice(Base):
    """How often a phone was rung about a message, and whether it was heard there."""

    __tablename__ = "voicemail_notice"
    __table_args__ = (not_negative("attempts"),)

    voicemail_id: Mapped[str] = mapped_column(ForeignKey("voicemail.id", ondelete="CASCADE"), primary_key=True)
    phone: Mapped[str] = mapped_column(primary_key=True)
    attempts: Mapped[int] = mapped_column(server_default="0")
    outcome: Mapped[str] = mapped_column(server_default="")  # of the last one
    last_call_id: Mapped[str] = mapped_column(server_default="")
    last_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]  # for the last time


class MessageBox(Base):
    """Who is responsible for the messages and faxes of a box; without a row those who supervise are."""

    __tablename__ = "message_box"

    name: Mapped[str] = mapped_column(primary_key=True)  # as flows write it
    title: Mapped[dict[str, str]] = mapped_column(server_default=text("'{}'"))
    teams: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"))
    agents: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'"))
    mail: Mapped[str] = mapped_column(server_default="")
    phones: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"))  # rung about new messages
    language: Mapped[str] = mapped_column(server_default="zh-CN")  # that they hear
    pin_hash: Mapped[str] = mapped_column(server_default="")  # that they ask for; empty: none
    ring_from: Mapped[str] = mapped_column(server_default="08:00")  # local time; both the same: at any hour
    ring_to: Mapped[str] = mapped_column(server_default="21:00")
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Fax(Base):
    """A fax that was received (`path`: TIFF below the recordings folder) or sent on demand (`document`)."""

    __tablename__ = "fax"
    __table_args__ = (
        one_of("direction", "received", "sent"),
        not_negative("pages"),
        Index(None, "at"),
        Index("ix_fax_untold", "at", postgresql_where=text("told_at IS NULL")),
        Index(None, "call_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str]
    direction: Mapped[str]
    at: Mapped[datetime]
    box: Mapped[str]
    document: Mapped[str]
    ok: Mapped[bool]
    pages: Mapped[int]
    path: Mapped[str | None]
    size_bytes: Mapped[int | None]
    sha256: Mapped[str | None]
    detail: Mapped[str]
    told_at: Mapped[datetime | None]


class CallbackRequest(Base):
    """Somebody is to ring this number. `waiting_since` counts the wait from the queue where the place is kept.

    `agent_id`: this agent and nobody else. `due_at`: not before; `next_at`: nor before this, after an attempt.
    """

    __tablename__ = "callback_request"
    __table_args__ = (
        one_of("status", "open", "done", "cancelled", "expired", "failed"),
        one_of("source", "flow", "page"),
        not_negative("attempts"),
        Index(None, "status", "waiting_since"),
        Index(None, "queue_id", "at"),
        Index("ix_callback_request_open_number", "number_e164", postgresql_where=text("status = 'open'")),
        Index(None, "customer_id", "at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str]
    at: Mapped[datetime]
    queue_id: Mapped[str]
    number: Mapped[str]  # as it was shown or entered
    number_e164: Mapped[str]
    keep_place: Mapped[bool]
    waiting_since: Mapped[datetime]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(server_default="open")
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    source: Mapped[str] = mapped_column(server_default="flow")
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id", ondelete="SET NULL"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    due_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    outcome: Mapped[str] = mapped_column(server_default="")  # of the last attempt: answered, no_answer, busy, …
    last_call_id: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")


class SurveyAnswer(Base):
    """One key of a survey, with whoever talked last with the caller."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 9", name="score"),
        Index(None, "call_id"),
        Index(None, "at"),
        Index(None, "agent_id", "at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str]
    at: Mapped[datetime]
    survey: Mapped[str]
    question: Mapped[str]
    score: Mapped[int]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id", ondelete="SET NULL"))
    queue_id: Mapped[str]


class OutboxMessage(Base):
    """A text message that is to be sent, or has been."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        one_of("status", "queued", "sent", "failed"),
        not_negative("attempts"),
        Index("ix_outbox_message_queued", "next_at", postgresql_where=text("status = 'queued'")),
        Index(None, "call_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str]
    at: Mapped[datetime]
    number: Mapped[str]
    body: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="queued")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(server_default="")


class WorkOrderRequest(Base):
    """Work that a flow asks the desk for; the desk makes an order of it. `id` follows from the call's id."""

    __tablename__ = "work_order_request"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    call_id: Mapped[str]
    at: Mapped[datetime]
    body: Mapped[dict[str, Any]]


class ForwardedLeg(Base):
    """Somebody outside of the queues, rung by a flow."""

    __tablename__ = "forwarded_leg"
    __table_args__ = (not_negative("talk_ms"), Index(None, "call_id"))

    id: Mapped[str] = mapped_column(primary_key=True)  # the channel's id
    call_id: Mapped[str]
    kind: Mapped[str]
    target: Mapped[str]
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    talk_ms: Mapped[int] = mapped_column(server_default="0")
