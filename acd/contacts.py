"""A contact as the router sees it, from entering a queue until the conversation ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from acd.matching import Requirement

if TYPE_CHECKING:
    from acd.pools import Line, Route

ContactPhase = Literal["waiting", "offered", "connected", "quarantined", "gone"]
Rank = tuple[float, float, int]
"""(minus the strict class, the instant from which the score counts, arrival number): the smallest goes first."""


@dataclass(slots=True)
class OpenOffer:
    """One agent being asked; the lease is the longest it may take."""

    offer_id: str
    contact_id: str
    agent_id: str
    lease_until: float
    made_at: float
    ringing: bool = False


@dataclass(slots=True)
class Told:
    """The forecast made when the contact began to wait: instant, and seconds from then on."""

    at: float
    p50_s: float
    p90_s: float


@dataclass(slots=True, eq=False)
class Contact:
    """Live state of one contact; `route`, `line`, `stage` and `rank` are derived and never stored."""

    contact_id: str
    queue_id: str
    medium: str
    seq: int
    place_at: float
    """Instant from which the waiting time counts for the order; kept over overflow, return and refusals."""
    entered_at: float
    """Instant of entering the present queue: steps and limits count from here."""
    priority_s: float = 0.0
    wanted: Requirement | None = None
    customer_id: str | None = None
    last_agent_id: str | None = None
    phase: ContactPhase = "waiting"
    floor: int = 0
    """Lowest relaxation stage that still applies, raised when an offer was lost and the stage has nobody else."""
    offers: list[str] = field(default_factory=list[str])
    offer_count: int = 0
    agent_id: str | None = None
    reserved_for: str | None = None
    reserved_until: float | None = None
    unstaffed_until: float | None = None
    max_wait_until: float | None = None
    callback_number: str | None = None
    callback_until: float | None = None
    quarantine_until: float | None = None
    attempts: int = 0
    told: Told | None = None
    rank: Rank = (0.0, 0.0, 0)
    route: Route | None = None
    line: Line | None = None
    stage: int = 0
    stage_until: float | None = None
