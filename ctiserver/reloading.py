"""People, queues and flows as they are now, taken over by the running daemon. Whoever waits keeps the place."""

from __future__ import annotations

import asyncio

import structlog

from ctiserver.channels.lookups.engine import LookupEngine
from ctiserver.config import Settings
from ctiserver.errors import PartError
from ctiserver.live.centre import ControlCentre
from ctiserver.live.flow_keeper import FlowKeeper
from ctiserver.live.phone_choices import PhoneChoices
from ctiserver.start_checks import DIRECTORY_COPY
from ctiserver.store.database import Database
from ctiserver.store.directory_store import load_directory_or_copy
from ctiserver.store.schema_version import check_schema
from ctiserver.tasks import TaskOwner

log = structlog.get_logger()

AGAIN_S = 2.0


class Reloader:
    """`side_tasks` owns what goes on after Postgres went away in the middle of it."""

    def __init__(
        self,
        database: Database,
        flows: FlowKeeper,
        lookups: LookupEngine,
        phones: PhoneChoices,
        centre: ControlCentre,
        settings: Settings,
        side_tasks: TaskOwner,
    ) -> None:
        self._database = database
        self._flows = flows
        self._lookups = lookups
        self._phones = phones
        self._centre = centre
        self._settings = settings
        self._side_tasks = side_tasks
        self._reloading = asyncio.Lock()

    async def read_anew(self) -> None:
        """SIGHUP: people, queues, flows and outside systems. What is wrong is refused, and told."""
        try:
            await self._use_stored_directory()
        except PartError as error:
            log.error("directory_not_reloaded", problem=str(error))
            return
        self._flows.reload()
        await self._lookups.reload(self._settings.flows)

    async def take_over(self) -> None:
        """After a change through the API. Where Postgres goes away in this very moment, it is taken over later."""
        if not await self._use_stored_directory():
            self._side_tasks.start("take over directory", self.take_over_later())

    async def take_over_later(self) -> None:
        """As soon as Postgres is there again."""
        while True:
            await asyncio.sleep(AGAIN_S)
            try:
                await check_schema(self._database)
            except PartError:  # away, or not ours: the shipper tells what is wrong
                continue
            if await self._use_stored_directory():
                return

    async def _use_stored_directory(self) -> bool:
        """False: Postgres is away, the copy is in force. One after the other, or an older one might win."""
        async with self._reloading:
            copy = self._settings.var / DIRECTORY_COPY
            directory, fresh = await load_directory_or_copy(self._database, copy)
            self._phones.use_directory(directory)
            self._centre.use_directory(directory)
            self._flows.use_queues(frozenset(queue.id for queue in directory.queues))
        log.info("reloaded", agents=len(directory.agents), queues=len(directory.queues), fresh=fresh)
        return fresh
