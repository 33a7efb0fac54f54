"""What operations staff set up: teams, agents, skills, queues, calendars and the words people choose from."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Identity, Integer, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base, not_negative, one_of

EMPTY = text("'{}'")


class Team(Base):
    __tablename__ = "team"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[dict[str, str]]


class Agent(Base):
    """A person who answers calls. Never deleted, only retired: calls refer to them."""

    __tablename__ = "agent"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)  # 工号, spoken to the caller
    name: Mapped[str]
    extension: Mapped[str] = mapped_column(unique=True)  # SIP account of the phone
    sip_password: Mapped[str]  # in clear: Asterisk must prove that it knows it (digest)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"), unique=True)
    auto_answer: Mapped[bool] = mapped_column(server_default=text("false"))
    webrtc: Mapped[bool] = mapped_column(server_default=text("false"))
    retired_at: Mapped[datetime | None]
    options: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)  # routing/options.py: AgentOptions


class Skill(Base):
    __tablename__ = "skill"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[dict[str, str]]


class AgentSkill(Base):
    __tablename__ = "agent_skill"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 10", name="level"),)

    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger)  # 10 is best


class Queue(Base):
    __tablename__ = "queue"
    __table_args__ = (
        not_negative("ring_timeout_ms", "wrap_up_ms", "service_level_ms", "short_abandon_ms"),
        CheckConstraint("service_level_target BETWEEN 0 AND 1", name="service_level_target"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)  # a word: "repairs"
    name: Mapped[dict[str, str]]
    position: Mapped[int] = mapped_column(Integer, server_default="0")  # order on pages
    skills: Mapped[dict[str, int]] = mapped_column(server_default=EMPTY)  # required skill → minimum level
    strategy: Mapped[str] = mapped_column(server_default="longest_idle")
    ring_timeout_ms: Mapped[int] = mapped_column(server_default="20000")
    wrap_up_ms: Mapped[int] = mapped_column(server_default="15000")  # 0: none
    service_level_ms: Mapped[int] = mapped_column(server_default="20000")
    service_level_target: Mapped[float] = mapped_column(Float, server_default="0.8")
    short_abandon_ms: Mapped[int] = mapped_column(server_default="5000")
    max_waiting: Mapped[int | None] = mapped_column(Integer)
    max_wait_ms: Mapped[int | None]
    priority_ms: Mapped[int] = mapped_column(server_default="0")
    music: Mapped[str] = mapped_column(server_default="default")
    record: Mapped[bool] = mapped_column(server_default=text("true"))
    announce_agent: Mapped[bool] = mapped_column(server_default=text("true"))
    options: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)  # routing/options.py: QueueOptions


class QueueStep(Base):
    """What is relaxed from which age of the contact on."""

    __tablename__ = "queue_step"
    __table_args__ = (not_negative("after_ms"),)

    queue_id: Mapped[str] = mapped_column(ForeignKey("queue.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    after_ms: Mapped[int]
    options: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)


class RoutingOption(Base):
    """What holds for routing in the whole centre, one option a row (routing/options.py: CentreOptions)."""

    __tablename__ = "routing_option"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)


class Shift(Base):
    """Hours of a weekday, in the centre's time zone, of the shift (班次) with that name. An end at or before the
    beginning is on the next day."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("until <> since", name="until"),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True)  # ISO: 1 is Monday
    since: Mapped[time] = mapped_column(primary_key=True)
    until: Mapped[time]


class CalendarDay(Base):
    """A day that differs from the public calendar: a holiday, or a weekend day that is worked (调休)."""

    __tablename__ = "calendar_day"
    __table_args__ = (one_of("kind", "holiday", "working_day"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[dict[str, str]] = mapped_column(server_default=EMPTY)


class ReasonCode(Base):
    """Why an agent is on break or in training."""

    __tablename__ = "reason_code"
    __table_args__ = (one_of("presence", "break", "training"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    presence: Mapped[str]
    name: Mapped[dict[str, str]]
    limit_ms: Mapped[int | None]
    position: Mapped[int] = mapped_column(Integer, server_default="0")


class Disposition(Base):
    """What a call was about, chosen by the agent."""

    __tablename__ = "disposition"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[dict[str, str]]
    position: Mapped[int] = mapped_column(Integer, server_default="0")
