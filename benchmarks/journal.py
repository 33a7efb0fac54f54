"""How fast steps become durable, and how fast they reach Postgres; beside it the straightforward way: one INSERT each.

    python -m benchmarks.journal [--calls 1000] [--peer-steps 1000] [--triggers ROUNDS]

With --triggers: only what the triggers that keep sums and labels for reports cost shipping, in turns with and without
them. Runs on an embedded Postgres of its own with fsync on, in a temporary folder, and prints one table.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from ctiserver.call.events import Step
from ctiserver.free_ports import choose_free_port
from ctiserver.parts_folders import cache_folder
from ctiserver.store.database import Database
from ctiserver.store.driver import driver_connection
from ctiserver.store.embedded import EmbeddedPostgres, wheel_programs
from ctiserver.store.journal import SpoolJournal
from ctiserver.store.migrations import upgrade
from ctiserver.store.projection import WRITE_EVENT, event_body
from ctiserver.store.shipper import Shipper
from ctiserver.unprivileged import service_user
from tests.postgres.store.call_stories import answered_call, numbered
from tests.real_parts import service_folder

STEPS_OF_A_CALL = 17
KEPT_BY_TRIGGERS = ("agent_time_interval", "call")


@dataclass(frozen=True, slots=True)
class Measured:
    steps: int
    wall_s: float
    processor_s: float

    @property
    def per_second(self) -> float:
        return self.steps / self.wall_s

    def line(self, name: str) -> str:
        microseconds = self.processor_s / self.steps * 1e6
        return f"{name:<44}{self.per_second:>10,.0f} steps/s {microseconds:>8.1f} µs processor/step"


class Stopwatch:
    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def measured(self, steps: int) -> Measured:
        return Measured(steps, time.perf_counter() - self._wall, time.process_time() - self._processor)


async def spool(folder: Path, steps: Sequence[Step]) -> Measured:
    """As fast as it goes, yielding to the loop after each call's worth, until the last one is on disk."""
    journal = SpoolJournal(folder)
    await journal.start(bytes)
    watch = Stopwatch()
    for index, step in enumerate(steps):
        journal.append(step)
        if index % STEPS_OF_A_CALL == 0:
            await asyncio.sleep(0)
    await journal.close()
    return watch.measured(len(steps))


async def confirmation_delays(folder: Path, steps: Sequence[Step], per_second: float) -> list[float]:
    """Seconds from append to confirmation at a steady rate."""
    journal = SpoolJournal(folder)
    delays: list[float] = []
    appended: list[float] = []

    def confirmed(batch: Sequence[Step]) -> None:
        now, first = time.perf_counter(), len(delays)
        delays.extend(now - appended[first + offset] for offset in range(len(batch)))

    journal.on_durable(confirmed)
    await journal.start(bytes)
    begun = time.perf_counter()
    for index, step in enumerate(steps):
        await asyncio.sleep(max(0.0, begun + index / per_second - time.perf_counter()))
        appended.append(time.perf_counter())
        journal.append(step)
    await journal.close()
    return delays


async def ship(folder: Path, database: Database) -> Measured:
    """All that `spool` left, into journal and read models."""
    journal = SpoolJournal(folder)
    shipper = Shipper(journal, database, node="n1", region="CN")
    await journal.start(bytes)
    watch = Stopwatch()
    work = asyncio.create_task(shipper.run())
    await shipper.shipped(journal.durable_seq)
    measured = watch.measured(journal.durable_seq)
    await shipper.close()
    await work
    await journal.close()
    return measured


async def insert_each(database: Database, steps: Sequence[Step]) -> Measured:
    """The peer: every step is one awaited INSERT with its own commit, and no read models."""
    async with driver_connection(database) as connection:
        watch = Stopwatch()
        for step in numbered(steps):
            values = (None, step.at, type(step.input).__name__, event_body(step))
            await connection.execute(WRITE_EVENT.replace("$4", "to_timestamp($4::float8)"), "peer", step.seq, *values)
        return watch.measured(len(steps))


