"""Looks at short intervals whether what we believe is so, and puts right what is not.

    every 20 s   calls ◀─▶ Asterisk's channels, bridges, messages, playbacks      live/recovery, live/misplaced
                 calls ◀─▶ the routing engine                                     live/routing_differences
                 agents ◀─▶ the phones as Asterisk lists them                     here

Things move while we look: only what differs in two looks, some seconds apart, is a difference. So a drift lasts 25 s
at the most. What comes again in spite of being repaired is left alone after a few attempts and told once, loudly.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator

import structlog

from ctiserver.errors import Retryable
from ctiserver.last_resort import end_without_memory
from ctiserver.live import metrics
from ctiserver.live.differences import Difference
from ctiserver.live.dispatcher import Dispatcher
from ctiserver.live.recovery import Recovery
from ctiserver.live.registry import CallRegistry
from ctiserver.live.routing_differences import routing_differences
from ctiserver.ports import PhoneSeen, Telephony

log = structlog.get_logger()

EVERY_S = 20.0
CONFIRM_S = 3.0
ATTEMPTS = 3


class Reconciler:
    def __init__(
        self, recovery: Recovery, registry: CallRegistry, dispatcher: Dispatcher, telephony: Telephony, node: str
    ) -> None:
        self._recovery = recovery
        self._registry = registry
        self._dispatcher = dispatcher
        self._telephony = telephony
        self._node = node
        self._attempts: Counter[tuple[str, str]] = Counter()

    async def run(self, link: asyncio.Event, *, every_s: float = EVERY_S) -> None:
        """Until cancelled; rests while there is no link, since every connect compares by itself."""
        while True:
            await asyncio.sleep(every_s)
            await link.wait()
            try:
                result = await self.once()
            except Exception as error:  # a defect in comparing must not cost the calls that are in order
                end_without_memory(error)
                log.error("reconciliation_crashed", error=repr(error), exc_info=error)
                result = "crashed"
            metrics.reconciliations.labels(result).inc()

    async def once(self) -> str:
        """How it went: clean, repaired, cut_short."""
        try:
            suspected = {difference.key for difference in await self._look()}
            if not suspected:
                self._attempts.clear()
                return "clean"
            await asyncio.sleep(CONFIRM_S)
            found = [difference for difference in await self._look() if difference.key in suspected]
            await self._put_right(found)
        except Retryable as error:  # the next look, or the next connect, finds it again
            log.warning("reconciliation_cut_short", problem=str(error))
            return "cut_short"
        return "repaired" if found else "clean"

    async def _put_right(self, found: list[Difference]) -> None:
        keys = {difference.key for difference in found}
        for gone in self._attempts.keys() - keys:
            del self._attempts[gone]
        for difference in found:
            self._attempts[difference.key] += 1
            if self._attempts[difference.key] <= ATTEMPTS:
                await difference.put_right()
            elif self._attempts[difference.key] == ATTEMPTS + 1:
                log.error("not_repairable", kind=difference.kind, what=difference.what, attempts=ATTEMPTS)

    async def _look(self) -> list[Difference]:
        found = await self._recovery.differences()
        found.extend(routing_differences(self._registry, self._dispatcher, self._node))
        try:
            found.extend(self._of_phones(await self._telephony.phones()))
        except Retryable:  # without AMI: the phones are read anew when it is back
            log.debug("phones_not_compared")
        return found

    def _of_phones(self, listed: list[PhoneSeen]) -> Iterator[Difference]:
        for phone in listed:
            known = self._dispatcher.phone(phone.extension)
            if known is not None and known != (phone.reachable, phone.in_use):
                state = f"reachable={phone.reachable} in_use={phone.in_use}"
                yield Difference("phone", f"{phone.extension} {state}", self._telephony.read_phones_anew)
