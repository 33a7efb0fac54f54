"""Rows about what people do with a call: parties, holds, transfers, gaps in recordings. Pure, for `read_models`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from ctiserver.call import events as ev
from ctiserver.store import read_model_sql as sql

PARTY_LEG = """
INSERT INTO call_leg (id, call_id, role, agent_id, endpoint, started_at)
VALUES ($1, $2, $3, (SELECT id FROM agent WHERE id = $4), $5, $6)
ON CONFLICT (id) DO NOTHING
"""

CALL_OF_AGENT = """
UPDATE call SET direction = $2, agent_id = (SELECT id FROM agent WHERE id = $3) WHERE id = $1
"""

TRANSFER_STARTED = """
INSERT INTO call_transfer (call_id, started_at, kind, agent_id, target_kind, target, target_agent_id)
VALUES ($1, $2, $3, (SELECT id FROM agent WHERE id = $4), $5, $6, (SELECT id FROM agent WHERE id = $7))
"""

TRANSFER_ENDED = """
UPDATE call_transfer SET ended_at = greatest($2, started_at), outcome = $3, reason = $4
WHERE call_id = $1 AND ended_at IS NULL
"""

PAUSED = """
INSERT INTO call_segment (call_id, kind, started_at, queue_id, agent_id, detail)
SELECT id, 'pause', $2, queue_id, agent_id, jsonb_build_object('recording', $3::text) FROM call WHERE id = $1
"""

RESUMED = """
UPDATE call_segment SET ended_at = greatest($2, started_at)
WHERE call_id = $1 AND kind = 'pause' AND ended_at IS NULL
"""

PARTY_SEGMENT = """
INSERT INTO call_segment (call_id, kind, started_at, ended_at, queue_id, agent_id, outcome, detail)
SELECT id, $2, $3, greatest($4::timestamptz, $3), queue_id, (SELECT id FROM agent WHERE id = $5), $6,
    jsonb_build_object('number', $7::text)
FROM call WHERE id = $1
"""

ControlFact = (
    ev.HoldStarted
    | ev.HoldEnded
    | ev.PartyInvited
    | ev.PartyJoined
    | ev.PartyLeft
    | ev.TransferStarted
    | ev.TransferEnded
    | ev.RecordingPaused
    | ev.RecordingResumed
)
Row = tuple[str, tuple[object, ...]]


def rows(
    fact: ControlFact, call: str, at: datetime, instant: Callable[[float], datetime], as_json: Callable[..., str]
) -> Iterator[Row]:
    """Statement and values; $1 is the call, or the leg."""
    match fact:
        case ev.HoldStarted():
            yield sql.HOLD_STARTED, (call, at, as_json(by=fact.by))
        case ev.HoldEnded():
            yield sql.HOLD_ENDED, (call, at)
        case ev.PartyInvited():
            yield PARTY_LEG, (fact.party_id, call, fact.role, fact.agent_id, fact.endpoint, at)
        case ev.PartyLeft():
            yield sql.LEG_GIVEN_UP, (fact.party_id, at)
            if fact.joined_at is not None:
                kind = "consult" if fact.role == "consulted" else "conference"
                since = instant(fact.joined_at)
                yield PARTY_SEGMENT, (call, kind, since, at, fact.agent_id, fact.reason, fact.number)
        case ev.TransferStarted():
            target = (fact.target_kind, fact.target, fact.target_agent_id)
            yield TRANSFER_STARTED, (call, at, fact.kind, fact.agent_id, *target)
        case ev.TransferEnded():
            yield TRANSFER_ENDED, (call, at, fact.outcome, fact.reason)
        case ev.RecordingPaused():
            yield PAUSED, (call, at, fact.recording_id)
        case ev.RecordingResumed():
            yield RESUMED, (call, at)
        case ev.PartyJoined():
            pass
