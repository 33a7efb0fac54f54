"""The only writer of routing state: tells the engine what happened, carries its decisions to calls, and records what
that did to agents.

    calls ── EnterQueue, ReportOffer … ─▶ ┌────────────┐ ─ OfferMade, OfferWithdrawn … ─▶ calls' mailboxes
    pages ── presence, wrap-up ─────────▶ │ acd.Router │
    AMI ──── phone reachable, in use ───▶ └────────────┘ ─ AgentStateChanged ─▶ journal ─▶ pages, reports
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import structlog

from acd import decisions as decided
from acd import events as told
from acd.decisions import Decision
from acd.events import Event as RouterEvent
from acd.router import Router
from acd.views import AgentView as RoutedAgent
from ctiserver.call.commands import (
    AdoptOffer,
    ChangePriority,
    EnterQueue,
    LeaveQueue,
    PreferAgent,
    ReleaseAgent,
    ReportHold,
    ReportOffer,
    ReportTalkEnded,
    ReserveAgent,
    RoutingCommand,
)
from ctiserver.call.events import (
    AgentInput,
    CallInput,
    OfferMade,
    OfferWithdrawn,
    PlaceResumed,
    QueueMoved,
    QueuePositionChanged,
    QueueRefused,
    RoutingDecided,
)
from ctiserver.call.words import Presence
from ctiserver.clock import Clock
from ctiserver.directory import Agent, Directory
from ctiserver.errors import Rejected
from ctiserver.live import metrics
from ctiserver.live.agent_books import AgentBooks
from ctiserver.live.agent_records import AgentRecord
from ctiserver.live.agent_wishes import AgentWishes
from ctiserver.live.agents_restored import AgentsRestored
from ctiserver.live.contacts import call_of_contact
from ctiserver.live.decision_log import offer_params
from ctiserver.live.decision_words import flow_after, offer_made, reason_of, routing_decided
from ctiserver.live.directory_in_force import DirectoryInForce
from ctiserver.live.explanation import ExplanationView, explanation_view
from ctiserver.live.phones_in_use import OFF_THE_PHONE, PhonesInUse
from ctiserver.live.queue_hours import QueueHours
from ctiserver.live.resumable_places import KeptPlace, returning_as
from ctiserver.ports import Journal
from ctiserver.routing.config import DIRECT

log = structlog.get_logger()


@dataclass(slots=True)
class _Told:
    """One event for the engine, and which agents' records it may change because of what."""

    event: RouterEvent
    agents: dict[int, AgentInput]


