"""One call as data: everything that `decide` remembers of it, and all that a restart needs to go on with it.

                ┌────────────── QueueRefused, key ──────────────┐
                ▼                                               │
CallArrived ─▶ menu ── flow says queue ─▶ waiting ── OfferMade ─▶ ringing ── AgentLegAnswered ─▶ connecting
                │                           ▲  ▲                   │                               │     │
                │                           │  └── refused, gone ──┘                               │     │
                │                           └──────────────── ConnectFailed, AgentLegEnded ────────┘     │
                │                                                                                        ▼
                │   ┌──────────────────────── AgentLegEnded: the flow goes on ──────────── talking ◀── PartiesConnected
                ▼   ▼                                                                       │
               menu …                                        CallerHungUp in any phase ─▶ ended ◀┘
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.call.screen_pop import CustomerCard
from ctiserver.call.words import EndedBy
from ctiserver.ivr.cursor import Cursor
from ctiserver.ivr.messages import QueueRequest

Phase = Literal["menu", "waiting", "ringing", "connecting", "talking", "ended"]


class QueueStay(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The caller's place; kept while agents are rung, until one is connected."""

    queue_id: str
    entered_at: float
    priority_s: float
    request: QueueRequest
    position: int | None = None
    expected_wait_s: float | None = None


class LiveOffer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The agent whose phone rings, or has just been answered."""

    offer_id: str  # the id of the agent's channel too
    agent_id: int
    agent_number: str
    agent_name: str
    started_at: float
    why: str = ""
    ringing: bool = False


class Talk(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The conversation with an agent."""

    agent_id: int
    agent_number: str
    offer_id: str
    queue_id: str
    entered_queue_at: float
    started_at: float
    held_since: float | None = None
    hold_s: float = 0.0
    recording_id: str = ""


class RunningRecording(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A recording that has begun and is not collected yet."""

    recording_id: str
    agent_id: int
    agent_number: str
    queue_id: str
    started_at: float
    ended_at: float | None = None


class Call(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A caller's conversation, from ringing in to the last hang-up."""

    id: str
    channel_id: str
    dialled: str
    caller_number: str
    caller_name: str
    started_at: float
    phase: Phase
    phase_since: float
    cursor: Cursor | None = None
    matches: int = 0
    customer: CustomerCard | None = None
    queue: QueueStay | None = None
    offer: LiveOffer | None = None
    talk: Talk | None = None
    bridge_id: str = ""
    playing: str = ""  # id of the playback that runs
    turn: int = 0  # of the flow's Play that is running, handed back to the interpreter
    leaving: str = ""  # the flow hangs up for this reason when the prompt has been heard
    prompts: int = 0  # counters make ids: call.p1, call.b1, call.r1
    bridges: int = 0
    recordings: int = 0
    deadlines: dict[str, float] = {}  # name → instant
    recording: tuple[RunningRecording, ...] = ()
    was_queued: bool = False
    was_answered: bool = False
    ended_by: EndedBy | None = None
    last_talk: Talk | None = None  # for the agent's wrap-up

    @property
    def over(self) -> bool:
        """Nothing more is expected: the session may close."""
        return self.phase == "ended" and not self.recording
