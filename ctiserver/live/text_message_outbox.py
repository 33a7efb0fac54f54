"""Sends the text messages that flows asked for: taken from Postgres, tried again with growing pauses, then given up.

taken ─▶ sender ─▶ sent │ failed: later (30 s, 1 min … 1 h), after MOST_ATTEMPTS given up │ refused: given up
"""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog
from prometheus_client import Counter

from ctiserver.channels.text_messages import TextMessage, TextMessageSender
from ctiserver.errors import DatabaseAwayError
from ctiserver.store.outbox_messages import WaitingMessage

log = structlog.get_logger()

EVERY_S = 2.0
AT_ONCE = 10
LEASE_S = 120.0
"""Longer than a sender takes: what is not noted by then is tried again."""
FIRST_PAUSE_S = 30.0
LONGEST_PAUSE_S = 3600.0
MOST_ATTEMPTS = 12

text_messages = Counter("cti_text_messages_total", "Attempts to send text messages, by outcome", ["outcome"])


class Outbox(Protocol):
    """Provided by store/outbox_messages.py; all raise DatabaseAwayError."""

    async def take(self, most: int, lease_s: float) -> list[WaitingMessage]: ...

    async def note_sent(self, message_id: str) -> None: ...

    async def try_later(self, message_id: str, wait_s: float, error: str) -> None: ...

    async def give_up(self, message_id: str, error: str) -> None: ...


class TextMessageOutbox:
    """`run` belongs into a task."""

    def __init__(self, outbox: Outbox, sender: TextMessageSender) -> None:
        self._outbox = outbox
        self._sender = sender

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                while await self.once() == AT_ONCE:
                    pass
            except DatabaseAwayError as error:
                log.warning("text_messages_wait", problem=str(error))
            await asyncio.sleep(EVERY_S)

    async def once(self) -> int:
        """Sends what is due; answers how many were taken. Raises DatabaseAwayError."""
        taken = await self._outbox.take(AT_ONCE, LEASE_S)
        await asyncio.gather(*(self._send(message) for message in taken))
        return len(taken)

    async def _send(self, waiting: WaitingMessage) -> None:
        result = await self._sender.send(TextMessage(id=waiting.id, number=waiting.number, text=waiting.body))
        text_messages.labels(result.outcome).inc()
        known = {"message": waiting.id, "attempts": waiting.attempts}
        if result.outcome == "sent":
            await self._outbox.note_sent(waiting.id)
            log.info("text_message_sent", **known)
        elif result.outcome == "refused" or waiting.attempts >= MOST_ATTEMPTS:
            await self._outbox.give_up(waiting.id, result.reason)
            log.error("text_message_given_up", reason=result.reason, **known)
        else:
            wait_s = pause_after(waiting.attempts)
            await self._outbox.try_later(waiting.id, wait_s, result.reason)
            log.warning("text_message_failed", reason=result.reason, again_in_s=wait_s, **known)


def pause_after(attempts: int) -> float:
    """Seconds until the next attempt; `attempts` were made."""
    return min(FIRST_PAUSE_S * 2.0 ** (attempts - 1), LONGEST_PAUSE_S)
