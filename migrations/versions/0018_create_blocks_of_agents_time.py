"""Create what long reports read: agents' time by eight hours, kept by triggers, and an index of contacts.

Triggers, not the projection: a daemon of the version before goes on writing quarters beside this one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FILL = """
INSERT INTO agent_time_block (started_at, agent_id, presence, reason, activity, ms)
SELECT date_bin('8 hours', started_at, '1970-01-01 00:00:00+00'), agent_id, presence, reason, activity, sum(ms)
FROM agent_time_interval GROUP BY 1, 2, 3, 4, 5
"""
ADD = """
CREATE FUNCTION agent_time_block_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO agent_time_block AS present (started_at, agent_id, presence, reason, activity, ms)
    VALUES (date_bin('8 hours', NEW.started_at, '1970-01-01 00:00:00+00'), NEW.agent_id, NEW.presence, NEW.reason,
        NEW.activity,
        NEW.ms - CASE WHEN TG_OP = 'UPDATE' THEN OLD.ms ELSE 0 END)
    ON CONFLICT (started_at, agent_id, presence, reason, activity) DO UPDATE SET ms = present.ms + excluded.ms;
    RETURN NULL;
END $$
"""
EMPTY = """
CREATE FUNCTION agent_time_block_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM agent_time_block;  -- a table that the same TRUNCATE names may not be truncated again
    RETURN NULL;
END $$
"""
ON_WRITE = """
CREATE TRIGGER agent_time_block_add AFTER INSERT OR UPDATE OF ms ON agent_time_interval
FOR EACH ROW EXECUTE FUNCTION agent_time_block_add()
"""
ON_EMPTY = """
CREATE TRIGGER agent_time_block_empty AFTER TRUNCATE ON agent_time_interval
FOR EACH STATEMENT EXECUTE FUNCTION agent_time_block_empty()
"""


def upgrade() -> None:
    op.create_table(
        "agent_time_block",
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("presence", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "started_at", "agent_id", "presence", "reason", "activity", name=op.f("pk_agent_time_block")
        ),
    )
    op.execute(
        "LOCK TABLE agent_time_interval IN SHARE ROW EXCLUSIVE MODE"
    )  # nothing comes between filling and keeping
    for statement in (FILL, ADD, EMPTY, ON_WRITE, ON_EMPTY):
        op.execute(statement)
    op.create_index(
        "ix_call_contact",
        "call",
        ["caller_e164", "started_at"],
        postgresql_include=["queue_id", "agent_id", "direction"],
    )
    op.drop_index("ix_call_caller_e164_started_at", table_name="call")


def downgrade() -> None:
    op.create_index("ix_call_caller_e164_started_at", "call", ["caller_e164", "started_at"])
    op.drop_index("ix_call_contact", table_name="call")
    for name in ("add", "empty"):
        op.execute(f"DROP TRIGGER agent_time_block_{name} ON agent_time_interval")
        op.execute(f"DROP FUNCTION agent_time_block_{name}()")
    op.drop_table("agent_time_block")
