"""Read models of calls and agents' time: written only by the projection of the journal, and rebuilt from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base, ends_after_start, not_negative, one_of


class Call(Base):
    """One caller's conversation, from ringing in to the last hang-up."""

    __tablename__ = "call"
    __table_args__ = (
        one_of("outcome", "answered", "abandoned", "self_service", "refused", "failed"),
        one_of("direction", "inbound", "outbound", "internal", "conference"),
        not_negative("waited_ms", "ring_ms", "talk_ms", "hold_ms", "wrap_up_ms"),
        ends_after_start(),
        Index(None, "started_at"),
        Index(  # repeat calls are counted from it alone
            "ix_call_contact",
            "caller_e164",
            "started_at",
            postgresql_include=["queue_id", "agent_id", "direction"],
        ),
        Index(None, "queue_id", "started_at"),
        Index(None, "agent_id", "started_at"),
        Index(  # and those of a customer or an address
            "ix_call_of_customer",
            "customer_id",
            "started_at",
            postgresql_include=["queue_id", "agent_id", "direction"],
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    node: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # None: goes on
    dialled: Mapped[str]
    caller_number: Mapped[str]  # as the network gave it; empty: anonymous
    caller_e164: Mapped[str]  # normalised where that is possible, otherwise empty
    caller_name: Mapped[str]
    flow: Mapped[str]
    direction: Mapped[str] = mapped_column(server_default="inbound")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL"))
    customer_matches: Mapped[int] = mapped_column(server_default="0")
    queue_id: Mapped[str | None]  # the last one
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))  # the last one who talked
    queued_at: Mapped[datetime | None]  # first entry into a queue
    answered_at: Mapped[datetime | None]  # first conversation
    outcome: Mapped[str | None]  # None: goes on
    ended_by: Mapped[str | None]
    reason: Mapped[str | None]
    cause: Mapped[int | None]  # ITU-T Q.850
    error: Mapped[str | None]  # our own failure, if any
    waited_ms: Mapped[int] = mapped_column(server_default="0")  # in all queues
    ring_ms: Mapped[int] = mapped_column(server_default="0")  # of all offers; part of waited_ms
    talk_ms: Mapped[int] = mapped_column(server_default="0")  # without hold
    hold_ms: Mapped[int] = mapped_column(server_default="0")
    wrap_up_ms: Mapped[int] = mapped_column(server_default="0")
    disposition: Mapped[str | None]
    disposition_note: Mapped[str | None]
    # Kept by triggers on orders and answers, for reports:
    caused_category: Mapped[str | None]  # of the first work order that the call caused
    first_score: Mapped[int | None] = mapped_column(Integer)  # the first answer to a survey


class CallUnlabelled(Base):
    """A call whose order or answer came when its row was not to be seen: reports look its labels up."""

    __tablename__ = "call_unlabelled"

    call_id: Mapped[str] = mapped_column(primary_key=True)


