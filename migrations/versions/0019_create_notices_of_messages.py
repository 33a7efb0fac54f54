"""Create what ringing a phone about messages needs: attempts by phone, and how a box wants it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OF_BOXES = {"language": "zh-CN", "pin_hash": "", "ring_from": "08:00", "ring_to": "21:00"}


def upgrade() -> None:
    op.create_table(
        "voicemail_notice",
        sa.Column("voicemail_id", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("last_call_id", sa.Text(), server_default="", nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_voicemail_notice_not_negative")),
        sa.ForeignKeyConstraint(
            ["voicemail_id"],
            ["voicemail.id"],
            name=op.f("fk_voicemail_notice_voicemail_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("voicemail_id", "phone", name=op.f("pk_voicemail_notice")),
    )
    op.add_column("voicemail", sa.Column("heard_phone", sa.Text(), server_default="", nullable=False))
    for name, default in OF_BOXES.items():
        op.add_column("message_box", sa.Column(name, sa.Text(), server_default=default, nullable=False))


def downgrade() -> None:
    for name in OF_BOXES:
        op.drop_column("message_box", name)
    op.drop_column("voicemail", "heard_phone")
    op.drop_table("voicemail_notice")
