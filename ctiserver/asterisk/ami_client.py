"""AMI, kept connected until stopped: for recordings (MixMonitor) and the state of phones.

Only the events named in EVENTS pass (filters of this session, set after each login). The link counts as up when
Asterisk says FullyBooted; whoever hears that reads all states anew, since events of the gap are lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from ctiserver.asterisk import metrics
from ctiserver.asterisk.ami_protocol import AmiConnection, AmiMessage, open_connection
from ctiserver.asterisk.backoff import Backoff
from ctiserver.asterisk.intruders import REFUSALS
from ctiserver.config import AsteriskSettings
from ctiserver.errors import CtiError, LinkDownError, PartError
from ctiserver.tasks import TaskOwner

log = structlog.get_logger()

EVENTS = ("FullyBooted", "Shutdown", "DeviceStateChange", *REFUSALS)  # device states follow contacts, too
CONNECT_TIMEOUT_S = 5.0
ACTION_TIMEOUT_S = 5.0
LISTING_TIMEOUT_S = 15.0
PING_INTERVAL_S = 5.0
REFUSED_WAIT_S = 10.0  # a wrong password is no matter of trying often, and Asterisk logs each attempt


class AmiClient:
    """`on_event` and `on_link` are called from the loop's reader; they must only enqueue."""

    def __init__(
        self,
        settings: AsteriskSettings,
        *,
        on_event: Callable[[AmiMessage], None],
        on_link: Callable[[bool], None],
        on_crash: Callable[[str, BaseException], None] | None = None,
    ) -> None:
        self._settings = settings
        self._on_event = on_event
        self._on_link = on_link
        self._tasks = TaskOwner("ami", on_crash)
        self._connection: AmiConnection | None = None
        self._fully_booted = False  # Asterisk's word, per connection
        self._logged_in = False  # with our filters set
        self._up = asyncio.Event()  # both
        self._stopping = False
        self.problem = "not connected yet"  # for people; empty while all is well

    async def start(self) -> None:
        """Begins to connect; returns at once."""
        self._tasks.start("connection", self._keep_connected())

    async def stop(self) -> None:
        self._stopping = True
        if self._connection:
            self._connection.abort("we are stopping")
        await self._tasks.stop()
        metrics.LINK_UP.labels("ami").set(0)

    @property
    def up(self) -> bool:
        return self._up.is_set()

    async def wait_up(self, timeout_s: float) -> bool:
        """Waits for FullyBooted; False: not within that time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._up.wait()
        except TimeoutError:
            return False
        return True

    async def action(self, name: str, **fields: str) -> AmiMessage:
        """One request, one answer, whatever its `response`. Raises LinkDownError."""
        return (await self._ask(name, fields, listing=False, timeout_s=ACTION_TIMEOUT_S))[0]

    async def listing(self, name: str, **fields: str) -> list[AmiMessage]:
        """The entries that follow the answer; empty where Asterisk has none. Raises LinkDownError."""
        messages = await self._ask(name, fields, listing=True, timeout_s=LISTING_TIMEOUT_S)
        return [message for message in messages[1:] if not message.get("event", "").endswith("Complete")]

    async def _ask(self, name: str, fields: dict[str, str], *, listing: bool, timeout_s: float) -> list[AmiMessage]:
        connection = self._connection
        if connection is None or not self.up:
            raise LinkDownError(f"AMI {name}: the connection to Asterisk's manager is down", hint=self.problem)
        with metrics.command_seconds("ami", name).time():
            messages = await connection.ask(name, fields, listing=listing, timeout_s=timeout_s)
        metrics.command_answers("ami", name, messages[0].get("response", "")).inc()
        return messages

    # ── one connection after another ────────────────────────────────────────────────────────────────────────────────

    async def _keep_connected(self) -> None:
        backoff = Backoff()
        while not self._stopping:
            try:
                await self._one_connection(backoff)
                pause = backoff.next_s()
            except LoginRefusedError as error:
                self._failed(error)
                pause = REFUSED_WAIT_S
            except CtiError as error:
                self._failed(error)
                pause = backoff.next_s()
            await asyncio.sleep(pause)

    async def _one_connection(self, backoff: Backoff) -> None:
        """From connect to loss. Raises PartError or LinkDownError if it never came up."""
        host, port = self._settings.ami_host, self._settings.ami_port
        try:
            connection = self._connection = await open_connection(host, port, self._receive, CONNECT_TIMEOUT_S)
        except (OSError, TimeoutError) as error:
            raise PartError(
                f"Asterisk's AMI can't be reached at {host}:{port}: {error or 'no answer'}",
                hint="is Asterisk running? check asterisk.ami_host/ami_port and manager.conf",
            ) from None
        metrics.CONNECTS.labels("ami").inc()
        try:
            await self._log_in(connection)
            backoff.succeeded()
            self._logged_in = True
            self._tell_up_when_ready()
            pinging = self._tasks.start("ping", self._ping(connection))
            try:
                reason = await asyncio.shield(connection.lost)
            finally:
                pinging.cancel()
            if not self._stopping:
                log.warning("ami_down", reason=reason)
        finally:
            self._tell_down(connection)

    async def _log_in(self, connection: AmiConnection) -> None:
        settings = self._settings
        fields = {"Username": settings.ami_user, "Secret": settings.ami_secret, "Events": "system,call,security"}
        (answer,) = await connection.ask("Login", fields, listing=False, timeout_s=ACTION_TIMEOUT_S)
        if answer.get("response") != "Success":
            raise LoginRefusedError(
                f"Asterisk's AMI refuses user {self._settings.ami_user!r} or its secret: {answer.get('message', '')}",
                hint="compare asterisk.ami_user/ami_secret (CTI_ASTERISK__AMI_SECRET) with manager.conf (permit too)",
            )
        for name in EVENTS:
            criteria = {"Operation": "Add", "MatchCriteria": f"action(include),name({name})", "Filter": ""}
            (filtered,) = await connection.ask("Filter", criteria, listing=False, timeout_s=ACTION_TIMEOUT_S)
            if filtered.get("response") != "Success":
                log.warning("ami_filter_refused", event_type=name, answer=filtered.get("message", ""))

    async def _ping(self, connection: AmiConnection) -> None:
        """Ends a connection whose peer has gone silent."""
        while True:
            await asyncio.sleep(PING_INTERVAL_S)
            try:
                await connection.ask("Ping", {}, listing=False, timeout_s=ACTION_TIMEOUT_S)
            except LinkDownError as error:
                connection.abort(str(error))
                return

    def _receive(self, event: AmiMessage) -> None:
        kind = event.get("event", "")
        metrics.events("ami", kind if kind in EVENTS else "other").inc()
        if kind == "FullyBooted":
            self._fully_booted = True
            self._tell_up_when_ready()
        elif kind in EVENTS:
            self._on_event(event)
        else:
            metrics.UNKNOWN_EVENTS.labels("ami").inc()

    def _tell_up_when_ready(self) -> None:
        if self._up.is_set() or not (self._logged_in and self._fully_booted):
            return
        self._up.set()
        self.problem = ""
        metrics.LINK_UP.labels("ami").set(1)
        log.info("ami_up", host=self._settings.ami_host, port=self._settings.ami_port)
        self._on_link(True)

    def _tell_down(self, connection: AmiConnection) -> None:
        connection.abort("we are stopping")
        self._connection = None
        self._logged_in = self._fully_booted = False
        metrics.LINK_UP.labels("ami").set(0)
        if self._up.is_set():
            self._up.clear()
            self.problem = "the connection to Asterisk's manager (AMI) ended"
            self._on_link(False)

    def _failed(self, error: CtiError) -> None:
        """One line per problem, not per attempt."""
        metrics.CONNECT_FAILURES.labels("ami").inc()
        if str(error) != self.problem:
            self.problem = str(error)
            log.warning("ami_unreachable", problem=str(error))


class LoginRefusedError(PartError):
    """Asterisk's manager doesn't let us in."""
