"""The only place that constructs and connects the parts of the daemon.

start:  settings ─▶ flows, directory ─▶ journal (spool) ─▶ centre ─▶ HTTP ─▶ Asterisk
stop:   HTTP ─▶ centre ─▶ Asterisk's links ─▶ journal ─▶ shipper ─▶ Postgres      (calls go on in Asterisk)
        each stage within its budget; what outlives it is named and left behind (ctiserver/stages.py)
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import structlog

from ctiserver.api.boards.desk import BoardDesk
from ctiserver.api.context import ApiContext
from ctiserver.api.reports.mailing import ReportMailing
from ctiserver.api.server import HttpServer, build_app
from ctiserver.asterisk.telephony import AsteriskTelephony
from ctiserver.channels.http_recogniser import recogniser_of
from ctiserver.channels.lookups.engine import load_engine
from ctiserver.channels.notice_senders import FileSender, NoticeSender
from ctiserver.channels.prompt_media import PromptMedia
from ctiserver.channels.prompt_recording import prepare_recording
from ctiserver.channels.smtp_mail import NoticesAsTextMessages, NoticesByChannel, SmtpMail
from ctiserver.channels.speech_engines import programs_of, speech_of
from ctiserver.channels.text_messages import FileTextMessages, HttpTextMessages, TextMessageSender
from ctiserver.chores import keep_to_retention, prerender, prune_prompts, take_hotline
from ctiserver.clock import Clock, SystemClock
from ctiserver.config import Settings
from ctiserver.errors import ConfigurationError, DatabaseAwayError, PartError
from ctiserver.garbage import spare_what_lives_long
from ctiserver.ivr.china_holidays import last_published_year
from ctiserver.ivr.staffing import calendars_of, unknown_holidays
from ctiserver.kept_clock import KeptClock, watch_clock
from ctiserver.last_resort import guard
from ctiserver.live.audience import EVERYONE
from ctiserver.live.board_watch import BoardWatch
from ctiserver.live.callback_runner import CallbackRunner
from ctiserver.live.caller_watch import CallerWatch
from ctiserver.live.centre import ControlCentre, Parts
from ctiserver.live.desk_watch import DeskWatch
from ctiserver.live.feed import Feed
from ctiserver.live.flow_copies import FlowCopies
from ctiserver.live.flow_desk import FlowDesk
from ctiserver.live.flow_keeper import FlowKeeper
from ctiserver.live.flow_publishing import FlowPublishing
from ctiserver.live.flow_statistics import FlowStatistics
from ctiserver.live.health import Health
from ctiserver.live.hotline_keeper import HotlineKeeper
from ctiserver.live.local_day import local_midnight
from ctiserver.live.notice_runner import NoticeRunner
from ctiserver.live.phone_choices import PhoneChoices
from ctiserver.live.prompt_desk import PromptDesk
from ctiserver.live.prompt_library import PromptLibrary
from ctiserver.live.recovery import remember
from ctiserver.live.staffing_adviser import StaffingAdviser
from ctiserver.live.text_message_outbox import TextMessageOutbox
from ctiserver.loop_watch import watch_loop
from ctiserver.one_daemon import DRAIN, HAND_OVER, DaemonLock
from ctiserver.reloading import Reloader
from ctiserver.routing.config import queues_by_calendar
from ctiserver.stages import Stages
from ctiserver.start_checks import DIRECTORY_COPY, check_database, patience_with_postgres, published_flows
from ctiserver.store.audio_files import AudioFiles
from ctiserver.store.audit import Audit
from ctiserver.store.boards import Boards
from ctiserver.store.call_export import CallExport
from ctiserver.store.call_notes import CallNotesStore
from ctiserver.store.callers.store import open_callers_store
from ctiserver.store.calls import Calls
from ctiserver.store.configuration import Configuration
from ctiserver.store.customers import Customers
from ctiserver.store.database import Database
from ctiserver.store.desk.store import open_desk_store
from ctiserver.store.directory_store import load_directory_or_copy
from ctiserver.store.flow_passages import FlowPassages
from ctiserver.store.flow_releases import FlowReleases
from ctiserver.store.hotline import Hotline
from ctiserver.store.journal import SpoolJournal
from ctiserver.store.mapped import load_models
from ctiserver.store.message_files import MessageFiles
from ctiserver.store.outbox_messages import OutboxMessages
from ctiserver.store.passwords import Passwords
from ctiserver.store.prompt_recordings import PromptRecordings
from ctiserver.store.recordings import Recordings
from ctiserver.store.regions import Regions
from ctiserver.store.reporting.reports import Reports
from ctiserver.store.reporting.schedules import Schedules
from ctiserver.store.reporting.workforce import Workforce
from ctiserver.store.reports import today
from ctiserver.store.retention import Retention
from ctiserver.store.saved_searches import SavedSearches
from ctiserver.store.sealed_files import load_keyring
from ctiserver.store.shipper import Shipper, next_seq
from ctiserver.store.staffing_facts import read_staffing_facts
from ctiserver.store.users import Users
from ctiserver.tasks import TaskOwner
from ctiserver.timezones import load_timezone
from ctiserver.writable_folder import require_writable

log = structlog.get_logger()

SHIPPING_BUDGET_S = 5.0
HTTP_BUDGET_S = 7.0  # requests under way have five
CLOSING_BUDGET_S = 2.0
OF_TASKS_S = 11.0  # of parts that give their tasks, twice, five seconds and name those that outlive them
HANDING_OVER_BUDGET_S = 0.2
DRAIN_POLL_S = 0.5
DESK_PATIENCE_S = 15.0
FIGURES_BUDGET_S = 2.0
CALLS_FIRST_S = 3.0


class Daemon:
    """`await run()` until SIGTERM or SIGINT; raises CtiError where the start is refused.

    `take_over`: from the daemon that runs with the same folder, once all is ready to go on with its calls.
    """

    def __init__(self, settings: Settings, *, take_over: bool = False) -> None:
        self._settings = settings
        self._take_over_folder = take_over
        self._shipping_budget_s = SHIPPING_BUDGET_S
        self._stop = asyncio.Event()
        self._failure: BaseException | None = None
        self._tasks = TaskOwner("daemon", self._part_died)
        self._callbacks: asyncio.Task[None] | None = None
        self._notices: asyncio.Task[None] | None = None
        self._side_tasks = TaskOwner("beside")  # their failure is logged and costs no call
        self._works: dict[signal.Signals, Callable[[], Coroutine[Any, Any, None]]] = {}  # once we are ready
        self._asked_early: set[signal.Signals] = set()

    def _part_died(self, task: str, error: BaseException) -> None:
        """The reader of Asterisk's events or the journal's shipper is gone: go down loudly and be started again."""
        log.critical("daemon_stops", because=task, error=repr(error))
        self._failure = error
        self._stop.set()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        guard(loop)
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._stop.set)
        loop.add_signal_handler(HAND_OVER, self._hand_over)
        for name in (signal.SIGHUP, DRAIN):  # from the first moment: without a handler they would end us
            loop.add_signal_handler(name, self._asked, name)
        async with Stages() as stages:
            await self._start(stages)
            spare_what_lives_long()
            log.info("daemon_ready", node=self._settings.node, url=self._settings.http.base_url)
            await self._stop.wait()
            log.info("daemon_stopping")
        log.info("daemon_stopped")
        if stages.overdue:  # a thread may hang in the kernel; waiting for it would be waiting for ever
            log.critical("ends_with_parts_hanging", parts=stages.overdue)
            os._exit(1)
        if self._failure is not None:
            raise PartError(f"a part of the daemon failed: {self._failure!r}", hint="see the log lines above")

    def _asked(self, what: signal.Signals) -> None:
        """To read all anew, or to drain; while we start it is noted."""
        work = self._works.get(what)
        if work is None:
            log.info("asked_while_starting", signal=what.name)
            self._asked_early.add(what)
        else:
            self._side_tasks.start(what.name, work())

    def _hand_over(self) -> None:
        """The next process waits for the spool: it ships what is in it."""
        log.info("handing_over")
        self._shipping_budget_s = HANDING_OVER_BUDGET_S
        self._stop.set()

    async def _drain(self, centre: ControlCentre, telephony: AsteriskTelephony) -> None:
        """No new calls, whoever begins them; when the last one is over, so are we."""
        log.info("draining", calls=len(centre.registry))
        telephony.refuse_new_calls()
        centre.controls.refuse_new_calls()
        for beginning in (self._callbacks, self._notices):
            if beginning is not None:
                beginning.cancel()
        while len(centre.registry):  # noqa: ASYNC110 - nobody announces the last one, and half a second is soon enough
            await asyncio.sleep(DRAIN_POLL_S)
        log.info("drained")
        self._stop.set()

    async def _start(self, stages: Stages) -> None:
        settings = self._settings
        clock = SystemClock()
        require_writable(settings.var, "var")
        require_writable(settings.recordings, "recordings")

        database = Database(settings.database_url)
        stages.add("Postgres", database.close, CLOSING_BUDGET_S)
        desk_database = Database(settings.database_url, patience_s=DESK_PATIENCE_S)  # its crowds keep no call waiting
        stages.add("Postgres of the desk", desk_database.close, CLOSING_BUDGET_S)
        desk = open_desk_store(desk_database, settings.var / "desk", timezone=settings.timezone, region=settings.region)
        lookups = load_engine(settings.flows)
        stages.add("outside systems", lookups.stop, CLOSING_BUDGET_S)
        hotline_store = Hotline(database)
        hotline = HotlineKeeper(hotline_store, settings.var / "hotline.json", lambda: _today(clock, settings.timezone))
        releases = FlowReleases(database)
        copies = FlowCopies(settings.var / "flows")
        recorded = PromptRecordings(database)
        library = PromptLibrary(recorded, settings.var / "recorded", settings.flows)
        async with database.within(patience_with_postgres(settings.var / DIRECTORY_COPY)):
            await check_database(database, settings.var / DIRECTORY_COPY)
            directory, fresh = await load_directory_or_copy(database, settings.var / DIRECTORY_COPY)
            await hotline.start()
            await library.start()
            newest = await published_flows(releases, copies)
        calendars, _ = calendars_of(hotline.settings, settings.timezone)
        flows = FlowKeeper(
            settings.flows,
            frozenset(queue.id for queue in directory.queues),
            calendars=calendars,
            copies=copies,
            release=newest,
            lookups=lambda: lookups.names,
            recordings=library.recordings,
        )
        library.changed = flows.use_recordings
        flow_figures = FlowStatistics(load_timezone(settings.timezone))

        lock = DaemonLock(settings.var)  # from here on we touch what only one daemon may
        await lock.take(over=self._take_over_folder)

        async def release() -> None:
            if not stages.overdue:  # else somebody may still be writing: the lock ends with this process
                lock.release()

        stages.add("lock", release)
        journal = SpoolJournal(settings.var / "spool", at_least=await next_seq(database, settings.node) if fresh else 1)
        remembered = remember(journal.recovered.checkpoint, journal.recovered.steps)
        kept_clock = KeptClock(settings.var / "clock.json")
        if remembered.calls:
            kept_clock.go_on(clock)
        if ahead := clock.not_before(max((step.at for step in journal.recovered.steps), default=0.0)):
            log.warning("clock_was_set_back", seconds=round(ahead, 1))  # instants go on where they were
        kept_clock.keep(clock)
        shipper = Shipper(journal, database, node=settings.node, region=settings.region)

        speech = speech_of(settings.speech, settings.var / "prompts", settings.flows / "prompts" / "fallback.wav")
        stages.add("speech", speech.stop, CLOSING_BUDGET_S)
        telephony = AsteriskTelephony(
            settings.asterisk, documents=(settings.flows / "documents").resolve(), on_crash=self._part_died
        )
        phones = PhoneChoices(
            settings.var / "phones.json", telephony.use_directory, browser_allowed=settings.phones.browser
        )
        phones.use_directory(directory)
        stages.add("links to Asterisk", telephony.stop, OF_TASKS_S)  # where a later step of the start fails
        await telephony.start()  # what it tells is kept until the centre listens
        keyring = load_keyring(settings.sealing.folder, settings.sealing.key)
        audio = AudioFiles(settings.recordings, settings.timezone, keyring)
        customers = Customers(database, settings.region)
        regions = Regions(settings.region)
        feed = Feed(clock)
        calendar_problems = functools.partial(_calendar_problems, hotline, clock, settings.timezone)
        health = Health(telephony.problems, journal, shipper, speech, lookups.problems, calendar_problems)
        media_url = settings.http.media_url or settings.http.base_url
        centre = ControlCentre(
            Parts(
                settings=settings,
                clock=clock,
                telephony=telephony,
                journal=journal,
                customers=customers,
                lookups=lookups,
                pop_cards=lambda: lookups.cards,
                prompts=PromptMedia(
                    speech,
                    library.find,
                    media_url=media_url,
                    shared=settings.asterisk.share_prompts,
                    kept=audio.locate,
                ),
                recordings=audio,
                recogniser=recogniser_of(settings.recognition),
                messages=MessageFiles(settings.recordings, settings.timezone),
                flows=flows,
                directory=directory,
                feed=feed,
                region_of=regions.names,
                health=health.components,
                on_crash=self._part_died,
            )
        )
        centre.use_hotline(hotline.settings)
        hotline.changed = functools.partial(take_hotline, centre, speech)
        centre.remember(remembered)
        await journal.start(centre.checkpoint)
        shipping = self._tasks.start("shipper", shipper.run())
        end_shipping = functools.partial(self._end_shipping, shipper, shipping)
        stages.add("shipper", end_shipping, SHIPPING_BUDGET_S + OF_TASKS_S)
        stages.add("journal", journal.close)  # before the shipper's last pass, which then finds everything
        journal.on_durable(flow_figures.take)
        passages = FlowPassages(database, settings.timezone)
        last_of_former = journal.first_own_seq - 1
        if fresh:
            await self._seed_figures(centre, database, shipper, last_of_former, clock.now(), flow_figures, passages)
        else:
            log.warning("figures_begin_at_zero", problem="Postgres is away")
        publishing = FlowPublishing(
            flows, releases, speech, node=settings.node, taken=lambda: feed.publish("directory", {}, EVERYONE)
        )

        reloader = Reloader(database, flows, lookups, phones, centre, settings, self._side_tasks)
        if not fresh:
            self._side_tasks.start("directory", reloader.take_over_later())
        callers = open_callers_store(database, settings.region)
        adviser = StaffingAdviser(lambda: read_staffing_facts(database, clock.now()), lambda: centre.directory.queues)
        centre.use_advice(adviser.of)
        board_store = Boards(database)
        boards = BoardWatch(centre.board_figures(), board_store, feed, clock)
        centre.use_boards(boards)
        context = ApiContext(
            settings=settings,
            centre=centre,
            feed=feed,
            clock=clock,
            users=Users(database),
            calls=Calls(database, settings.region),
            recordings=Recordings(database, settings.region),
            audio=audio,
            customers=customers,
            audit=Audit(database),
            desk=desk,
            phones=phones,
            callers=callers,
            call_export=CallExport(desk_database, settings.region),
            workforce=Workforce(desk_database),
            call_notes=CallNotesStore(desk_database),
            saved_searches=SavedSearches(desk_database),
            schedules=Schedules(desk_database),
            reports=Reports(desk_database, load_timezone(settings.timezone), settings.timezone),
            prompts=PromptDesk(
                store=recorded,
                library=library,
                prepare=functools.partial(prepare_recording, programs_of(settings.speech)),
                users=functools.partial(_prompt_users, flows, hotline),
                needed_by=functools.partial(_prompt_users, flows, hotline, needed=True),
                named=flows.prompts_named,
            ),
            boards=BoardDesk(store=board_store, watch=boards),
            configuration=Configuration(database),
            hash_password=Passwords().hash,
            reload=reloader.take_over,
            queue_users=flows.nodes_into,
            staffing=adviser.of,
            flow_names=lambda: tuple(flows.flows.flows),
            calendar_names=lambda: tuple(flows.flows.calendars),
            flows=FlowDesk(
                publishing=publishing, statistics=flow_figures, passages=passages, positions=centre.flow_positions
            ),
            hotline=hotline_store,
            hotline_changed=hotline.look,
            calendar_users=lambda name: [*flows.calendar_users(name), *queues_by_calendar(centre.directory, name)],
            holidays_problem=lambda: calendar_problems()["holidays"],
            lines=flows.line_names,
            nodes=flows.node_titles,
            flow_choices=flows.choices,
        )
        server = HttpServer(build_app(context), settings.http)
        stages.add("Asterisk", telephony.stop, OF_TASKS_S)  # ends before the journal: who calls then hears music
        centre.start()
        stages.add("centre", centre.stop, OF_TASKS_S)
        await server.start()
        stages.add("HTTP", server.stop, HTTP_BUDGET_S)
        self._side_tasks.start("loop watch", watch_loop())
        self._side_tasks.start("clock watch", watch_clock(clock))
        self._side_tasks.start("flow releases", publishing.run())
        self._tasks.start("hotline settings", hotline.watch())
        self._tasks.start("recorded prompts", library.watch())
        self._side_tasks.start("wallboards", boards.run())
        retention = Retention(database, audio, Audit(database), settings.retention.recordings_days)
        sender = _notice_sender(settings)
        watch = DeskWatch(desk, sender, clock, functools.partial(_tell_pages, feed))
        mailing = ReportMailing(context, Schedules(desk_database), sender)
        text_messages = TextMessageOutbox(OutboxMessages(database), _text_message_sender(settings))
        beside: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "announcements": lambda: take_hotline(centre, speech, hotline.settings),
            "prerender": functools.partial(prerender, speech, flows, directory),
            "staffing": adviser.run,
            "prune prompts": functools.partial(prune_prompts, speech),
            "retention": functools.partial(keep_to_retention, retention, clock),
            "desk": watch.run,
            "reports by mail": mailing.run,
            "text messages": text_messages.run,
            "regions": functools.partial(_load_regions, regions),
        }
        self._side_tasks.start("calls first", self._begin_beside(centre, beside))
        runner = CallbackRunner(
            callers.callbacks,
            centre.registry,
            centre.dispatcher,
            centre.controls,
            clock,
            settings.node,
            lambda request: feed.publish("callers", {"topic": "callback", "id": request}, EVERYONE),
        )
        journal.on_durable(runner.on_durable)
        self._callbacks = self._side_tasks.start("callbacks", runner.run(shipper.shipped(last_of_former)))
        notices = NoticeRunner(
            callers.voicemails,
            centre.registry,
            centre.dispatcher,
            centre.controls,
            clock,
            load_timezone(settings.timezone),
            settings.node,
            lambda voicemail: feed.publish("callers", {"topic": "voicemail", "id": voicemail}, EVERYONE),
        )
        journal.on_durable(notices.on_durable)
        self._notices = self._side_tasks.start("notices of messages", notices.run(shipper.shipped(last_of_former)))
        self._side_tasks.start("callers", CallerWatch(callers, feed, lambda: centre.directory).run())
        self._works = {
            signal.SIGHUP: reloader.read_anew,
            DRAIN: functools.partial(self._drain, centre, telephony),
        }
        for what in self._asked_early:
            self._asked(what)

    async def _begin_beside(
        self, centre: ControlCentre, works: Mapping[str, Callable[[], Coroutine[Any, Any, None]]]
    ) -> None:
        """What no call waits for: when the calls are taken up, or when Asterisk is not there to tell of any."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CALLS_FIRST_S):
                await centre.taken_up.wait()
        await asyncio.to_thread(load_models)
        for name, work in works.items():
            self._side_tasks.start(name, work())

    async def _seed_figures(
        self,
        centre: ControlCentre,
        database: Database,
        shipper: Shipper,
        last_of_former: int,
        now: float,
        flow_figures: FlowStatistics,
        passages: FlowPassages,
    ) -> None:
        """Today's figures go on where they were; without Postgres they begin at zero and say so."""
        midnight = local_midnight(now, load_timezone(self._settings.timezone))
        try:
            async with asyncio.timeout(FIGURES_BUDGET_S):
                await shipper.shipped(last_of_former)  # what the last run left in the spool counts too
                centre.statistics.seed(await today(database, midnight, now), midnight)
                flow_figures.begin_day(now)
                for flow, ways in (await passages.all(midnight, now)).items():
                    flow_figures.seed(flow, ways)
        except (DatabaseAwayError, TimeoutError) as error:
            log.warning("figures_begin_at_zero", problem=str(error) or "Postgres is slow")

    async def _end_shipping(self, shipper: Shipper, shipping: asyncio.Task[None]) -> None:
        """What is not in Postgres after the budget stays in the spool and is brought there by the next start."""
        await shipper.close()
        await asyncio.wait([shipping], timeout=self._shipping_budget_s)
        await self._tasks.stop()
        await self._side_tasks.stop()


