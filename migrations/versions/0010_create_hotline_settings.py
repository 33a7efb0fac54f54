"""Create what the hotline's staff switch and plan: announcements, calendars, duties; shifts may run past midnight."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WORDS = postgresql.ARRAY(sa.TEXT())
NOTHING = sa.text("'{}'")


def upgrade() -> None:
    op.create_table(
        "hotline_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_hotline_revision_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline_revision")),
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("texts", postgresql.JSONB(), server_default=NOTHING, nullable=False),
        sa.Column("prompt", sa.Text(), server_default="", nullable=False),
        sa.Column("dialled", WORDS, server_default=NOTHING, nullable=False),
        sa.Column("areas", WORDS, server_default=NOTHING, nullable=False),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("hang_up", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("active_until > active_from", name=op.f("ck_announcement_active_until")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_table(
        "calendar",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", postgresql.JSONB(), server_default=NOTHING, nullable=False),
        sa.Column("timezone", sa.Text(), server_default="", nullable=False),
        sa.Column("weekly", postgresql.JSONB(), server_default=NOTHING, nullable=False),
        sa.Column("holidays", sa.Text(), server_default="china", nullable=False),
        sa.Column("holiday_hours", sa.Text(), server_default="closed", nullable=False),
        sa.Column("days", postgresql.JSONB(), server_default=NOTHING, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("holidays IN ('china', 'none')", name=op.f("ck_calendar_holidays")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_calendar")),
    )
    op.create_table(
        "duty",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shift", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_duty_agent_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("day", "shift", "agent_id", name=op.f("pk_duty")),
    )
    op.drop_constraint(op.f("ck_shift_until"), "shift")
    op.create_check_constraint(op.f("ck_shift_until"), "shift", "until <> since")


def downgrade() -> None:
    op.execute("DELETE FROM shift WHERE until < since")
    op.drop_constraint(op.f("ck_shift_until"), "shift")
    op.create_check_constraint(op.f("ck_shift_until"), "shift", "until > since")
    for table in ("duty", "calendar", "announcement", "hotline_revision"):
        op.drop_table(table)
