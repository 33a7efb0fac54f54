"""What the router decides. The caller carries it out; each decision is final unless a later one says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from acd.model import OverflowAction, Presence, Strategy, WrapUpMode

WithdrawReason = Literal[
    "answered_elsewhere",
    "caller_left",
    "lease_expired",
    "unreachable",
    "agent_removed",
    "queue_removed",
]

WrapUpEnd = Literal["timer", "agent", "disposition", "signed_out", "removed"]
CallbackEnd = Literal["expired", "attempts_used"]


@dataclass(frozen=True, slots=True)
class Why:
    """Why this agent: the rule, how long the contact waited, what the agent brought. Seconds; `step` 0 is unrelaxed."""

    strategy: Strategy
    step: int
    waited_s: float
    score_s: float
    idle_s: float
    proficiency: int
    last_agent: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Ring this agent for this contact until `lease_until`; then the router withdraws it by itself."""

    offer_id: str
    contact_id: str
    queue_id: str
    agent_id: str
    medium: str
    lease_until: float
    callback: bool
    why: Why


@dataclass(frozen=True, slots=True)
class OfferWithdrawn:
    """Stop ringing: this offer no longer stands."""

    offer_id: str
    contact_id: str
    agent_id: str
    reason: WithdrawReason


@dataclass(frozen=True, slots=True)
class WrapUpStarted:
    """`until` None: only a disposition ends it."""

    agent_id: str
    contact_id: str
    mode: WrapUpMode
    until: float | None


@dataclass(frozen=True, slots=True)
class WrapUpFinished:
    agent_id: str
    contact_id: str
    how: WrapUpEnd


@dataclass(frozen=True, slots=True)
class AgentPaused:
    """The router put the agent on break, never out: visible, with its reason."""

    agent_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class PresenceApplied:
    """A presence took effect, at once or after having been pending."""

    agent_id: str
    presence: Presence
    reason: str


@dataclass(frozen=True, slots=True)
class ContactOverflowed:
    """A limit was hit. With action `queue` the contact already waits in `target`; otherwise the router forgot it."""

    contact_id: str
    queue_id: str
    action: OverflowAction
    target: str | None
    exit_reason: str


@dataclass(frozen=True, slots=True)
class PlaceResumed:
    """A caller who gave up is back and has the old place: it counts from `place_at`."""

    contact_id: str
    queue_id: str
    place_at: float


@dataclass(frozen=True, slots=True)
class ContactRefused:
    """The contact was not taken in (unknown queue, wrong medium, known number); the caller must do something else."""

    contact_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CallbackEnded:
    """A callback is given up: `expired` or `attempts_used`."""

    contact_id: str
    reason: CallbackEnd


@dataclass(frozen=True, slots=True)
class ConfigRefused:
    """A configuration event was not applied; the former configuration stands."""

    field: str
    message: str


Decision = (
    Offer
    | OfferWithdrawn
    | WrapUpStarted
    | WrapUpFinished
    | AgentPaused
    | PresenceApplied
    | ContactOverflowed
    | PlaceResumed
    | ContactRefused
    | CallbackEnded
    | ConfigRefused
)
