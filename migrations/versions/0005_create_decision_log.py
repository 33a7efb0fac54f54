"""The decision log: what routing decided about each caller, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DECISIONS = "'offered', 'answered', 'refused', 'withdrawn', 'adopted', 'overflowed', 'let_go'"


def upgrade() -> None:
    op.create_table(
        "routing_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("queue_id", sa.Text(), nullable=True),
        sa.Column("offer_id", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint(f"decision IN ({DECISIONS})", name=op.f("ck_routing_decision_decision")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_routing_decision_agent_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_routing_decision_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_decision")),
    )
    op.create_index(op.f("ix_routing_decision_call_id_at"), "routing_decision", ["call_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_table("routing_decision")
