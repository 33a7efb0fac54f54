"""Brings the journal from this machine's disk to Postgres, behind the calls' back, in order, exactly once.

```
spool ──read──▶ ≤ 500 steps ──one transaction──▶ journal_event · read models · journal_position ──▶ old segments go
                    ▲                     │
                    └── keep, back off ◀──┘ Postgres away
```

Steps that the journal has just called durable are taken from memory; the disk is read for what was there before us, and
for what piled up while Postgres was away.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it ships none
import msgspec
import structlog
from prometheus_client import Gauge

from ctiserver.call.events import Step
from ctiserver.errors import DatabaseAwayError, PartError
from ctiserver.store.database import Database
from ctiserver.store.driver import driver_connection
from ctiserver.store.journal import SpoolJournal
from ctiserver.store.projection import Projection
from ctiserver.store.spool_files import remove_shipped
from ctiserver.store.spool_reader import SpoolReader

log = structlog.get_logger()

BEHIND = Gauge("cti_journal_behind_steps", "Steps that are on disk and not in Postgres yet")
MISSING = Gauge("cti_journal_missing_steps", "Steps that the disk no longer holds and Postgres never saw")


class ShipperLimits(msgspec.Struct, frozen=True, kw_only=True):
    batch_steps: int = 500
    memory_steps: int = 5000  # heard and not shipped; what is more is read from disk again
    gather_s: float = 0.1  # how long the first step after a pause waits for others …
    spacing_s: float = 1.0  # … and while there is always something new, from one batch to the next
    retry_s: float = 0.5  # doubles with each failure …
    longest_retry_s: float = 10.0  # … up to this


async def next_seq(database: Database, node: str) -> int:
    """The node's next free number as far as Postgres knows (see SpoolJournal). Raises DatabaseAwayError."""
    async with driver_connection(database) as connection:
        return await Projection(node, "").position(connection) + 1


