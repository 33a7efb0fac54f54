"""ARI over one socket for events and queries, and several for commands, kept connected until stopped.

Start of a connection: connect, set the event filter, ask who answers (the start time tells a restarted Asterisk),
wait for `ready`, tell `on_link`, then hand over what was received meanwhile. Events of a gap are lost for good, so
whoever hears that the link is up compares its calls with Asterisk's listing.

Command sockets have applications of their own (cti-c1, …) that no channel ever enters. Asterisk runs the commands of
one socket in order and some of them block while a prompt plays, so commands are spread over several by key.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import aiohttp
import msgspec
import structlog

from ctiserver.asterisk import ari_commands, metrics
from ctiserver.asterisk.ari_commands import AriAnswer, AriCommand
from ctiserver.asterisk.ari_events import EVENT_TYPES, ApplicationReplaced, AriEvent
from ctiserver.asterisk.ari_socket import AriSocket, refusal
from ctiserver.asterisk.backoff import Backoff
from ctiserver.config import AsteriskSettings
from ctiserver.errors import CtiError, LinkDownError, PartError
from ctiserver.tasks import TaskOwner

log = structlog.get_logger()

REQUEST_TIMEOUT_S = 10.0  # a command blocks behind a prompt that plays on its channel
HANDSHAKE_TIMEOUT_S = 5.0
PING_INTERVAL_S = 5.0
PING_TIMEOUT_S = 5.0
EVENTS_HEARTBEAT_S = 10.0
COMMANDS_HEARTBEAT_S = 40.0  # a command socket doesn't pong while a command blocks
DOWNLOAD_CHUNK = 256 * 1024
HTTP_PATIENCE = aiohttp.ClientTimeout(total=None, connect=5.0, sock_read=10.0)  # a file may be long, silence may not
REPLACED = "replaced"
HEARTBEAT = "CTI_HEARTBEAT"  # global of the dialplan: a caller who finds it stale is not sent to a daemon that hangs

LONG_AGO = "1"


class Up(msgspec.Struct, frozen=True):
    restarted: bool  # another Asterisk process than before


class Down(msgspec.Struct, frozen=True):
    reason: str


async def _at_once() -> None:
    """Nothing to wait for before the link counts as up."""


class AriClient:
    """`on_event` and `on_link` are called in order from the reading task; they must only enqueue."""

    def __init__(
        self,
        settings: AsteriskSettings,
        *,
        on_event: Callable[[AriEvent], None],
        on_link: Callable[[Up | Down], None],
        ready: Callable[[], Awaitable[None]] = _at_once,
        on_crash: Callable[[str, BaseException], None] | None = None,
    ) -> None:
        self._settings = settings
        self._on_event = on_event
        self._on_link = on_link
        self._ready = ready
        self._tasks = TaskOwner("ari", on_crash)
        self._http: aiohttp.ClientSession | None = None
        self._main: AriSocket | None = None
        self._came_up = asyncio.Event()
        self._lanes: list[AriSocket | None] = [None] * settings.command_sockets
        self._early: list[AriEvent] | None = None  # events received before the link was told to be up
        self._replaced = False
        self._stopping = False
        self._draining = False
        self._startup_time = ""
        self.problem = "not connected yet"  # for people; empty while all is well

    # ── life ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        """Begins to connect; returns at once."""
        credentials = aiohttp.encode_basic_auth(self._settings.user, self._settings.password)
        self._http = aiohttp.ClientSession(headers={"Authorization": credentials}, timeout=HTTP_PATIENCE)
        self._tasks.start("events", self._keep_main())
        for number in range(len(self._lanes)):
            self._tasks.start(f"commands {number + 1}", self._keep_lane(number))

    async def stop(self) -> None:
        self._stopping = True
        for socket in (self._main, *self._lanes):
            if socket:
                await socket.close("we are stopping")
        await self._tasks.stop()
        if self._http:
            await self._http.close()
        metrics.LINK_UP.labels("ari").set(0)

    def refuse_new_calls(self) -> None:
        """The dialplan shall find an old heartbeat, now and as long as we run."""
        self._draining = True
        if self.up and self._main is not None:
            self._tasks.start("no new calls", self._stop_beating(self._main))

    async def _stop_beating(self, socket: AriSocket) -> None:
        with suppress(LinkDownError):  # then the heartbeat grows old by itself
            await self._beat(socket)

    @property
    def up(self) -> bool:
        return self._came_up.is_set() and self._main is not None and not self._main.closed

    # ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────

    def send(self, command: AriCommand, key: str | None = None) -> asyncio.Future[AriAnswer]:
        """Sends at once; Asterisk's answer comes whatever its status. Commands with the same key are carried out in
        order.

        Without a key the command shares the events' socket: for queries, which never block.
        Raises LinkDownError when it can't be asked; so does the future.
        """
        return self._socket_for(key).send(command, REQUEST_TIMEOUT_S)

    async def request(self, command: AriCommand, key: str | None = None) -> AriAnswer:
        """`send`, and the answer."""
        return await self.send(command, key)

    def lane_of(self, key: str) -> int:
        """The number of the socket that carries commands with this key, while it is there."""
        return zlib.crc32(key.encode()) % len(self._lanes)

    def unanswered(self, lane: int) -> int:
        """How many requests Asterisk has not answered yet on the socket that stands for this lane.

        Raises LinkDownError when it can't be asked.
        """
        return self._carrier(lane).unanswered

    def _socket_for(self, key: str | None) -> AriSocket:
        return self._carrier(None if key is None else self.lane_of(key))

    def _carrier(self, number: int | None) -> AriSocket:
        """The lane's own socket, or the events' for what has no lane and while the lane's is away."""
        main = self._main
        if main is None or not self.up:
            raise LinkDownError("the connection to Asterisk is down", hint=self.problem)
        lane = None if number is None else self._lanes[number]
        return main if lane is None or lane.closed else lane

    async def download(self, uri: str, into: Path) -> bool:
        """`uri` below /ari, over HTTP; False: not there (404). Raises LinkDownError or PartError."""
        if self._http is None:
            raise LinkDownError("the ARI client is not started")
        url = f"{self._settings.url.rstrip('/')}/ari/{uri}"
        try:
            async with self._http.get(url) as response:
                if response.status == 404:
                    return False
                if response.status != 200:
                    raise refusal(response.status, url, self._settings.user)
                with into.open("wb") as file:
                    async for chunk in response.content.iter_chunked(DOWNLOAD_CHUNK):
                        await asyncio.to_thread(file.write, chunk)
                return True
        except (aiohttp.ClientError, TimeoutError) as error:
            raise LinkDownError(f"{url} can't be fetched: {error}") from None

    async def stored_size(self, uri: str) -> int | None:
        """Size in bytes of a file below /ari as announced by Asterisk; None: not there."""
        if self._http is None:
            raise LinkDownError("the ARI client is not started")
        try:
            async with self._http.get(f"{self._settings.url.rstrip('/')}/ari/{uri}") as response:
                size = response.content_length if response.status == 200 else None
                response.close()  # only the header was wanted
                return size
        except (aiohttp.ClientError, TimeoutError) as error:
            raise LinkDownError(f"Asterisk can't be asked for a recording: {error}") from None

    # ── the events' socket ──────────────────────────────────────────────────────────────────────────────────────────

    async def _keep_main(self) -> None:
        backoff = Backoff()
        while not (self._replaced or self._stopping):
            try:
                await self._one_main(backoff)
            except CtiError as error:
                self._failed("ari", error)
                await asyncio.sleep(backoff.next_s())

    async def _one_main(self, backoff: Backoff) -> None:
        """One connection from beginning to end. Raises PartError or LinkDownError if it never came up."""
        self._early = []
        socket = self._main = await self._open(self._settings.app, self._receive, EVENTS_HEARTBEAT_S)
        reading = self._tasks.start("read", socket.run())
        try:
            up = await self._introduce(socket)
            await self._ready()
            if socket.closed:
                raise LinkDownError("the connection ended during its start")
            self._tell_up(up)
            backoff.succeeded()
            pinging = self._tasks.start("ping", self._ping(socket))
            try:
                reason = await asyncio.shield(reading)
            finally:
                pinging.cancel()
            if not self._stopping:
                self._tell_down(reason)
        finally:
            self._came_up.clear()
            self._main = None
            await socket.close("we are stopping")
            reading.cancel()

    async def _introduce(self, socket: AriSocket) -> Up:
        """Sets the filter and learns whether this is the Asterisk that we knew."""
        filtered = await socket.request(
            ari_commands.set_event_filter(self._settings.app, EVENT_TYPES), HANDSHAKE_TIMEOUT_S
        )
        if filtered.status != 200:
            raise PartError(f"Asterisk refuses our event filter ({filtered.status}): {filtered.body}")
        answer = await socket.request(ari_commands.asterisk_info(), HANDSHAKE_TIMEOUT_S)
        if answer.status != 200:
            raise refusal(answer.status, f"{self._settings.url}/ari/asterisk/info", self._settings.user)
        await self._beat(socket)
        startup_time = msgspec.json.decode(answer.body, type=_Info).status.startup_time
        restarted = bool(self._startup_time) and startup_time != self._startup_time
        self._startup_time = startup_time
        return Up(restarted)

    def _tell_up(self, up: Up) -> None:
        self.problem = ""
        self._came_up.set()
        metrics.LINK_UP.labels("ari").set(1)
        log.info("ari_up", url=self._settings.url, app=self._settings.app, restarted=up.restarted)
        self._on_link(up)
        early, self._early = self._early or [], None
        for event in early:
            self._on_event(event)

    def _tell_down(self, reason: str) -> None:
        self._came_up.clear()
        for lane in self._lanes:
            if (
                lane
            ):  # on the same way to Asterisk: if that is dead without a word, they would find out only in a minute
                self._tasks.start("drop commands", lane.close(reason))
        self.problem = f"the connection to Asterisk ended: {reason}"
        metrics.LINK_UP.labels("ari").set(0)
        if self._replaced:
            self.problem = "another ctiserver took the calls over"
            log.warning("ari_replaced", app=self._settings.app, hint="this process serves no more calls: stop it")
        else:
            log.warning("ari_down", reason=reason)
        self._on_link(Down(REPLACED if self._replaced else reason))

    def _receive(self, event: AriEvent | ApplicationReplaced) -> None:
        if isinstance(event, ApplicationReplaced):
            self._step_down()
        elif self._early is not None:
            self._early.append(event)
        else:
            self._on_event(event)

    def _step_down(self) -> None:
        """Another process serves the application now: whoever reconnects would start a tug of war."""
        self._replaced = True
        for socket in (self._main, *self._lanes):
            if socket:
                self._tasks.start("step down", socket.close(REPLACED))

    async def _ping(self, socket: AriSocket) -> None:
        """Ends a connection whose peer is connected but answers nothing."""
        while True:
            await asyncio.sleep(PING_INTERVAL_S)
            try:
                await self._beat(socket)
            except LinkDownError as error:
                await socket.close(str(error))
                return

    async def _beat(self, socket: AriSocket) -> None:
        """A sign of life in both directions: theirs is the answer, ours the dialplan's heartbeat (by their clock)."""
        answer = await socket.request(ari_commands.ping(), PING_TIMEOUT_S)
        if answer.status == 200:
            instant = datetime.fromisoformat(msgspec.json.decode(answer.body, type=_Pong).timestamp)
            beat = ari_commands.set_global(HEARTBEAT, LONG_AGO if self._draining else str(int(instant.timestamp())))
            await socket.request(beat, PING_TIMEOUT_S)

    # ── the commands' sockets ───────────────────────────────────────────────────────────────────────────────────────

    async def _keep_lane(self, number: int) -> None:
        """Its drop costs only its own commands: while it is away they go over the events' socket."""
        backoff = Backoff()
        while not (self._replaced or self._stopping):
            await self._came_up.wait()
            try:
                socket = await self._open(f"{self._settings.app}-c{number + 1}", _ignore, COMMANDS_HEARTBEAT_S)
            except PartError as error:
                log.warning("ari_command_socket_failed", socket=number + 1, problem=str(error))
                await asyncio.sleep(backoff.next_s())
                continue
            self._lanes[number] = socket
            backoff.succeeded()
            try:
                reason = await socket.run()
                if not self._stopping:
                    log.info("ari_command_socket_down", socket=number + 1, reason=reason)
            finally:
                self._lanes[number] = None
                await socket.close("we are stopping")

    async def _open(
        self, app: str, on_event: Callable[[AriEvent | ApplicationReplaced], None], heartbeat_s: float
    ) -> AriSocket:
        socket = await AriSocket.connect(self._settings, app, on_event, heartbeat_s)
        metrics.CONNECTS.labels("ari").inc()
        return socket

    def _failed(self, link: str, error: CtiError) -> None:
        """One line per problem, not per attempt."""
        metrics.CONNECT_FAILURES.labels(link).inc()
        if str(error) != self.problem:
            self.problem = str(error)
            log.warning("ari_unreachable", problem=str(error))


class _Pong(msgspec.Struct, frozen=True):
    timestamp: str  # "2026-11-21T22:58:08.096+0000"


class _Status(msgspec.Struct, frozen=True):
    startup_time: str = ""


class _Info(msgspec.Struct, frozen=True):
    status: _Status = _Status()


def _ignore(event: AriEvent | ApplicationReplaced) -> None:
    """No channel enters a command socket's application; being replaced there is told on the events' socket too."""
