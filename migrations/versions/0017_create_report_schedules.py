"""Create reports that leave by mail by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_schedule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("query", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("span", sa.Text(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), server_default="1", nullable=False),
        sa.Column("month_day", sa.Integer(), server_default="1", nullable=False),
        sa.Column("format", sa.Text(), server_default="xlsx", nullable=False),
        sa.Column("language", sa.Text(), server_default="zh-CN", nullable=False),
        sa.Column("recipients", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("every IN ('daily', 'weekly', 'monthly')", name=op.f("ck_report_schedule_every")),
        sa.CheckConstraint("format IN ('xlsx', 'csv')", name=op.f("ck_report_schedule_format")),
        sa.CheckConstraint("language IN ('zh-CN', 'en')", name=op.f("ck_report_schedule_language")),
        sa.CheckConstraint("minute BETWEEN 0 AND 1439", name=op.f("ck_report_schedule_minute")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_report_schedule_weekday")),
        sa.CheckConstraint("month_day BETWEEN 1 AND 31", name=op.f("ck_report_schedule_month_day")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["app_user.id"], name=op.f("fk_report_schedule_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedule")),
    )
    op.create_index("ix_report_schedule_due", "report_schedule", ["next_at"], postgresql_where=sa.text("enabled"))
    op.create_table(
        "report_delivery",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("schedule_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'unknown')", name=op.f("ck_report_delivery_state")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["report_schedule.id"], name=op.f("fk_report_delivery_schedule_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_delivery")),
    )
    op.create_index("uq_report_delivery_schedule_id_due_at", "report_delivery", ["schedule_id", "due_at"], unique=True)
    op.create_index(
        "ix_report_delivery_open",
        "report_delivery",
        ["next_at"],
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
    )


def downgrade() -> None:
    op.drop_table("report_delivery")
    op.drop_table("report_schedule")
