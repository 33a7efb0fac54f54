"""Create what reports read: agents' work and time by quarter of an hour, and an index of stays in queues.

Both tables are filled for the past from the rows that are there, so that no rebuild is needed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

QUARTER = "extract(epoch FROM started_at)::bigint % 900 = 0"
COUNTERS = ("offered", "answered", "missed", "withdrawn", "handled", "talk_ms", "hold_ms", "wrap_up_ms")
OFFERS = """
INSERT INTO agent_interval (started_at, agent_id, queue_id, offered, answered, missed, withdrawn)
SELECT date_bin('15 minutes', ended_at, '1970-01-01 00:00:00+00'), coalesce(agent_id, 0), coalesce(queue_id, ''),
    count(*),
    count(*) FILTER (WHERE outcome = 'answered'), count(*) FILTER (WHERE outcome = 'refused'),
    count(*) FILTER (WHERE outcome NOT IN ('answered', 'refused'))
FROM call_segment WHERE kind = 'ring' AND ended_at IS NOT NULL GROUP BY 1, 2, 3
"""
TALKS = """
INSERT INTO agent_interval AS present (started_at, agent_id, queue_id, handled, talk_ms, hold_ms)
SELECT date_bin('15 minutes', ended_at, '1970-01-01 00:00:00+00'), coalesce(agent_id, 0), coalesce(queue_id, ''),
    count(*),
    coalesce(sum((detail ->> 'talk_ms')::bigint), 0), coalesce(sum((detail ->> 'hold_ms')::bigint), 0)
FROM call_segment WHERE kind = 'talk' AND ended_at IS NOT NULL GROUP BY 1, 2, 3
ON CONFLICT (started_at, agent_id, queue_id) DO UPDATE SET
    handled = excluded.handled, talk_ms = excluded.talk_ms, hold_ms = excluded.hold_ms
"""
WRAP_UPS = """
INSERT INTO agent_interval AS present (started_at, agent_id, queue_id, wrap_up_ms)
SELECT date_bin('15 minutes', ended_at, '1970-01-01 00:00:00+00'), coalesce(agent_id, 0), coalesce(queue_id, ''),
    sum(round(extract(epoch FROM ended_at - started_at) * 1000))
FROM call_segment WHERE kind = 'wrap_up' AND ended_at IS NOT NULL GROUP BY 1, 2, 3
ON CONFLICT (started_at, agent_id, queue_id) DO UPDATE SET wrap_up_ms = excluded.wrap_up_ms
"""
TIME = """
INSERT INTO agent_time_interval (started_at, agent_id, presence, reason, activity, ms)
SELECT quarter, agent_id, presence, reason, activity, sum(ms) FROM (
    SELECT quarter, agent_id, presence, reason, activity,
        round(extract(epoch FROM least(ended_at, quarter + interval '15 minutes')) * 1000)
        - round(extract(epoch FROM greatest(started_at, quarter)) * 1000) AS ms
    FROM agent_state_span,
        generate_series(date_bin('15 minutes', started_at, '1970-01-01 00:00:00+00'), ended_at, interval '15 minutes')
            AS quarter
    WHERE (presence, activity) <> ('signed_out', 'idle')
) AS part
WHERE ms > 0 GROUP BY 1, 2, 3, 4, 5
"""


def upgrade() -> None:
    op.create_table(
        "agent_interval",
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("queue_id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), server_default="0", nullable=False) for name in COUNTERS),
        sa.CheckConstraint(QUARTER, name=op.f("ck_agent_interval_quarter_hour")),
        sa.CheckConstraint(
            " AND ".join(f"{name} >= 0" for name in COUNTERS), name=op.f("ck_agent_interval_not_negative")
        ),
        sa.PrimaryKeyConstraint("started_at", "agent_id", "queue_id", name=op.f("pk_agent_interval")),
    )
    op.create_table(
        "agent_time_interval",
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("presence", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(QUARTER, name=op.f("ck_agent_time_interval_quarter_hour")),
        sa.CheckConstraint("ms > 0", name=op.f("ck_agent_time_interval_ms")),
        sa.PrimaryKeyConstraint(
            "started_at", "agent_id", "presence", "reason", "activity", name=op.f("pk_agent_time_interval")
        ),
    )
    for statement in (OFFERS, TALKS, WRAP_UPS, TIME):
        op.execute(statement)
    op.create_index(
        "ix_call_segment_stay",
        "call_segment",
        ["started_at"],
        postgresql_include=["ended_at", "queue_id", "outcome"],
        postgresql_where=sa.text("kind = 'queue'"),
    )


def downgrade() -> None:
    op.drop_index("ix_call_segment_stay", table_name="call_segment")
    op.drop_table("agent_time_interval")
    op.drop_table("agent_interval")
