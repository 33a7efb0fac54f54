"""One ARI websocket from connect to close: requests and their answers in one direction, events in the other.

Asterisk runs the requests of one socket strictly one after another; answers come among the events. Reading only
decodes and hands over: a reader that stalls is cut off by Asterisk after some 2.6 MB.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Callable
from typing import Any

import aiohttp
import orjson
import structlog

from ctiserver.asterisk import metrics
from ctiserver.asterisk.ari_commands import AriAnswer, AriCommand
from ctiserver.asterisk.ari_events import ApplicationReplaced, AriEvent, RESTResponse, decode
from ctiserver.config import AsteriskSettings
from ctiserver.errors import LinkDownError, PartError

log = structlog.get_logger()

CONNECT_TIMEOUT_S = 5.0
CLOSE_TIMEOUT_S = 1.0  # for the peer's side of the farewell
MAX_MESSAGE = 64 * 1024 * 1024  # bytes; a listing of thousands of channels is one message

_WebSocket = aiohttp.ClientWebSocketResponse[Any]


class AriSocket:
    """Use `connect`, then keep `run` going; `request` may be called meanwhile from anywhere."""

    def __init__(self, ws: _WebSocket, app: str, on_event: Callable[[AriEvent | ApplicationReplaced], None]) -> None:
        self.app = app
        self._ws = ws
        self._on_event = on_event
        self._ids = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[AriAnswer]] = {}
        self._end_reason = ""

    @classmethod
    async def connect(
        cls,
        http: aiohttp.ClientSession,
        settings: AsteriskSettings,
        app: str,
        on_event: Callable[[AriEvent | ApplicationReplaced], None],
        heartbeat_s: float,
    ) -> AriSocket:
        """Raises PartError that says who refuses us and what to do about it."""
        url = f"{settings.url.rstrip('/')}/ari/events"
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                ws: _WebSocket = await http.ws_connect(
                    url,
                    params={"app": app, "subscribeAll": "false"},
                    heartbeat=heartbeat_s,  # a half-open connection is found by the missing pong
                    max_msg_size=MAX_MESSAGE,
                    decode_text=False,
                    timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_TIMEOUT_S),  # pyright: ignore[reportCallIssue] - untyped attrs class
                )
        except aiohttp.WSServerHandshakeError as error:
            raise refusal(error.status, url, settings.user) from None
        except TimeoutError:
            raise PartError(
                f"Asterisk at {settings.url} accepts no ARI connection within {CONNECT_TIMEOUT_S:.0f} s",
                hint="is it overloaded or hung? `ctiserver doctor` tells",
            ) from None
        except (aiohttp.ClientError, OSError) as error:
            raise PartError(
                f"Asterisk's ARI can't be reached at {settings.url}: {words_of(error)}",
                hint="is Asterisk running? check asterisk.url (CTI_ASTERISK__URL) and bindaddr/bindport of http.conf",
            ) from None
        return cls(ws, app, on_event)

    async def run(self) -> str:
        """Reads until the connection ends; returns why. All requests still waiting fail with LinkDownError."""
        try:
            async for message in self._ws:
                if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                    self._receive(message.data)
        finally:
            reason = self._end_reason or self._why_closed()
            self._fail_waiting(reason)
        return reason

    def _receive(self, data: bytes) -> None:
        message = decode(data)
        if isinstance(message, RESTResponse):
            future = self._waiting.pop(message.request_id, None)
            if future and not future.done():
                future.set_result(AriAnswer(message.status_code, message.message_body))
        elif message is None:
            metrics.UNKNOWN_EVENTS.labels("ari").inc()
            log.debug("ari_event_not_understood", size=len(data))
        else:
            metrics.EVENTS.labels("ari", type(message).__name__).inc()
            self._on_event(message)

    async def request(self, command: AriCommand, timeout_s: float) -> AriAnswer:
        """Asterisk's answer, whatever its status.

        Raises LinkDownError when the connection ends or no answer comes: the command may have been carried out.
        """
        if self.closed:
            raise LinkDownError(f"{command.name}: the connection to Asterisk is down")
        request_id = str(next(self._ids))
        future: asyncio.Future[AriAnswer] = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = future
        with metrics.COMMAND_SECONDS.labels("ari", command.name).time():
            try:
                await self._ws.send_str(_encode(request_id, command))
                async with asyncio.timeout(timeout_s):
                    answer = await future
            except TimeoutError:
                raise LinkDownError(f"{command.name}: Asterisk has not answered within {timeout_s:.0f} s") from None
            except (ConnectionError, aiohttp.ClientError) as error:
                raise LinkDownError(f"{command.name}: the connection to Asterisk broke: {error}") from None
            finally:
                self._waiting.pop(request_id, None)
        metrics.COMMAND_ANSWERS.labels("ari", command.name, str(answer.status)).inc()
        return answer

    async def close(self, reason: str) -> None:
        """`reason` is what `run` returns. Waits at most a second for the peer, who may be gone."""
        self._end_reason = self._end_reason or reason
        self._fail_waiting(self._end_reason)
        await self._ws.close()

    @property
    def closed(self) -> bool:
        return bool(self._end_reason) or self._ws.closed

    def _fail_waiting(self, reason: str) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(LinkDownError(f"the connection to Asterisk ended: {reason}"))
        self._waiting.clear()

    def _why_closed(self) -> str:
        error = self._ws.exception()
        if error is not None:
            return f"{type(error).__name__}: {error}".rstrip(": ")
        return f"closed by Asterisk (code {self._ws.close_code})"


def words_of(error: BaseException) -> str:
    """The system's own words where it has some ("Connection refused"), without the client library's around them."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    number = cause.errno if isinstance(cause, OSError) else None
    return os.strerror(number) if number and number > 0 else str(cause) or type(cause).__name__


def _encode(request_id: str, command: AriCommand) -> str:
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
    return orjson.dumps(message).decode()


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
