"""Tells pages what changed, once it is safe in the journal: whole objects each time."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence

import msgspec
import structlog

from ctiserver.call.events import (
    AgentInput,
    AgentStateChanged,
    CallEnded,
    CallStarted,
    CustomerKnown,
    Fact,
    InputCollected,
    NodeEntered,
    OfferEnded,
    OfferStarted,
    PartyInvited,
    PartyJoined,
    QueueEntered,
    QueueLeft,
    RecordingFailed,
    RecordingStored,
    Step,
    TalkEnded,
    TalkStarted,
)
from ctiserver.call.screen_pop import LastContact, ScreenPop
from ctiserver.call.states import Call
from ctiserver.clock import Clock
from ctiserver.live import metrics
from ctiserver.live.audience import EVERY_SCREEN, EVERYONE, Audience, agent_seen, agents_on, only, queue_seen, those_on
from ctiserver.live.dispatcher import Dispatcher
from ctiserver.live.feed import Feed
from ctiserver.live.outside_cards import OutsideCards
from ctiserver.live.screen_pops import RegionOf, compose_all
from ctiserver.live.statistics import TodayStatistics
from ctiserver.live.viewing import Viewing

log = structlog.get_logger()

POP_FACTS = (OfferStarted, CustomerKnown, TalkStarted, TalkEnded, PartyInvited, PartyJoined, CallStarted)
ERRAND_FACTS = (NodeEntered, InputCollected)  # while an agent waits for the caller's return from a flow
QUEUE_FACTS = (QueueEntered, QueueLeft, OfferStarted, OfferEnded)


class Publisher:
    """Listens to the journal. `calls` are the latest states; one that is over is dropped once it has been told."""

    def __init__(
        self,
        feed: Feed,
        viewing: Viewing,
        dispatcher: Dispatcher,
        statistics: TodayStatistics,
        clock: Clock,
        region_of: RegionOf,
        last_contacts: Callable[[str], Sequence[LastContact]],
        outside: OutsideCards,
    ) -> None:
        self._feed = feed
        self._viewing = viewing
        self._dispatcher = dispatcher
        self._statistics = statistics
        self._clock = clock
        self._region_of = region_of
        self._last_contacts = last_contacts
        self._outside = outside
        self.calls: dict[str, Call] = {}
        self.pops: dict[int, ScreenPop] = {}
        self._ended: set[str] = set()  # calls whose end has been told
        self._told: dict[str, frozenset[int]] = {}  # call → the agents whose pages show it

    def call_changed(self, call: Call) -> None:
        self.calls[call.id] = call

    def on_durable(self, steps: Sequence[Step]) -> None:
        self._statistics.take(steps)
        agents: set[int] = set()
        queues: set[str] = set()
        calls: dict[str, list[Fact]] = {}
        for step in steps:
            if isinstance(step.input, AgentInput):
                agents.add(step.input.agent_id)  # without a fact too: a break for later, more time for wrap-up
            for fact in step.facts:
                _count(fact)
                _log(step.subject, fact)
                if isinstance(fact, AgentStateChanged):
                    agents.add(fact.agent_id)
                elif isinstance(fact, QUEUE_FACTS):
                    queues.add(fact.queue_id)
                if isinstance(fact, OfferEnded | TalkEnded):
                    agents.add(fact.agent_id)
            if step.subject in self.calls:
                calls.setdefault(step.subject, []).extend(step.facts)
        for call_id, facts in calls.items():
            self._tell_call(self.calls[call_id], facts)
        for agent_id in agents:
            self._tell_agent(agent_id)
        self._tell_queues(queues, everyone=bool(agents))

    def restore(self, calls: Iterable[Call]) -> None:
        """After a restart: agents who were in a call see its card again."""
        for call in calls:
            if call.phase == "ended":  # told by the process before; a recording is still to come
                self._ended.add(call.id)
            self._outside.ask(call)
            self._tell_pop(call)
            self._told[call.id] = agents_on(self._viewing.call(call))

    def pop_changed(self, call_id: str) -> None:
        """An outside system has answered."""
        if (call := self.calls.get(call_id)) is not None:
            self._tell_pop(call)

    def tell_directory(self) -> None:
        self._feed.publish("directory", {}, EVERYONE)

    def _tell_call(self, call: Call, facts: Sequence[Fact]) -> None:
        shown = (*POP_FACTS, *ERRAND_FACTS) if call.returning is not None else POP_FACTS
        if any(isinstance(fact, shown) for fact in facts):
            self._outside.ask(call)
            self._tell_pop(call)
        if call.phase == "ended":
            if any(isinstance(fact, CallEnded) for fact in facts):
                self._ended.add(call.id)
                told = self._told.pop(call.id, frozenset())
                self._feed.publish("call_removed", {"id": call.id}, Audience(staff=True, agents=told))
            if call.over and call.id in self._ended:  # over it may be before its end is on the disk
                self.calls.pop(call.id, None)
                self._ended.discard(call.id)
            return
        view = self._viewing.call(call)
        self._feed.publish("call", view, those_on(view))
        here = agents_on(view)
        if gone := self._told.get(call.id, frozenset()) - here:
            self._feed.publish("call_removed", {"id": call.id}, Audience(agents=gone, not_staff=True))
        self._told[call.id] = here

    def _tell_pop(self, call: Call) -> None:
        now, outside = self._clock.now(), self._outside.of(call.id)
        for composed in compose_all(call, self._last_contacts(call.id), self._region_of, now):
            if self._dispatcher.record(composed.agent_id).call_id == call.id:
                pop = msgspec.structs.replace(composed, outside=outside)
                self.pops[pop.agent_id] = pop
                self._feed.publish("pop", pop, only(pop.agent_id))

    def _tell_agent(self, agent_id: int) -> None:
        if (agent := self._dispatcher.agent(agent_id)) is None:
            return
        self._feed.publish_made("agent", functools.partial(self._viewing.agent, agent), agent_seen(agent_id))
        record = self._dispatcher.record(agent_id)
        pop = self.pops.get(agent_id)
        if pop is not None and record.call_id != pop.call_id:
            del self.pops[agent_id]
            self._feed.publish("pop_closed", {"call_id": pop.call_id}, only(agent_id))

    def tell_phone(self, agent_id: int) -> None:
        """Only the phone: rings, in a call or free again. Queues and the card are as they were."""
        if (agent := self._dispatcher.agent(agent_id)) is not None:
            self._feed.publish_made("agent", functools.partial(self._viewing.agent, agent), agent_seen(agent_id))

    def tell_queues(self, queues: frozenset[str]) -> None:
        self._tell_queues(set(queues), everyone=False)

    def _tell_queues(self, queues: set[str], *, everyone: bool) -> None:
        """An agent's state changes what every queue can offer. Views are built only when they are really sent."""
        if not queues and not everyone:
            return
        for queue in self._dispatcher.directory.queues:
            if everyone or queue.id in queues:
                self._feed.publish_newest(
                    "queue", queue.id, functools.partial(self._viewing.queue, queue), queue_seen(queue.id)
                )
        self._feed.publish_newest("totals", "", self._viewing.totals, EVERY_SCREEN)

    def measure(self) -> None:
        """Sets the gauges that are only worth computing when somebody asks."""
        for queue in self._viewing.queues():
            metrics.queue_waiting.labels(queue.id).set(queue.waiting)
        metrics.agents.clear()  # a state that nobody is in any more would keep its last figure
        for state, count in self._viewing.totals().agents.items():
            metrics.agents.labels(state).set(count)


