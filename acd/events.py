"""What the router is told. Past-tense facts, immutable; instants and durations in seconds of the caller's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.model import VOICE, AgentChoice, AgentConfig, Presence, QueueConfig, RefusalCause, SkillLevels


@dataclass(frozen=True, slots=True)
class QueueConfigured:
    """A queue was created or changed; waiting contacts keep their places."""

    queue: QueueConfig


@dataclass(frozen=True, slots=True)
class QueueRemoved:
    queue_id: str


@dataclass(frozen=True, slots=True)
class QueueOpened:
    queue_id: str


@dataclass(frozen=True, slots=True)
class QueueClosed:
    """Closed by calendar or shift: no further entries; who waits is still served."""

    queue_id: str


@dataclass(frozen=True, slots=True)
class NamesConfigured:
    """The skills and agent groups that exist; None allows any."""

    skills: frozenset[str] | None
    groups: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class RulesConfigured:
    """What holds for all queues and agents was changed: cool-downs by cause, how many misses, how agents choose."""

    cool_down_s: Mapping[RefusalCause, float]
    max_misses: int
    agent_choice: AgentChoice


@dataclass(frozen=True, slots=True)
class AgentConfigured:
    """An agent was created or changed; a new one is signed out and presumed reachable."""

    agent: AgentConfig


@dataclass(frozen=True, slots=True)
class AgentRemoved:
    """Deleted; a conversation in progress is finished first."""

    agent_id: str


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """The agent's own choice; while offered, talking or in wrap-up it is pending (signing out ends a wrap-up)."""

    agent_id: str
    presence: Presence
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReachabilityChanged:
    """The agent's phone registered or vanished; concerns voice only and is never a miss."""

    agent_id: str
    reachable: bool


@dataclass(frozen=True, slots=True)
class AgentBusy:
    """A private or outbound call, or anything else outside the router; `cause` tells several apart."""

    agent_id: str
    cause: str
    medium: str = VOICE


@dataclass(frozen=True, slots=True)
class AgentFree:
    agent_id: str
    cause: str


@dataclass(frozen=True, slots=True)
class ContactEnqueued:
    """A contact entered a queue. `skills` replaces the queue's; `priority_s` adds to the queue's.

    `enqueued_at`: when it really entered (None: now). `place_at`: from when its place counts, if it had waited in
    another queue before. `customer_id`: whoever is recognised on returning. `callback_number`: nobody is on the line,
    this number is to be rung back: limits do not apply, and there is one contact for each number. `offers_before`: the
    number of its latest offer, where an engine before this one made it; offers of a contact never repeat an id.
    """

    contact_id: str
    queue_id: str
    skills: SkillLevels | str | None = None
    priority_s: float = 0.0
    enqueued_at: float | None = None
    customer_id: str | None = None
    last_agent_id: str | None = None
    medium: str | None = None
    place_at: float | None = None
    callback_number: str | None = None
    offers_before: int = 0


@dataclass(frozen=True, slots=True)
class LastAgentKnown:
    """Who served this customer last became known while the contact waits already."""

    contact_id: str
    agent_id: str


@dataclass(frozen=True, slots=True)
class ContactLeft:
    """Gone without an answer: the caller hung up, pressed a key to leave, … (`abandoned` can resume the place)."""

    contact_id: str
    reason: str = "abandoned"


@dataclass(frozen=True, slots=True)
class PlaceKept:
    """After a rebuild: this customer gave up at `left_at` and may ring again for the place, within the queue's time."""

    queue_id: str
    customer_id: str
    place_at: float
    left_at: float


@dataclass(frozen=True, slots=True)
class ContactRequeued:
    """The agent answered but the conversation never began: back to the same place, agent cools down by `cause`."""

    contact_id: str
    cause: RefusalCause = "failed"


@dataclass(frozen=True, slots=True)
class PriorityChanged:
    """A new priority for a contact that waits; replaces the one it came with."""

    contact_id: str
    priority_s: float


@dataclass(frozen=True, slots=True)
class CallbackRequested:
    """The caller may hang up: a virtual contact keeps the place. `number` allows one callback per number."""

    contact_id: str
    number: str


@dataclass(frozen=True, slots=True)
class CallbackAttemptFailed:
    """The customer was not reached after an agent took the callback: quarantine, then the same place again."""

    contact_id: str
    cause: str = "no_answer"


@dataclass(frozen=True, slots=True)
class OfferRinging:
    offer_id: str


@dataclass(frozen=True, slots=True)
class OfferAnswered:
    offer_id: str


@dataclass(frozen=True, slots=True)
class OfferRefused:
    offer_id: str
    cause: RefusalCause


@dataclass(frozen=True, slots=True)
class OfferReleased:
    """The caller's side let go of an agent who was asked along with others: nobody is to blame."""

    offer_id: str


@dataclass(frozen=True, slots=True)
class OfferAdopted:
    """After a rebuild: the agent is being asked for this contact (or has `answered`) since before the router was made.

    Tell the agent's presence first. `enqueued_at` is when the contact entered the queue; `place_at`, `priority_s` and
    `skills` as in ContactEnqueued, for a contact that may have to wait again.
    """

    offer_id: str
    contact_id: str
    queue_id: str
    agent_id: str
    enqueued_at: float
    answered: bool
    customer_id: str | None = None
    place_at: float | None = None
    priority_s: float = 0.0
    skills: SkillLevels | str | None = None


@dataclass(frozen=True, slots=True)
class WrapUpAdopted:
    """After a rebuild: the agent was wrapping this contact up already, `until` then (None: by a disposition)."""

    agent_id: str
    contact_id: str
    queue_id: str
    until: float | None


@dataclass(frozen=True, slots=True)
class ContactEnded:
    """The conversation is over; the agent's wrap-up begins."""

    contact_id: str


@dataclass(frozen=True, slots=True)
class WrapUpEnded:
    """The agent finished; `contact_id` None means all of the agent's wrap-ups."""

    agent_id: str
    contact_id: str | None = None
    disposition: str | None = None


@dataclass(frozen=True, slots=True)
class WrapUpExtended:
    """The agent needs more time: `seconds` more, up to the queue's limit."""

    agent_id: str
    seconds: float
    contact_id: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Only time passed: act on the deadlines that are due."""

    reason: str = field(default="deadline")


Event = (
    QueueConfigured
    | QueueRemoved
    | QueueOpened
    | QueueClosed
    | NamesConfigured
    | RulesConfigured
    | AgentConfigured
    | AgentRemoved
    | PresenceChanged
    | ReachabilityChanged
    | AgentBusy
    | AgentFree
    | ContactEnqueued
    | LastAgentKnown
    | ContactLeft
    | PlaceKept
    | ContactRequeued
    | PriorityChanged
    | CallbackRequested
    | CallbackAttemptFailed
    | OfferRinging
    | OfferAnswered
    | OfferRefused
    | OfferReleased
    | OfferAdopted
    | WrapUpAdopted
    | ContactEnded
    | WrapUpEnded
    | WrapUpExtended
    | Tick
)
