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

import msgspec
import structlog

from acd import decisions as decided
from acd import events as told
from acd.decisions import Decision, Why
from acd.events import Event as RouterEvent
from acd.model import QueueConfig
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
    AgentStateChanged,
    CallInput,
    DispositionChosen,
    OfferMade,
    OfferWithdrawn,
    PhoneStateChanged,
    PlaceResumed,
    PresenceChosen,
    QueueMoved,
    QueuePositionChanged,
    QueueRefused,
    RoutingDecided,
    Step,
    WrapUpExtended,
    WrapUpFinished,
)
from ctiserver.call.words import Presence
from ctiserver.clock import Clock
from ctiserver.directory import Agent, Directory, Queue
from ctiserver.errors import Rejected
from ctiserver.live import metrics
from ctiserver.live.agent_records import AgentRecord, change, encode, state, subject_of, visible
from ctiserver.live.contacts import call_of_contact
from ctiserver.live.decision_log import Params, offer_params
from ctiserver.live.explanation import ExplanationView, explanation_view
from ctiserver.live.queue_hours import QueueHours
from ctiserver.live.resumable_places import KeptPlace, returning_as
from ctiserver.live.wrap_ups import ended_by_disposition, refuse_to_extend, refuse_to_finish
from ctiserver.ports import Journal
from ctiserver.routing.check import OWN_FLOWS
from ctiserver.routing.config import DIRECT, agent_config, centre_config, queue_config

log = structlog.get_logger()

