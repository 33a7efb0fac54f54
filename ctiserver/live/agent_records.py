"""An agent's state as it is journaled, restored after a restart, and shown."""

from __future__ import annotations

import msgspec

from ctiserver.call.events import AgentStateChanged
from ctiserver.call.words import Activity, Presence


class AgentRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One agent's state as it is journaled, restored and shown."""

    agent_id: int
    presence: Presence = "signed_out"
    reason: str = ""
    presence_since: float = 0.0
    pending: Presence | None = None
    pending_reason: str = ""
    activity: Activity = "idle"
    activity_since: float = 0.0
    call_id: str = ""
    queue_id: str = ""
    wrap_up_until: float | None = None
    wrap_up_mode: str = ""  # as acd.WrapUpRule names them, while the agent wraps up
    disposed: str = ""  # the call in hand, once its disposition has been chosen
    reachable: bool = False
    state_since: float = 0.0  # when it was last journaled as another one; `…_since` may be older: who idles on after an
    # offer that came to nothing keeps the place in the order of idling; 0: written by an earlier version


def subject_of(agent_id: int) -> str:
    return f"agent:{agent_id}"


def visible(record: AgentRecord) -> tuple[object, ...]:
    return record.presence, record.reason, record.activity, record.reachable, record.call_id


def state(record: AgentRecord) -> tuple[object, ...]:
    """What time is booked on."""
    return record.presence, record.reason, record.activity


def change(before: AgentRecord | None, after: AgentRecord) -> AgentStateChanged:
    if before is None:
        before_since, before = None, AgentRecord(agent_id=after.agent_id)
    else:
        before_since = before.state_since or max(before.presence_since, before.activity_since)
    return AgentStateChanged(
        agent_id=after.agent_id,
        presence=after.presence,
        reason=after.reason,
        activity=after.activity,
        reachable=after.reachable,
        call_id=after.call_id,
        old_presence=before.presence,
        old_reason=before.reason,
        old_activity=before.activity,
        old_since=before_since,
    )


def encode(record: AgentRecord) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(record))
