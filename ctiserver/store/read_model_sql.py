"""The statements that write the read models, one per kind of change.

Positional parameters: $1 is what the statement is about (mostly the call id), the rest in the order of its columns.
What is recorded about a call survives an agent or customer that is unknown here: their ids become NULL.
"""

CALL_STARTED = """
INSERT INTO call (id, node, started_at, dialled, caller_number, caller_e164, caller_name, flow)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

CUSTOMER_KNOWN = """
UPDATE call SET customer_id = (SELECT id FROM customer WHERE id = $2), customer_matches = $3 WHERE id = $1
"""

CALL_QUEUED = """
UPDATE call SET queue_id = $2, queued_at = coalesce(queued_at, $3) WHERE id = $1
"""

CALL_LEFT_QUEUE = """
UPDATE call SET waited_ms = waited_ms + $2 WHERE id = $1
"""

CALL_RANG = """
UPDATE call SET ring_ms = ring_ms + $2 WHERE id = $1
"""

TALK_STARTED = """
UPDATE call SET agent_id = (SELECT id FROM agent WHERE id = $2), answered_at = coalesce(answered_at, $3) WHERE id = $1
"""

TALK_ENDED = """
UPDATE call SET talk_ms = talk_ms + $2, hold_ms = hold_ms + $3 WHERE id = $1
"""

CALL_ENDED = """
UPDATE call SET ended_at = greatest($2, started_at), ended_by = $3, reason = $4, outcome = $5, cause = $6 WHERE id = $1
"""

CALL_CRASHED = """
UPDATE call SET error = $2, ended_at = coalesce(ended_at, greatest($3, started_at)),
    outcome = coalesce(outcome, 'failed'), ended_by = coalesce(ended_by, 'system')
WHERE id = $1
"""

DISPOSITION_CHOSEN = """
UPDATE call SET disposition = $2, disposition_note = $3 WHERE id = $1
"""

NODE_ENTERED = "INSERT INTO call_path (call_id, flow, node, at) VALUES ($1, $2, $3, $4)"

INPUT_COLLECTED = "INSERT INTO call_input (call_id, node, variable, value, at) VALUES ($1, $2, $3, $4, $5)"

# ── legs ────────────────────────────────────────────────────────────────────────────────────────────────────────────

CALLER_LEG = """
INSERT INTO call_leg (id, call_id, role, endpoint, started_at) VALUES ($1, $2, 'caller', '', $3)
"""

AGENT_LEG = """
INSERT INTO call_leg (id, call_id, role, agent_id, endpoint, started_at)
VALUES ($1, $2, 'agent', (SELECT id FROM agent WHERE id = $3), $4, $5)
"""

LEG_RINGING = "UPDATE call_leg SET ringing_at = coalesce(ringing_at, $2) WHERE id = $1"

LEG_ANSWERED = "UPDATE call_leg SET answered_at = coalesce(answered_at, $2) WHERE id = $1"

LEG_ENDED = """
UPDATE call_leg SET ended_at = coalesce(ended_at, greatest($2, started_at)), cause = $3, tech_cause = $4 WHERE id = $1
"""

LEG_GIVEN_UP = "UPDATE call_leg SET ended_at = coalesce(ended_at, greatest($2, started_at)) WHERE id = $1"

CALLER_LEG_ENDED = """
UPDATE call_leg SET ended_at = coalesce(ended_at, greatest($2, started_at)), cause = $3, tech_cause = $4
WHERE call_id = $1 AND role = 'caller'
"""

ALL_LEGS_ENDED = """
UPDATE call_leg SET ended_at = greatest($2, started_at) WHERE call_id = $1 AND ended_at IS NULL
"""

# ── segments ────────────────────────────────────────────────────────────────────────────────────────────────────────

# The flow had the caller from the beginning, or since the last queue let go of the call.
IVR_SEGMENT = """
INSERT INTO call_segment (call_id, kind, started_at, ended_at)
SELECT call.id, 'ivr', coalesce(earlier.ended_at, call.started_at), $2
FROM call
LEFT JOIN LATERAL (
    SELECT ended_at, outcome FROM call_segment
    WHERE call_id = call.id AND kind = 'queue' ORDER BY id DESC LIMIT 1
) AS earlier ON true
WHERE call.id = $1 AND coalesce(earlier.outcome, 'overflowed') = 'overflowed'
    AND coalesce(earlier.ended_at, call.started_at) < $2
