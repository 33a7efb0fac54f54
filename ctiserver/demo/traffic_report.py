"""What came of simulated traffic, as the phones saw it: events while it runs, one row per call, and the sums."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

TrafficEventKind = Literal[
    "agent_registered",
    "call_placed",
    "call_connected",
    "key_pressed",
    "agent_rings",
    "agent_answered",
    "agent_heard",
    "call_ended",
]

Outcome = Literal["talked", "abandoned", "released", "failed"]
"""talked: an agent's phone was answered for this caller · abandoned: the caller gave up before that ·
released: the hotline ended the call before that (closed, voicemail, …) · failed: the hotline never picked up."""


@dataclass(frozen=True)
class TrafficEvent:
    """`at` is CLOCK_MONOTONIC in seconds. `agent`: an extension or "". `detail`: the key pressed, how a call ended."""

    kind: TrafficEventKind
    at: float
    caller_number: str = ""
    agent: str = ""
    detail: str = ""


@dataclass(frozen=True)
class CallRow:
    """One call. Instants are UTC. `heard_agent`: the caller's phone received the tone of the agent who answered.
    `cause` is the SIP status that ended it, `q850` the cause the other side gave (0: none, or we hung up)."""

    caller_number: str
    caller_name: str
    did: str
    sip_call_id: str
    started: datetime
    ended: datetime
    outcome: Outcome
    connected: bool
    answered_by: str
    heard_agent: bool
    caller_tone_hz: int
    agent_tone_hz: int | None
    keys_pressed: str
    hung_up_by_caller: bool
    cause: str
    q850: int


@dataclass(frozen=True)
class TrafficSummary:
    """offered = talked + abandoned + released + failed. `heard_agent` equals `talked` when audio works."""

    offered: int
    connected: int
    heard_agent: int
    talked: int
    abandoned: int
    released: int
    failed: int
    calls: tuple[CallRow, ...]

    @classmethod
    def of(cls, rows: Iterable[CallRow]) -> "TrafficSummary":
        """Add up."""
        calls = tuple(rows)
        outcomes = Counter(row.outcome for row in calls)
        return cls(
            offered=len(calls),
            connected=sum(row.connected for row in calls),
            heard_agent=sum(row.heard_agent for row in calls),
            talked=outcomes["talked"],
            abandoned=outcomes["abandoned"],
            released=outcomes["released"],
            failed=outcomes["failed"],
            calls=calls,
        )
