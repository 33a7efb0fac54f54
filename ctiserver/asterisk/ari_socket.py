"""One ARI websocket from connect to close: requests and their answers in one direction, events in the other.

Asterisk runs the requests of one socket strictly one after another, in the order of `send`; answers come among the
events. Reading only decodes and hands over: a reader that stalls is cut off by Asterisk after some 2.6 MB. What is sent
in one go of the loop leaves together.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

import aiohttp
import orjson
import structlog
from picows import (
    WSCloseCode,
    WSFrame,
    WSHandshakeError,
    WSListener,
    WSMsgType,
    WSProtocolError,
    WSTransport,
    ws_connect,  # pyright: ignore[reportUnknownVariableType] - its **kwargs have no type, and we pass none
)

from ctiserver.asterisk import metrics
from ctiserver.asterisk.ari_commands import AriAnswer, AriCommand
from ctiserver.asterisk.ari_events import ApplicationReplaced, AriEvent, RESTResponse, decode
from ctiserver.config import AsteriskSettings
from ctiserver.errors import LinkDownError, PartError

log = structlog.get_logger()

CONNECT_TIMEOUT_S = 5.0
CLOSE_TIMEOUT_S = 1.0  # for the peer's side of the farewell
MAX_MESSAGE = 64 * 1024 * 1024  # bytes; a listing of thousands of channels is one message


class _Asked(NamedTuple):
    """A request that waits for its answer; times are the loop's."""

    name: str
    answer: asyncio.Future[AriAnswer]
    at: float
    due: float
    timeout_s: float


class AriSocket(WSListener):
    """Use `connect`, then keep `run` going; `send` may be called meanwhile from anywhere."""

    def __init__(self, app: str, on_event: Callable[[AriEvent | ApplicationReplaced], None]) -> None:
        self.app = app
        self._ws: WSTransport | None = None
        self._on_event = on_event
        self._ids = itertools.count(1)
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[str, _Asked] = {}
        self._pieces: list[bytes] = []  # of a message that comes in several frames
        self._patience: asyncio.TimerHandle | None = None  # for the answer that is due first
        self._end_reason = ""  # ours
        self._farewell = ""  # Asterisk's

    @classmethod
    async def connect(
        cls,
        settings: AsteriskSettings,
        app: str,
        on_event: Callable[[AriEvent | ApplicationReplaced], None],
        heartbeat_s: float,
    ) -> AriSocket:
        """Raises PartError that says who refuses us and what to do about it."""
        url = f"{settings.url.rstrip('/')}/ari/events"
        credentials = aiohttp.encode_basic_auth(settings.user, settings.password)
        socket = cls(app, on_event)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await ws_connect(
                    lambda: socket,
                    f"{_websocket_url(url)}?{urlencode({'app': app, 'subscribeAll': 'false'})}",
                    extra_headers={"Authorization": credentials},
                    websocket_handshake_timeout=CONNECT_TIMEOUT_S,
                    enable_auto_ping=True,  # a half-open connection is found by the missing pong
                    auto_ping_idle_timeout=heartbeat_s,
                    auto_ping_reply_timeout=heartbeat_s / 2,
                    max_frame_size=MAX_MESSAGE,
                    max_redirects=0,
                    use_aiofastnet=False,  # the loop's own transport gathers what is written in one go
                )
        except WSHandshakeError as error:
            if error.response is None:
                raise _unreachable(settings.url, str(error)) from None
            raise refusal(error.response.status.value, url, settings.user) from None
        except TimeoutError:
            raise PartError(
                f"Asterisk at {settings.url} accepts no ARI connection within {CONNECT_TIMEOUT_S:.0f} s",
                hint="is it overloaded or hung? `ctiserver doctor` tells",
            ) from None
        except OSError as error:
            raise _unreachable(settings.url, words_of(error)) from None
        if socket._ws is None or socket.closed:
            raise _unreachable(settings.url, "it closed the connection at once")
        return socket

    async def run(self) -> str:
        """Waits until the connection ends; returns why. All requests still waiting fail with LinkDownError."""
        try:
            await self._transport.wait_disconnected()
        except WSProtocolError as error:
            self._end_reason = self._end_reason or f"broken websocket: {error}"
        finally:
            reason = self._end_reason or self._why_closed()
            self._fail_waiting(reason)
        return reason

    # ── called by the transport ─────────────────────────────────────────────────────────────────────────────────────

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._ws = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        match frame.msg_type:
            case WSMsgType.TEXT | WSMsgType.BINARY | WSMsgType.CONTINUATION:
                if frame.fin and not self._pieces:
                    self._receive(frame.get_payload_as_memoryview())  # valid until we return
                    return
                self._pieces.append(frame.get_payload_as_bytes())
                if frame.fin:
                    whole, self._pieces = b"".join(self._pieces), []
                    self._receive(whole)
            case WSMsgType.CLOSE:
                self._farewell = f"closed by Asterisk (code {frame.get_close_code().value})"
                transport.send_close(frame.get_close_code(), frame.get_close_message())
                transport.disconnect()
            case _:
                pass

    def _receive(self, data: bytes | memoryview) -> None:
        message = decode(data)
        if isinstance(message, RESTResponse):
            self._answered(message)
        elif message is None:
            metrics.UNKNOWN_EVENTS.labels("ari").inc()
            log.debug("ari_event_not_understood", size=len(data))
        else:
            metrics.events("ari", type(message).__name__).inc()
            self._on_event(message)

    def _answered(self, message: RESTResponse) -> None:
        asked = self._waiting.pop(message.request_id, None)
        if asked is None:
            return
        metrics.command_seconds("ari", asked.name).observe(self._loop.time() - asked.at)
        metrics.command_answers("ari", asked.name, str(message.status_code)).inc()
        if not asked.answer.done():  # nobody waits any more
            asked.answer.set_result(AriAnswer(message.status_code, message.message_body))

    def send(self, command: AriCommand, timeout_s: float) -> asyncio.Future[AriAnswer]:
        """Asterisk's answer, whatever its status. The order of calls is the order in which Asterisk gets them.

        The future fails with LinkDownError when the connection ends or no answer comes: the command may have been
        carried out. Raises LinkDownError where there is no connection.
        """
        if self.closed:
            raise LinkDownError(f"{command.name}: the connection to Asterisk is down")
        request_id, now = str(next(self._ids)), self._loop.time()
        answer: asyncio.Future[AriAnswer] = self._loop.create_future()
        asked = self._waiting[request_id] = _Asked(command.name, answer, now, now + timeout_s, timeout_s)
        self._transport.send(WSMsgType.TEXT, _encode(request_id, command))
        if self._patience is None or self._patience.when() > asked.due:
            self._wait_until(asked.due)
        return answer

    async def request(self, command: AriCommand, timeout_s: float) -> AriAnswer:
        """`send`, and the answer."""
        return await self.send(command, timeout_s)

    def _wait_until(self, due: float) -> None:
        """One timer for all answers; it is not stopped by an answer, which would cost more than to look once."""
        if self._patience is not None:
            self._patience.cancel()
        self._patience = self._loop.call_at(due, self._lose_patience)

    def _lose_patience(self) -> None:
        self._patience = None
        now = self._loop.time()
        for request_id, asked in [(i, a) for i, a in self._waiting.items() if a.due <= now]:
            del self._waiting[request_id]
            metrics.command_answers("ari", asked.name, "none").inc()
            if not asked.answer.done():
                problem = f"{asked.name}: Asterisk has not answered within {asked.timeout_s:.0f} s"
                asked.answer.set_exception(LinkDownError(problem))
        if self._waiting:
            self._wait_until(min(asked.due for asked in self._waiting.values()))

    async def close(self, reason: str) -> None:
        """`reason` is what `run` returns. Waits at most a second for the peer, who may be gone."""
        self._end_reason = self._end_reason or reason
        self._fail_waiting(self._end_reason)
        if (ws := self._ws) is None or ws.is_disconnected:
            return
        ws.send_close(WSCloseCode.OK)
        ws.disconnect()
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await ws.wait_disconnected()
        except (TimeoutError, WSProtocolError):
            ws.disconnect(graceful=False)

    @property
    def unanswered(self) -> int:
        """How many requests still wait for their answer."""
        return len(self._waiting)

    @property
    def closed(self) -> bool:
        return bool(self._end_reason) or self._transport.is_disconnected or self._transport.is_close_frame_sent

    @property
    def _transport(self) -> WSTransport:
        assert self._ws is not None  # noqa: S101 - `connect` gives out only what is connected
        return self._ws

    def _fail_waiting(self, reason: str) -> None:
        for asked in self._waiting.values():
            if not asked.answer.done():
                asked.answer.set_exception(LinkDownError(f"the connection to Asterisk ended: {reason}"))
        self._waiting.clear()
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _why_closed(self) -> str:
        if self._farewell:
            return self._farewell
        return "no answer to a ping" if self._transport.is_close_frame_sent else "the connection was cut"