"""

SEGMENT = """
INSERT INTO call_segment (call_id, kind, started_at, ended_at, queue_id, agent_id, outcome, detail)
VALUES ($1, $2, $3, $4, $5, (SELECT id FROM agent WHERE id = $6), $7, $8::jsonb)
"""

HOLD_STARTED = """
INSERT INTO call_segment (call_id, kind, started_at, queue_id, agent_id, detail)
SELECT id, 'hold', $2, queue_id, agent_id, $3::jsonb FROM call
WHERE id = $1 AND NOT EXISTS (
    SELECT 1 FROM call_segment WHERE call_id = $1 AND kind = 'hold' AND ended_at IS NULL
)
"""

HOLD_ENDED = """
UPDATE call_segment SET ended_at = greatest($2, started_at)
WHERE call_id = $1 AND kind = 'hold' AND ended_at IS NULL
"""

WRAP_UP_STARTED = """
INSERT INTO call_segment (call_id, kind, started_at, queue_id, agent_id)
SELECT id, 'wrap_up', $2, queue_id, (SELECT id FROM agent WHERE id = $3) FROM call WHERE id = $1
"""

# Only what began before this instant: the agent's next wrap-up may already be there.
WRAP_UP_ENDED = """
WITH ended AS (
    UPDATE call_segment SET ended_at = $2
    WHERE agent_id = $1 AND kind = 'wrap_up' AND ended_at IS NULL AND started_at < $2
    RETURNING call_id, queue_id, round(extract(epoch FROM $2 - started_at) * 1000)::bigint AS lasted_ms
), booked AS (
    INSERT INTO agent_interval AS present (started_at, agent_id, queue_id, wrap_up_ms)
    SELECT $3, $1, coalesce(queue_id, ''), sum(lasted_ms) FROM ended GROUP BY 3
    ON CONFLICT (started_at, agent_id, queue_id) DO UPDATE SET wrap_up_ms = present.wrap_up_ms + excluded.wrap_up_ms
)
UPDATE call SET wrap_up_ms = wrap_up_ms + ended.lasted_ms FROM ended WHERE call.id = ended.call_id
"""

# ── the decision log ────────────────────────────────────────────────────────────────────────────────────────────────

# A decision about a call that is not here (cleared away, or older than this database) has nowhere to be shown.
DECIDED = """
INSERT INTO routing_decision (call_id, at, decision, agent_id, queue_id, offer_id, reason, params)
SELECT id, $2, $3, (SELECT id FROM agent WHERE id = $4), coalesce($5, queue_id), $6, $7, $8::jsonb
FROM call WHERE id = $1
"""

# ── offers, recordings ──────────────────────────────────────────────────────────────────────────────────────────────

OFFER_STARTED = """
INSERT INTO offer (id, call_id, queue_id, agent_id, started_at, cause, why)
VALUES ($1, $2, $3, (SELECT id FROM agent WHERE id = $4), $5, '', $6)
"""

OFFER_ENDED = """
UPDATE offer SET ended_at = greatest($2, started_at), outcome = $3, cause = $4 WHERE id = $1
"""

RECORDING_PENDING = """
INSERT INTO recording (id, call_id, queue_id, agent_id, started_at, status)
VALUES ($1, $2, $3, (SELECT id FROM agent WHERE id = $4), $5, 'pending')
ON CONFLICT (id) DO NOTHING
"""

RECORDING_STORED = """
INSERT INTO recording
    (id, call_id, queue_id, agent_id, started_at, status, path, duration_ms, size_bytes, sha256)
SELECT $1, id, queue_id, (SELECT id FROM agent WHERE id = $3), $4, $5, $6, $7, $8, $9 FROM call WHERE id = $2
ON CONFLICT (id) DO UPDATE SET
    started_at = excluded.started_at, status = excluded.status, path = excluded.path,
    duration_ms = excluded.duration_ms, size_bytes = excluded.size_bytes, sha256 = excluded.sha256, reason = NULL
