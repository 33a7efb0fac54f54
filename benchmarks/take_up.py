"""kill -9 of the daemon in the middle of conversations: how long until the next one has taken all of them up.

    python -m benchmarks.take_up [--calls 50] [--rounds 3]

SIPp's callers talk with SIPp's agents. The daemon is killed and started again at once; the time runs from that start,
Python's own included, until every agent is told as talking. At the end none may have been dropped.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import statistics
import sys
import time

import aiohttp

from benchmarks.call_load.sipp import Sipp, sipp_programs
from benchmarks.call_load.stage import LINE, Stage, environment_is_clean, stage
from ctiserver.demo.desk_client import DeskClient
from ctiserver.log import set_up_logging
from ctiserver.parts_folders import cache_folder
from tests.real_parts import service_folder

FIRST_NUMBER, PER_S, POLL_S, PATIENCE_S = 13_100_000_000, 25.0, 0.02, 60.0
TALK_MS = 20_000


async def one_round(place: Stage, sipp: Sipp, number: int, calls: int) -> float:
    placed = asyncio.create_task(sipp.call(f"take-up-{number}", LINE, calls, PER_S, FIRST_NUMBER + number * 1000))
    await until_talking(place, calls)
    os.kill(place.daemon.process.pid or 0, signal.SIGKILL)
    begun = time.monotonic()
    starting = asyncio.create_task(place.daemon.start())
    await until_talking(place, calls)
    took = time.monotonic() - begun
    await starting
    failed = (await placed).failed
    sys.stdout.write(f"round {number}: {calls} conversations taken up after {took:.2f} s, {failed} calls failed\n")
    return took


async def until_talking(place: Stage, calls: int) -> None:
    """By the daemon's own figures, which anybody may ask for."""
    async with asyncio.timeout(PATIENCE_S), aiohttp.ClientSession(place.daemon.base_url) as http:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get("/metrics") as answer:
                    if f'cti_agents{{state="talking"}} {calls}.0' in await answer.text():
                        return
            await asyncio.sleep(POLL_S)


async def main(options: argparse.Namespace) -> int:
    set_up_logging(level="CRITICAL")
    if not environment_is_clean():
        sys.stderr.write("unset DATABASE_URL and all CTI_… variables first\n")
        return 1
    programs = sipp_programs(cache_folder())
    with service_folder() as folder:
        async with stage(folder, options.calls) as place, DeskClient(place.daemon.base_url) as desk:
            sipp = Sipp(programs, place.asterisk.ports.sip, folder)
            await place.daemon.start()
            await place.accounts_are_there()
            await sipp.register(place.phones)
            await sipp.start_agents(TALK_MS)
            try:
                await place.phones_answer()
                await place.daemon.stop()
                await place.daemon_that_is_ready(desk)
                times = [await one_round(place, sipp, n, options.calls) for n in range(1, options.rounds + 1)]
            finally:
                await sipp.stop_agents()
    load = os.getloadavg()[0]
    sys.stdout.write(f"median {statistics.median(times):.2f} s, longest {max(times):.2f} s, load average {load:.1f}\n")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    sys.exit(asyncio.run(main(parser.parse_args())))
