"""A router and a clock, so that a test reads like what happened at the desks."""

from __future__ import annotations

from acd import (
    AgentConfig,
    ContactEnqueued,
    Decision,
    Event,
    Offer,
    OfferAnswered,
    OfferRefused,
    OfferRinging,
    PresenceChanged,
    QueueConfig,
    RefusalCause,
    Router,
    RoutingConfig,
    Tick,
)


class Story:
    """Agents sign in and are ready in the order given, one second apart, ending at 0; the story starts then."""

    def __init__(self, *queues: QueueConfig, agents: tuple[AgentConfig, ...] = (), **rules: object) -> None:
        config = RoutingConfig(queues=queues, agents=agents, **rules)  # pyright: ignore[reportArgumentType]
        self.now = -float(len(agents))
        self.router = Router(config, now=self.now)
        self.asked: dict[str, Offer] = {}
        """Contact → the last offer made for it."""
        for number, agent in enumerate(agents):
            self.at(number - len(agents) + 1, PresenceChanged(agent.agent_id, "ready"))
        self.now = 0.0

    def at(self, now: float, *events: Event) -> list[Decision]:
        """Let time pass, deadline by deadline, then let the events happen. All decisions on the way."""
        decisions: list[Decision] = []
        while (deadline := self.router.next_deadline()) is not None and deadline < now:
            decisions += self.router.apply(Tick(), deadline)
        self.now = now
        for event in events or (Tick(),):
            decisions += self.router.apply(event, now)
        for decision in decisions:
            if isinstance(decision, Offer):
                self.asked[decision.contact_id] = decision
        return decisions

    def enters(self, contact_id: str, queue_id: str = "bills", **details: object) -> list[Decision]:
        return self.at(self.now, ContactEnqueued(contact_id, queue_id, **details))  # pyright: ignore[reportArgumentType]

    def answers(self, contact_id: str) -> list[Decision]:
        return self.at(self.now, OfferRinging(self.offer_of(contact_id)), OfferAnswered(self.offer_of(contact_id)))

    def refuses(self, contact_id: str, cause: RefusalCause = "no_answer") -> list[Decision]:
        return self.at(self.now, OfferRefused(self.offer_of(contact_id), cause))

    def offer_of(self, contact_id: str) -> str:
        return self.asked[contact_id].offer_id

    def asked_agent(self, contact_id: str) -> str | None:
        """Whom the contact is being offered to now."""
        for queue in self.router.queues(self.now):
            for waiting in queue.waiting:
                if waiting.contact_id == contact_id and waiting.offered_to:
                    return "+".join(sorted(waiting.offered_to))
        return None


def offers(decisions: list[Decision]) -> list[tuple[str, str]]:
    """(contact, agent) of every offer, in order."""
    return [(decision.contact_id, decision.agent_id) for decision in decisions if isinstance(decision, Offer)]


def of_kind(decisions: list[Decision], kind: type) -> list[Decision]:
    return [decision for decision in decisions if isinstance(decision, kind)]


def agent(agent_id: str, **skills: int) -> AgentConfig:
    return AgentConfig(agent_id, skills)
