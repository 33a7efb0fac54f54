"""Whatever happens in whatever order, the router keeps its promises.

A state machine throws arrivals, answers, refusals, hang-ups, sign-outs, edits and the passing of time at a router and
at a second one that is rebuilt from a snapshot whenever it pleases; both must decide alike, and after each event the
promises are checked from outside by brute force.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from acd import (
    AgentBusy,
    AgentConfig,
    AgentConfigured,
    AgentFree,
    AgentRemoved,
    CallbackAttemptFailed,
    CallbackEnded,
    CallbackRequested,
    CallbackRule,
    ContactEnded,
    ContactEnqueued,
    ContactLeft,
    ContactOverflowed,
    ContactRefused,
    ContactRequeued,
    Decision,
    Event,
    Offer,
    OfferAdopted,
    OfferAnswered,
    OfferRefused,
    OfferRinging,
    OfferWithdrawn,
    Overflow,
    PresenceChanged,
    PriorityChanged,
    QueueConfig,
    QueueConfigured,
    QueueRemoved,
    ReachabilityChanged,
    Router,
    RoutingConfig,
    Step,
    Tick,
    WaitingView,
    Why,
    WrapUpEnded,
    WrapUpRule,
)
from acd.matching import Requirement, build, matches, relax

SKILLS = ("water", "heat", "english")
AGENTS = ("A", "B", "C", "D")
QUEUES = (
    QueueConfig("plain", wrap_up=WrapUpRule("fixed", 5), return_s=30),
    QueueConfig(
        "water",
        skills={"water": 5, "english": 2},
        evaluation="best",
        steps=(Step(10, levels={"water": 2}), Step(20, drop=("english",))),
        priority_s=15,
        last_agent_s=8,
        max_wait_s=60,
        overflow={"max_wait": Overflow("queue", "plain")},
        wrap_up=WrapUpRule("limited", 10),
    ),
    QueueConfig(
        "heat",
        skills="heat or water >= 3",
        groups=("day",),
        steps=(Step(12, add_groups=("reserve",)),),
        strategy="round_robin",
        weight=2,
        no_agents_grace_s=20,
        max_waiting=3,
        overflow={"max_waiting": Overflow("queue", "plain")},
        callback=CallbackRule(max_attempts=2, quarantine_s=7, expires_s=50),
    ),
    QueueConfig("all_ring", skills={"heat": 1}, strategy="ring_all", lease_s=6),
    QueueConfig("chat", medium="chat", strategy="random", strict_priority=True, wrap_up=WrapUpRule("optional", 4)),
)
BY_ID = {queue.queue_id: queue for queue in QUEUES}

agent_ids = st.sampled_from(AGENTS)
queue_ids = st.sampled_from([queue.queue_id for queue in QUEUES])
agent_configs = st.builds(
    AgentConfig,
    agent_id=agent_ids,
    skills=st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 10)),
    groups=st.sampled_from([(), ("day",), ("reserve",), ("day", "reserve")]),
    capacity=st.sampled_from([{"voice": 1}, {"voice": 1, "chat": 2}, {"chat": 1}]),
    order=st.integers(0, 2),
    queues=st.one_of(st.none(), st.dictionaries(queue_ids, st.sampled_from([0.0, 0.0, 9.0]))),
)
causes = st.sampled_from(["no_answer", "busy", "rejected", "unreachable", "failed"])


@dataclass
class Known:
    """What the test itself knows of a contact."""

    queue_id: str
    entered_at: float
    phase: str = "waiting"


class RouterMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        config = RoutingConfig(queues=QUEUES, max_misses=2, seed=7)
        self.router = Router(config)
        self.twin = Router(config)
        self.now = 0.0
        self.queues = dict(BY_ID)
        self.agents: dict[str, AgentConfig] = {}
        self.contacts: dict[str, Known] = {}
        self.offers: dict[str, Offer] = {}
        self.number = 0
        self.wishes: dict[str, Requirement] = {}
        for agent_id in AGENTS[:2]:
            self.agents[agent_id] = AgentConfig(agent_id, {"water": 6, "english": 4, "heat": 3}, groups=("day",))
            self.tell(AgentConfigured(self.agents[agent_id]))
            self.tell(PresenceChanged(agent_id, "ready"))

    # What may happen.

    @rule(
        queue_id=queue_ids, priority=st.sampled_from([0, 0, 5, 30]), agent_id=st.none() | agent_ids, again=st.booleans()
    )
    def contact_arrives(self, queue_id: str, priority: float, agent_id: str | None, again: bool) -> None:
        self.number += 1
        contact_id = f"c{self.number}"
        known = queue_id in self.queues
        if known:
            self.contacts[contact_id] = Known(queue_id, self.now)
        customer = "ms-chen" if again else None
        self.tell(
            ContactEnqueued(contact_id, queue_id, priority_s=priority, last_agent_id=agent_id, customer_id=customer)
        )

    @rule(wanted=st.sampled_from([{"water": 9}, {"english": 3}, "not water"]))
    def contact_with_wishes_arrives(self, wanted: dict[str, int] | str) -> None:
        self.number += 1
        contact_id = f"c{self.number}"
        if "plain" in self.queues:
            self.contacts[contact_id] = Known("plain", self.now)
            self.wishes[contact_id] = build(wanted)
        self.tell(ContactEnqueued(contact_id, "plain", skills=wanted))

    @precondition(lambda self: self.contacts)
    @rule(data=st.data(), reason=st.sampled_from(["abandoned", "pressed_key"]))
    def contact_leaves(self, data: st.DataObject, reason: str) -> None:
        contact_id = data.draw(st.sampled_from(sorted(self.contacts)))
        del self.contacts[contact_id]
        self.tell(ContactLeft(contact_id, reason))

    @precondition(lambda self: self.offers)
    @rule(data=st.data())
    def phone_rings(self, data: st.DataObject) -> None:
        self.tell(OfferRinging(data.draw(st.sampled_from(sorted(self.offers)))))

    @precondition(lambda self: self.offers)
    @rule(data=st.data())
    def agent_answers(self, data: st.DataObject) -> None:
        offer = self.offers.pop(data.draw(st.sampled_from(sorted(self.offers))))
        assert self.contacts[offer.contact_id].phase == "offered", "an answered contact was offered again"
        self.contacts[offer.contact_id].phase = "connected"
        self.tell(OfferAnswered(offer.offer_id))

    @precondition(lambda self: self.offers)
    @rule(data=st.data(), cause=causes)
    def agent_refuses(self, data: st.DataObject, cause: str) -> None:
        offer = self.offers.pop(data.draw(st.sampled_from(sorted(self.offers))))
        self.note_waiting(offer.contact_id)
        self.tell(OfferRefused(offer.offer_id, cause))  # pyright: ignore[reportArgumentType] - drawn from the literals

    @precondition(lambda self: self.connected())
    @rule(data=st.data())
    def conversation_ends(self, data: st.DataObject) -> None:
        contact_id = data.draw(st.sampled_from(self.connected()))
        del self.contacts[contact_id]
        self.tell(ContactEnded(contact_id))

    @precondition(lambda self: self.connected())
    @rule(data=st.data(), cause=causes)
    def conversation_never_began(self, data: st.DataObject, cause: str) -> None:
        contact_id = data.draw(st.sampled_from(self.connected()))
        self.contacts[contact_id].phase = "waiting"
        if self.contacts[contact_id].queue_id not in self.queues:
            del self.contacts[contact_id]
        self.tell(ContactRequeued(contact_id, cause))  # pyright: ignore[reportArgumentType] - drawn from the literals

    @precondition(lambda self: self.contacts)
    @rule(data=st.data(), number=st.sampled_from(["555", "556"]))
    def callback_wanted(self, data: st.DataObject, number: str) -> None:
        contact_id = data.draw(st.sampled_from(sorted(self.contacts)))
        self.tell(CallbackRequested(contact_id, number))

    @precondition(lambda self: self.connected())
    @rule(data=st.data())
    def callback_fails(self, data: st.DataObject) -> None:
        contact_id = data.draw(st.sampled_from(self.connected()))
        before = self.router.explain(contact_id, self.now).outcome
        self.tell(CallbackAttemptFailed(contact_id))
        if contact_id in self.contacts:
            outcome = self.router.explain(contact_id, self.now).outcome
            assert before == "connected"
            self.contacts[contact_id].phase = outcome

    @precondition(lambda self: self.contacts)
    @rule(data=st.data(), priority=st.sampled_from([-20, 0, 40]))
    def priority_is_changed(self, data: st.DataObject, priority: float) -> None:
        self.tell(PriorityChanged(data.draw(st.sampled_from(sorted(self.contacts))), priority))

    @rule(
        agent_id=agent_ids,
        presence=st.sampled_from(["ready", "ready", "ready", "break", "training", "outbound_only", "signed_out"]),
    )
    def agent_chooses(self, agent_id: str, presence: str) -> None:
        self.tell(PresenceChanged(agent_id, presence))  # pyright: ignore[reportArgumentType] - drawn from the literals

    @rule(agent_id=agent_ids, reachable=st.booleans())
    def phone_comes_or_goes(self, agent_id: str, reachable: bool) -> None:
        self.tell(ReachabilityChanged(agent_id, reachable))

    @rule(agent_id=agent_ids, cause=st.sampled_from(["private", "outbound"]), free=st.booleans())
    def outside_call(self, agent_id: str, cause: str, free: bool) -> None:
        self.tell(AgentFree(agent_id, cause) if free else AgentBusy(agent_id, cause))

    @rule(agent_id=agent_ids, disposition=st.none() | st.just("solved"))
    def wrap_up_ends(self, agent_id: str, disposition: str | None) -> None:
        self.tell(WrapUpEnded(agent_id, disposition=disposition))

    @rule(agent=agent_configs)
    def agent_is_edited(self, agent: AgentConfig) -> None:
        self.agents[agent.agent_id] = agent
        self.tell(AgentConfigured(agent))

    @rule(agent_id=agent_ids)
    def agent_is_deleted(self, agent_id: str) -> None:
        self.agents.pop(agent_id, None)
        self.tell(AgentRemoved(agent_id))

    @rule(queue_id=queue_ids, priority=st.sampled_from([0, 20]), steps=st.booleans())
    def queue_is_edited(self, queue_id: str, priority: float, steps: bool) -> None:
        queue = BY_ID[queue_id]
        queue = replace(queue, priority_s=priority, steps=queue.steps if steps else ())
        self.queues[queue_id] = queue
        self.tell(QueueConfigured(queue))

    @precondition(lambda self: len(self.queues) > 3)
    @rule(queue_id=st.sampled_from(["heat", "chat"]))
    def queue_is_deleted(self, queue_id: str) -> None:
        self.queues.pop(queue_id, None)
        self.tell(QueueRemoved(queue_id))

    @rule(seconds=st.sampled_from([0.0, 1.0, 3.0, 5.0, 12.0]))
    def time_passes(self, seconds: float) -> None:
        until = self.now + seconds
        while (deadline := self.router.next_deadline()) is not None and deadline <= until:
            assert deadline >= self.now, "a deadline in the past was left over"
            self.now = deadline
            self.tell(Tick())
        self.now = until
        self.tell(Tick())

    @rule(agent_id=agent_ids, queue_id=st.sampled_from(["plain", "heat"]), answered=st.booleans())
    def contact_is_adopted(self, agent_id: str, queue_id: str, answered: bool) -> None:
        """As after a rebuild without a snapshot: the agent already has somebody on the phone."""
        view = self.router.agent(agent_id)
        agent = self.agents.get(agent_id)
        if view is None or agent is None or view.contacts or queue_id not in self.queues:
            return
        self.number += 1
        contact_id = f"c{self.number}"
        offer_id = f"{contact_id}.o4"
        self.contacts[contact_id] = Known(queue_id, self.now, "connected" if answered else "offered")
        self.tell(OfferAdopted(offer_id, contact_id, queue_id, agent_id, self.now, answered=answered))
        if not answered:
            why = Why("longest_idle", 0, 0.0, 0.0, 0.0, 0)
            self.offers[offer_id] = Offer(offer_id, contact_id, queue_id, agent_id, "voice", 0.0, False, why)

    @rule(contact_id=st.sampled_from(["c1", "c2", "ghost"]), offer_id=st.sampled_from(["c1.o1", "ghost.o1"]))
    def nonsense_is_told(self, contact_id: str, offer_id: str) -> None:
        if contact_id not in self.contacts:
            self.tell(ContactLeft(contact_id))
        if offer_id not in self.offers:
            self.tell(OfferAnswered(offer_id))
            self.tell(OfferRefused(offer_id, "busy"))

    @rule()
    def twin_is_rebuilt(self) -> None:
        snapshot = self.router.to_snapshot()
        self.twin = Router.from_snapshot(json.loads(json.dumps(snapshot)))
        assert self.twin.to_snapshot() == snapshot

    # Bookkeeping.

    def tell(self, event: Event) -> None:
        decisions = self.router.apply(event, self.now)
        assert decisions == self.twin.apply(event, self.now), "the rebuilt router decided otherwise"
        for decision in decisions:
            self.follow(decision)
        self.nobody_was_overtaken(decisions)

    def follow(self, decision: Decision) -> None:
        match decision:
            case Offer():
                assert decision.offer_id not in self.offers, "an offer id was used twice"
                assert self.contacts[decision.contact_id].phase in ("waiting", "offered", "quarantined")
                self.offers[decision.offer_id] = decision
                self.contacts[decision.contact_id].phase = "offered"
            case OfferWithdrawn():
                self.offers.pop(decision.offer_id)
                self.note_waiting(decision.contact_id)
            case ContactOverflowed(contact_id, _, "queue", str(target), _):
                self.contacts[contact_id].queue_id = target
                self.contacts[contact_id].entered_at = self.now
            case ContactOverflowed(contact_id) | CallbackEnded(contact_id):
                del self.contacts[contact_id]
            case ContactRefused(contact_id, "unknown_queue"):
                self.contacts.pop(contact_id, None)
            case _:
                pass

    def note_waiting(self, contact_id: str) -> None:
        """The last offer of a contact that is still here is gone."""
        contact = self.contacts.get(contact_id)
        still_asked = any(offer.contact_id == contact_id for offer in self.offers.values())
        if contact is not None and contact.phase == "offered" and not still_asked:
            contact.phase = "waiting"

    def connected(self) -> list[str]:
        return sorted(contact_id for contact_id, contact in self.contacts.items() if contact.phase == "connected")

    def eligible(self, agent_id: str, contact_id: str, view: WaitingView) -> bool:
        """Whether an agent surely meets what the contact asks at its step, found by brute force."""
        agent = self.agents.get(agent_id)
        contact = self.contacts[contact_id]
        queue = self.queues[contact.queue_id]
        if agent is None or queue.medium not in agent.capacity:
            return False
        if agent.queues is not None:
            delay = agent.queues.get(queue.queue_id)
            if delay is None or contact.entered_at + delay > self.now:
                return False
        steps = queue.steps[: view.step]
        groups = {*queue.groups, *(group for step in steps for group in step.add_groups)}
        if groups and groups.isdisjoint(agent.groups):
            return False
        levels: dict[str, int] = {}
        for step in steps:
            levels.update(step.levels)
        asked = self.wishes.get(contact_id, build(queue.skills, queue.evaluation))
        wanted = relax(asked, levels, frozenset(skill for step in steps for skill in step.drop))
        return matches(wanted, agent.skills)

    # The promises.

    def nobody_was_overtaken(self, decisions: list[Decision]) -> None:
        touched = {getattr(decision, "contact_id", "") for decision in decisions}
        for decision in decisions:
            if not isinstance(decision, Offer) or decision.why.last_agent or decision.offer_id not in self.offers:
                continue
            view = self.router.queue(decision.queue_id, self.now)
            assert view is not None
            if self.queues[decision.queue_id].strategy == "ring_all":
                continue
            for waiting in view.waiting:
                if waiting.contact_id == decision.contact_id:
                    break
                if waiting.phase == "waiting" and waiting.reserved_for is None and waiting.contact_id not in touched:
                    assert not self.eligible(decision.agent_id, waiting.contact_id, waiting), "somebody was overtaken"

    @invariant()
    def one_offer_per_agent_and_medium(self) -> None:
        asked = [(offer.agent_id, offer.medium) for offer in self.offers.values()]
        assert len(asked) == len(set(asked))

    @invariant()
    def no_contact_is_lost(self) -> None:
        views = {waiting.contact_id: waiting for queue in self.router.queues(self.now) for waiting in queue.waiting}
        for contact_id, contact in self.contacts.items():
            if contact.phase in ("waiting", "offered"):
                assert views.pop(contact_id).phase == contact.phase
            else:
                assert self.router.explain(contact_id, self.now).outcome == contact.phase
        assert not views, "the router keeps a contact that has left"

    @invariant()
    def who_is_free_and_who_waits_never_coexist(self) -> None:
        free = {(agent.agent_id, medium) for agent in self.router.agents() for medium in agent.free}
        for queue in self.router.queues(self.now):
            medium = self.queues[queue.queue_id].medium
            for waiting in queue.waiting:
                if waiting.phase != "waiting" or waiting.reserved_for is not None:
                    continue
                for agent_id, free_medium in free:
                    assert free_medium != medium or not self.eligible(agent_id, waiting.contact_id, waiting)
                explanation = self.router.explain(waiting.contact_id, self.now)
                assert "free" not in dict(explanation.obstacles)

    @invariant()
    def everything_can_be_explained(self) -> None:
        for contact_id in self.contacts:
            assert self.router.explain(contact_id, self.now).text


TestRouter = RouterMachine.TestCase
TestRouter.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