PHONE = "phone"
RESTORED = "restored"  # stands for a disposition that was chosen before a restart
OFF_THE_PHONE = ("idle", "wrap_up")  # no call of ours is on the agent's phone


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
        self._shut: frozenset[str] = frozenset()  # queues that are closed by their hours now
        self.queues_turned: Callable[[frozenset[str]], None] = lambda queues: None  # opened or closed by their hours
        self.phone_changed: Callable[[int], None] = lambda agent_id: None  # used or free, and nothing else to tell
        self._directory = directory
        self._agents = {agent.id: agent for agent in directory.agents}
        self._by_extension = {agent.extension: agent for agent in directory.agents}
        self._ring_timeouts = {queue.id: queue.ring_timeout_s for queue in directory.queues}
        self._clock = clock
        self._journal = journal
        self._post = post
        self._records: dict[int, AgentRecord] = {}  # changed by `_keep`
        self._signed_in: set[int] = set()
        self._offers: dict[str, int] = {}  # offer → agent, until the contact has left the agent
        self._direct: set[str] = set()  # contacts for whom a certain agent was asked for, whom nobody else may get
        self._held: dict[int, float] = {}  # agents whose conversation is held, since
        self._serving: dict[int, str] = {}  # agent → queue of the last offer
        self._busy: set[int] = set()  # agents in a call that is not ours
        self._in_use: set[int] = set()  # agents whose phone is in any call
        self._disposed: dict[int, tuple[str, str]] = {}  # agent → call and the disposition last chosen for it
        self._pending: dict[int, tuple[Presence, str]] = {}  # chosen for later before a restart, not told yet
        self._told: deque[_Told] = deque()
        self._working = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: float | None = None

    @property
    def router(self) -> Router:
        return self._router

    @property
    def directory(self) -> Directory:
        return self._directory

    def record(self, agent_id: int) -> AgentRecord:
        return self._records.get(agent_id) or AgentRecord(agent_id=agent_id)

    def records(self) -> list[AgentRecord]:
        return list(self._records.values())

    @property
    def signed_in(self) -> int:
        """How many agents are."""
        return len(self._signed_in)

    def agent(self, agent_id: int) -> Agent | None:
        """As the directory has it."""
        return self._agents.get(agent_id)

    def _keep(self, record: AgentRecord) -> None:
        self._records[record.agent_id] = record
        (self._signed_in.discard if record.presence == "signed_out" else self._signed_in.add)(record.agent_id)

    # ── from calls ──────────────────────────────────────────────────────────────────────────────────────────────────

    def route(self, call_id: str, command: RoutingCommand) -> None:
        match command:
            case EnterQueue():
                self._tell(
                    told.ContactEnqueued(
                        contact_id=command.contact_id or call_id,
                        queue_id=command.queue_id,
                        skills=self._skills(command.queue_id, command.skills),
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
        self._held.pop(agent_id, None)
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
        return agent_id in self._agents and record.presence != "signed_out" and record.reachable and not on_the_phone

    def _hold(self, call_id: str, command: ReportHold) -> None:
        if command.held:
            self._held.setdefault(command.agent_id, self._clock.now())
        else:
            self._held.pop(command.agent_id, None)
        name = "Held" if command.held else "Unheld"
        self._record_change(command.agent_id, RoutingDecided(agent_id=command.agent_id, decision=name, call_id=call_id))

    def _skills(self, queue_id: str, wanted: dict[str, int]) -> dict[str, int] | str | None:
        """The flow's wishes on top of what the queue asks for; None: the queue's own."""
        if not wanted:
            return None
        queue = next((queue for queue in self._directory.queues if queue.id == queue_id), None)
        expression = queue.options.get("expression") if queue is not None else None
        if isinstance(expression, str) and expression.strip():
            wishes = " and ".join(f"{skill} >= {level}" for skill, level in sorted(wanted.items()))
            return f"({expression}) and {wishes}"
        return {**(queue.skills if queue is not None else {}), **wanted}

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
        queue = queue_id if queue_id in self._ring_timeouts else DIRECT
        if queue == DIRECT or contact_id != call_id:
            self._direct.add(contact_id)
        self._offers[offer_id] = agent_id
        self._serving[agent_id] = queue_id
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
                skills=self._skills(queue_id, running.skills),
            )
        self._tell(adopted, {agent_id: why})
        self._restore_pending(agent_id)

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
            self._held.pop(agent_id, None)
        why: dict[int, AgentInput] = {agent_id: _decided(agent_id, "ContactLetGo", call_id) for agent_id in agents}
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
        self._pending.pop(agent_id, None)
        chosen = PresenceChosen(agent_id=agent_id, presence=presence, reason=reason, by=by)
        self._tell(told.PresenceChanged(str(agent_id), presence, reason), {agent_id: chosen})

    def finish_wrap_up(self, agent_id: int) -> None:
        """Raises Rejected where the queue wants a disposition first, or the time is fixed."""
        seen = self._seen(agent_id)
        call_id, code = self._disposed.get(agent_id, ("", ""))
        disposed = bool(code) and call_id == call_of_contact(seen.contact_id or "")
        refuse_to_finish(seen, disposed=disposed)
        ended = told.WrapUpEnded(str(agent_id), disposition=code if disposed else None)
        self._tell(ended, {agent_id: WrapUpFinished(agent_id=agent_id, by="agent")})

    def extend_wrap_up(self, agent_id: int, seconds: float) -> None:
        """Raises Rejected where there is nothing to extend or nothing left to be given."""
        refuse_to_extend(self._seen(agent_id))
        extended = WrapUpExtended(agent_id=agent_id, seconds=seconds)
        self._tell(told.WrapUpExtended(str(agent_id), seconds), {agent_id: extended})

    def choose_disposition(self, agent_id: int, call_id: str, code: str, note: str) -> None:
        """Of a call at hand or wrapped up; where the queue waits for it, it ends the wrap-up."""
        seen = self._seen(agent_id)
        chosen = DispositionChosen(agent_id=agent_id, call_id=call_id, code=code, note=note)
        self._disposed[agent_id] = (call_id, code)
        if (record := self._records.get(agent_id)) is not None and record.call_id == call_id:
            self._keep(msgspec.structs.replace(record, disposed=call_id))
        self._journal.append(
            Step(
                at=self._clock.now(),
                subject=subject_of(agent_id),
                input=chosen,
                state=encode(self.record(agent_id)),
            )
        )
        if ended_by_disposition(seen, call_id):
            why = _decided(agent_id, "WrapUpEnded", call_id, why="disposition")
            self._tell(told.WrapUpEnded(str(agent_id), seen.contact_id, disposition=code), {agent_id: why})

    def phone_seen(self, extension: str, *, reachable: bool, in_use: bool) -> None:
        """AMI's word on a phone. One that is in use without a call of ours makes its agent busy."""
        agent = self._by_extension.get(extension)
        if agent is None:
            return
        agent_id = agent.id
        used, activity = self.phone_in_use(agent_id), self.record(agent_id).activity
        seen = PhoneStateChanged(agent_id=agent_id, reachable=reachable, in_use=in_use)
        (self._in_use.add if in_use else self._in_use.discard)(agent_id)
        if agent_id not in self._records or self._records[agent_id].reachable != reachable:
            self._tell(told.ReachabilityChanged(str(agent_id), reachable), {agent_id: seen})
        if in_use:
            self._mind_other_calls(agent_id, seen)
        elif not in_use and agent_id in self._busy:
            self._busy.discard(agent_id)
            self._tell(told.AgentFree(str(agent_id), PHONE), {agent_id: seen})
        if self.phone_in_use(agent_id) != used and self.record(agent_id).activity == activity:
            self.phone_changed(agent_id)

    def phone_in_use(self, agent_id: int) -> bool:
        """It rings or is in a call, of ours or any other; also while AMI has not said so yet."""
        return agent_id in self._in_use or self.record(agent_id).activity not in OFF_THE_PHONE

    def call_of_phone(self, extension: str) -> str:
        """The call that the agent of this phone talks in; "": none."""
        agent = self._by_extension.get(extension)
        record = self.record(agent.id) if agent is not None else None
        return record.call_id if record is not None and record.activity in ("talking", "hold") else ""

    def phone(self, extension: str) -> tuple[bool, bool] | None:
        """(reachable, in use) as we believe; None: no agent's, or not told yet."""
        agent = self._by_extension.get(extension)
        if agent is None or agent.id not in self._records:
            return None
        return self._records[agent.id].reachable, agent.id in self._in_use

    def _mind_other_calls(self, agent_id: int, cause: AgentInput) -> None:
        """A phone in use while no call of ours is on it: a private call, or one on a second line that goes on."""
        if agent_id in self._busy or self.record(agent_id).activity not in OFF_THE_PHONE:
            return
        self._busy.add(agent_id)
        self._tell(told.AgentBusy(str(agent_id), PHONE), {agent_id: cause})

    def restore(self, records: Iterable[AgentRecord]) -> None:
        """After a restart: presences as they were; what agents do follows from the calls that are adopted.

        What an agent chose for after the call at hand is told when that call has been adopted.
        """
        for record in records:
            if record.agent_id not in self._agents or record.presence == "signed_out":
                continue
            self._keep(record)
            if record.pending is not None:
                self._pending[record.agent_id] = (record.pending, record.pending_reason)
            if record.disposed:
                self._disposed[record.agent_id] = (record.disposed, RESTORED)
            presence, reason = record.presence, record.reason
            restored = PresenceChosen(agent_id=record.agent_id, presence=presence, reason=reason, by="restart")
            self._tell(told.PresenceChanged(str(record.agent_id), presence, reason), {record.agent_id: restored})

    def _restore_pending(self, agent_id: int) -> None:
        if (chosen := self._pending.pop(agent_id, None)) is not None:
            presence, reason = chosen
            restored = PresenceChosen(agent_id=agent_id, presence=presence, reason=reason, by="restart")
            self._tell(told.PresenceChanged(str(agent_id), presence, reason), {agent_id: restored})

    def restore_others(self, with_call: Collection[int]) -> None:
        """Who has no call to finish any more begins now what was chosen for afterwards."""
        for agent_id in list(self._pending):
            if agent_id not in with_call:
                self._restore_pending(agent_id)

    def restore_wrap_ups(self, records: Iterable[AgentRecord]) -> None:
        """Who was wrapping up when the daemon went down has the rest of the time."""
        for record in records:
            if record.activity != "wrap_up" or record.agent_id not in self._agents or not record.call_id:
                continue
            why = RoutingDecided(agent_id=record.agent_id, decision="WrapUpRestored", call_id=record.call_id)
            self._serving[record.agent_id] = record.queue_id
            queue_id = record.queue_id if record.queue_id in self._ring_timeouts else DIRECT
            until = record.wrap_up_until
            adopted = told.WrapUpAdopted(str(record.agent_id), record.call_id, queue_id, until)
            self._tell(adopted, {record.agent_id: why})
            self._restore_pending(record.agent_id)

    def restore_places(self, places: Iterable[KeptPlace]) -> None:
        """Who gave up before the restart may still ring again for the place."""
        for place in places:
            if place.queue_id in self._ring_timeouts:
                self._tell(told.PlaceKept(place.queue_id, place.customer, place.place_at, place.left_at))

    def places(self) -> list[KeptPlace]:
        return [
            KeptPlace(queue_id=kept.queue_id, customer=kept.customer_id, place_at=kept.place_at, left_at=kept.left_at)
            for kept in self._router.places_kept()
        ]

    def explain(self, call_id: str) -> ExplanationView:
        """Why the call still waits, or with whom it is."""
        return explanation_view(self._router, self._directory, call_id, self._clock.now())

    def configure(self, directory: Directory) -> None:
        """People or queues were changed. Whoever waits keeps the place; an agent deleted in a call finishes it."""
        known_queues = {queue.id: queue for queue in self._directory.queues}
        known_agents = self._agents
        self._directory = directory
        self._agents = {agent.id: agent for agent in directory.agents}
        self._by_extension = {agent.extension: agent for agent in directory.agents}
        self._ring_timeouts = {queue.id: queue.ring_timeout_s for queue in directory.queues}
        rules = centre_config(directory)
        self._tell(told.NamesConfigured(rules.skills, rules.groups))
        self._tell(told.RulesConfigured(rules.cool_down_s, rules.max_misses, rules.agent_choice))
        for gone in known_agents.keys() - self._agents.keys():  # first: what follows must not offer them anything
            self._busy.discard(gone)
            removed = PresenceChosen(agent_id=gone, presence="signed_out", by="system")
            self._tell(told.AgentRemoved(str(gone)), {gone: removed})
        changed = [queue for queue in directory.queues if known_queues.pop(queue.id, None) != queue]
        for queue in changed:  # first without overflows: between two settings there may be a circle that neither has
            self._tell(told.QueueConfigured(dataclasses.replace(self._queue_config(queue), overflow={})))
        for queue in changed:
            if (config := self._queue_config(queue)).overflow:
                self._tell(told.QueueConfigured(config))
        for agent in directory.agents:
            if known_agents.get(agent.id) != agent:
                self._tell(told.AgentConfigured(agent_config(agent)))
        for gone_queue in known_queues:
            self._tell(told.QueueRemoved(gone_queue))
        self.mind_hours()

    def mind_hours(self) -> None:
        """Opens and closes queues by calendar and roster; after other calendars, and whenever one may turn."""
        queues = self._directory.queues
        before, self._shut = self._shut, self._hours.shut(queues, self._clock.now())
        turned = before ^ self._shut
        for queue in queues:
            if queue.id in turned:
                is_open = self._queue_config(queue).open
                log.info("queue_opens" if is_open else "queue_closes", queue=queue.id)
                self._tell(told.QueueOpened(queue.id) if is_open else told.QueueClosed(queue.id))
        self._set_timer()
        if turned:
            self.queues_turned(turned)

    def _queue_config(self, queue: Queue) -> QueueConfig:
        config = queue_config(queue)
        return dataclasses.replace(config, open=config.open and queue.id not in self._shut)

    def _seen(self, agent_id: int) -> RoutedAgent:
        """The agent as the engine sees it. Raises Rejected for one that is not in the directory."""
        self._known(agent_id)
        if (seen := self._router.agent(str(agent_id))) is None:
            raise Rejected(f"there is no agent {agent_id}", hint="the directory may have changed: reload the page")
        return seen

    def _known(self, agent_id: int) -> Agent:
        if (agent := self._agents.get(agent_id)) is None:
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
            self._record_change(agent_id, cause)
            if agent_id in self._in_use:
                self._mind_other_calls(agent_id, cause)

    def _carry_out(self, decision: Decision, touched: dict[int, AgentInput]) -> None:
        name = type(decision).__name__
        match decision:
            case decided.Offer():
                agent_id = int(decision.agent_id)
                self._offers[decision.offer_id] = agent_id
                self._serving[agent_id] = decision.queue_id
                touched[agent_id] = _decided(
                    agent_id,
                    name,
                    decision.contact_id,
                    decision.offer_id,
                    _reason(decision.why),
                    offer_params(decision),
                )
                if decision.contact_id in self._direct:  # whoever was asked for did not come: nobody else is meant
                    self._tell(told.ContactLeft(decision.contact_id, "ended"))
                elif not self._post_to(decision.contact_id, self._offer_made(decision)):
                    log.error("offer_for_no_call", call_id=decision.contact_id)  # else the agent would be kept for it
                    self._tell(told.ContactLeft(decision.contact_id, "ended"))
            case decided.OfferWithdrawn():
                agent_id = int(decision.agent_id)
                self._offers.pop(decision.offer_id, None)
                touched[agent_id] = _decided(agent_id, name, decision.contact_id, decision.offer_id, decision.reason)
                self._post_to(decision.contact_id, OfferWithdrawn(offer_id=decision.offer_id, reason=decision.reason))
            case decided.WrapUpStarted():
                touched[int(decision.agent_id)] = _decided(int(decision.agent_id), name, decision.contact_id)
            case decided.WrapUpFinished():
                agent_id = int(decision.agent_id)
                touched.setdefault(agent_id, _decided(agent_id, name, decision.contact_id, why=decision.how))
            case decided.AgentPaused() | decided.PresenceApplied():
                agent_id = int(decision.agent_id)
                touched.setdefault(agent_id, _decided(agent_id, name, why=decision.reason))
            case decided.ContactOverflowed():
                if decision.action != "queue" or not decision.target:
                    self._refuse(decision.contact_id, decision.exit_reason, _flow_after(decision))
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

    def _post_to(self, contact_id: str, event: CallInput) -> bool:
        """To the call of the contact: its own, or a party's."""
        return self._post(call_of_contact(contact_id), event)

    def _refuse(self, contact_id: str, reason: str, flow: str = "") -> None:
        is_party = "." in contact_id
        self._post_to(
            contact_id,
            OfferWithdrawn(offer_id=contact_id, reason=reason) if is_party else QueueRefused(reason=reason, flow=flow),
        )

    def _offer_made(self, offer: decided.Offer) -> OfferMade:
        agent = self._agents[int(offer.agent_id)]
        return OfferMade(
            offer_id=offer.offer_id,
            agent_id=agent.id,
            agent_number=agent.number,
            agent_name=agent.name,
            endpoint=f"PJSIP/{agent.extension}",
            ring_timeout_s=self._ring_timeouts.get(offer.queue_id, 20.0),
            auto_answer=agent.auto_answer,
            why=_reason(offer.why),
        )

    def _record_change(self, agent_id: int, cause: AgentInput) -> None:
        """Journals the agent's state where it differs from what is known."""
        now = self._clock.now()
        before, after = self._records.get(agent_id), self._look(agent_id)
        if after is None:  # deleted, and nothing is left to finish
            if self._records.pop(agent_id, None) is None:
                return
            self._signed_in.discard(agent_id)
            after = AgentRecord(agent_id=agent_id, presence_since=now)
        else:
            goes_on = before is not None and state(before) == state(after)
            after = msgspec.structs.replace(after, state_since=before.state_since if before and goes_on else now)
            if after == before:
                return
            self._keep(after)
        facts: tuple[AgentStateChanged, ...] = ()
        if before is None or visible(before) != visible(after):
            facts = (change(before, after),)
        self._journal.append(
            Step(
                at=now,
                subject=subject_of(agent_id),
                input=cause,
                facts=facts,
                state=encode(after),
            )
        )

    def _look(self, agent_id: int) -> AgentRecord | None:
        seen = self._router.agent(str(agent_id))
        if seen is None:
            return None
        held_since = self._held.get(agent_id) if seen.activity == "talking" else None
        pending, pending_reason = self._pending.get(agent_id, (None, ""))
        disposed = self._disposed.get(agent_id, ("", ""))[0]
        return AgentRecord(
            agent_id=agent_id,
            presence=seen.presence,
            reason=seen.reason,
            presence_since=seen.presence_since,
            pending=seen.pending_presence or pending,
            pending_reason=seen.pending_reason or pending_reason,
            activity=seen.activity if held_since is None else "hold",
            activity_since=seen.since if held_since is None else held_since,
            call_id=call_of_contact(seen.contact_id or ""),
            queue_id=self._serving.get(agent_id, "") if seen.contact_id else "",
            wrap_up_until=seen.wrap_up_until,
            wrap_up_mode=seen.wrap_up_mode or "",
            disposed=disposed if disposed and disposed == call_of_contact(seen.contact_id or "") else "",
            reachable=seen.reachable,
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


def _flow_after(overflow: decided.ContactOverflowed) -> str:
    """The flow that the queue's rule leads into: the one it names, or the one called like the action."""
    if overflow.action == "flow":
        return overflow.target or ""
    return overflow.target or overflow.action if overflow.action in OWN_FLOWS else ""


def _decided(
    agent_id: int, decision: str, call_id: str = "", offer_id: str = "", why: str = "", params: Params | None = None
) -> RoutingDecided:
    return RoutingDecided(
        agent_id=agent_id, decision=decision, call_id=call_id, offer_id=offer_id, why=why, params=params or {}
    )


def _reason(why: Why) -> str:
    """Why this agent, in words and figures that pages translate."""
    last = " last_agent" if why.last_agent else ""
    return (
        f"{why.strategy} step={why.step} waited={why.waited_s:.1f} score={why.score_s:.1f}"
        f" idle={why.idle_s:.1f} level={why.proficiency}{last}"
    )
