"""Index what customers left and got, for their history."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_voicemail_customer_id_at"), "voicemail", ["customer_id", "at"])
    op.create_index(op.f("ix_callback_request_customer_id_at"), "callback_request", ["customer_id", "at"])
    op.create_index(op.f("ix_fax_call_id"), "fax", ["call_id"])
    op.create_index(op.f("ix_outbox_message_call_id"), "outbox_message", ["call_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_message_call_id"), "outbox_message")
    op.drop_index(op.f("ix_fax_call_id"), "fax")
    op.drop_index(op.f("ix_callback_request_customer_id_at"), "callback_request")
    op.drop_index(op.f("ix_voicemail_customer_id_at"), "voicemail")