class CallLeg(Base):
    """One channel of a call: the caller's, the phone of an agent who was rung, or somebody beside them."""

    __tablename__ = "call_leg"
    __table_args__ = (
        one_of("role", "caller", "agent", "consulted", "conference", "target", "outside"),
        ends_after_start(),
        Index(None, "call_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)  # the channel's id
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    role: Mapped[str]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    endpoint: Mapped[str]
    started_at: Mapped[datetime]
    ringing_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cause: Mapped[int | None]  # ITU-T Q.850
    tech_cause: Mapped[int | None]  # SIP status


class CallSegment(Base):
    """What a stretch of the call was spent with; segments of one kind never overlap within a call, except those of
    the members of a conference."""

    __tablename__ = "call_segment"
    __table_args__ = (
        one_of("kind", "ivr", "queue", "ring", "talk", "hold", "wrap_up", "consult", "conference", "pause"),
        ends_after_start(),
        Index(None, "call_id", "started_at"),
        Index(None, "started_at"),
        Index(
            "ix_call_segment_open",
            "agent_id",
            postgresql_where=text("kind IN ('hold', 'wrap_up') AND ended_at IS NULL"),
        ),
        Index(  # reports read stays in queues from it alone
            "ix_call_segment_stay",
            "started_at",
            postgresql_include=["ended_at", "queue_id", "outcome"],
            postgresql_where=text("kind = 'queue'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    kind: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[
        datetime | None
    ]  # None: hold, pause or wrap-up that goes on; other kinds are written when they end
    queue_id: Mapped[str | None]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    outcome: Mapped[str | None]
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class CallTransfer(Base):
    """A caller was sent elsewhere, by an agent or by a flow."""

    __tablename__ = "call_transfer"
    __table_args__ = (
        one_of("target_kind", "agent", "number", "queue", "flow"),
        one_of("outcome", "answered", "returned", "queued", "failed", "caller_gone"),
        ends_after_start(),
        Index(None, "call_id"),
        Index(None, "agent_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    kind: Mapped[str]  # blind, consult, pickup, flow
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))  # who sent the caller there
    target_kind: Mapped[str]
    target: Mapped[str]  # an agent's number, a number outside, a queue, a flow
    target_agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    outcome: Mapped[str | None]
    reason: Mapped[str | None]


class CallPath(Base):
    """A node of the flow that the caller went through."""

    __tablename__ = "call_path"
    __table_args__ = (Index(None, "call_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    flow: Mapped[str]
    node: Mapped[str]
    at: Mapped[datetime]


class CallInputValue(Base):
    """What the caller typed; masked where the flow says secret."""

    __tablename__ = "call_input"
    __table_args__ = (Index(None, "call_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    node: Mapped[str]
    variable: Mapped[str]
    value: Mapped[str]
    at: Mapped[datetime]


class Offer(Base):
    """One call offered to one agent."""

    __tablename__ = "offer"
    __table_args__ = (
        one_of("outcome", "answered", "refused", "withdrawn", "caller_gone"),
        ends_after_start(),
        Index(None, "call_id"),
        Index(None, "agent_id", "started_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    queue_id: Mapped[str]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    cause: Mapped[str]  # why it was refused; empty otherwise
    why: Mapped[str]  # why this agent


class RoutingDecision(Base):
    """The decision log: what routing decided about a caller, and why as a code and figures that pages translate.

    `params` of an offer: strategy, step, waited_s, score_s, idle_s, level, last_agent.
    """

    __tablename__ = "routing_decision"
    __table_args__ = (
        one_of("decision", "offered", "answered", "refused", "withdrawn", "adopted", "overflowed", "let_go"),
        Index(None, "call_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    decision: Mapped[str]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    queue_id: Mapped[str | None]
    offer_id: Mapped[str] = mapped_column(server_default="")
    reason: Mapped[str] = mapped_column(server_default="")  # cause of a refusal, why withdrawn, which limit was hit
    params: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class Recording(Base):
    """The sound of one conversation. `mismatch`: kept, but its length contradicts the conversation's."""

    __tablename__ = "recording"
    __table_args__ = (
        one_of("status", "pending", "stored", "mismatch", "lost"),
        not_negative("duration_ms", "size_bytes"),
        Index(None, "call_id"),
        Index(None, "started_at"),
        Index(None, "agent_id", "started_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    queue_id: Mapped[str | None]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    started_at: Mapped[datetime]
    status: Mapped[str]
    path: Mapped[str | None]  # below the recordings folder
    duration_ms: Mapped[int | None]
    size_bytes: Mapped[int | None]
    sha256: Mapped[str | None]
    reason: Mapped[str | None]  # why it was lost


class AgentStateSpan(Base):
    """How long an agent was in one state. Written when it ends; the present state is in the running daemon."""

    __tablename__ = "agent_state_span"
    __table_args__ = (
        one_of("presence", "ready", "break", "training", "outbound_only", "signed_out"),
        one_of("activity", "idle", "offered", "ringing", "talking", "hold", "wrap_up", "busy"),
        CheckConstraint("ended_at > started_at", name="ends_after_start"),
        Index(None, "agent_id", "started_at"),
        Index(None, "started_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    presence: Mapped[str]
    reason: Mapped[str]  # reason code of a break
    activity: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]


class QueueInterval(Base):
    """Counters of the half-open quarter of an hour [started_at, started_at + 15 min) in UTC.

    A contact is booked whole where it entered the queue (offered cohort), so that offered = answered + abandoned +
    overflowed once all have left; other conventions are computed from `call_segment`.
    """

    __tablename__ = "queue_interval"
    __table_args__ = (
        CheckConstraint("extract(epoch FROM started_at)::bigint % 900 = 0", name="quarter_hour"),
        not_negative("offered", "answered", "abandoned", "overflowed", "wait_ms_sum", "wait_ms_max"),
    )

    queue_id: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(primary_key=True)
    offered: Mapped[int] = mapped_column(server_default="0")
    answered: Mapped[int] = mapped_column(server_default="0")
    abandoned: Mapped[int] = mapped_column(server_default="0")
    overflowed: Mapped[int] = mapped_column(server_default="0")
    answered_within: Mapped[int] = mapped_column(server_default="0")  # ≤ the queue's threshold when it was booked
    abandoned_within: Mapped[int] = mapped_column(server_default="0")
    short_abandoned: Mapped[int] = mapped_column(server_default="0")  # ≤ the queue's short-abandon limit
    wait_ms_sum: Mapped[int] = mapped_column(server_default="0")  # of all who left
    wait_ms_max: Mapped[int] = mapped_column(server_default="0")
    answer_ms_sum: Mapped[int] = mapped_column(server_default="0")  # of the answered only


class AgentInterval(Base):
    """What an agent did for a queue in the quarter of an hour [started_at, started_at + 15 min) in UTC.

    Each is booked when it ended: offers, conversations, wrap-ups. `agent_id` 0: an agent unknown here; `queue_id` "":
    a call of the agent's own. So offered = answered + missed + withdrawn in every interval.
    """

    __tablename__ = "agent_interval"
    __table_args__ = (
        CheckConstraint("extract(epoch FROM started_at)::bigint % 900 = 0", name="quarter_hour"),
        not_negative("offered", "answered", "missed", "withdrawn", "handled", "talk_ms", "hold_ms", "wrap_up_ms"),
    )

    started_at: Mapped[datetime] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    queue_id: Mapped[str] = mapped_column(primary_key=True)
    offered: Mapped[int] = mapped_column(server_default="0")
    answered: Mapped[int] = mapped_column(server_default="0")
    missed: Mapped[int] = mapped_column(server_default="0")  # rung in vain, rejected, busy, unreachable
    withdrawn: Mapped[int] = mapped_column(server_default="0")  # by routing, or the caller had gone
    handled: Mapped[int] = mapped_column(server_default="0")  # conversations
    talk_ms: Mapped[int] = mapped_column(server_default="0")
    hold_ms: Mapped[int] = mapped_column(server_default="0")
    wrap_up_ms: Mapped[int] = mapped_column(server_default="0")


class AgentTimeInterval(Base):
    """An agent's time in each state within the quarter of an hour [started_at, started_at + 15 min) in UTC.

    Spans are cut at the quarters, so that the states of a quarter that was worked through add up to it. Being signed
    out and idle is not booked.
    """

    __tablename__ = "agent_time_interval"
    __table_args__ = (
        CheckConstraint("extract(epoch FROM started_at)::bigint % 900 = 0", name="quarter_hour"),
        CheckConstraint("ms > 0", name="ms"),
    )

    started_at: Mapped[datetime] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    presence: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    activity: Mapped[str] = mapped_column(primary_key=True)
    ms: Mapped[int]


class AgentTimeBlock(Base):
    """The same by eight hours of UTC, [started_at, started_at + 8 h): sums of quarters, kept by triggers on these.

    Midnights of UTC+8 are among its edges; what lies between a block's edges is read from the quarters.
    """

    __tablename__ = "agent_time_block"

    started_at: Mapped[datetime] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    presence: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    activity: Mapped[str] = mapped_column(primary_key=True)
    ms: Mapped[int]
