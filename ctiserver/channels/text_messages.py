"""Text messages leave by a sender: one that writes them to a file, or any gateway that takes a POST of JSON.

Each carries its own id. Who sends the same one again says so by it: the file has it once, and a gateway that keeps
to `Idempotency-Key` (or to an id in the body) sends it once.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Protocol

import aiohttp
import msgspec
import structlog

from ctiserver.channels.http_speech import filled

log = structlog.get_logger()

BUSY = frozenset({408, 425, 429})


class TextMessage(msgspec.Struct, frozen=True, kw_only=True):
    """`number` as it was shown or entered, or in E.164 where it could be read as one."""

    id: str
    number: str
    text: str


class SendingOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """`failed` may go better later, `refused` never will; `reason` says why, without number and text."""

    outcome: Literal["sent", "failed", "refused"]
    reason: str = ""


class TextMessageSender(Protocol):
    async def send(self, message: TextMessage) -> SendingOutcome:
        """Never raises and always ends in time."""
        ...


class FileTextMessages:
    """One line of JSON per message, each id once; for whoever has no gateway, and for looking at in the demo."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._written: set[str] | None = None

    async def send(self, message: TextMessage) -> SendingOutcome:
        try:
            await asyncio.to_thread(self._append, message)
        except OSError as error:
            return SendingOutcome(outcome="failed", reason=str(error.strerror or error))
        return SendingOutcome(outcome="sent")

    def _append(self, message: TextMessage) -> None:
        if self._written is None:
            self._written = _ids_in(self._file)
        if message.id in self._written:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._file.open("ab") as stream:
            stream.write(msgspec.json.encode(message) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        self._written.add(message.id)


class HttpTextMessages:
    """In `body`, "{number}", "{text}" and "{id}" are replaced. Redirects are not followed: the URL is the gateway."""

    def __init__(self, *, url: str, headers: Mapping[str, str], body: Mapping[str, object], timeout_s: float) -> None:
        self._url = url
        self._headers = dict(headers)
        self._body = dict(body)
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)

    async def send(self, message: TextMessage) -> SendingOutcome:
        values = {"{number}": message.number, "{text}": message.text, "{id}": message.id}
        headers = {"Idempotency-Key": message.id, **self._headers}
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, headers=headers) as http,
                http.post(self._url, json=filled(self._body, values), allow_redirects=False) as answer,
            ):
                return _judged(answer.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return SendingOutcome(outcome="failed", reason=type(error).__name__)


def _judged(status: int) -> SendingOutcome:
    """409 is a gateway's word for a message that it has had before."""
    if 200 <= status < 300 or status == 409:
        return SendingOutcome(outcome="sent")
    passing = status >= 500 or status in BUSY or status in (401, 403)  # a key that has run out is put right by people
    return SendingOutcome(outcome="failed" if passing else "refused", reason=f"status_{status}")


def _ids_in(file: Path) -> set[str]:
    """Of what was written before; a line that was cut off by a crash is none."""
    found: set[str] = set()
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        return found
    for line in lines:
        try:
            found.add(msgspec.json.decode(line, type=TextMessage).id)
        except msgspec.MsgspecError:
            log.warning("text_message_line_unreadable", file=file.name)
    return found
