"""Create the desk: units, work orders with their trail, knowledge, notices, inspection; roles dispatcher and field."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from ctiserver.desk.bigrams import index_words

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


STATE = (
    "state IN ('draft', 'accepted', 'resolved_on_call', 'pending_dispatch', 'dispatched', 'signed', 'on_site', "
    "'processing', 'suspended', 'replied', 'reviewing', 'to_follow_up', 'merged', 'closed', 'cancelled', 'archived')"
)
WITHOUT_DESK = "role IN ('agent', 'supervisor', 'ops', 'admin')"
WITH_DESK = "role IN ('agent', 'supervisor', 'ops', 'admin', 'dispatcher', 'field')"
APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
"""
GUARD_TRAIL = """
CREATE TRIGGER work_order_event_append_only BEFORE UPDATE OR DELETE ON work_order_event
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
UNINDEXED = "SELECT id, concat_ws(' ', name, district, estate, building, unit, room) AS words FROM customer"
INDEX_ONE = "UPDATE customer SET search = array_to_tsvector(string_to_array(:words, ' ')) WHERE id = :id"


def upgrade() -> None:
    op.create_table(
        "area",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("districts", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("id ~ '^[A-Z0-9]{1,6}$'", name=op.f("ck_area_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
    )
    op.create_table(
        "knowledge_article",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("kind", sa.Text(), server_default="article", nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("topic", sa.Text(), server_default="", nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("keywords", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("audio", sa.Text(), server_default="", nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("read_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("helpful", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unhelpful", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("search", postgresql.TSVECTOR(), server_default=sa.text("''::tsvector"), nullable=False),
        sa.CheckConstraint("kind IN ('article', 'script')", name=op.f("ck_knowledge_article_kind")),
        sa.CheckConstraint("state IN ('draft', 'published', 'retired')", name=op.f("ck_knowledge_article_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_article")),
    )
    op.create_index(
        op.f("ix_knowledge_article_categories"),
        "knowledge_article",
        ["categories"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix_knowledge_article_search"), "knowledge_article", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "score_sheet",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("subject IN ('call', 'order')", name=op.f("ck_score_sheet_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("areas", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('unit', 'crew')", name=op.f("ck_unit_kind")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    op.create_table(
        "work_order_counter",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("area", "day", name=op.f("pk_work_order_counter")),
    )
    op.create_table(
        "work_order_deadline",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("starting", sa.Text(), server_default="now", nullable=False),
        sa.Column("category", sa.Text(), server_default="", nullable=False),
        sa.Column("urgency", sa.Text(), server_default="", nullable=False),
        sa.Column("area", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.Integer(), nullable=True),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('return', 'respond', 'arrive', 'finish', 'reply', 'follow_up')",
            name=op.f("ck_work_order_deadline_stage"),
        ),
        sa.CheckConstraint("starting IN ('now', 'next_working_day')", name=op.f("ck_work_order_deadline_starting")),
        sa.CheckConstraint(
            "unit IN ('minutes', 'working_days', 'calendar_days')", name=op.f("ck_work_order_deadline_unit")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_work_order_deadline_amount")),
        sa.CheckConstraint(
            "since BETWEEN 0 AND 1439 AND until BETWEEN 0 AND 1440", name=op.f("ck_work_order_deadline_hours")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_deadline")),
    )
    op.create_table(
        "work_order_escalation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("stage", sa.Text(), server_default="", nullable=False),
        sa.Column("after_s", sa.Integer(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.CheckConstraint("level >= 0", name=op.f("ck_work_order_escalation_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_escalation")),
    )
    op.create_table(
        "knowledge_version",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["knowledge_article.id"], name=op.f("fk_knowledge_version_article_id")),
        sa.PrimaryKeyConstraint("article_id", "version", name=op.f("pk_knowledge_version")),
    )
    op.create_table(
        "service_category",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("urgency", sa.Text(), server_default="normal", nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=True),
        sa.Column("follow_up", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id ~ '^[a-z0-9_]+([.][a-z0-9_]+){0,2}$'", name=op.f("ck_service_category_path")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_service_category_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_category")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("mobile", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("on_duty", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_staff_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_staff_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("user_id", name=op.f("uq_staff_user_id")),
    )
    op.create_index(op.f("ix_staff_unit_id"), "staff", ["unit_id"], unique=False)
    op.create_table(
        "work_order",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="call", nullable=False),
        sa.Column("category", sa.Text(), server_default="", nullable=False),
        sa.Column("urgency", sa.Text(), server_default="normal", nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("wanted", sa.Text(), server_default="", nullable=False),
        sa.Column("caller_number", sa.Text(), server_default="", nullable=False),
        sa.Column("contact_number", sa.Text(), server_default="", nullable=False),
        sa.Column("contact_name", sa.Text(), server_default="", nullable=False),
        sa.Column("confidential", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("assignee", sa.BigInteger(), nullable=True),
        sa.Column("assisting", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("forced", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("suspended_from", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("incident", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("repeat_of", sa.BigInteger(), nullable=True),
        sa.Column("follow_up", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("round", sa.Integer(), server_default="1", nullable=False),
        sa.Column("returns", sa.Integer(), server_default="0", nullable=False),
        sa.Column("urges", sa.Integer(), server_default="0", nullable=False),
        sa.Column("extensions", sa.Integer(), server_default="0", nullable=False),
        sa.Column("misses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("supervised", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("escalation", sa.Integer(), server_default="0", nullable=False),
        sa.Column("extension", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("clocks", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "followed_up", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search", postgresql.TSVECTOR(), server_default=sa.text("''::tsvector"), nullable=False),
        sa.CheckConstraint(STATE, name=op.f("ck_work_order_state")),
        sa.CheckConstraint("urgency IN ('low', 'normal', 'high', 'critical')", name=op.f("ck_work_order_urgency")),
        sa.CheckConstraint(
            "returns >= 0 AND urges >= 0 AND extensions >= 0 AND misses >= 0 AND escalation >= 0",
            name=op.f("ck_work_order_not_negative"),
        ),
        sa.ForeignKeyConstraint(["area"], ["area.id"], name=op.f("fk_work_order_area")),
        sa.ForeignKeyConstraint(["assignee"], ["staff.id"], name=op.f("fk_work_order_assignee")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_work_order_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_work_order_customer_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["work_order.id"], name=op.f("fk_work_order_parent_id")),
        sa.ForeignKeyConstraint(["repeat_of"], ["work_order.id"], name=op.f("fk_work_order_repeat_of")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_work_order_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
        sa.UniqueConstraint("number", name=op.f("uq_work_order_number")),
    )
    op.create_index(op.f("ix_work_order_area_created_at"), "work_order", ["area", "created_at"], unique=False)
    op.create_index(
        op.f("ix_work_order_caller_number_created_at"), "work_order", ["caller_number", "created_at"], unique=False
    )
    op.create_index(
        op.f("ix_work_order_category_created_at"),
        "work_order",
        ["category", "created_at"],
        unique=False,
        postgresql_ops={"category": "text_pattern_ops"},
    )
    op.create_index(op.f("ix_work_order_created_at_id"), "work_order", ["created_at", "id"], unique=False)
    op.create_index(
        op.f("ix_work_order_customer_id_created_at"), "work_order", ["customer_id", "created_at"], unique=False
    )
    op.create_index(
        op.f("ix_work_order_next_due_at"),
        "work_order",
        ["next_due_at"],
        unique=False,
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_work_order_contact_number_created_at"), "work_order", ["contact_number", "created_at"])
    op.create_index(
        "ix_work_order_open",
        "work_order",
        ["state", "unit", "next_due_at"],
        unique=False,
        postgresql_where=sa.text("state NOT IN ('resolved_on_call', 'closed', 'cancelled', 'archived')"),
    )
    op.create_index(
        op.f("ix_work_order_parent_id"),
        "work_order",
        ["parent_id"],
        unique=False,
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_work_order_search"), "work_order", ["search"], unique=False, postgresql_using="gin")
    op.create_index(op.f("ix_work_order_state_created_at"), "work_order", ["state", "created_at"], unique=False)
    op.create_index(
        op.f("ix_work_order_unit_state_created_at"), "work_order", ["unit", "state", "created_at"], unique=False
    )
    op.create_table(
        "bulletin",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("kind", sa.Text(), server_default="notice", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("spoken", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("estates", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('outage', 'repair', 'notice')", name=op.f("ck_bulletin_kind")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_bulletin_ends_at")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_bulletin_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
    )
    op.create_index(op.f("ix_bulletin_ends_at"), "bulletin", ["ends_at"], unique=False)
    op.create_index(op.f("ix_bulletin_order_id"), "bulletin", ["order_id"], unique=False)
    op.create_table(
        "colleague_task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("from_user_id", sa.BigInteger(), nullable=True),
        sa.Column("to_user_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'done', 'declined')", name=op.f("ck_colleague_task_state")),
        sa.ForeignKeyConstraint(
            ["from_user_id"], ["app_user.id"], name=op.f("fk_colleague_task_from_user_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_colleague_task_order_id")),
        sa.ForeignKeyConstraint(
            ["to_user_id"], ["app_user.id"], name=op.f("fk_colleague_task_to_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleague_task")),
    )
    op.create_index(op.f("ix_colleague_task_from_user_id"), "colleague_task", ["from_user_id"], unique=False)
    op.create_index(op.f("ix_colleague_task_to_user_id_state"), "colleague_task", ["to_user_id", "state"], unique=False)
    op.create_table(
        "inspection",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("sheet_id", sa.BigInteger(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("agent_user_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="drawn", nullable=False),
        sa.Column("marks", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("fatal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("dispute", sa.Text(), server_default="", nullable=False),
        sa.Column("settlement", sa.Text(), server_default="", nullable=False),
        sa.Column("inspector", sa.Text(), server_default="", nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('drawn', 'published', 'disputed', 'settled')", name=op.f("ck_inspection_state")),
        sa.CheckConstraint("(call_id IS NULL) <> (order_id IS NULL)", name=op.f("ck_inspection_subject")),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_inspection_score")),
        sa.ForeignKeyConstraint(
            ["agent_user_id"], ["app_user.id"], name=op.f("fk_inspection_agent_user_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_inspection_order_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["score_sheet.id"], name=op.f("fk_inspection_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    op.create_index(
        op.f("ix_inspection_agent_user_id_drawn_at"), "inspection", ["agent_user_id", "drawn_at"], unique=False
    )
    op.create_index(op.f("ix_inspection_state_drawn_at"), "inspection", ["state", "drawn_at"], unique=False)
    op.create_index(
        "uq_inspection_call_id", "inspection", ["call_id"], unique=True, postgresql_where=sa.text("call_id IS NOT NULL")
    )
    op.create_index(
        "uq_inspection_order_id",
        "inspection",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel", sa.Text(), server_default="page", nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.Text(), nullable=True),
        sa.Column("duty", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("sender", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('page', 'mail', 'sms')", name=op.f("ck_notice_channel")),
        sa.CheckConstraint("num_nonnulls(user_id, unit_id, duty) >= 1 OR address <> ''", name=op.f("ck_notice_to")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_notice_order_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_notice_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_notice_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_duty_created_at"), "notice", ["duty", "created_at"], unique=False)
    op.create_index(op.f("ix_notice_order_id"), "notice", ["order_id"], unique=False)
    op.create_index(op.f("ix_notice_unit_id_created_at"), "notice", ["unit_id", "created_at"], unique=False)
    op.create_index(
        "ix_notice_unsent",
        "notice",
        ["id"],
        unique=False,
        postgresql_where=sa.text("channel <> 'page' AND sent_at IS NULL"),
    )
    op.create_index(op.f("ix_notice_user_id_created_at"), "notice", ["user_id", "created_at"], unique=False)
    op.create_table(
        "work_order_alarm",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_work_order_alarm_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_alarm")),
        sa.UniqueConstraint(
            "order_id", "stage", "level", "at", name=op.f("uq_work_order_alarm_order_id_stage_level_at")
        ),
    )
    op.create_index(
        op.f("ix_work_order_alarm_at"),
        "work_order_alarm",
        ["at"],
        unique=False,
        postgresql_where=sa.text("fired_at IS NULL"),
    )
    op.create_table(
        "work_order_attachment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), server_default="", nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_work_order_attachment_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_attachment")),
    )
    op.create_index(op.f("ix_work_order_attachment_order_id"), "work_order_attachment", ["order_id"], unique=False)
    op.create_table(
        "work_order_call",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="caused", nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_work_order_call_order_id")),
        sa.PrimaryKeyConstraint("order_id", "call_id", name=op.f("pk_work_order_call")),
    )
    op.create_index(op.f("ix_work_order_call_call_id"), "work_order_call", ["call_id"], unique=False)
    op.create_table(
        "work_order_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("state_before", sa.Text(), nullable=False),
        sa.Column("state_after", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("clocks", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_work_order_event_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_event")),
        sa.UniqueConstraint("order_id", "version", name=op.f("uq_work_order_event_order_id_version")),
    )
    op.create_table(
        "work_order_intake",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_work_order_intake_order_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_work_order_intake")),
    )
    op.create_table(
        "notice_read",
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_read_notice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_notice_read_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("notice_id", "user_id", name=op.f("pk_notice_read")),
    )
    op.add_column("customer", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("customer", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    op.add_column(
        "customer", sa.Column("search", postgresql.TSVECTOR(), server_default=sa.text("''::tsvector"), nullable=False)
    )
    op.create_index(
        "ix_customer_meter_start",
        "customer",
        ["meter_number"],
        unique=False,
        postgresql_ops={"meter_number": "text_pattern_ops"},
    )
    op.create_index(
        "ix_customer_number_start",
        "customer",
        ["customer_number"],
        unique=False,
        postgresql_ops={"customer_number": "text_pattern_ops"},
    )
    op.create_index(op.f("ix_customer_search"), "customer", ["search"], unique=False, postgresql_using="gin")
    op.create_foreign_key(op.f("fk_customer_merged_into"), "customer", "customer", ["merged_into"], ["id"])
    op.create_index("ix_customer_phone_end", "customer_phone", [sa.literal_column("reverse(e164) text_pattern_ops")])
    op.create_index(
        "ix_customer_phone_start", "customer_phone", ["e164"], unique=False, postgresql_ops={"e164": "text_pattern_ops"}
    )
    op.execute(APPEND_ONLY)
    op.execute(GUARD_TRAIL)
    for table in ("app_user", "api_key"):
        op.drop_constraint(op.f(f"ck_{table}_role"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_role"), table, WITH_DESK)
    connection = op.get_bind()
    found = [{"id": row.id, "words": index_words(row.words)} for row in connection.execute(sa.text(UNINDEXED))]
    if found:
        connection.execute(sa.text(INDEX_ONE), found)


def downgrade() -> None:
    for table in ("app_user", "api_key"):
        op.drop_constraint(op.f(f"ck_{table}_role"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_role"), table, WITHOUT_DESK)
    op.execute("DROP TRIGGER work_order_event_append_only ON work_order_event")
    op.execute("DROP FUNCTION refuse_change()")
    op.drop_index("ix_customer_phone_start", table_name="customer_phone", postgresql_ops={"e164": "text_pattern_ops"})
    op.drop_index("ix_customer_phone_end", table_name="customer_phone")
    op.drop_constraint(op.f("fk_customer_merged_into"), "customer", type_="foreignkey")
    op.drop_index(op.f("ix_customer_search"), table_name="customer", postgresql_using="gin")
    op.drop_index(
        "ix_customer_number_start", table_name="customer", postgresql_ops={"customer_number": "text_pattern_ops"}
    )
    op.drop_index("ix_customer_meter_start", table_name="customer", postgresql_ops={"meter_number": "text_pattern_ops"})
    op.drop_column("customer", "search")
    op.drop_column("customer", "merged_into")
    op.drop_column("customer", "version")
    op.drop_table("notice_read")
    op.drop_table("work_order_intake")
    op.drop_table("work_order_event")
    op.drop_index(op.f("ix_work_order_call_call_id"), table_name="work_order_call")
    op.drop_table("work_order_call")
    op.drop_index(op.f("ix_work_order_attachment_order_id"), table_name="work_order_attachment")
    op.drop_table("work_order_attachment")
    op.drop_index(
        op.f("ix_work_order_alarm_at"), table_name="work_order_alarm", postgresql_where=sa.text("fired_at IS NULL")
    )
    op.drop_table("work_order_alarm")
    op.drop_index(op.f("ix_notice_user_id_created_at"), table_name="notice")
    op.drop_index(
        "ix_notice_unsent", table_name="notice", postgresql_where=sa.text("channel <> 'page' AND sent_at IS NULL")
    )
    op.drop_index(op.f("ix_notice_unit_id_created_at"), table_name="notice")
    op.drop_index(op.f("ix_notice_order_id"), table_name="notice")
    op.drop_index(op.f("ix_notice_duty_created_at"), table_name="notice")
    op.drop_table("notice")
    op.drop_index("uq_inspection_order_id", table_name="inspection", postgresql_where=sa.text("order_id IS NOT NULL"))
    op.drop_index("uq_inspection_call_id", table_name="inspection", postgresql_where=sa.text("call_id IS NOT NULL"))
    op.drop_index(op.f("ix_inspection_state_drawn_at"), table_name="inspection")
    op.drop_index(op.f("ix_inspection_agent_user_id_drawn_at"), table_name="inspection")
    op.drop_table("inspection")
    op.drop_index(op.f("ix_colleague_task_to_user_id_state"), table_name="colleague_task")
    op.drop_index(op.f("ix_colleague_task_from_user_id"), table_name="colleague_task")
    op.drop_table("colleague_task")
    op.drop_index(op.f("ix_bulletin_order_id"), table_name="bulletin")
    op.drop_index(op.f("ix_bulletin_ends_at"), table_name="bulletin")
    op.drop_table("bulletin")
    op.drop_index(op.f("ix_work_order_unit_state_created_at"), table_name="work_order")
    op.drop_index(op.f("ix_work_order_state_created_at"), table_name="work_order")
    op.drop_index(op.f("ix_work_order_search"), table_name="work_order", postgresql_using="gin")
    op.drop_index(
        op.f("ix_work_order_parent_id"), table_name="work_order", postgresql_where=sa.text("parent_id IS NOT NULL")
    )
    op.drop_index(
        "ix_work_order_open",
        table_name="work_order",
        postgresql_where=sa.text("state NOT IN ('resolved_on_call', 'closed', 'cancelled', 'archived')"),
    )
    op.drop_index(
        op.f("ix_work_order_next_due_at"), table_name="work_order", postgresql_where=sa.text("next_due_at IS NOT NULL")
    )
    op.drop_index(op.f("ix_work_order_customer_id_created_at"), table_name="work_order")
    op.drop_index(op.f("ix_work_order_created_at_id"), table_name="work_order")
    op.drop_index(
        op.f("ix_work_order_category_created_at"),
        table_name="work_order",
        postgresql_ops={"category": "text_pattern_ops"},
    )
    op.drop_index(op.f("ix_work_order_caller_number_created_at"), table_name="work_order")
    op.drop_index(op.f("ix_work_order_area_created_at"), table_name="work_order")
    op.drop_table("work_order")
    op.drop_index(op.f("ix_staff_unit_id"), table_name="staff")
    op.drop_table("staff")
    op.drop_table("service_category")
    op.drop_table("knowledge_version")
    op.drop_table("work_order_escalation")
    op.drop_table("work_order_deadline")
    op.drop_table("work_order_counter")
    op.drop_table("unit")
    op.drop_table("score_sheet")
    op.drop_index(op.f("ix_knowledge_article_search"), table_name="knowledge_article", postgresql_using="gin")
    op.drop_index(op.f("ix_knowledge_article_categories"), table_name="knowledge_article", postgresql_using="gin")
    op.drop_table("knowledge_article")
    op.drop_table("area")