def _unreachable(url: str, why: str) -> PartError:
    return PartError(
        f"Asterisk's ARI can't be reached at {url}: {why}",
        hint="is Asterisk running? check asterisk.url (CTI_ASTERISK__URL) and bindaddr/bindport of http.conf",
    )


def _websocket_url(url: str) -> str:
    """http: → ws:, https: → wss:"""
    return "ws" + url.removeprefix("http")


def words_of(error: BaseException) -> str:
    """The system's own words where it has some ("Connection refused"), without the client library's around them."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    number = cause.errno if isinstance(cause, OSError) else None
    return os.strerror(number) if number and number > 0 else str(cause) or type(cause).__name__


def _encode(request_id: str, command: AriCommand) -> bytes:
    """The URI is relative to /ari; the body is a string inside the JSON (an object would be ignored)."""
    message: dict[str, object] = {
        "type": "RESTRequest",
        "request_id": request_id,
        "method": command.method,
        "uri": command.uri,
    }
    if command.query:
        message["query_strings"] = [{"name": name, "value": value} for name, value in command.query]
    if command.body is not None:
        message["content_type"] = "application/json"
        message["message_body"] = command.body.decode()
    return orjson.dumps(message)


def refusal(status: int, url: str, user: str) -> PartError:
    """What an HTTP status at connect means to the person who runs the system."""
    match status:
        case 401:
            return PartError(
                f"Asterisk refuses the ARI user {user!r} or its password (401)",
                hint="compare asterisk.user/password (CTI_ASTERISK__PASSWORD) with ari.conf",
            )
        case 403:
            return PartError(
                f"Asterisk forbids the ARI user {user!r} to use our applications (403)",
                hint="read_only must be no for that user in ari.conf",
            )
        case 404:
            return PartError(
                f"There is no ARI at {url} (404)",
                hint="modules may still be loading; otherwise load res_ari and res_ari_events and check asterisk.url",
            )
        case 503:
            return PartError("Asterisk is still loading its modules (503)", hint="wait, we keep trying")
        case _:
            return PartError(f"{url} answers {status} instead of opening a websocket", hint="is that an Asterisk?")