class Dispatcher:
    def __init__(
        self,
        router: Router,
        directory: Directory,
        clock: Clock,
        journal: Journal,
        post: Callable[[str, CallInput], bool],
        hours: QueueHours,
    ) -> None:
        """`hours` knows when queues open and close; it is looked at once `mind_hours` has been called."""
        self._router = router
        self._hours = hours
        self._clock = clock
        self._post = post
        self._in_force = DirectoryInForce(directory, hours, clock, self._tell)
        self._books = AgentBooks(router, clock, journal)
        self._phones = PhonesInUse(self._books, self._tell, self._in_force.agent_at)
        self._wishes = AgentWishes(self._books, self._tell, self._seen)
        self._restored = AgentsRestored(self._books, self._tell, self._in_force.is_known, self._in_force.queue_of)
        self.queues_turned: Callable[[frozenset[str]], None] = lambda queues: None  # opened or closed by their hours
        self._offers: dict[str, int] = {}  # offer → agent, until the contact has left the agent
        self._direct: set[str] = set()  # contacts for whom a certain agent was asked for, whom nobody else may get
        self._told: deque[_Told] = deque()
        self._working = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: float | None = None

    @property
    def router(self) -> Router:
        return self._router

    @property
    def directory(self) -> Directory:
        return self._in_force.directory

    def record(self, agent_id: int) -> AgentRecord:
        return self._books.record(agent_id)

    def records(self) -> list[AgentRecord]:
        return self._books.all()

    @property
    def signed_in(self) -> int:
        """How many agents are."""
        return self._books.signed_in

    def agent(self, agent_id: int) -> Agent | None:
        """As the directory has it."""
        return self._in_force.agents.get(agent_id)

    # ── from calls ──────────────────────────────────────────────────────────────────────────────────────────────────

    def route(self, call_id: str, command: RoutingCommand) -> None:
        match command:
            case EnterQueue():
                self._tell(
                    told.ContactEnqueued(
                        contact_id=command.contact_id or call_id,
                        queue_id=command.queue_id,
                        skills=self._in_force.skills(command.queue_id, command.skills),
                        priority_s=command.priority_s,
                        enqueued_at=command.entered_at,
                        customer_id=returning_as(command.caller_number, command.customer_id),
                        last_agent_id=str(command.last_agent_id) if command.last_agent_id is not None else None,
                        place_at=command.place_at,
                        callback_number=command.callback or None,
                        offers_before=command.offers_before,
                    )
                )
            case PreferAgent():
                self._tell(told.LastAgentKnown(call_id, str(command.agent_id)))
            case LeaveQueue():
                self._tell(told.ContactLeft(command.contact_id or call_id, command.reason))
            case ReportOffer():
                self._report(call_id, command)
            case AdoptOffer():
                self._adopt(call_id, command)
            case ReportTalkEnded():
                self._end_talk(call_id, command.offer_id, command.contact_id or call_id, command.agent_id)
            case ReserveAgent():
                self._reserve(call_id, command)
            case ReleaseAgent(talked=True):
                self._end_talk(call_id, command.offer_id, command.contact_id, command.agent_id)
            case ReleaseAgent():
                self._offers.pop(command.offer_id, None)
                self._direct.discard(command.contact_id)
                why = RoutingDecided(agent_id=command.agent_id, decision="AgentReleased", call_id=call_id)
                reason = "unreached" if command.unreached else "ended"
                self._tell(told.ContactLeft(command.contact_id, reason), {command.agent_id: why})
            case ReportHold():
                self._hold(call_id, command)
            case ChangePriority():
                self._tell(told.PriorityChanged(call_id, command.priority_s))

    def _end_talk(self, call_id: str, offer_id: str, contact_id: str, agent_id: int) -> None:
        self._offers.pop(offer_id, None)
        self._direct.discard(contact_id)
        self._books.held.pop(agent_id, None)
        why = RoutingDecided(agent_id=agent_id, decision="TalkEnded", call_id=call_id)
        self._tell(told.ContactEnded(contact_id), {agent_id: why})

    def _reserve(self, call_id: str, command: ReserveAgent) -> None:
        """One certain agent is to be rung: taken from the others' choice, if still to be had."""
        if not self.is_free(command.agent_id):
            self._post(call_id, OfferWithdrawn(offer_id=command.offer_id, reason="agent_taken"))
            return
        self._take_up(call_id, command.offer_id, command.contact_id, command.agent_id, command.queue_id)

    def is_free(self, agent_id: int) -> bool:
        """Signed in, with a phone, and nothing on it; on break too: colleagues may ask."""
        record = self.record(agent_id)
        on_the_phone = record.activity not in OFF_THE_PHONE
        return (
            self._in_force.is_known(agent_id)
            and record.presence != "signed_out"
            and record.reachable
            and not on_the_phone
        )

    def _hold(self, call_id: str, command: ReportHold) -> None:
        if command.held:
            self._books.held.setdefault(command.agent_id, self._clock.now())
        else:
            self._books.held.pop(command.agent_id, None)
        name = "Held" if command.held else "Unheld"
        why = RoutingDecided(agent_id=command.agent_id, decision=name, call_id=call_id)
        self._books.note_change(command.agent_id, why)

    def _report(self, call_id: str, report: ReportOffer) -> None:
        agent_id = self._offers.get(report.offer_id)
        event: RouterEvent
        if report.result == "ringing":
            event = told.OfferRinging(report.offer_id)
        elif report.result == "answered":
            event = told.OfferAnswered(report.offer_id)
        elif report.result == "released":
            event = told.OfferReleased(report.offer_id)
            self._offers.pop(report.offer_id, None)
        else:
            event = told.OfferRefused(report.offer_id, report.cause or "failed")
            self._offers.pop(report.offer_id, None)
        why = RoutingDecided(
            agent_id=agent_id or 0,
            decision=type(event).__name__,
            call_id=call_id,
            offer_id=report.offer_id,
            why=report.cause or "",
        )
        self._tell(event, {agent_id: why} if agent_id is not None else {})

    def _adopt(self, call_id: str, command: AdoptOffer) -> None:
        contact_id = command.contact_id or call_id
        self._take_up(call_id, command.offer_id, contact_id, command.agent_id, command.queue_id, command)

    def _take_up(
        self,
        call_id: str,
        offer_id: str,
        contact_id: str,
        agent_id: int,
        queue_id: str,
        running: AdoptOffer | None = None,
    ) -> None:
        """This agent has this contact without the engine's choice; `running`: since before the engine was made."""
        queue = self._in_force.queue_of(queue_id)
        if queue == DIRECT or contact_id != call_id:
            self._direct.add(contact_id)
        self._offers[offer_id] = agent_id
        self._books.serving[agent_id] = queue_id
        why = RoutingDecided(agent_id=agent_id, decision="OfferAdopted", call_id=call_id, offer_id=offer_id)
        adopted = told.OfferAdopted(
            offer_id=offer_id,
            contact_id=contact_id,
            queue_id=queue,
            agent_id=str(agent_id),
            enqueued_at=self._clock.now() if running is None else running.entered_at,
            answered=running is not None and running.answered,
        )
        if running is not None:
            adopted = dataclasses.replace(
                adopted,
                customer_id=returning_as(running.caller_number, running.customer_id),
                place_at=running.place_at,
                priority_s=running.priority_s,
                skills=self._in_force.skills(queue_id, running.skills),
            )
        self._tell(adopted, {agent_id: why})
        self._restored.pending(agent_id)

    def let_go(self, contact_id: str) -> None:
        """The call of this contact knows nothing of it: whoever was kept for it is free."""
        held = [holding for holding in self._router.holdings() if holding.contact_id == contact_id]
        agents = {int(agent_id) for holding in held for agent_id in holding.agents}
        call_id = call_of_contact(contact_id)
        for offer_id, agent_id in list(self._offers.items()):
            if agent_id in agents and call_of_contact(offer_id) == call_id:
                del self._offers[offer_id]
        self._direct.discard(contact_id)
        for agent_id in agents:
            self._books.held.pop(agent_id, None)
        why: dict[int, AgentInput] = {
            agent_id: routing_decided(agent_id, "ContactLetGo", call_id) for agent_id in agents
        }
        self._tell(told.ContactLeft(contact_id, "ended"), why)

    def position(self, call_id: str) -> QueuePositionChanged | None:
        """Where a waiting call stands now, and how long it is likely to wait."""
        position = self._router.position(call_id)
        if position is None:
            return None
        forecast = self._router.forecast(call_id)
        if forecast is None:
            return QueuePositionChanged(position=position)
        return QueuePositionChanged(
            position=position, expected_wait_s=forecast.p50_s, expected_wait_p90_s=forecast.p90_s
        )

    # ── from people and phones ──────────────────────────────────────────────────────────────────────────────────────

    def choose_presence(self, agent_id: int, presence: Presence, reason: str, by: str) -> None:
        """Raises Rejected for an agent that is not in the directory."""
        self._known(agent_id)
        self._wishes.choose_presence(agent_id, presence, reason, by)

    def finish_wrap_up(self, agent_id: int) -> None:
        """Raises Rejected where the queue wants a disposition first, or the time is fixed."""
        self._wishes.finish_wrap_up(agent_id)

    def extend_wrap_up(self, agent_id: int, seconds: float) -> None:
        """Raises Rejected where there is nothing to extend or nothing left to be given."""
        self._wishes.extend_wrap_up(agent_id, seconds)

    def choose_disposition(self, agent_id: int, call_id: str, code: str, note: str) -> None:
        """Of a call at hand or wrapped up; where the queue waits for it, it ends the wrap-up."""
        self._wishes.choose_disposition(agent_id, call_id, code, note)

    def on_phone_changed(self, told_of: Callable[[int], None]) -> None:
        """`told_of` hears of agents whose phone is used or free, where nothing else tells it."""
        self._phones.changed = told_of

    def phone_seen(self, extension: str, *, reachable: bool, in_use: bool) -> None:
        """AMI's word on a phone. One that is in use without a call of ours makes its agent busy."""
        self._phones.seen(extension, reachable=reachable, in_use=in_use)

    def phone_in_use(self, agent_id: int) -> bool:
        """It rings or is in a call, of ours or any other; also while AMI has not said so yet."""
        return self._phones.in_use(agent_id)

    def call_of_phone(self, extension: str) -> str:
        """The call that the agent of this phone talks in; "": none."""
        return self._phones.call_at(extension)

    def phone(self, extension: str) -> tuple[bool, bool] | None:
        """(reachable, in use) as we believe; None: no agent's, or not told yet."""
        return self._phones.state(extension)

    # ── after a restart ─────────────────────────────────────────────────────────────────────────────────────────────

    def restore(self, records: Iterable[AgentRecord]) -> None:
        """Presences as they were; what agents do follows from the calls that are adopted."""
        self._restored.presences(records)

    def restore_others(self, with_call: Collection[int]) -> None:
        """Who has no call to finish any more begins now what was chosen for afterwards."""
        self._restored.others(with_call)

    def restore_wrap_ups(self, records: Iterable[AgentRecord]) -> None:
        """Who was wrapping up when the daemon went down has the rest of the time."""
        self._restored.wrap_ups(records)

    def restore_places(self, places: Iterable[KeptPlace]) -> None:
        """Who gave up before the restart may still ring again for the place."""
        for place in places:
            if self._in_force.has_queue(place.queue_id):
                self._tell(told.PlaceKept(place.queue_id, place.customer, place.place_at, place.left_at))

    def places(self) -> list[KeptPlace]:
        return [
            KeptPlace(queue_id=kept.queue_id, customer=kept.customer_id, place_at=kept.place_at, left_at=kept.left_at)
            for kept in self._router.places_kept()
        ]

    def explain(self, call_id: str) -> ExplanationView:
        """Why the call still waits, or with whom it is."""
        return explanation_view(self._router, self.directory, call_id, self._clock.now())

    def configure(self, directory: Directory) -> None:
        """People or queues were changed. Whoever waits keeps the place; an agent deleted in a call finishes it."""
        for gone in self._in_force.agents.keys() - {agent.id for agent in directory.agents}:
            self._phones.forget(gone)
        self._in_force.configure(directory)
        self.mind_hours()

    def mind_hours(self) -> None:
        """Opens and closes queues by calendar and roster; after other calendars, and whenever one may turn."""
        turned = self._in_force.mind_hours()
        self._set_timer()
        if turned:
            self.queues_turned(turned)

    def _seen(self, agent_id: int) -> RoutedAgent:
        """The agent as the engine sees it. Raises Rejected for one that is not in the directory."""
        self._known(agent_id)
        if (seen := self._router.agent(str(agent_id))) is None:
            raise Rejected(f"there is no agent {agent_id}", hint="the directory may have changed: reload the page")
        return seen

    def _known(self, agent_id: int) -> Agent:
        if (agent := self.agent(agent_id)) is None:
            raise Rejected(f"there is no agent {agent_id}", hint="the directory may have changed: reload the page")
        return agent

    # ── the engine ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _tell(self, event: RouterEvent, agents: dict[int, AgentInput] | None = None) -> None:
        """In order: what a decision causes is told after everything that the present event has decided."""
        if not self._working and self._clock.now() >= self._hours.look_again_at > 0:
            self.mind_hours()  # the timer may be late
        self._told.append(_Told(event, agents or {}))
        if self._working:
            return
        self._working = True
        try:
            while self._told:
                self._work_off(self._told.popleft())
        finally:
            self._working = False
        self._set_timer()

    def _work_off(self, message: _Told) -> None:
        decisions = self._router.apply(message.event, self._clock.now())
        touched = dict(message.agents)
        for decision in decisions:
            self._carry_out(decision, touched)
        for agent_id, cause in touched.items():
            self._books.note_change(agent_id, cause)
            self._phones.mind_other_calls(agent_id, cause)

    def _carry_out(self, decision: Decision, touched: dict[int, AgentInput]) -> None:
        name = type(decision).__name__
        match decision:
            case decided.Offer():
                agent_id = int(decision.agent_id)
                self._offers[decision.offer_id] = agent_id
                self._books.serving[agent_id] = decision.queue_id
                touched[agent_id] = routing_decided(
                    agent_id,
                    name,
                    decision.contact_id,
                    decision.offer_id,
                    reason_of(decision.why),
                    offer_params(decision),
                )
                if decision.contact_id in self._direct:  # whoever was asked for did not come: nobody else is meant
                    self._tell(told.ContactLeft(decision.contact_id, "ended"))
                elif not self._post_to(decision.contact_id, self._offer_made_of(decision)):
                    log.error("offer_for_no_call", call_id=decision.contact_id)  # else the agent would be kept for it
                    self._tell(told.ContactLeft(decision.contact_id, "ended"))
            case decided.OfferWithdrawn():
                agent_id = int(decision.agent_id)
                self._offers.pop(decision.offer_id, None)
                touched[agent_id] = routing_decided(
                    agent_id, name, decision.contact_id, decision.offer_id, decision.reason
                )
                self._post_to(decision.contact_id, OfferWithdrawn(offer_id=decision.offer_id, reason=decision.reason))
            case decided.WrapUpStarted():
                touched[int(decision.agent_id)] = routing_decided(int(decision.agent_id), name, decision.contact_id)
            case decided.WrapUpFinished():
                agent_id = int(decision.agent_id)
                touched.setdefault(agent_id, routing_decided(agent_id, name, decision.contact_id, why=decision.how))
            case decided.AgentPaused() | decided.PresenceApplied():
                agent_id = int(decision.agent_id)
                touched.setdefault(agent_id, routing_decided(agent_id, name, why=decision.reason))
            case decided.ContactOverflowed():
                if decision.action != "queue" or not decision.target:
                    self._refuse(decision.contact_id, decision.exit_reason, flow_after(decision))
                elif "." not in decision.contact_id:
                    self._post_to(
                        decision.contact_id, QueueMoved(queue_id=decision.target, reason=decision.exit_reason)
                    )
            case decided.PlaceResumed():
                if "." not in decision.contact_id:
                    self._post_to(decision.contact_id, PlaceResumed(place_at=decision.place_at))
            case decided.ContactRefused():
                log.warning("contact_refused", call_id=decision.contact_id, reason=decision.reason)
                self._refuse(decision.contact_id, decision.reason)
            case decided.ConfigRefused():
                log.error("routing_configuration_refused", field=decision.field, problem=decision.message)
            case decided.CallbackEnded():
                log.info("callback_ended", contact=decision.contact_id, reason=decision.reason)

    def _offer_made_of(self, offer: decided.Offer) -> OfferMade:
        return offer_made(
            offer, self._in_force.agents[int(offer.agent_id)], self._in_force.ring_timeout_s(offer.queue_id)
        )

    def _post_to(self, contact_id: str, event: CallInput) -> bool:
        """To the call of the contact: its own, or a party's."""
        return self._post(call_of_contact(contact_id), event)

    def _refuse(self, contact_id: str, reason: str, flow: str = "") -> None:
        is_party = "." in contact_id
        self._post_to(
            contact_id,
            OfferWithdrawn(offer_id=contact_id, reason=reason) if is_party else QueueRefused(reason=reason, flow=flow),
        )

    def _set_timer(self) -> None:
        due = self._next_due()
        if due == self._timer_at:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._timer_at = None, due
        if due is not None:
            delay = max(0.0, due - self._clock.now())
            self._timer = asyncio.get_running_loop().call_later(delay, self._tick)

    def _next_due(self) -> float | None:
        due = self._router.next_deadline()
        if (look_again_at := self._hours.look_again_at) > 0:
            return look_again_at if due is None else min(due, look_again_at)
        return due

    def _tick(self) -> None:
        self._timer, self._timer_at = None, None
        self._tell(told.Tick())

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer, self._timer_at = None, None

    def measure(self) -> None:
        """Sets the gauges that are only worth computing when somebody asks."""
        for reason, count in self._router.anomalies.items():
            metrics.anomalies.labels(reason).set(count)