"""

RECORDING_LOST = """
INSERT INTO recording (id, call_id, queue_id, agent_id, started_at, status, reason)
SELECT $1, id, queue_id, agent_id, $3, 'lost', $4 FROM call WHERE id = $2
ON CONFLICT (id) DO UPDATE SET status = 'lost', reason = excluded.reason
"""

# ── agents' time, queues' counters ──────────────────────────────────────────────────────────────────────────────────

STATE_SPAN = """
INSERT INTO agent_state_span (agent_id, presence, reason, activity, started_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""

AGENT_TIME = """
INSERT INTO agent_time_interval AS present (started_at, agent_id, presence, reason, activity, ms)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (started_at, agent_id, presence, reason, activity) DO UPDATE SET ms = present.ms + excluded.ms
"""

AGENT_OFFERED = """
INSERT INTO agent_interval AS present (started_at, agent_id, queue_id, offered, answered, missed, withdrawn)
SELECT $1, coalesce((SELECT id FROM agent WHERE id = $2), 0), $3, 1,
    ($4::text = 'answered')::int, ($4::text = 'refused')::int, ($4::text NOT IN ('answered', 'refused'))::int
ON CONFLICT (started_at, agent_id, queue_id) DO UPDATE SET
    offered = present.offered + excluded.offered, answered = present.answered + excluded.answered,
    missed = present.missed + excluded.missed, withdrawn = present.withdrawn + excluded.withdrawn
"""

AGENT_HANDLED = """
INSERT INTO agent_interval AS present (started_at, agent_id, queue_id, handled, talk_ms, hold_ms)
SELECT $1, coalesce((SELECT id FROM agent WHERE id = $2), 0), $3, 1, $4, $5
ON CONFLICT (started_at, agent_id, queue_id) DO UPDATE SET
    handled = present.handled + excluded.handled,
    talk_ms = present.talk_ms + excluded.talk_ms, hold_ms = present.hold_ms + excluded.hold_ms
"""

FLOW_PASSAGE = """
INSERT INTO flow_passage AS present (started_at, flow, node, way, edge, to_flow, to_node, callers, spent_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)
ON CONFLICT (started_at, flow, node, way, edge, to_flow, to_node) DO UPDATE SET
    callers = present.callers + 1, spent_ms = present.spent_ms + excluded.spent_ms
"""

INTERVAL_OFFERED = """
INSERT INTO queue_interval (queue_id, started_at, offered) VALUES ($1, $2, 1)
ON CONFLICT (queue_id, started_at) DO UPDATE SET offered = queue_interval.offered + 1
"""

INTERVAL_LEFT = """
INSERT INTO queue_interval AS present (
    queue_id, started_at, answered, abandoned, overflowed,
    answered_within, abandoned_within, short_abandoned, wait_ms_sum, wait_ms_max, answer_ms_sum
)
SELECT $1::text, $2::timestamptz, left_.answered, left_.abandoned, left_.overflowed,
    CASE WHEN $4::bigint <= coalesce(queue.service_level_ms, 20000) THEN left_.answered ELSE 0 END,
    CASE WHEN $4::bigint <= coalesce(queue.service_level_ms, 20000) THEN left_.abandoned ELSE 0 END,
    CASE WHEN $4::bigint <= coalesce(queue.short_abandon_ms, 5000) THEN left_.abandoned ELSE 0 END,
    $4::bigint, $4::bigint, $4::bigint * left_.answered
FROM (
    SELECT ($3::text = 'answered')::int AS answered, ($3::text = 'abandoned')::int AS abandoned,
        ($3::text = 'overflowed')::int AS overflowed
) AS left_
LEFT JOIN queue ON queue.id = $1::text
ON CONFLICT (queue_id, started_at) DO UPDATE SET
    answered = present.answered + excluded.answered,
    abandoned = present.abandoned + excluded.abandoned,
    overflowed = present.overflowed + excluded.overflowed,
    answered_within = present.answered_within + excluded.answered_within,
    abandoned_within = present.abandoned_within + excluded.abandoned_within,
    short_abandoned = present.short_abandoned + excluded.short_abandoned,
    wait_ms_sum = present.wait_ms_sum + excluded.wait_ms_sum,
    wait_ms_max = greatest(present.wait_ms_max, excluded.wait_ms_max),
    answer_ms_sum = present.answer_ms_sum + excluded.answer_ms_sum
"""
