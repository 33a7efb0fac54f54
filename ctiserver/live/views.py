"""What pages see of the running centre: whole objects, sent whole each time they change. Instants are UTC seconds."""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.call.parties import Role
from ctiserver.call.screen_pop import ScreenPop
from ctiserver.call.states import HeldBy, Phase
from ctiserver.call.words import Activity, Direction, Presence
from ctiserver.kpi.boards import Alert, Standing
from ctiserver.live.floor_views import BroadcastView, HelpView, WatchView


class View(msgspec.Struct, frozen=True, kw_only=True):
    pass


class AgentView(View, frozen=True, kw_only=True):
    id: int
    number: str
    name: str
    extension: str
    team: str | None
    skills: dict[str, int]
    presence: Presence
    reason: str
    presence_since: float
    pending_presence: Presence | None  # takes effect after the present offer or call
    activity: Activity
    activity_since: float
    phone: Literal["reachable", "in_use", "unreachable"]
    call_id: str
    queue_id: str
    wrap_up_until: float | None
    wrap_up_mode: str = ""  # optional, fixed, until_disposition, limited; empty: no wrap-up
    answered_today: int
    missed_today: int
    talk_s_today: float


class QueueView(View, frozen=True, kw_only=True):
    """Counts are today's, by contacts that entered the queue since local midnight."""

    id: str
    name: dict[str, str]
    open: bool = True  # False: lets nobody new in, by hand, by its calendar or by the roster
    waiting: int
    longest_wait_since: float | None  # entered-at of the longest waiting
    offered: int
    answered: int
    abandoned: int
    abandoned_short: int
    overflowed: int
    answered_within: int
    abandoned_within: int
    service_level: float | None  # by the formula of the queue's contract (docs/reports.md); None: no contact
    service_level_s: float
    service_level_target: float
    average_answer_s: float | None
    agents_signed_in: int
    agents_ready: int  # ready and idle
    expected_wait_s: float | None
    agents_needed: int | None = None  # for the target, now and in the next hour; None: too little is known
    agents_needed_next_hour: int | None = None


class PartyView(View, frozen=True, kw_only=True):
    """Somebody on the call beside the caller and the agent in charge."""

    id: str
    role: Role
    number: str  # an agent's number, a number outside (as the viewer may see it), or the queue that is asked
    name: str
    agent_id: int | None
    state: Literal["queued", "ringing", "joined"]
    since: float
    muted: bool
    held: bool  # waits with music while the agent speaks with the caller


class LiveCallView(View, frozen=True, kw_only=True):
    id: str
    dialled: str
    caller_number: str  # masked where the viewer's role demands it
    caller_name: str
    customer_name: str
    direction: Direction
    phase: Phase
    phase_since: float
    started_at: float
    flow: str
    node: str  # of that flow
    queue_id: str
    queued_at: float | None
    position: int | None
    agent_id: int | None
    held: bool
    held_by: tuple[HeldBy, ...]
    agent_muted: bool
    caller_muted: bool
    caller_present: bool  # False: the others go on without, or there never was a caller
    priority_s: float
    parties: tuple[PartyView, ...]
    consult: Literal["consulted", "caller"] | None  # with whom the agent speaks while somebody is consulted
    recording: Literal["off", "on", "paused"]
    recording_paused_at: float | None
    transfer_to: str  # who is rung for the caller, while that goes on


class TrafficPoint(View, frozen=True, kw_only=True):
    at: float  # start of a five-minute interval
    offered: int
    answered: int
    abandoned: int


class TotalsView(View, frozen=True, kw_only=True):
    waiting: int
    longest_wait_since: float | None
    live_calls: int
    offered: int
    answered: int
    abandoned: int
    service_level: float | None
    average_answer_s: float | None
    agents: dict[str, int]  # ready, talking, ringing, wrap_up, break, training, signed_out, unreachable
    traffic: tuple[TrafficPoint, ...]  # the last two hours


class TrunkView(View, frozen=True, kw_only=True):
    id: str  # the endpoint's name in Asterisk; "": lines that belong to no trunk
    in_use: int
    capacity: int | None  # None: not told (`outside.lines`)


class BoardView(View, frozen=True, kw_only=True):
    """The figures of a wallboard now (ctiserver/kpi/boards.py says what each is). Shares 0 to 1, durations seconds."""

    id: str
    queues: tuple[str, ...]  # those it is about
    figures: dict[str, float | None]
    standings: dict[str, Standing]  # of the figures that it shows
    targets: dict[str, float | None]
    longest_wait_since: float | None
    agents: dict[str, int]  # by state, as in TotalsView
    traffic: tuple[TrafficPoint, ...]  # the last two hours
    trunks: tuple[TrunkView, ...] = ()  # of the whole centre
    members: tuple[int, ...] = ()  # agents who serve its queues, where it names queues and no teams


class CentreSnapshot(View, frozen=True, kw_only=True):
    """First message on every page's websocket, and again after a gap."""

    now: float
    agents: tuple[AgentView, ...]
    queues: tuple[QueueView, ...]
    calls: tuple[LiveCallView, ...]
    totals: TotalsView
    pop: ScreenPop | None  # the viewer's own
    watches: tuple[WatchView, ...] = ()  # who listens to whom, for who supervises
    helps: tuple[HelpView, ...] = ()  # asked by any agent for who supervises, else the viewer's own
    broadcasts: tuple[BroadcastView, ...] = ()  # of this shift, oldest first
    boards: tuple[BoardView, ...] = ()
    alerts: tuple[Alert, ...] = ()  # raised and not cleared, oldest first; for who supervises, and screens


class ComponentHealth(View, frozen=True, kw_only=True):
    name: str  # asterisk-ari, asterisk-ami, asterisk-accounts, postgres, journal, speech, flows
    ready: bool
    detail: str
    needed: bool = True  # False: calls are handled without it, so it does not make us unready
