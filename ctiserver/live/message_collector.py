"""Brings messages and faxes home: fetch, measure, compare with what Asterisk has counted, store, tidy up there."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import structlog

from ctiserver.call.commands import CollectMessage
from ctiserver.call.events import MessageCollected, MessageLost
from ctiserver.errors import CtiError, Retryable
from ctiserver.last_resort import end_without_memory
from ctiserver.ports import MessageStore, Telephony

log = structlog.get_logger()

ATTEMPTS = 6
FIRST_PAUSE_S = 0.2  # doubled each time: Asterisk closes the file a moment after the channel
ALLOWED_DIFFERENCE_S = 1.5  # Asterisk counts whole seconds


class MessageCollector:
    """At most `at_once` files at a time, so that a busy hour's end does not starve the calls."""

    def __init__(self, telephony: Telephony, store: MessageStore | None, *, at_once: int = 4) -> None:
        self._telephony = telephony
        self._store = store
        self._room = asyncio.Semaphore(at_once)
        self._stored: set[str] = set()

    async def collect(self, call_id: str, command: CollectMessage) -> MessageCollected | MessageLost:
        """Always answers; never raises."""
        try:
            async with self._room:
                event = await self._bring_home(call_id, command)
        except (CtiError, OSError) as error:
            event = MessageLost(message_id=command.message_id, reason=str(error))
        except Exception as error:  # a defect in storing must not keep the call from being over
            end_without_memory(error)
            log.exception("message_crashed", call_id=call_id, message=command.message_id)
            event = MessageLost(message_id=command.message_id, reason=repr(error))
        if isinstance(event, MessageLost) and event.reason != "too_short":
            log.error("message_lost", call_id=call_id, message=command.message_id, reason=event.reason)
        return event

    async def tidy(self, command: CollectMessage) -> None:
        """Asterisk's own copy, once ours is safe; a failure costs nothing but room there."""
        if command.message_id not in self._stored:
            return
        self._stored.discard(command.message_id)
        try:
            await self._telephony.delete_message(command.message_id)
        except Retryable as error:
            log.warning("message_original_kept", message=command.message_id, error=str(error))

    async def _bring_home(self, call_id: str, command: CollectMessage) -> MessageCollected | MessageLost:
        if self._store is None:
            return MessageLost(message_id=command.message_id, reason="no folder for messages is configured")
        if command.purpose == "fax":
            with tempfile.TemporaryDirectory(prefix="cti-fax-") as folder:
                return await self._fax(command, Path(folder) / "fax", self._store)
        async with message_file(self._telephony, command.message_id) as file:
            if file is None:
                return MessageLost(message_id=command.message_id, reason="no file came from Asterisk")
            labels = {"call": call_id, "box": command.box}
            path, duration_ms, size, digest = await self._store.keep_message(
                command.message_id, file, command.started_at, labels
            )
        self._stored.add(command.message_id)
        if duration_ms < command.min_s * 1000:
            await self._store.drop(path)
            return MessageLost(message_id=command.message_id, reason="too_short")
        expected_s = command.expected_s
        ok = expected_s is None or abs(duration_ms / 1000 - expected_s) <= ALLOWED_DIFFERENCE_S
        if not ok:
            log.error("message_length_wrong", call_id=call_id, message=command.message_id, seconds=duration_ms / 1000)
        return MessageCollected(
            message_id=command.message_id, path=path, duration_ms=duration_ms, size_bytes=size, sha256=digest, ok=ok
        )

    async def _fax(self, command: CollectMessage, file: Path, store: MessageStore) -> MessageCollected | MessageLost:
        if not await self._telephony.fetch_fax(command.message_id, file):
            return MessageLost(message_id=command.message_id, reason="no pages came from Asterisk")
        path, pages, size, digest = await store.keep_fax(command.message_id, file, command.started_at)
        return MessageCollected(
            message_id=command.message_id,
            path=path,
            duration_ms=0,
            size_bytes=size,
            sha256=digest,
            ok=pages > 0,
            pages=pages,
        )


@asynccontextmanager
async def message_file(telephony: Telephony, message_id: str) -> AsyncGenerator[Path | None]:
    """Asks again while the link is away or the file is not closed yet; None: there is none."""
    pause = FIRST_PAUSE_S
    for attempt in range(ATTEMPTS):
        async with AsyncExitStack() as opened:
            try:
                file = await opened.enter_async_context(telephony.message(message_id))
            except Retryable as error:
                log.warning("message_waits_for_link", message=message_id, error=str(error))
                file = None
            if file is not None:
                yield file
                return
        if attempt < ATTEMPTS - 1:
            await asyncio.sleep(pause)
            pause *= 2
    yield None
