"""The running centre: brings the live parts together and is what the HTTP edge talks to (live/ports.py).

Asterisk's events ─▶ run() ─▶ registry ─▶ sessions ─▶ journal ─▶ publisher ─▶ feed
people's clicks ──▶ the same mailboxes
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import structlog

from acd.router import Router
from ctiserver.call.decide import Rules
from ctiserver.call.events import HangUpRequested
from ctiserver.call.screen_pop import ScreenPop
from ctiserver.call.states import Call
from ctiserver.call.words import EndedBy, Presence
from ctiserver.channels.lookups.sources import PopCard
from ctiserver.clock import Clock, to_datetime
from ctiserver.config import Settings
from ctiserver.directory import Directory
from ctiserver.errors import LinkDownError, Rejected
from ctiserver.hotline_settings import HotlineSettings
from ctiserver.ivr.china_holidays import china_day_kind
from ctiserver.ivr.staffing import calendars_of, holidays_with, on_duty
from ctiserver.live import metrics
from ctiserver.live.agent_records import encode, subject_of
from ctiserver.live.board_figures import BoardFigures
from ctiserver.live.board_watch import BoardWatch
from ctiserver.live.caller_lookup import CallerLookup
from ctiserver.live.controls import Controls
from ctiserver.live.dispatcher import Dispatcher
from ctiserver.live.errands import Errands
from ctiserver.live.explanation import ExplanationView
from ctiserver.live.feed import Feed
from ctiserver.live.floor import Floor
from ctiserver.live.floor_views import watch_view
from ctiserver.live.flow_keeper import FlowKeeper
from ctiserver.live.lamps import Lamps
from ctiserver.live.outside_cards import OutsideCards
from ctiserver.live.performer import PerformerServices
from ctiserver.live.publisher import Publisher
from ctiserver.live.queue_hours import QueueHours
from ctiserver.live.reconciler import Reconciler
from ctiserver.live.recording_collector import RecordingCollector
from ctiserver.live.recovery import Recovery, Remembered, agents_of, checkpoint, legs_of
from ctiserver.live.registry import CallRegistry, Staffing
from ctiserver.live.resumable_places import PLACES, encoded
from ctiserver.live.screen_pops import RegionOf
from ctiserver.live.session import CallSession, SessionServices, encode_call
from ctiserver.live.statistics import TodayStatistics
from ctiserver.live.supervision import Supervision
from ctiserver.live.viewing import Viewing
from ctiserver.live.views import AgentView, CentreSnapshot, ComponentHealth, LiveCallView, QueueView, TotalsView
from ctiserver.ports import (
    ChannelSeen,
    CustomerLookup,
    Journal,
    LinkDown,
    LinkUp,
    Lookups,
    MessageStore,
    PhoneSeen,
    PromptSource,
    Recogniser,
    RecordingStore,
    Telephony,
)
from ctiserver.routing.check import accepted
from ctiserver.routing.config import routing_config
from ctiserver.routing.options import read_centre_options
from ctiserver.staffing import Advice
from ctiserver.tasks import TaskOwner
from ctiserver.timezones import load_timezone

log = structlog.get_logger()

FALLBACK_QUEUE = "service"
"""Takes callers whose flow broke, where a queue of that name exists."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What the centre is made of, constructed by `app.py`, or by a test with a fake Asterisk and its own clock."""

    settings: Settings
    clock: Clock
    telephony: Telephony
    journal: Journal
    customers: CustomerLookup
    lookups: Lookups
    prompts: PromptSource
    recordings: RecordingStore
    flows: FlowKeeper
    directory: Directory
    feed: Feed
    region_of: RegionOf
    recogniser: Recogniser | None = None
    messages: MessageStore | None = None
    health: Callable[[], list[ComponentHealth]]
    pop_cards: Callable[[], Sequence[PopCard]] = tuple
    on_crash: Callable[[str, BaseException], None] | None = None


