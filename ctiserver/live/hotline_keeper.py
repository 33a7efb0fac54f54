"""The hotline's settings in force: looked at every second, so that a change is heard by the next caller on every node.

While Postgres is away the last ones stay in force, also over a restart: a copy lies beside the spool.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import msgspec
import structlog

from ctiserver.errors import DatabaseAwayError
from ctiserver.hotline_settings import HotlineSettings

log = structlog.get_logger()

EVERY_S = 1.0


class Source(Protocol):
    async def revision(self) -> int: ...

    async def read(self, today: date) -> HotlineSettings: ...


class HotlineKeeper:
    """`changed` is told of each new state, once at the start too; `today` is the centre's date."""

    def __init__(
        self,
        source: Source,
        copy: Path,
        today: Callable[[], date],
        changed: Callable[[HotlineSettings], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        self._source = source
        self._copy = copy
        self._today = today
        self._read_on: date | None = None
        self._one_at_a_time = asyncio.Lock()
        self.changed = changed
        self.settings = HotlineSettings()
        self.away = ""

    async def start(self) -> None:
        """The settings from Postgres, or from the copy."""
        if not await self.look():
            kept = await asyncio.to_thread(_read_copy, self._copy)
            if kept is not None:
                await self._take(kept)

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.look()

    async def look(self) -> bool:
        """Takes what is new; call it after a change of one's own. False: Postgres is away."""
        async with self._one_at_a_time:
            try:
                today = self._today()
                if self._read_on == today and await self._source.revision() == self.settings.revision:
                    self.away = ""
                    return True
                fresh = await self._source.read(today)
            except DatabaseAwayError as error:
                if not self.away:
                    log.warning("hotline_settings_not_read", problem=str(error), in_force="the last ones known")
                self.away = str(error)
                return False
            self.away = ""
            self._read_on = today
            await self._take(fresh)
            try:
                await asyncio.to_thread(_write_copy, self._copy, fresh)
            except OSError as error:  # a full disk: the settings are in force all the same
                log.error("hotline_copy_not_written", problem=str(error))
            return True

    async def _take(self, fresh: HotlineSettings) -> None:
        self.settings = fresh
        active = sum(one.enabled for one in fresh.announcements)
        log.info("hotline_settings", revision=fresh.revision, announcements=active, calendars=len(fresh.calendars))
        if self.changed is not None:
            await self.changed(fresh)


def _write_copy(copy: Path, settings: HotlineSettings) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    draft = copy.with_name(copy.name + ".new")
    draft.write_bytes(msgspec.json.encode(settings))
    os.replace(draft, copy)


def _read_copy(copy: Path) -> HotlineSettings | None:
    try:
        return msgspec.json.decode(copy.read_bytes(), type=HotlineSettings)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        log.error("hotline_copy_unreadable", file=str(copy), problem=str(error))
        return None