async def measure(calls: int, peer_steps: int) -> None:
    steps = [step for number in range(calls) for step in answered_call(f"n1-{number}", at=number * 2.0)]
    gc.freeze()  # the prepared steps are no part of what is measured
    with service_folder() as root:
        server = EmbeddedPostgres(root / "postgres", choose_free_port(), wheel_programs(cache_folder(), service_user()))
        await server.start()
        database = Database(server.url)
        try:
            await upgrade(database)
            await people(database)
            written = await spool(root / "spool", steps)
            shipped = await ship(root / "spool", database)
            each = await insert_each(database, steps[:peer_steps])
        finally:
            await database.close()
            await server.stop()
        delays = sorted(await confirmation_delays(root / "delays", steps[:2000], per_second=400))
    print(written.line("spool, group commit"))
    print(shipped.line("shipping with read models"))
    print(each.line("peer: one INSERT each, no read models"))
    print(f"spool : peer = {written.per_second / each.per_second:.1f}   ", end="")
    print(f"shipping : peer = {shipped.per_second / each.per_second:.1f}")
    both_ms = (written.processor_s + shipped.processor_s) / calls * 1000
    print(f"processor time of an answered call ({STEPS_OF_A_CALL} steps): {both_ms:.2f} ms")
    p95 = delays[int(len(delays) * 0.95)]
    print(f"append → on disk at 400 steps/s: p50 {statistics.median(delays) * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms")


async def measure_triggers(calls: int, rounds: int) -> None:
    steps = [step for number in range(calls) for step in answered_call(f"n1-{number}", at=number * 2.0)]
    gc.freeze()
    ratios: list[float] = []
    with service_folder() as root:
        server = EmbeddedPostgres(root / "postgres", choose_free_port(), wheel_programs(cache_folder(), service_user()))
        await server.start()
        try:
            for number in range(rounds):
                took: dict[bool, Measured] = {}
                for kept in (True, False) if number % 2 else (False, True):
                    name = f"round_{number}_{kept}".lower()
                    await spool(root / name, steps)
                    took[kept] = await ship_to_new(server, root / name, name, kept=kept)
                ratios.append(took[True].wall_s / took[False].wall_s)
                with_them, without = took[True].per_second, took[False].per_second
                print(f"round {number + 1}: {with_them:,.0f} steps/s with, {without:,.0f} without", flush=True)
        finally:
            await server.stop()
    print(f"time with triggers : without = {statistics.median(ratios):.3f} ({min(ratios):.3f}-{max(ratios):.3f})")


async def ship_to_new(server: EmbeddedPostgres, folder: Path, name: str, *, kept: bool) -> Measured:
    await server.create_database(name)
    database = Database(server.url_of(name))
    try:
        await upgrade(database)
        await people(database)
        async with database.writing() as connection:
            for table in () if kept else KEPT_BY_TRIGGERS:
                await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return await ship(folder, database)
    finally:
        await database.close()
        await server.drop_database(name)


async def people(database: Database) -> None:
    """Whom the calls refer to."""
    async with database.writing() as connection:
        for statement in (
            "INSERT INTO agent (number, name, extension, sip_password)"
            " VALUES ('1001', 'A', '1001', 'x'), ('1002', 'B', '1002', 'x')",
            "INSERT INTO queue (id, name) VALUES ('repairs', '{}')",
        ):
            await connection.execute(text(statement))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--peer-steps", type=int, default=1000)
    parser.add_argument("--triggers", type=int, default=0, metavar="ROUNDS")
    options = parser.parse_args()
    if options.triggers:
        asyncio.run(measure_triggers(options.calls, options.triggers))
    else:
        asyncio.run(measure(options.calls, options.peer_steps))


if __name__ == "__main__":
    main()