class ControlCentre:
    def __init__(self, parts: Parts) -> None:
        settings = parts.settings
        timezone = load_timezone(settings.timezone)
        self._parts = parts
        self._clock = parts.clock
        self._flows = parts.flows
        self._hotline = HotlineSettings()
        self._timezone = timezone
        self._tasks = TaskOwner("centre", parts.on_crash)
        self._call_tasks = TaskOwner("calls")
        self._link = asyncio.Event()
        self.taken_up = asyncio.Event()  # once all that the former process left has its call again
        self._remembered = Remembered((), ())
        self._adopted = False
        self._started = False
        self._boards: BoardWatch | None = None

        self.registry = CallRegistry(
            settings.node, parts.flows.flow_for, parts.region_of, self._staffing, parts.telephony
        )
        self._stored = parts.directory
        directory = self._usable(parts.directory, None)
        router = Router(routing_config(directory), now=parts.clock.now())
        self._hours = QueueHours(
            lambda: (self._flows.flows.calendars, self._flows.flows.holidays),
            lambda queue_id: {int(agent_id) for agent_id in router.servers(queue_id)},
            settings.timezone,
        )
        self.dispatcher = Dispatcher(router, directory, parts.clock, parts.journal, self.registry.post, self._hours)
        self.statistics = TodayStatistics(timezone, lambda: {q.id: q for q in self.dispatcher.directory.queues})
        self._lookup = CallerLookup(parts.customers, self._call_tasks, self.registry.post)
        self._outside = OutsideCards(
            parts.lookups, parts.pop_cards, self._call_tasks, lambda call_id: self._publisher.pop_changed(call_id)
        )
        self._collector = RecordingCollector(parts.telephony, parts.recordings, self._call_tasks, self.registry.post)
        self._errands = Errands(
            parts.telephony,
            self._call_tasks,
            self.registry.post,
            lookups=parts.lookups,
            recogniser=parts.recogniser,
            messages=parts.messages,
        )
        self._viewing = Viewing(self.dispatcher, self.statistics, parts.clock, lambda: self._publisher.calls.values())
        self._publisher = Publisher(
            parts.feed,
            self._viewing,
            self.dispatcher,
            self.statistics,
            parts.clock,
            parts.region_of,
            self._lookup.last_contacts,
            self._outside,
        )
        self.controls = Controls(
            self.registry,
            self.dispatcher,
            parts.clock,
            settings.outbound,
            settings.outside.numbers,
            settings.node,
            lambda flow: parts.flows.flows.find(flow) is not None,
        )
        self.registry.target_of = self.controls.dialled
        self.registry.call_of_phone = self.dispatcher.call_of_phone
        self.supervision = Supervision(
            parts.telephony, parts.clock, settings.node, self._call_tasks, lambda: self._publisher.calls.values()
        )
        self.floor = Floor(parts.feed, parts.clock)
        self.supervision.changed = self.floor.watch_changed
        self.recovery = Recovery(self.registry, parts.telephony, settings.node, self.supervision.knows)
        self._reconciler = Reconciler(self.recovery, self.registry, self.dispatcher, parts.telephony, settings.node)
        self._lamps = Lamps(lambda: self.directory.agents, self.dispatcher.record, parts.telephony.set_lamp)
        self._rules = self._make_rules()
        self.registry.session_services = SessionServices(
            clock=parts.clock,
            journal=parts.journal,
            rules=self._rules_now,
            route=self.dispatcher.route,
            position=self.dispatcher.position,
            changed=self._call_changed,
            closed=self._closed,
        )
        self.registry.performer_services = PerformerServices(
            telephony=parts.telephony,
            prompts=parts.prompts,
            tasks=self._call_tasks,
            link_is_up=lambda: self._link,
            identify=self._lookup.begin,
            collect=self._collector.begin,
            errand=self._errands.begin,
        )
        parts.journal.on_durable(self._publisher.on_durable)

        self.dispatcher.queues_turned = self._publisher.tell_queues
        self.dispatcher.on_phone_changed(self._publisher.tell_phone)
        parts.flows.in_use = self._flow_sets_in_use
        parts.flows.changed = self._flows_changed

    # ── life ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def remember(self, remembered: Remembered) -> None:
        """What the spool knows, before the journal is begun anew: until Asterisk can be asked it is all we have."""
        self._remembered = remembered
        self._flows.recall(call.cursor.flow_set for call in remembered.calls if call.cursor is not None)
        self.registry.note_over(remembered.over)
        self.registry.note_unreadable(remembered.unreadable)

    def start(self) -> None:
        """Begins to listen to Asterisk. Agents are as they were at once; their calls are taken up when it answers."""
        self._started = True
        self.dispatcher.mind_hours()
        self.dispatcher.restore_places(self._remembered.places)
        self.dispatcher.restore(self._remembered.agents)
        self._tasks.start("events", self._listen())
        self._tasks.start("reconciler", self._reconciler.run(self._link))
        if self._parts.settings.phones.lamps:
            self._tasks.start("lamps", self._lamps.run(self._link))

    async def stop(self) -> None:
        """Calls go on in Asterisk; the next start takes them up again."""
        self.dispatcher.stop()
        self.registry.suspend()
        await self._tasks.stop()
        await self._call_tasks.stop()

    def checkpoint(self) -> bytes:
        """All live state, for the head of a spool segment."""
        states: dict[str, msgspec.Raw] = {}
        if not self._adopted:
            states.update((call.id, encode_call(call)) for call in self._remembered.calls)
            states.update((subject_of(record.agent_id), encode(record)) for record in self._remembered.agents)
        if places := (self.dispatcher.places() if self._started else self._remembered.places):
            states[PLACES] = encoded(places)
        states.update((s.id, encode_call(s.call)) for s in self.registry if s.call is not None)
        for record in self.dispatcher.records():
            states[subject_of(record.agent_id)] = encode(record)
        return checkpoint(states)

    def board_figures(self) -> BoardFigures:
        """Where wallboards take their figures from."""
        return BoardFigures(
            self._viewing,
            self.dispatcher,
            self.statistics,
            self._clock,
            lambda: self._publisher.calls.values(),
            self._parts.settings.outside,
        )

    def use_boards(self, boards: BoardWatch) -> None:
        """From now on pages are told the figures of these wallboards."""
        self._boards = boards
        self._parts.journal.on_durable(boards.on_durable)

    def use_advice(self, advice: Callable[[str], Advice | None]) -> None:
        """From now on queues are shown with the agents that they need."""
        self._viewing.advice = advice

    def use_directory(self, directory: Directory) -> None:
        """People or queues were changed. What cannot be used stays as it was, and is logged with its field."""
        self._stored = directory
        self.dispatcher.configure(self._usable(directory, self.directory))
        self._rules = self._make_rules()
        self._publisher.tell_directory()

    def _flows_changed(self) -> None:
        """Other flows or calendars are in force: what queues say of them may hold now, or no longer."""
        usable = self._usable(self._stored, self.directory)
        if usable != self.directory:
            self.dispatcher.configure(usable)
            self._rules = self._make_rules()
            self._publisher.tell_directory()
        else:
            self.dispatcher.mind_hours()

    def _usable(self, fresh: Directory, former: Directory | None) -> Directory:
        flows = self._flows.flows
        directory, problems = accepted(fresh, former, flows.flows, flows.calendars)
        for problem in problems:
            log.error("setting_refused", field=problem.field, problem=problem.message, in_force="the former setting")
        return directory

    async def _listen(self) -> None:
        """One reader for everything that Asterisk tells, in order."""
        async for event in self._parts.telephony.events():
            match event:
                case LinkUp():
                    await self._link_up(event)
                case LinkDown():
                    self._link.clear()
                    log.warning("asterisk_link_down", reason=event.reason)
                case PhoneSeen():
                    self.dispatcher.phone_seen(event.extension, reachable=event.reachable, in_use=event.in_use)
                case _ if self.supervision.on_event(event):
                    pass
                case _:
                    self.registry.on_event(event)

    async def _link_up(self, event: LinkUp) -> None:
        self._link.set()
        self._lamps.forget()
        log.info("asterisk_link_up", restarted=event.restarted)
        if not self._adopted:
            there = None if event.restarted else await self.recovery.channels_there()
            self._adopted = True
            self._adopt(self._remembered, there)
            self._remembered = Remembered((), ())
            self._publisher.restore(session.call for session in self.registry if session.call is not None)
        if event.restarted:
            self.recovery.lose_all()
            self.supervision.lose_all()
        try:
            await self.recovery.resync()
        except LinkDownError as error:
            log.warning("resync_cut_short", problem=str(error), next="with the next connection")
        else:
            self.taken_up.set()

    def _adopt(self, remembered: Remembered, there: Mapping[str, ChannelSeen] | None) -> None:
        """What agents are busy with comes first, so that nobody who waits is given an agent who is taken."""
        with_agent = [call for call in remembered.calls if legs_of(call)]
        self.dispatcher.restore_wrap_ups(remembered.agents)
        self.dispatcher.restore_others({agent for call in with_agent for agent in agents_of(call)})
        self.recovery.adopt(with_agent, there)
        self.recovery.adopt((call for call in remembered.calls if not legs_of(call)), there)
        for call in remembered.calls:
            if call.phase != "ended" and call.caller_number:  # the former process may have died while it looked
                self._lookup.begin(call.id, call.caller_number)

    def _call_changed(self, call: Call) -> None:
        self._publisher.call_changed(call)
        self.supervision.call_changed(call)
        self.floor.call_changed(call)

    def _closed(self, session: CallSession) -> None:
        self.registry.close(session)
        self._lookup.forget(session.id)
        self._outside.forget(session.id)

    def use_hotline(self, settings: HotlineSettings) -> None:
        """Announcements, calendars or the roster were changed: the next call has them."""
        timezone = self._parts.settings.timezone
        calendars, problems = calendars_of(settings, timezone)
        if problems:
            log.error("calendars_unusable", problems=problems)
        self._hotline = self._hours.settings = settings
        self._flows.use_calendars(calendars, holidays_with(settings.days, china_day_kind))
        self._rules = self._make_rules()

    def _staffing(self) -> Staffing:
        duty = on_duty(self._hotline, to_datetime(self._clock.now()), self._parts.settings.timezone)
        return Staffing(len(duty) if duty is not None else None, self.dispatcher.signed_in)

    def _rules_now(self) -> Rules:
        if self._rules.flows is not self._flows.flows:  # a reload took effect
            self._rules = self._make_rules()
        return self._rules

    def _flow_sets_in_use(self) -> set[str]:
        """Digests of the sets with which the calls under way began."""
        under_way = [*self._remembered.calls, *(session.call for session in self.registry)]
        return {call.cursor.flow_set for call in under_way if call is not None and call.cursor is not None}

    def flow_positions(self) -> Counter[tuple[str, str]]:
        """How many callers stand in which (flow, node) now; who talks to an agent does so in the queue's node."""
        calls = (session.call for session in self.registry if session.call is not None)
        cursors = (call.cursor for call in calls if call.phase != "ended" and call.cursor is not None)
        return Counter((cursor.path[-1].flow, cursor.path[-1].node) for cursor in cursors if cursor.path)

    def _make_rules(self) -> Rules:
        queues = {queue.id: queue for queue in self.dispatcher.directory.queues}
        return Rules(
            flows=self._flows.flows,
            queues=queues,
            timezone=self._timezone,
            fallback_queue=FALLBACK_QUEUE if FALLBACK_QUEUE in queues else "",
            extensions=_extensions(self.directory),
            outside=self._parts.settings.outside.numbers,
            hears_words=self._parts.recogniser is not None,
            announcements=self._hotline.announcements,
            treatments=read_centre_options(self.directory.routing).customer_tags,
        )

    # ── what pages ask ──────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def directory(self) -> Directory:
        return self.dispatcher.directory

    def agents(self) -> list[AgentView]:
        return self._viewing.agents()

    def queues(self) -> list[QueueView]:
        return self._viewing.queues()

    def calls(self) -> list[LiveCallView]:
        return self._viewing.calls()

    def totals(self) -> TotalsView:
        return self._viewing.totals()

    def pop(self, agent_id: int) -> ScreenPop | None:
        return self._publisher.pops.get(agent_id)

    def snapshot(self, agent_id: int | None) -> CentreSnapshot:
        return CentreSnapshot(
            now=self._clock.now(),
            agents=tuple(self.agents()),
            queues=tuple(self.queues()),
            calls=tuple(self.calls()),
            totals=self.totals(),
            pop=self.pop(agent_id) if agent_id is not None else None,
            watches=tuple(watch_view(watch) for watch in self.supervision.watches()),
            helps=self.floor.helps(),
            broadcasts=self.floor.broadcasts(),
            boards=self._boards.views() if self._boards is not None else (),
            alerts=self._boards.alerts() if self._boards is not None else (),
        )

    def components(self) -> list[ComponentHealth]:
        return self._parts.health()

    def measure(self) -> None:
        """Before Prometheus reads: gauges that are only worth computing when somebody asks."""
        self.dispatcher.measure()
        self._publisher.measure()
        if self._boards is not None:
            self._boards.measure()
        for component in self.components():
            metrics.component_ready.labels(component.name).set(component.ready)

    def explain(self, call_id: str) -> ExplanationView:
        if self.registry.find(call_id) is None:
            raise Rejected(f"call {call_id} is not live", hint="look it up in the call records")
        return self.dispatcher.explain(call_id)

    # ── what people do ──────────────────────────────────────────────────────────────────────────────────────────────

    def choose_presence(self, agent_id: int, presence: Presence, reason: str, by: str) -> None:
        reasons = {r.code for r in self.directory.reason_codes if r.presence == presence}
        if reason and reasons and reason not in reasons:
            raise Rejected(f"{reason!r} is no reason for {presence}", hint=f"one of {', '.join(sorted(reasons))}")
        self.dispatcher.choose_presence(agent_id, presence, reason, by)

    def finish_wrap_up(self, agent_id: int) -> None:
        self.dispatcher.finish_wrap_up(agent_id)

    def extend_wrap_up(self, agent_id: int, seconds: float) -> None:
        self.dispatcher.extend_wrap_up(agent_id, seconds)

    def choose_disposition(self, agent_id: int, call_id: str, code: str, note: str) -> None:
        if code not in {disposition.code for disposition in self.directory.dispositions}:
            raise Rejected(f"there is no disposition {code!r}", hint="reload the page: the list may have changed")
        self.dispatcher.choose_disposition(agent_id, call_id, code, note)

    def broadcast(self, text: str, by: str, team: str | None) -> None:
        """A line for all agents (of a team), and for who supervises."""
        self.floor.broadcast(text, by, team, self.directory.agents)

    def hang_up(self, call_id: str, by: EndedBy, user_id: int | None) -> None:
        if not self.registry.post(call_id, HangUpRequested(by=by, user_id=user_id)):
            raise Rejected(f"call {call_id} is over", hint="nothing is left to hang up")


def _extensions(directory: Directory) -> dict[str, str]:
    """What a flow may transfer to: an extension, or an agent by number."""
    by_agent = {f"agent:{agent.number}": agent.extension for agent in directory.agents}
    return {**by_agent, **{f"extension:{agent.extension}": agent.extension for agent in directory.agents}}
