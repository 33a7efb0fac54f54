"""The routing engine: who is offered which contact, and why. Pure and deterministic, standard library only.

    router = Router(RoutingConfig(queues=(QueueConfig("bills", skills={"bills": 1}),)), now=clock())
    decisions = router.apply(ContactEnqueued("call-1", "bills"), now=clock())
    ...
    deadline = router.next_deadline()                 # float | None: call apply(Tick(), now) then, at the latest

Time is a float in seconds of a clock the caller owns (monotonic; a snapshot goes on with the same clock). Time going
backwards is clamped and counted. `apply` raises nothing for what happens in the world: unknown ids, duplicates and
events out of order are counted in `router.anomalies` (a Counter by reason) and change nothing.

Router
    Router(config: RoutingConfig, now: float = 0.0)                        raises ConfigError(field, message)
    apply(event: Event, now: float) -> list[Decision]                      in the order they have to be carried out
    next_deadline() -> float | None
    explain(contact_id: str, now: float) -> Explanation
    agents() -> tuple[AgentView, ...]                agent(agent_id) -> AgentView | None
    queues(now) -> tuple[QueueView, ...]             queue(queue_id, now) -> QueueView | None
    servers(queue_id) -> frozenset[agent_id]         places_kept() -> tuple[PlaceKept, ...]
    positions(queue_id) -> tuple[(contact_id, position from 1), ...]       position(contact_id) -> int | None
    forecast(contact_id) -> Forecast(position, p50_s, p90_s) | None
    forecast_report(queue_id) -> ForecastReport(told, below_p50, below_p90, relative_error) | None
    anomalies: Counter[str]
    to_snapshot() -> dict[str, object] (JSON-able)   Router.from_snapshot(data) -> Router

Events in (acd/events.py)
    QueueConfigured(queue: QueueConfig)   QueueRemoved(queue_id)   QueueOpened(queue_id)   QueueClosed(queue_id)
    NamesConfigured(skills, groups)       RulesConfigured(cool_down_s, max_misses, agent_choice)
    AgentConfigured(agent: AgentConfig)   AgentRemoved(agent_id)
    PresenceChanged(agent_id, presence, reason)            ready | break | training | outbound_only | signed_out
    ReachabilityChanged(agent_id, reachable)               agents are presumed reachable until told otherwise
    AgentBusy(agent_id, cause, medium)    AgentFree(agent_id, cause)       private and outbound calls
    ContactEnqueued(contact_id, queue_id, skills, priority_s, enqueued_at, customer_id, last_agent_id, medium, place_at)
    LastAgentKnown(contact_id, agent_id)                   of a contact that waits already
    ContactLeft(contact_id, reason)       ContactRequeued(contact_id, cause)   ContactEnded(contact_id)
    PriorityChanged(contact_id, priority_s)
    CallbackRequested(contact_id, number) CallbackAttemptFailed(contact_id, cause)
    OfferRinging(offer_id)   OfferAnswered(offer_id)   OfferRefused(offer_id, cause)
                                                           no_answer | busy | rejected | unreachable | failed
    OfferReleased(offer_id)                                one of several asked (ring_all), let go by the caller's side
    OfferAdopted(offer_id, contact_id, queue_id, agent_id, enqueued_at, answered, customer_id,
                 place_at, priority_s, skills)
                                                           a call found running when the router is made anew
    WrapUpAdopted(agent_id, contact_id, queue_id, until)   likewise
    PlaceKept(queue_id, customer_id, place_at, left_at)    likewise: a caller who gave up may come back
    WrapUpEnded(agent_id, contact_id, disposition)         WrapUpExtended(agent_id, seconds, contact_id)
    Tick()

Decisions out (acd/decisions.py)
    Offer(offer_id, contact_id, queue_id, agent_id, medium, lease_until, callback, why: Why)
    OfferWithdrawn(offer_id, contact_id, agent_id, reason)
    WrapUpStarted(agent_id, contact_id, mode, until)       WrapUpFinished(agent_id, contact_id, how)
    AgentPaused(agent_id, reason)                          PresenceApplied(agent_id, presence, reason)
    ContactOverflowed(contact_id, queue_id, action, target, exit_reason)
    PlaceResumed(contact_id, queue_id, place_at)           of a caller who gave up and is back
    ContactRefused(contact_id, reason)    CallbackEnded(contact_id, reason)    ConfigRefused(field, message)

Without a telephone: `python -m acd simulate SCENARIO.yaml` runs this router on random callers in virtual time
(acd/scenario.py says what a scenario may contain), `python -m acd erlang` answers what a formula can.

The life of an offer: `Offer` reserves the agent. Tell `OfferRinging` when the phone rings, then `OfferAnswered` or
`OfferRefused`. Ring for less than `QueueConfig.lease_s`: the lease is the safety net, and when it runs out the router
withdraws the offer by itself (a miss if the phone rang, else `failed`). A lost offer never costs the caller the place;
the agent cools down by cause and, after `max_misses` missed in a row, goes on break with the reason `missed_calls`.
`ContactLeft` in any phase withdraws what rings; on an answered contact it means the same as `ContactEnded`.
After `OfferAnswered`, if the two were never connected: `ContactRequeued`. A transfer: `ContactEnded`, then a new
`ContactEnqueued`, for which the same contact id may be used again (offer numbers go on counting).

Presence and work are two axes. A presence chosen while offered, talking or in wrap-up is pending (`AgentView.
pending_presence`) and takes effect afterwards as `PresenceApplied`; signing out ends a wrap-up at once.

After `ContactOverflowed` with action `queue` the contact already waits in `target`; with any other action, and after
`ContactRefused` of a new contact and `CallbackEnded`, the router has forgotten it and the caller has to act.
"""

