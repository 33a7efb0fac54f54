"""Extend what callers leave: who is responsible and was told, who listened, and the course of a callback."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WORDS = postgresql.ARRAY(sa.TEXT())
NOTHING = sa.text("'{}'")
INSTANT = sa.DateTime(timezone=True)
BEFORE = "status IN ('open', 'done', 'cancelled')"
SINCE = "status IN ('open', 'done', 'cancelled', 'expired', 'failed')"


def upgrade() -> None:
    _extend_messages()
    _extend_callbacks()


def _extend_messages() -> None:
    op.add_column("voicemail", sa.Column("told_at", INSTANT, nullable=True))
    op.add_column("voicemail", sa.Column("deleted_at", INSTANT, nullable=True))
    _add_reference("voicemail", "deleted_by", "app_user")
    _add_reference("voicemail", "work_order_id", "work_order")
    op.add_column("fax", sa.Column("told_at", INSTANT, nullable=True))
    op.execute("UPDATE voicemail SET told_at = now()")  # what lies there already is no news
    op.execute("UPDATE fax SET told_at = now()")
    for table in ("voicemail", "fax"):
        op.create_index(f"ix_{table}_untold", table, ["at"], postgresql_where=sa.text("told_at IS NULL"))
    op.create_table(
        "voicemail_listener",
        sa.Column("voicemail_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("times", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint("times >= 0", name=op.f("ck_voicemail_listener_not_negative")),
        sa.ForeignKeyConstraint(
            ["voicemail_id"], ["voicemail.id"], name=op.f("fk_voicemail_listener_voicemail_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_voicemail_listener_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("voicemail_id", "user_id", name=op.f("pk_voicemail_listener")),
    )
    op.create_table(
        "message_box",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", postgresql.JSONB(), server_default=NOTHING, nullable=False),
        sa.Column("teams", WORDS, server_default=NOTHING, nullable=False),
        sa.Column("agents", postgresql.ARRAY(sa.BigInteger()), server_default=NOTHING, nullable=False),
        sa.Column("mail", sa.Text(), server_default="", nullable=False),
        sa.Column("phones", WORDS, server_default=NOTHING, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_message_box")),
    )


def _extend_callbacks() -> None:
    table = "callback_request"
    op.drop_constraint(op.f("ck_callback_request_status"), table)
    op.create_check_constraint(op.f("ck_callback_request_status"), table, SINCE)
    op.add_column(table, sa.Column("source", sa.Text(), server_default="flow", nullable=False))
    op.create_check_constraint(op.f("ck_callback_request_source"), table, "source IN ('flow', 'page')")
    _add_reference(table, "agent_id", "agent")
    _add_reference(table, "created_by", "app_user")
    for name in ("due_at", "next_at", "expires_at"):
        op.add_column(table, sa.Column(name, INSTANT, nullable=True))
    op.add_column(table, sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False))
    op.create_check_constraint(op.f("ck_callback_request_not_negative"), table, "attempts >= 0")
    for name in ("outcome", "last_call_id", "note"):
        op.add_column(table, sa.Column(name, sa.Text(), server_default="", nullable=False))
    open_ones = sa.text("status = 'open'")
    op.create_index("ix_callback_request_open_number", table, ["number_e164"], postgresql_where=open_ones)


def _add_reference(table: str, column: str, to: str) -> None:
    op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, to, [column], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    table = "callback_request"
    op.drop_index("ix_callback_request_open_number", table_name=table)
    op.execute("UPDATE callback_request SET status = 'cancelled' WHERE status IN ('expired', 'failed')")
    for name in ("note", "last_call_id", "outcome", "attempts", "expires_at", "next_at", "due_at"):
        op.drop_column(table, name)
    for name in ("created_by", "agent_id", "source"):
        op.drop_column(table, name)
    op.drop_constraint(op.f("ck_callback_request_status"), table)
    op.create_check_constraint(op.f("ck_callback_request_status"), table, BEFORE)
    op.drop_table("message_box")
    op.drop_table("voicemail_listener")
    for name in ("fax", "voicemail"):
        op.drop_index(f"ix_{name}_untold", table_name=name)
    op.drop_column("fax", "told_at")
    for name in ("work_order_id", "deleted_by", "deleted_at", "told_at"):
        op.drop_column("voicemail", name)
