"""One AMI connection on panoramisk, with its three defects repaired.

1. It decodes every TCP chunk by itself and drops what doesn't decode: a Chinese name that is cut in two loses a
   character. → Only whole lines are handed to it.
2. It never notices a silent peer. → `last_heard` tells when something came; the owner pings and calls `abort`.
3. It repeats after a reconnect what was asked before (a stale Originate!) and leaves half-answered requests waiting
   for ever. → One object per connection, nothing is carried over, every request still open fails with LinkDownError.

Events, of which there are several per call, are read here; panoramisk sees what belongs to a request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import cast

from panoramisk import Manager, Message
from panoramisk.ami_protocol import AMIProtocol

from ctiserver.errors import LinkDownError

MAX_MESSAGE = 1024 * 1024  # bytes; a peer that sends more without an empty line is no AMI
END = b"\r\n\r\n"
OF_A_REQUEST = (b"\r\nActionID:", b"\r\nCommandID:")

SHUTDOWN = "Asterisk shuts down"

AmiMessage = Mapping[str, str]
"""Keys in lower case; repeated headers joined by newlines."""


class WholeMessageProtocol(AMIProtocol):
    def __init__(self) -> None:
        self.encoding = "utf8"
        self.last_heard = asyncio.get_running_loop().time()
        self.on_event: Callable[[AmiMessage], None] | None = None
        self._rest = b""
        self._greeted = False  # the banner is a line without an empty one behind it

    def data_received(self, data: bytes) -> None:
        self.last_heard = asyncio.get_running_loop().time()
        *messages, self._rest = (self._rest + data).split(END)
        for message in messages:
            if self._greeted and message.startswith(b"Event:") and not any(mark in message for mark in OF_A_REQUEST):
                self._event(message)
            else:
                super().data_received(message + END)
            self._greeted = True
        if len(self._rest) > MAX_MESSAGE:
            self.transport.abort()

    def _event(self, message: bytes) -> None:
        event = event_of(message)
        if event["event"].lower() == "shutdown":
            self.connection_lost(ConnectionError(SHUTDOWN))
        if self.on_event is not None:
            self.on_event(event)


def event_of(message: bytes) -> AmiMessage:
    """The headers of one event, keys in lower case."""
    headers: dict[str, str] = {}
    for line in message.decode("utf8", "ignore").split("\r\n"):
        key, colon, value = line.partition(":")
        if not colon:
            continue
        key, value = key.strip().lower(), value.strip()
        headers[key] = f"{headers[key]}\n{value}" if key in headers else value
    return headers


class AmiConnection(Manager):
    """Made by `open_connection`; dead after `connection_lost`."""

    def __init__(self, protocol: WholeMessageProtocol, on_event: Callable[[AmiMessage], None]) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.protocol = protocol
        self.lost: asyncio.Future[str] = self.loop.create_future()  # why it ended
        self._lines = protocol
        self._on_event = on_event
        self._open: set[asyncio.Future[Message | list[Message]]] = set()
        protocol.factory = self
        protocol.on_event = on_event

    async def ask(self, name: str, fields: Mapping[str, str], *, listing: bool, timeout_s: float) -> list[AmiMessage]:
        """The answer, and after it the entries where `listing`.

        Raises LinkDownError when the connection ends or no answer comes, ValueError for a line break in a field.
        """
        if self.lost.done():
            raise LinkDownError(f"AMI {name}: the connection is down")
        for key, value in fields.items():
            if "\r" in value or "\n" in value:
                raise ValueError(f"AMI {name}: line break in {key}")
        future = self.send_action({"Action": name, **fields}, as_list=None if listing else False)
        self._open.add(future)
        try:
            async with asyncio.timeout(timeout_s):
                answer = await future
        except TimeoutError:
            raise LinkDownError(f"AMI {name}: no answer within {timeout_s:.0f} s") from None
        finally:
            self._open.discard(future)
        return [as_mapping(message) for message in (answer if isinstance(answer, list) else [answer])]

    def dispatch(self, event: Message) -> list[str]:
        """From panoramisk: an event that answers a request which nobody waits for any more."""
        self._on_event(as_mapping(event))
        return []

    def connection_lost(self, exc: object) -> None:
        """From the protocol: an error, None, or Asterisk's Shutdown event."""
        reason = SHUTDOWN if isinstance(exc, Message) else str(exc or "closed by Asterisk")
        if not self.lost.done():
            self.lost.set_result(reason)
        for future in self._open:
            if not future.done():
                future.set_exception(LinkDownError(f"the AMI connection ended: {reason}"))
        self.awaiting_actions.clear()

    def abort(self, reason: str) -> None:
        if not self.lost.done():
            self.lost.set_result(reason)
        self._lines.transport.abort()

    @property
    def last_heard(self) -> float:
        """The loop's time, in seconds, when something was received last."""
        return self._lines.last_heard


async def open_connection(
    host: str, port: int, on_event: Callable[[AmiMessage], None], timeout_s: float
) -> AmiConnection:
    """Raises OSError or TimeoutError."""
    async with asyncio.timeout(timeout_s):
        _, protocol = await asyncio.get_running_loop().create_connection(WholeMessageProtocol, host, port)
    return AmiConnection(protocol, on_event)


def as_mapping(message: Message) -> AmiMessage:
    pairs = {key.lower(): "\n".join(value) if isinstance(value, list) else value for key, value in message.items()}
    return cast("AmiMessage", pairs)