from acd.decisions import (
    AgentPaused,
    CallbackEnded,
    ConfigRefused,
    ContactOverflowed,
    ContactRefused,
    Decision,
    Offer,
    OfferWithdrawn,
    PlaceResumed,
    PresenceApplied,
    Why,
    WithdrawReason,
    WrapUpFinished,
    WrapUpStarted,
)
from acd.errors import ConfigError
from acd.events import (
    AgentBusy,
    AgentConfigured,
    AgentFree,
    AgentRemoved,
    CallbackAttemptFailed,
    CallbackRequested,
    ContactEnded,
    ContactEnqueued,
    ContactLeft,
    ContactRequeued,
    Event,
    LastAgentKnown,
    NamesConfigured,
    OfferAdopted,
    OfferAnswered,
    OfferRefused,
    OfferReleased,
    OfferRinging,
    PlaceKept,
    PresenceChanged,
    PriorityChanged,
    QueueClosed,
    QueueConfigured,
    QueueOpened,
    QueueRemoved,
    ReachabilityChanged,
    RulesConfigured,
    Tick,
    WrapUpAdopted,
    WrapUpEnded,
    WrapUpExtended,
)
from acd.explain import Candidate, Explanation
from acd.forecast import Forecast, ForecastReport
from acd.model import (
    Activity,
    AgentConfig,
    CallbackRule,
    Overflow,
    Presence,
    QueueConfig,
    RefusalCause,
    RoutingConfig,
    Step,
    Strategy,
    WrapUpRule,
)
from acd.router import Router
from acd.views import AgentView, QueueView, WaitingView

__all__ = [
    "Activity",
    "AgentBusy",
    "AgentConfig",
    "AgentConfigured",
    "AgentFree",
    "AgentPaused",
    "AgentRemoved",
    "AgentView",
    "CallbackAttemptFailed",
    "CallbackEnded",
    "CallbackRequested",
    "CallbackRule",
    "Candidate",
    "ConfigError",
    "ConfigRefused",
    "ContactEnded",
    "ContactEnqueued",
    "ContactLeft",
    "ContactOverflowed",
    "ContactRefused",
    "ContactRequeued",
    "Decision",
    "Event",
    "Explanation",
    "Forecast",
    "ForecastReport",
    "LastAgentKnown",
    "NamesConfigured",
    "Offer",
    "OfferAdopted",
    "OfferAnswered",
    "OfferRefused",
    "OfferReleased",
    "OfferRinging",
    "OfferWithdrawn",
    "Overflow",
    "PlaceKept",
    "PlaceResumed",
    "Presence",
    "PresenceApplied",
    "PresenceChanged",
    "PriorityChanged",
    "QueueClosed",
    "QueueConfig",
    "QueueConfigured",
    "QueueOpened",
    "QueueRemoved",
    "QueueView",
    "ReachabilityChanged",
    "RefusalCause",
    "Router",
    "RoutingConfig",
    "RulesConfigured",
    "Step",
    "Strategy",
    "Tick",
    "WaitingView",
    "Why",
    "WithdrawReason",
    "WrapUpAdopted",
    "WrapUpEnded",
    "WrapUpExtended",
    "WrapUpFinished",
    "WrapUpRule",
    "WrapUpStarted",
]