def _text_message_sender(settings: Settings) -> TextMessageSender:
    """Raises ConfigurationError where a gateway is wanted and none is named."""
    gateway = settings.text_messages.http
    if settings.text_messages.sender == "file":
        return FileTextMessages(settings.var / "messages" / "sms.jsonl")
    if not gateway.url.startswith(("http://", "https://")):
        raise ConfigurationError("text_messages.http.url is no http URL", hint="where the gateway takes its POST")
    return HttpTextMessages(url=gateway.url, headers=gateway.headers, body=gateway.body, timeout_s=gateway.timeout_s)


def _notice_sender(settings: Settings) -> NoticeSender:
    """Mail to a server and SMS to a gateway where they are named; else into files."""
    files = FileSender(settings.var / "desk" / "sent")
    mail = SmtpMail(settings.mail, settings.language) if settings.mail.sender == "smtp" else files
    by_gateway = settings.text_messages.sender == "http"
    sms = NoticesAsTextMessages(_text_message_sender(settings), settings.language) if by_gateway else files
    return NoticesByChannel(mail, sms)


def _prompt_users(flows: FlowKeeper, hotline: HotlineKeeper, prompt: str, *, needed: bool = False) -> list[str]:
    """Nodes of flows and announcements that play the recording."""
    told = [f"announcement:{one.title}" for one in hotline.settings.announcements if one.prompt == prompt]
    return [*flows.prompt_users(prompt, needed=needed), *told]


def _tell_pages(feed: Feed, topic: str, row_id: int) -> None:
    feed.publish("desk", {"topic": topic, "id": row_id}, EVERYONE)


def _today(clock: Clock, timezone: str) -> date:
    return datetime.fromtimestamp(clock.now(), load_timezone(timezone)).date()


def _calendar_problems(hotline: HotlineKeeper, clock: Clock, timezone: str) -> dict[str, str]:
    today = _today(clock, timezone)
    return {"holidays": unknown_holidays(today, last_published_year(), hotline.settings.days)}


async def _load_regions(regions: Regions) -> None:
    await asyncio.to_thread(regions.load)
    spare_what_lives_long()


async def serve(settings: Settings, *, take_over: bool = False) -> None:
    """Runs the daemon until SIGTERM or SIGINT. Raises CtiError where the start is refused or a part failed."""
    await Daemon(settings, take_over=take_over).run()
