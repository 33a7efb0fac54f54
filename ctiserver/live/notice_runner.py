"""Has phones rung about messages that nobody has heard: one call at a time for a phone, at the hours of the box.

What is unheard and how often a phone was rung stands in Postgres, a call under way in the journal: a restart loses and
repeats nothing. What became of a call comes back with the journal's shipping; until the rows show it, that phone is not
rung about those messages. What somebody hears elsewhere is taken from every phone at once.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Protocol

import structlog

from ctiserver.call.events import MessageHeard, MessagesTaken, NoticeDue, NoticeTried, Step
from ctiserver.call.notice import MessageNotice, NoticedMessage
from ctiserver.clock import Clock
from ctiserver.errors import DatabaseAwayError, Refused
from ctiserver.live import metrics
from ctiserver.live.controls import Controls
from ctiserver.live.dispatcher import Dispatcher
from ctiserver.live.registry import CallRegistry
from ctiserver.log import mask_number
from ctiserver.store.callers.rows import NoticeRow

log = structlog.get_logger()

EVERY_S = 2.0
MOST_ATTEMPTS = 3  # for a phone and a message
PAUSE_S = 120.0
NEWER_THAN_S = 86_400.0  # an older message is no news; the pages show it
MOST_AT_ONCE = 10
MOST_MESSAGES = 50  # in one call
LISTENED = "listened"


class UnheardMessages(Protocol):
    """Raises DatabaseAwayError."""

    async def notices(self, since: float) -> list[NoticeRow]: ...


class NoticeRunner:
    """`told(voicemail id)`: it is not new any more, pages read it again."""

    def __init__(
        self,
        messages: UnheardMessages,
        registry: CallRegistry,
        dispatcher: Dispatcher,
        controls: Controls,
        clock: Clock,
        timezone: tzinfo,
        node: str,
        told: Callable[[str], None],
    ) -> None:
        self._messages = messages
        self._registry = registry
        self._dispatcher = dispatcher
        self._controls = controls
        self._clock = clock
        self._timezone = timezone
        self._node = node
        self._told = told
        self._settling: dict[tuple[str, str], str] = {}  # message and phone → the call whose outcome is on its way
        self._heard: set[str] = set()  # messages of which Postgres does not know yet that they were heard
        self._numbers = itertools.count(1)
        self._refused: set[str] = set()  # phones of which it was said that they may not be rung

    def on_durable(self, steps: Sequence[Step]) -> None:
        for step in steps:
            for fact in step.facts:
                match fact:
                    case NoticeTried():
                        self._settling.update({(ident, fact.phone): step.subject for ident in fact.voicemail_ids})
                        metrics.notices.labels(fact.outcome).inc()
                        log.info("message_notice_over", call_id=step.subject, box=fact.box, outcome=fact.outcome)
                    case MessageHeard():
                        self._heard.add(fact.voicemail_id)
                        log.info("message_heard_on_phone", call_id=step.subject, message=fact.voicemail_id)
                        self._take((fact.voicemail_id,), but=step.subject)
                    case _:
                        pass

    async def run(self, ready: Awaitable[object]) -> None:
        """Until it is cancelled. `ready`: what the last run left has arrived in Postgres."""
        await ready
        while True:
            try:
                await self.once()
            except DatabaseAwayError as error:
                log.warning("message_notices_wait", error=str(error))
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        """Raises DatabaseAwayError."""
        asked_at = self._clock.now()
        rows = await self._messages.notices(asked_at - NEWER_THAN_S)
        self._settle(rows)
        unheard = {row.voicemail_id for row in rows} - self._heard
        live = self._live()
        for call_id, notice in live.items():
            self._expect(call_id, notice)
        for call_id, notice in live.items():
            gone = [message.id for message in notice.left if message.id not in unheard]
            if gone:
                self._registry.post(call_id, MessagesTaken(voicemail_ids=tuple(gone)))
        ringing = {notice.phone for notice in live.values()}
        for (phone, _), about in _by_phone(row for row in rows if row.voicemail_id in unheard).items():
            if len(ringing) >= MOST_AT_ONCE:
                return
            if phone not in ringing and self._is_due(about) and self._begin(about):
                ringing.add(phone)

    def _expect(self, call_id: str, notice: MessageNotice) -> None:
        self._settling.update({(message.id, notice.phone): call_id for message in notice.messages})

    def _settle(self, rows: Sequence[NoticeRow]) -> None:
        """Forgets what Postgres knows by now, or does not list any more."""
        known = {(row.voicemail_id, row.phone): row.last_call_id for row in rows}
        for key, call_id in list(self._settling.items()):
            if known.get(key, call_id) == call_id:
                del self._settling[key]
        for ident in self._heard - {row.voicemail_id for row in rows}:
            self._heard.discard(ident)
            self._told(ident)

    def _live(self) -> dict[str, MessageNotice]:
        return {
            session.id: session.call.notice
            for session in self._registry
            if session.call is not None and session.call.notice is not None and session.call.phase != "ended"
        }

    def _take(self, voicemail_ids: tuple[str, ...], *, but: str) -> None:
        for call_id in self._live():
            if call_id != but:
                self._registry.post(call_id, MessagesTaken(voicemail_ids=voicemail_ids))

    def _is_due(self, about: Sequence[NoticeRow]) -> bool:
        now = self._clock.now()
        first = about[0]
        if not within_hours(datetime.fromtimestamp(now, self._timezone), first.ring_from, first.ring_to):
            return False
        if any((row.voicemail_id, row.phone) in self._settling for row in about):
            return False
        return any(
            row.outcome != LISTENED
            and row.attempts < MOST_ATTEMPTS
            and (row.last_at is None or now >= row.last_at + PAUSE_S)
            for row in about
        )

    def _begin(self, about: Sequence[NoticeRow]) -> bool:
        """False: the phone can't be rung now, or ever."""
        first, now = about[0], self._clock.now()
        found = self._find(first.phone)
        if found is None:
            return False
        endpoint, shown, inside = found
        call_id = f"{self._node}-v{int(now * 1000)}-{next(self._numbers)}"
        title = first.title.get(first.language) or first.title.get("zh-CN") or first.box
        attempt = min(row.attempts for row in about) + 1
        notice = MessageNotice(
            box=first.box,
            title=title,
            phone=first.phone,
            endpoint=endpoint,
            messages=tuple(
                NoticedMessage(id=row.voicemail_id, path=row.path, at=row.at, caller=row.caller_number)
                for row in about[:MOST_MESSAGES]
            ),
            attempt=attempt,
            shown=shown,
            pin_hash=first.pin_hash,
            language=first.language,
            inside=inside,
        )
        self._expect(call_id, notice)
        self._registry.open_notice(NoticeDue(call_id=call_id, notice=notice))
        log.info(
            "message_notice_begun",
            call_id=call_id,
            box=first.box,
            phone=mask_number(first.phone),
            messages=len(about),
            attempt=attempt,
        )
        return True

    def _find(self, phone: str) -> tuple[str, str, bool] | None:
        """Endpoint, the number that is shown there, and whether it is a phone of this house.

        None: its agent is in a call, or it may not be rung, which is said once.
        """
        for agent in self._dispatcher.directory.agents:
            if phone in (agent.extension, agent.number):
                idle = self._dispatcher.record(agent.id).activity == "idle"
                return (f"PJSIP/{agent.extension}", "", True) if idle else None
        try:
            target = self._controls.number(phone)
        except Refused as refusal:
            if phone not in self._refused:
                self._refused.add(phone)
                log.warning("message_phone_not_rung", phone=mask_number(phone), reason=refusal.error_id)
            return None
        return target.endpoint, target.shown, False


def within_hours(local: datetime, begin: str, end: str) -> bool:
    """`begin` and `end` as HH:MM, over midnight too; both the same: at any hour."""
    now = f"{local:%H:%M}"
    if begin == end:
        return True
    return begin <= now < end if begin < end else now >= begin or now < end


def _by_phone(rows: Iterable[NoticeRow]) -> dict[tuple[str, str], list[NoticeRow]]:
    """By phone and box: a call is about one box."""
    found: dict[tuple[str, str], list[NoticeRow]] = {}
    for row in rows:
        found.setdefault((row.phone, row.box), []).append(row)
    return found
