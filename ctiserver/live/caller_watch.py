"""Tells those who are responsible of new messages and faxes: their pages, and by mail. Each is told once, since what
has been told stands in the row; a restart loses and repeats nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from ctiserver.directory import Directory
from ctiserver.errors import DatabaseAwayError
from ctiserver.live.audience import EVERYONE, Audience
from ctiserver.live.feed import Feed
from ctiserver.log import mask_number
from ctiserver.store.callers.rows import BoxRow
from ctiserver.store.callers.store import CallersStore

log = structlog.get_logger()

EVERY_S = 2.0


class CallerWatch:
    def __init__(self, store: CallersStore, feed: Feed, directory: Callable[[], Directory]) -> None:
        self._store = store
        self._feed = feed
        self._directory = directory

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self.once()
            except DatabaseAwayError as error:
                log.warning("caller_notices_wait", error=str(error))
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        """Raises DatabaseAwayError."""
        voicemails, faxes = await self._store.voicemails.untold(), await self._store.faxes.untold()
        if not voicemails and not faxes:
            return
        boxes = {box.name: box for box in await self._store.voicemails.boxes()}
        for row in voicemails:
            box = boxes.get(row["box"]) or BoxRow(name=row["box"])
            at = row["at"].timestamp()
            params = {"voicemail": row["id"], "box": box.name, "at": at, "caller": row["caller_number"]}
            if await self._store.voicemails.mark_told(row["id"], box.mail, params):
                shown = {**params, "caller": mask_number(row["caller_number"])}
                self._tell("voicemail", row["id"], box, shown)
        for row in faxes:
            box = boxes.get(row["box"]) or BoxRow(name=row["box"])
            params = {"fax": row["id"], "box": box.name, "at": row["at"].timestamp()}
            if await self._store.faxes.mark_told(row["id"], box.mail, params):
                self._tell("fax", row["id"], box, params)

    def _tell(self, topic: str, row_id: str, box: BoxRow, news: dict[str, Any]) -> None:
        log.info("caller_left_something", topic=topic, id=row_id, box=box.name)
        self._feed.publish("callers", {"topic": topic, "id": row_id}, EVERYONE)
        self._feed.publish("message_left", {"topic": topic, **news}, self._responsible(box))

    def _responsible(self, box: BoxRow) -> Audience:
        """Of a box that nobody was named for those who supervise are told."""
        agents = {agent.id for agent in self._directory().agents if agent.id in box.agents or agent.team in box.teams}
        return Audience(staff=not (box.agents or box.teams), agents=frozenset(agents))
