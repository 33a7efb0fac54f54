"""Create call_transfer; calls have a direction; legs and segments of those beside caller and agent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROLES = "role IN ('caller', 'agent', 'consulted', 'conference', 'target', 'outside')"
KINDS = "kind IN ('ivr', 'queue', 'ring', 'talk', 'hold', 'wrap_up', 'consult', 'conference', 'pause')"


def upgrade() -> None:
    op.add_column("call", sa.Column("direction", sa.Text(), server_default="inbound", nullable=False))
    op.create_check_constraint(
        op.f("ck_call_direction"), "call", "direction IN ('inbound', 'outbound', 'internal', 'conference')"
    )
    op.drop_constraint(op.f("ck_call_leg_role"), "call_leg")
    op.create_check_constraint(op.f("ck_call_leg_role"), "call_leg", ROLES)
    op.drop_constraint(op.f("ck_call_segment_kind"), "call_segment")
    op.create_check_constraint(op.f("ck_call_segment_kind"), "call_segment", KINDS)
    op.create_table(
        "call_transfer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("target_kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("target_agent_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "target_kind IN ('agent', 'number', 'queue', 'flow')", name=op.f("ck_call_transfer_target_kind")
        ),
        sa.CheckConstraint(
            "outcome IN ('answered', 'returned', 'queued', 'failed', 'caller_gone')",
            name=op.f("ck_call_transfer_outcome"),
        ),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_call_transfer_ends_after_start")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_call_transfer_agent_id")),
        sa.ForeignKeyConstraint(["target_agent_id"], ["agent.id"], name=op.f("fk_call_transfer_target_agent_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_transfer_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_transfer")),
    )
    op.create_index(op.f("ix_call_transfer_call_id"), "call_transfer", ["call_id"], unique=False)
    op.create_index(
        op.f("ix_call_transfer_agent_id_started_at"), "call_transfer", ["agent_id", "started_at"], unique=False
    )


def downgrade() -> None:
    """What only the newer version knows is forgotten."""
    op.drop_index(op.f("ix_call_transfer_agent_id_started_at"), table_name="call_transfer")
    op.drop_index(op.f("ix_call_transfer_call_id"), table_name="call_transfer")
    op.drop_table("call_transfer")
    op.execute("DELETE FROM call_segment WHERE kind IN ('consult', 'conference', 'pause')")
    op.drop_constraint(op.f("ck_call_segment_kind"), "call_segment")
    op.create_check_constraint(
        op.f("ck_call_segment_kind"), "call_segment", "kind IN ('ivr', 'queue', 'ring', 'talk', 'hold', 'wrap_up')"
    )
    op.execute("DELETE FROM call_leg WHERE role NOT IN ('caller', 'agent')")
    op.drop_constraint(op.f("ck_call_leg_role"), "call_leg")
    op.create_check_constraint(op.f("ck_call_leg_role"), "call_leg", "role IN ('caller', 'agent')")
    op.drop_constraint(op.f("ck_call_direction"), "call")
    op.drop_column("call", "direction")