def _count(fact: Fact) -> None:
    match fact:
        case CallEnded():
            metrics.calls_ended.labels(fact.outcome, fact.ended_by).inc()
        case QueueLeft():
            metrics.queue_left.labels(fact.queue_id, fact.outcome).inc()
        case OfferEnded():
            metrics.offers.labels(fact.outcome, fact.cause).inc()
        case RecordingStored():
            metrics.recordings.labels("stored" if fact.ok else "mismatch").inc()
        case RecordingFailed():
            metrics.recordings.labels("lost").inc()
        case _:
            pass


def _log(call_id: str, fact: Fact) -> None:
    """The story of a call in a few lines, for whoever reads the log at night."""
    match fact:
        case QueueEntered():
            log.info("queue_entered", call_id=call_id, queue=fact.queue_id)
        case OfferEnded() if fact.outcome != "answered":
            why = fact.cause or fact.outcome
            log.info("agent_not_reached", call_id=call_id, agent=fact.agent_id, cause=why)
        case TalkStarted():
            log.info("talk_started", call_id=call_id, agent=fact.agent_id, recording=bool(fact.recording_id))
        case QueueLeft() if fact.outcome != "answered":
            log.info("queue_left", call_id=call_id, outcome=fact.outcome, reason=fact.reason, s=round(fact.waited_s, 1))
        case RecordingFailed():
            log.error("recording_lost", call_id=call_id, recording=fact.recording_id, reason=fact.reason)
        case CallEnded():
            log.info("call_ended", call_id=call_id, outcome=fact.outcome, by=fact.ended_by, reason=fact.reason)
        case AgentStateChanged() if fact.presence != fact.old_presence:
            log.info("presence", agent=fact.agent_id, presence=fact.presence, reason=fact.reason)
        case _:
            pass
