"""What goes wrong, and when: drawn from a seed, so that a run can be repeated."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from tests.asterisk.chaos.stand import DaemonProcess, Stand

Fault = Callable[[Stand], Awaitable[None]]


async def kill(stand: Stand) -> None:
    """As out of memory: and whoever keeps it running starts it again."""
    await stand.daemon.kill()
    stand.daemon.start()


async def stop_for_a_while(stand: Stand) -> None:
    stand.daemon.send(signal.SIGSTOP)
    await asyncio.sleep(1.5)
    stand.daemon.send(signal.SIGCONT)


async def upgrade(stand: Stand) -> None:
    former = stand.daemon
    stand.daemon = DaemonProcess(former.file, former.log)
    stand.daemon.start("--take-over")
    await former.ended()


async def ari_reset(stand: Stand) -> None:
    stand.links.ari.reset()


async def ari_half_open(stand: Stand) -> None:
    stand.links.ari.half_open()


async def ari_stalls(stand: Stand) -> None:
    stand.links.ari.stall()
    await asyncio.sleep(2)
    stand.links.ari.resume()


async def ami_reset(stand: Stand) -> None:
    stand.links.ami.reset()


async def ami_half_open(stand: Stand) -> None:
    stand.links.ami.half_open()


async def everything_slow(stand: Stand) -> None:
    links = (stand.links.ari, stand.links.ami, stand.links.postgres)
    for link in links:
        link.delay_s = 0.1
    await asyncio.sleep(2)
    for link in links:
        link.delay_s = 0.0


async def postgres_away(stand: Stand) -> None:
    await stand.links.postgres.refuse()
    await asyncio.sleep(2)
    await stand.links.postgres.accept()


async def postgres_cut(stand: Stand) -> None:
    stand.links.postgres.cut_after(5)


async def clock_set(stand: Stand) -> None:
    """By half a day, and back with the next of its kind."""
    stand.clock_ahead_s = 0.0 if stand.clock_ahead_s else -43_200.0
    stand.daemon.set_clock(stand.clock_ahead_s)


FAULTS: tuple[Fault, ...] = (
    kill,
    stop_for_a_while,
    upgrade,
    ari_reset,
    ari_half_open,
    ari_stalls,
    ami_reset,
    ami_half_open,
    everything_slow,
    postgres_away,
    postgres_cut,
    clock_set,
)


@dataclass(frozen=True)
class Planned:
    pause_s: float
    fault: Fault


def plan(seed: int, seconds: float, *, apart_s: float = 2.5) -> Iterator[Planned]:
    """Every fault comes once before any comes again."""
    draw = random.Random(seed)  # noqa: S311 - a schedule
    passed = 0.0
    while True:
        for fault in draw.sample(FAULTS, len(FAULTS)):
            pause = draw.uniform(0.5, 1.5) * apart_s
            passed += pause
            if passed > seconds:
                return
            yield Planned(pause, fault)
