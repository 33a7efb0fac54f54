"""Create the tables of published flows and of the callers' ways through them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flow_text",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_flow_text")),
    )
    op.create_table(
        "flow_release",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("files", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("back_to", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('files', 'publish', 'rollback')", name=op.f("ck_flow_release_kind")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_flow_release_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_flow_release")),
    )
    op.create_table(
        "flow_draft",
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_flow_draft_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("file", name=op.f("pk_flow_draft")),
    )
    op.create_table(
        "flow_taken",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_flow_taken")),
    )
    op.create_table(
        "flow_passage",
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("edge", sa.Text(), nullable=False),
        sa.Column("to_flow", sa.Text(), nullable=False),
        sa.Column("to_node", sa.Text(), nullable=False),
        sa.Column("callers", sa.BigInteger(), nullable=False),
        sa.Column("spent_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "extract(epoch FROM started_at)::bigint % 900 = 0", name=op.f("ck_flow_passage_quarter_hour")
        ),
        sa.CheckConstraint("way IN ('edge', 'hung_up', 'answered', 'ended', 'cut')", name=op.f("ck_flow_passage_way")),
        sa.CheckConstraint("callers >= 0 AND spent_ms >= 0", name=op.f("ck_flow_passage_not_negative")),
        sa.PrimaryKeyConstraint(
            "started_at", "flow", "node", "way", "edge", "to_flow", "to_node", name=op.f("pk_flow_passage")
        ),
    )


def downgrade() -> None:
    for table in ("flow_passage", "flow_taken", "flow_draft", "flow_release", "flow_text"):
        op.drop_table(table)
