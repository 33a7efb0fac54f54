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

About messages in a box: NoticeDue ─▶ dialling ── the phone is answered ─▶ menu, without a flow.
An agent's own call: OutboundRequested ─▶ dialling ── the other side answers ─▶ talking.
Sent elsewhere: talking ── TransferRequested ─▶ transferring ── answered ─▶ talking, or forwarded (none of ours left).
Within talking: `consult` and `parties` (call/parties.py). Who hears whom follows from them: call/decide/placing.py.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.call.errands import Errand, KeptSound
from ctiserver.call.notice import MessageNotice
from ctiserver.call.parties import Callback, Consult, Dialling, Party, Transfer
from ctiserver.call.screen_pop import CustomerCard, Identified
from ctiserver.call.words import Direction, EndedBy
from ctiserver.ivr.cursor import Cursor
from ctiserver.ivr.messages import QueueRequest

HeldBy = Literal["agent", "agent_phone", "caller_phone"]
"""agent: on the page; …_phone: by re-INVITE. What the caller's phone holds hears what that phone plays."""

Phase = Literal["menu", "waiting", "ringing", "connecting", "talking", "dialling", "transferring", "forwarded", "ended"]


class QueueStay(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The caller's place; kept while agents are rung, until one is connected."""

    queue_id: str
    entered_at: float
    priority_s: float
    request: QueueRequest
    position: int | None = None
    expected_wait_s: float | None = None
    expected_wait_p90_s: float | None = None
    place_at: float | None = None  # from when the place counts, where the call has waited in another queue before


class LiveOffer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The agent whose phone rings, or has just been answered."""

    offer_id: str  # the id of the agent's channel too
    agent_id: int
    agent_number: str
    agent_name: str
    started_at: float
    why: str = ""
    ringing: bool = False
    endpoint: str = ""


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
    holds: tuple[HeldBy, ...] = ()  # who holds: several may at once, and the conversation goes on when nobody does
    muted: bool = False
    agent_name: str = ""
    endpoint: str = ""
    contact_id: str = ""  # by which the routing engine knows it; empty: the call's id


class RunningRecording(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A recording that has begun and is not collected yet."""

    recording_id: str
    agent_id: int
    agent_number: str
    queue_id: str
    started_at: float
    ended_at: float | None = None
    paused_at: float | None = None  # silence is written since then, for card data
    for_secret: bool = False  # because a flow asks for a secret, not by the agent's wish


class Opening(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Before the flow begins: emergency announcements are heard."""

    flow: str
    on_duty: int | None = None
    agents_signed_in: int = 0
    heard: tuple[int, ...] = ()  # ids of announcements
    hang_up: bool = False  # after the one that is heard now
    waits: bool = True  # for the customers' table, should an announcement depend on where the caller lives


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
    identified: Identified = "looking"
    last_agent_id: int | None = None
    region: str = ""  # of the caller's number
    trunk: str = ""  # by which the caller came: an endpoint's name; empty: not known
    opening: Opening | None = None
    queue: QueueStay | None = None
    offer: LiveOffer | None = None
    also_ringing: tuple[LiveOffer, ...] = ()  # further phones of a ring-all; whoever answers becomes `offer`
    talk: Talk | None = None
    bridge_id: str = ""
    playing: str = ""  # id of the playback that runs
    turn: int = 0  # of the flow's Play that is running, handed back to the interpreter
    leaving: str = ""  # the flow hangs up for this reason when the prompt has been heard
    prompts: int = 0  # counters make ids: call.p1, call.b1, call.r1
    bridges: int = 0
    recordings: int = 0
    requests: int = 0  # call.q1, call.m1, call.t1, call.f1, call.w1
    last_offer: int = 0  # number of the latest that the routing engine made: call.o1, call.l1.o1
    errand: Errand | None = None  # what the flow waits for
    kept: tuple[KeptSound, ...] = ()  # messages and faxes on their way to us
    music: str = ""  # the class that the caller hears in a holding bridge
    left_queue: QueueStay | None = None  # the last place that was given up, for a callback that keeps it
    deadlines: dict[str, float] = {}  # name → instant
    recording: tuple[RunningRecording, ...] = ()
    was_queued: bool = False
    was_answered: bool = False
    ended_by: EndedBy | None = None
    last_talk: Talk | None = None  # for the agent's wrap-up
    direction: Direction = "inbound"
    legs: int = 0  # counter: call.l1
    parties: tuple[Party, ...] = ()
    consult: Consult | None = None
    transfer: Transfer | None = None
    dialling: Dialling | None = None
    callback: Callback | None = None
    notice: MessageNotice | None = None  # a phone that is rung about messages
    returning: Talk | None = None  # this agent waits on the line until the flow is done with the caller
    priority_s: float = 0.0  # with which the caller waited last
    caller_muted: bool = False
    caller_gone: bool = False  # the others go on, or there never was a caller
    places: dict[str, str] = {}  # channel → bridge id or "music": what was last commanded

    def party(self, ident: str) -> Party | None:
        """By its id or its channel."""
        return next((party for party in self.parties if ident in (party.id, party.leg)), None)

    @property
    def offers(self) -> tuple[LiveOffer, ...]:
        """All agents who are asked at present."""
        return (self.offer, *self.also_ringing) if self.offer is not None else ()

    def offer_named(self, offer_id: str) -> LiveOffer | None:
        return next((offer for offer in self.offers if offer.offer_id == offer_id), None)

    @property
    def over(self) -> bool:
        """Nothing more is expected: the session may close."""
        return self.phase == "ended" and not self.recording and not self.kept
