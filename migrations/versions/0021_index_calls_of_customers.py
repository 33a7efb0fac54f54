"""Give the index of a customer's calls what repeat calls of a customer or an address are counted from."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_call_of_customer",
        "call",
        ["customer_id", "started_at"],
        postgresql_include=["queue_id", "agent_id", "direction"],
    )
    op.drop_index("ix_call_customer_id_started_at", table_name="call")


def downgrade() -> None:
    op.create_index("ix_call_customer_id_started_at", "call", ["customer_id", "started_at"])
    op.drop_index("ix_call_of_customer", table_name="call")
