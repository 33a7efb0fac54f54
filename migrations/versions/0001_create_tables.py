"""Create all tables of the first version: people, configuration, customers, journal, calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('agent', 'supervisor', 'ops', 'admin')", name=op.f("ck_api_key_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
        sa.UniqueConstraint("name", name=op.f("uq_api_key_name")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint("kind IN ('holiday', 'working_day')", name=op.f("ck_calendar_day_kind")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "customer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_number", sa.Text(), nullable=True),
        sa.Column("meter_number", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("district", sa.Text(), server_default="", nullable=False),
        sa.Column("estate", sa.Text(), server_default="", nullable=False),
        sa.Column("building", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("room", sa.Text(), server_default="", nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("customer_number", name=op.f("uq_customer_customer_number")),
    )
    op.create_index(op.f("ix_customer_meter_number"), "customer", ["meter_number"], unique=False)
    op.create_table(
        "disposition",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_disposition")),
    )
    op.create_table(
        "journal_event",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("projection_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("node", "seq", name=op.f("pk_journal_event")),
    )
    op.create_index(op.f("ix_journal_event_at"), "journal_event", ["at"], unique=False)
    op.create_index(
        op.f("ix_journal_event_call_id_at"),
        "journal_event",
        ["call_id", "at"],
        unique=False,
        postgresql_where=sa.text("call_id IS NOT NULL"),
    )
    op.create_table(
        "journal_position",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_journal_position")),
    )
    op.create_table(
        "queue",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("skills", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("strategy", sa.Text(), server_default="longest_idle", nullable=False),
        sa.Column("ring_timeout_ms", sa.BigInteger(), server_default="20000", nullable=False),
        sa.Column("wrap_up_ms", sa.BigInteger(), server_default="15000", nullable=False),
        sa.Column("service_level_ms", sa.BigInteger(), server_default="20000", nullable=False),
        sa.Column("service_level_target", sa.Float(), server_default="0.8", nullable=False),
        sa.Column("short_abandon_ms", sa.BigInteger(), server_default="5000", nullable=False),
        sa.Column("max_waiting", sa.Integer(), nullable=True),
        sa.Column("max_wait_ms", sa.BigInteger(), nullable=True),
        sa.Column("priority_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("music", sa.Text(), server_default="default", nullable=False),
        sa.Column("record", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("announce_agent", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint(
            "ring_timeout_ms >= 0 AND wrap_up_ms >= 0 AND service_level_ms >= 0 AND short_abandon_ms >= 0",
            name=op.f("ck_queue_not_negative"),
        ),
        sa.CheckConstraint("service_level_target BETWEEN 0 AND 1", name=op.f("ck_queue_service_level_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue")),
    )
    op.create_table(
        "queue_interval",
        sa.Column("queue_id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("answered", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("abandoned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("overflowed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("answered_within", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("abandoned_within", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("short_abandoned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("wait_ms_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("wait_ms_max", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("answer_ms_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "extract(epoch FROM started_at)::bigint % 900 = 0", name=op.f("ck_queue_interval_quarter_hour")
        ),
        sa.CheckConstraint(
            "offered >= 0 AND answered >= 0 AND abandoned >= 0 AND overflowed >= 0"
            " AND wait_ms_sum >= 0 AND wait_ms_max >= 0",
            name=op.f("ck_queue_interval_not_negative"),
        ),
        sa.PrimaryKeyConstraint("queue_id", "started_at", name=op.f("pk_queue_interval")),
    )
    op.create_table(
        "reason_code",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("presence", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("limit_ms", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("presence IN ('break', 'training')", name=op.f("ck_reason_code_presence")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_reason_code")),
    )
    op.create_table(
        "shift",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("since", sa.Time(), nullable=False),
        sa.Column("until", sa.Time(), nullable=False),
        sa.CheckConstraint("until > since", name=op.f("ck_shift_until")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_shift_weekday")),
        sa.PrimaryKeyConstraint("name", "weekday", "since", name=op.f("pk_shift")),
    )
    op.create_table(
        "skill",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_table(
        "app_user",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="zh-CN", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("language IN ('zh-CN', 'en')", name=op.f("ck_app_user_language")),
        sa.CheckConstraint("role IN ('agent', 'supervisor', 'ops', 'admin')", name=op.f("ck_app_user_role")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_app_user_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("login", name=op.f("uq_app_user_login")),
    )
    op.create_table(
        "customer_phone",
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("e164", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_customer_phone_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", "e164", name=op.f("pk_customer_phone")),
    )
    op.create_index(op.f("ix_customer_phone_e164"), "customer_phone", ["e164"], unique=False)
    op.create_table(
        "queue_step",
        sa.Column("queue_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("after_ms", sa.BigInteger(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint("after_ms >= 0", name=op.f("ck_queue_step_not_negative")),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_queue_step_queue_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("queue_id", "ordinal", name=op.f("pk_queue_step")),
    )
    op.create_table(
        "agent",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=False),
        sa.Column("sip_password", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("auto_answer", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("webrtc", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_agent_team_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_agent_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
        sa.UniqueConstraint("extension", name=op.f("uq_agent_extension")),
        sa.UniqueConstraint("number", name=op.f("uq_agent_number")),
        sa.UniqueConstraint("user_id", name=op.f("uq_agent_user_id")),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_audit_log_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_at"), "audit_log", ["at"], unique=False)
    op.create_index(
        op.f("ix_audit_log_object_type_object_id_at"), "audit_log", ["object_type", "object_id", "at"], unique=False
    )
    op.create_table(
        "user_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent_string", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_session_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_user_session")),
    )
    op.create_index(op.f("ix_user_session_expires_at"), "user_session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "agent_skill",
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("skill_id", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 10", name=op.f("ck_agent_skill_level")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_agent_skill_agent_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_agent_skill_skill_id")),
        sa.PrimaryKeyConstraint("agent_id", "skill_id", name=op.f("pk_agent_skill")),
    )
    op.create_table(
        "agent_state_span",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("presence", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "activity IN ('idle', 'offered', 'ringing', 'talking', 'hold', 'wrap_up', 'busy')",
            name=op.f("ck_agent_state_span_activity"),
        ),
        sa.CheckConstraint(
            "presence IN ('ready', 'break', 'training', 'outbound_only', 'signed_out')",
            name=op.f("ck_agent_state_span_presence"),
        ),
        sa.CheckConstraint("ended_at > started_at", name=op.f("ck_agent_state_span_ends_after_start")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_agent_state_span_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_state_span")),
    )
    op.create_index(
        op.f("ix_agent_state_span_agent_id_started_at"), "agent_state_span", ["agent_id", "started_at"], unique=False
    )
    op.create_index(op.f("ix_agent_state_span_started_at"), "agent_state_span", ["started_at"], unique=False)
    op.create_table(
        "call",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dialled", sa.Text(), nullable=False),
        sa.Column("caller_number", sa.Text(), nullable=False),
        sa.Column("caller_e164", sa.Text(), nullable=False),
        sa.Column("caller_name", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_matches", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("queue_id", sa.Text(), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("cause", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("waited_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ring_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("talk_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hold_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("wrap_up_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("disposition_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('answered', 'abandoned', 'self_service', 'refused', 'failed')", name=op.f("ck_call_outcome")
        ),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_call_ends_after_start")),
        sa.CheckConstraint(
            "waited_ms >= 0 AND ring_ms >= 0 AND talk_ms >= 0 AND hold_ms >= 0 AND wrap_up_ms >= 0",
            name=op.f("ck_call_not_negative"),
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_call_agent_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_call_customer_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    op.create_index(op.f("ix_call_agent_id_started_at"), "call", ["agent_id", "started_at"], unique=False)
    op.create_index(op.f("ix_call_caller_e164_started_at"), "call", ["caller_e164", "started_at"], unique=False)
    op.create_index(op.f("ix_call_customer_id_started_at"), "call", ["customer_id", "started_at"], unique=False)
    op.create_index(op.f("ix_call_queue_id_started_at"), "call", ["queue_id", "started_at"], unique=False)
    op.create_index(op.f("ix_call_started_at"), "call", ["started_at"], unique=False)
    op.create_table(
        "call_input",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("variable", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_input_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_input")),
    )
    op.create_index(op.f("ix_call_input_call_id_id"), "call_input", ["call_id", "id"], unique=False)
    op.create_table(
        "call_leg",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ringing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.BigInteger(), nullable=True),
        sa.Column("tech_cause", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("role IN ('caller', 'agent')", name=op.f("ck_call_leg_role")),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_call_leg_ends_after_start")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_call_leg_agent_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_leg_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_leg")),
    )
    op.create_index(op.f("ix_call_leg_call_id"), "call_leg", ["call_id"], unique=False)
    op.create_table(
        "call_path",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_path_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_path")),
    )
    op.create_index(op.f("ix_call_path_call_id_id"), "call_path", ["call_id", "id"], unique=False)
    op.create_table(
        "call_segment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queue_id", sa.Text(), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ivr', 'queue', 'ring', 'talk', 'hold', 'wrap_up')", name=op.f("ck_call_segment_kind")
        ),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_call_segment_ends_after_start")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_call_segment_agent_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_segment_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_segment")),
    )
    op.create_index(op.f("ix_call_segment_call_id_started_at"), "call_segment", ["call_id", "started_at"], unique=False)
    op.create_index(
        "ix_call_segment_open",
        "call_segment",
        ["agent_id"],
        unique=False,
        postgresql_where=sa.text("kind IN ('hold', 'wrap_up') AND ended_at IS NULL"),
    )
    op.create_index(op.f("ix_call_segment_started_at"), "call_segment", ["started_at"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("queue_id", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('answered', 'refused', 'withdrawn', 'caller_gone')", name=op.f("ck_offer_outcome")
        ),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_offer_ends_after_start")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_offer_agent_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_offer_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_agent_id_started_at"), "offer", ["agent_id", "started_at"], unique=False)
    op.create_index(op.f("ix_offer_call_id"), "offer", ["call_id"], unique=False)
    op.create_table(
        "recording",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("queue_id", sa.Text(), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("status IN ('pending', 'stored', 'mismatch', 'lost')", name=op.f("ck_recording_status")),
        sa.CheckConstraint("duration_ms >= 0 AND size_bytes >= 0", name=op.f("ck_recording_not_negative")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_recording_agent_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_recording_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
    )
    op.create_index(op.f("ix_recording_agent_id_started_at"), "recording", ["agent_id", "started_at"], unique=False)
    op.create_index(op.f("ix_recording_call_id"), "recording", ["call_id"], unique=False)
    op.create_index(op.f("ix_recording_started_at"), "recording", ["started_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_recording_started_at"), table_name="recording")
    op.drop_index(op.f("ix_recording_call_id"), table_name="recording")
    op.drop_index(op.f("ix_recording_agent_id_started_at"), table_name="recording")
    op.drop_table("recording")
    op.drop_index(op.f("ix_offer_call_id"), table_name="offer")
    op.drop_index(op.f("ix_offer_agent_id_started_at"), table_name="offer")
    op.drop_table("offer")
    op.drop_index(op.f("ix_call_segment_started_at"), table_name="call_segment")
    op.drop_index(
        "ix_call_segment_open",
        table_name="call_segment",
        postgresql_where=sa.text("kind IN ('hold', 'wrap_up') AND ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_call_segment_call_id_started_at"), table_name="call_segment")
    op.drop_table("call_segment")
    op.drop_index(op.f("ix_call_path_call_id_id"), table_name="call_path")
    op.drop_table("call_path")
    op.drop_index(op.f("ix_call_leg_call_id"), table_name="call_leg")
    op.drop_table("call_leg")
    op.drop_index(op.f("ix_call_input_call_id_id"), table_name="call_input")
    op.drop_table("call_input")
    op.drop_index(op.f("ix_call_started_at"), table_name="call")
    op.drop_index(op.f("ix_call_queue_id_started_at"), table_name="call")
    op.drop_index(op.f("ix_call_customer_id_started_at"), table_name="call")
    op.drop_index(op.f("ix_call_caller_e164_started_at"), table_name="call")
    op.drop_index(op.f("ix_call_agent_id_started_at"), table_name="call")
    op.drop_table("call")
    op.drop_index(op.f("ix_agent_state_span_started_at"), table_name="agent_state_span")
    op.drop_index(op.f("ix_agent_state_span_agent_id_started_at"), table_name="agent_state_span")
    op.drop_table("agent_state_span")
    op.drop_table("agent_skill")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_index(op.f("ix_user_session_expires_at"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_index(op.f("ix_audit_log_object_type_object_id_at"), table_name="audit_log")
    op.drop_index(op.f("ix_audit_log_at"), table_name="audit_log")
    op.drop_table("audit_log")
    op.drop_table("agent")
    op.drop_table("queue_step")
    op.drop_index(op.f("ix_customer_phone_e164"), table_name="customer_phone")
    op.drop_table("customer_phone")
    op.drop_table("app_user")
    op.drop_table("team")
    op.drop_table("skill")
    op.drop_table("shift")
    op.drop_table("reason_code")
    op.drop_table("queue_interval")
    op.drop_table("queue")
    op.drop_table("journal_position")
    op.drop_index(
        op.f("ix_journal_event_call_id_at"), table_name="journal_event", postgresql_where=sa.text("call_id IS NOT NULL")
    )
    op.drop_index(op.f("ix_journal_event_at"), table_name="journal_event")
    op.drop_table("journal_event")
    op.drop_table("disposition")
    op.drop_index(op.f("ix_customer_meter_number"), table_name="customer")
    op.drop_table("customer")
    op.drop_table("calendar_day")
    op.drop_table("api_key")
