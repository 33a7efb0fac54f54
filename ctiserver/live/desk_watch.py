"""What the desk does by itself, every few seconds: deadlines that have come, orders that waited for Postgres or were
asked for by a flow, mail and SMS. Everything is a row or a file, so a restart loses and repeats nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import structlog

from ctiserver.channels.notice_senders import NoticeRefusedError, NoticeSender, Outgoing
from ctiserver.clock import Clock
from ctiserver.errors import DatabaseAwayError
from ctiserver.last_resort import end_without_memory
from ctiserver.store.desk.notices import OutgoingNotice
from ctiserver.store.desk.store import DeskStore

log = structlog.get_logger()

EVERY_S = 5.0
Changed = Callable[[str, int], None]


class DeskWatch:
    """`changed(topic, order id)` is called for what pages should read again."""

    def __init__(self, desk: DeskStore, sender: NoticeSender, clock: Clock, changed: Changed) -> None:
        self._desk = desk
        self._sender = sender
        self._clock = clock
        self._changed = changed

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        for name, work in (
            ("alarms", self._alarms),
            ("outbox", self._outbox),
            ("flow_requests", self._flow_requests),
            ("notices", self._notices),
        ):
            await self._attempt(name, work)

    async def _attempt(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except (DatabaseAwayError, OSError) as error:
            log.warning("desk_work_waits", work=name, error=str(error))
        except Exception as error:  # one order that can't be handled must not keep the others from their deadlines
            end_without_memory(error)
            log.exception("desk_work_failed", work=name)

    async def _alarms(self) -> None:
        for order_id in await self._desk.alarms.fire_due(self._clock.now()):
            self._changed("work_order", order_id)

    async def _outbox(self) -> None:
        for made in await self._desk.outbox.drain(self._desk.orders):
            self._changed("work_order", made.order_id)

    async def _flow_requests(self) -> None:
        for made in await self._desk.flow_requests.take():
            self._changed("work_order", made.order_id)

    async def _notices(self) -> None:
        await self._desk.notices.send_waiting(self._send)

    async def _send(self, notice: OutgoingNotice) -> None:
        try:
            await self._sender.send(Outgoing(**msgspec.structs.asdict(notice), message_id=f"notice-{notice.id}"))
        except NoticeRefusedError as error:  # the others go on
            log.error("notice_refused", notice=notice.id, kind=notice.kind, channel=notice.channel, error=str(error))
