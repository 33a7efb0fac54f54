"""An agent as the router sees it: presence (chosen) and work (observed), two axes that are never mixed.

offered → ringing → talking → wrap_up → (gone)       one `Work` per contact, several at once only by capacity
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from acd.model import VOICE, Activity, AgentConfig, Presence, WrapUpMode

if TYPE_CHECKING:
    from acd.contacts import Rank
    from acd.pools import Pool

Phase = Literal["offered", "ringing", "talking", "wrap_up"]
SIGNED_IN: frozenset[Presence] = frozenset(("ready", "break", "training"))
OFFER_PHASES: frozenset[Phase] = frozenset(("offered", "ringing"))
_ACTIVITY_ORDER: tuple[Phase, ...] = ("talking", "ringing", "offered", "wrap_up")


@dataclass(slots=True)
class Work:
    """One contact on one agent's hands."""

    contact_id: str
    queue_id: str
    medium: str
    offer_id: str
    phase: Phase
    since: float
    offered_at: float
    answered_at: float | None = None
    wrap_mode: WrapUpMode = "none"
    wrap_until: float | None = None
    extension_left_s: float = 0.0


@dataclass(slots=True)
class PendingPresence:
    """Chosen during work, in force once the work is done."""

    presence: Presence
    reason: str
    since: float


@dataclass(slots=True, eq=False)
class Agent:
    """Live state of one agent; `free`, `pools`, `reserved` and `staffed` are derived and never stored."""

    config: AgentConfig
    presence: Presence = "signed_out"
    reason: str = ""
    presence_since: float = 0.0
    pending: PendingPresence | None = None
    reachable: bool = True
    busy: dict[str, tuple[str, float]] = field(default_factory=dict[str, "tuple[str, float]"])
    """Outside causes: cause → (medium, since)."""
    work: dict[str, Work] = field(default_factory=dict[str, Work])
    cool_until: float | None = None
    cool_cause: str = ""
    misses: int = 0
    removed: bool = False
    idle_since: float = 0.0
    handled: int = 0
    """Contacts answered since signing in."""
    worked_s: float = 0.0
    signed_in_at: float = 0.0
    occupancy: float = 0.0
    """Share of the signed-in time spent working, taken whenever the agent becomes free."""
    draw: float = 0.0
    weighted_draw: float = 0.0
    turns: dict[str, int] = field(default_factory=dict[str, int])
    """Queue → number of the last offer from it: the memory of round robin."""
    free: frozenset[str] = frozenset()
    """Media in which a contact could be offered right now."""
    staffed: bool = False
    pools: list[Pool] = field(default_factory=list["Pool"])
    reserved: list[Rank] = field(default_factory=list["Rank"])
    """Contacts that wait for this agent because it served the customer last, best score first."""

    @property
    def agent_id(self) -> str:
        return self.config.agent_id

    def free_media(self) -> frozenset[str]:
        """Media with room: ready, reachable, nothing pending, not cooling down, no open offer in the medium."""
        if self.presence != "ready" or self.pending is not None or self.removed or self.cool_until is not None:
            return frozenset()
        if not self.work and not self.busy and self.reachable:
            return frozenset(self.config.capacity)
        return frozenset(medium for medium, room in self.config.capacity.items() if self._has_room(medium, room))

    def _has_room(self, medium: str, room: int) -> bool:
        if medium == VOICE and not self.reachable:
            return False
        if any(busy_medium == medium for busy_medium, _ in self.busy.values()):
            return False
        taken = 0
        for work in self.work.values():
            if work.medium == medium:
                if work.phase in OFFER_PHASES:
                    return False
                taken += 1
        return taken < room

    def counts_as_staff(self) -> bool:
        """Signed in with a working phone: somebody for whom waiting makes sense, even when busy or on break."""
        return self.presence in SIGNED_IN and not self.removed and self.reachable

    def activity(self) -> tuple[Activity, float, str | None]:
        """What the agent does now, since when, and with which contact: the most engaged work counts."""
        for phase in _ACTIVITY_ORDER:
            for work in self.work.values():
                if work.phase == phase:
                    return phase, work.since, work.contact_id
        if self.busy:
            return "busy", min(since for _, since in self.busy.values()), None
        return "idle", max(self.idle_since, self.presence_since), None

    def works_in(self, phases: frozenset[Phase]) -> bool:
        return any(work.phase in phases for work in self.work.values())