class Shipper:
    """`run` is the work of one task of the daemon; `close` asks it to bring what is left and end.

    `shipped_seq` is the last number known to be in Postgres (None: not asked yet); `failure` says why nothing moves.
    """

    def __init__(
        self, journal: SpoolJournal, database: Database, *, node: str, region: str, limits: ShipperLimits | None = None
    ) -> None:
        self._journal = journal
        self._database = database
        self._node = node
        self._projection = Projection(node, region)
        self._limits = limits or ShipperLimits()
        self._work = asyncio.Event()
        self._shipped = asyncio.Condition()
        self._closing = asyncio.Event()
        self._reader: SpoolReader | None = None
        self._unshipped: list[Step] = []
        self._fresh: deque[Step] = deque()  # heard lately, in order and without a gap
        self.shipped_seq: int | None = None
        self.failure = ""
        journal.on_durable(self._heard)
        BEHIND.set_function(lambda: self.lag)
        MISSING.set_function(lambda: self.missing_steps)

    @property
    def lag(self) -> int:
        """Confirmed steps that are not in Postgres yet."""
        return 0 if self.shipped_seq is None else self._journal.durable_seq - self.shipped_seq

    @property
    def projection_errors(self) -> int:
        return self._projection.errors

    @property
    def missing_steps(self) -> int:
        """Numbers that the disk no longer holds, and that Postgres will therefore never see."""
        return self._reader.missing_steps if self._reader else 0

    async def run(self) -> None:
        """Ships until `close`. Raises PartError where Postgres knows steps that this spool doesn't."""
        retry_s = self._limits.retry_s
        while True:
            last_pass = self._closing.is_set()
            try:
                await self._ship_all()
            except DatabaseAwayError as error:
                self._note_failure(str(error))
                if self._closing.is_set():
                    return
                await _sleep_unless(self._closing, retry_s)
                retry_s = min(2 * retry_s, self._limits.longest_retry_s)
                continue
            retry_s = self._limits.retry_s
            if last_pass:
                return
            await self._wait_for_work()

    async def close(self) -> None:
        """`run` ends once all is shipped, or at once where Postgres is away: the spool keeps the rest.

        Close the journal first, so that its last steps are on disk and go along.
        """
        self._closing.set()
        self._work.set()

    async def shipped(self, seq: int) -> None:
        """Waits until the step with this number, and all before it, are in Postgres."""
        async with self._shipped:
            await self._shipped.wait_for(lambda: self.shipped_seq is not None and self.shipped_seq >= seq)

    def _heard(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if self._fresh and step.seq != self._fresh[-1].seq + 1:  # given up by a full disk: it has no number
                self._fresh.clear()
            if step.seq:
                self._fresh.append(step)
        while len(self._fresh) > self._limits.memory_steps:
            self._fresh.popleft()
        self._work.set()

    async def _wait_for_work(self) -> None:
        """Many steps in one transaction cost a fraction of what each would cost alone."""
        idle_since = asyncio.get_running_loop().time()
        await self._work.wait()
        waited_s = asyncio.get_running_loop().time() - idle_since
        await _sleep_unless(self._closing, max(self._limits.gather_s, self._limits.spacing_s - waited_s))
        self._work.clear()

    async def _ship_all(self) -> None:
        try:
            async with driver_connection(self._database) as connection:
                reader = self._reader or await self._begin(await self._projection.position(connection))
                while batch := await self._next_batch(reader):
                    await self._projection.write(connection, batch, after=self.shipped_seq or 0)
                    self._unshipped = []
                    await self._note_shipped(batch[-1].seq)
        except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.QueryCanceledError) as error:
            raise DatabaseAwayError(f"Postgres could not take a batch now: {error}") from error

    async def _begin(self, position: int) -> SpoolReader:
        if position >= self._journal.first_own_seq:
            raise PartError(
                f"Postgres has steps of node {self._node} up to {position}, but the spool went on at "
                f"{self._journal.first_own_seq}: another spool was used in between",
                hint="restart the daemon, which then numbers on from there; give each node its own name",
            )
        self._reader = SpoolReader(self._journal.folder, position + 1)
        await self._note_shipped(position)
        return self._reader

    async def _next_batch(self, reader: SpoolReader) -> list[Step]:
        """What a failed attempt left, or the next steps from disk."""
        if not self._unshipped:
            until, limit = self._journal.durable_seq, self._limits.batch_steps
            self._unshipped = self._from_memory(reader, until, limit)
            if self._unshipped or reader.next_seq > until:
                return self._unshipped
            try:
                self._unshipped = await asyncio.to_thread(reader.read, until, limit)
            except OSError as error:
                problem = f"The journal in {self._journal.folder} can't be read: {error}"
                raise PartError(problem, hint="check the disk and who owns the folder") from error
        return self._unshipped

    def _from_memory(self, reader: SpoolReader, until: int, limit: int) -> list[Step]:
        """The next confirmed steps, if they are the next to be shipped; empty: the disk has to be read."""
        while self._fresh and self._fresh[0].seq < reader.next_seq:
            self._fresh.popleft()
        if not self._fresh or self._fresh[0].seq != reader.next_seq:
            return []
        steps: list[Step] = []
        while self._fresh and len(steps) < limit and self._fresh[0].seq <= until:
            steps.append(self._fresh.popleft())
        if steps:
            reader.skip_to(steps[-1].seq + 1)
        return steps

    async def _note_shipped(self, seq: int) -> None:
        if self.failure:
            log.info("shipping_again", lag=self._journal.durable_seq - seq)
            self.failure = ""
        async with self._shipped:
            self.shipped_seq = seq
            self._shipped.notify_all()
        await asyncio.to_thread(remove_shipped, self._journal.folder, seq)

    def _note_failure(self, problem: str) -> None:
        if not self.failure:
            log.warning("shipping_waits", problem=problem, lag=self.lag)
        self.failure = problem


async def _sleep_unless(event: asyncio.Event, seconds: float) -> None:
    """Waits, but not beyond the event."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
