"""Calls through Dial(), app_queue and ctiserver in turn, on one Asterisk in one run.

    python -m benchmarks.calls [--rates 20 60 120] [--seconds 6] [--agents 300] [--rounds 5] [--json FILE] [--svg FILE]
    python -m benchmarks.calls --no-recording      the same work without MixMonitor
    python -m benchmarks.calls --idle-gap          ten agents and more callers than they can serve

SIPp plays the callers and the agents, who answer at once; there is no sound, so recordings are begun and ended but stay
empty. While Dial() and app_queue take calls the daemon is stopped. Printed: medians over the rounds of
caller-INVITE → agent-INVITE, processor time per call, failures, memory, and the ratios. Nothing is judged: absolute
times belong to the machine and to what else it does, which is stated beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.call_load.measure import Meter, figures
from benchmarks.call_load.report import Run, gap_table, picture, table
from benchmarks.call_load.sipp import Placed, Sipp, sipp_programs
from benchmarks.call_load.stage import DIAL_LINE, LINE, QUEUE_LINE, Stage, environment_is_clean, stage
from ctiserver.demo.desk_client import DeskClient
from ctiserver.log import set_up_logging
from ctiserver.parts_folders import cache_folder
from tests.real_parts import service_folder

WARM_UP_CALLS = 20
SETTLE_S = 2.0  # after the last hang-up: journal, Postgres and recordings of the last calls belong to them
FIRST_NUMBER = 13_100_000_000
BETWEEN_RUNS = 10_000  # callers' numbers
GAP_AGENTS, GAP_TALK_MS, GAP_CALLS, GAP_PER_S = 10, 1000, 200, 25.0


class Bench:
    def __init__(self, place: Stage, sipp: Sipp, desk: DeskClient) -> None:
        self._place = place
        self._sipp = sipp
        self._desk = desk
        self._next_number = FIRST_NUMBER
        self._runs = 0

    async def round(self, rates: list[float], seconds: float) -> list[Run]:
        """All three, one after the other; the daemon runs for its own calls only."""
        runs = await self._contest("Dial", DIAL_LINE, rates, seconds)
        runs += await self._contest("app_queue", QUEUE_LINE, rates, seconds)
        await self._place.daemon_that_is_ready(self._desk)
        _say(f"the daemon's process is {self._place.daemon.process.pid}")
        runs += await self._contest("ctiserver", LINE, rates, seconds)
        await self._place.daemon.stop()
        return runs

    async def idle_gaps(self) -> dict[str, list[float]]:
        """Milliseconds, by contestant."""
        gaps: dict[str, list[float]] = {}
        for name, line in (("app_queue", QUEUE_LINE), ("ctiserver", LINE)):
            if name == "ctiserver":
                await self._place.daemon_that_is_ready(self._desk)
            before = len(self._sipp.idle_gaps_ms())
            _say(f"{name}: {GAP_CALLS} callers for {GAP_AGENTS} agents")
            await self._call(f"{name}-gap", line, GAP_CALLS, GAP_PER_S)
            gaps[name] = self._sipp.idle_gaps_ms()[before + GAP_AGENTS :]  # the first of each spans the pause before
        return gaps

    async def _contest(self, name: str, line: str, rates: list[float], seconds: float) -> list[Run]:
        await self._call(f"{name}-warm-up", line, WARM_UP_CALLS, 10)
        await asyncio.sleep(SETTLE_S)
        runs: list[Run] = []
        for per_second in rates:
            calls = int(per_second * seconds)
            _say(f"{name}: {calls} calls, {per_second:g} a second")
            daemon = self._place.daemon.process
            meter = Meter(
                {"asterisk": self._place.asterisk.process.pid, "daemon": daemon.pid if name == "ctiserver" else None},
                tree={"postgres": self._place.postgres.process.pid},
            )
            placed = await self._call(name, line, calls, per_second)
            await asyncio.sleep(SETTLE_S)
            runs.append(Run(name, per_second, figures(placed, self._sipp.arrived(), meter)))
        return runs

    async def _call(self, name: str, line: str, calls: int, per_second: float) -> Placed:
        self._runs += 1
        first, self._next_number = self._next_number, self._next_number + BETWEEN_RUNS
        return await self._sipp.call(f"{self._runs}-{name}", line, calls, per_second, first)


async def main(options: argparse.Namespace) -> int:
    set_up_logging(level="CRITICAL")
    if not environment_is_clean():
        _say("unset DATABASE_URL and all CTI_… variables first: they would win over this benchmark's settings")
        return 1
    agents = GAP_AGENTS if options.idle_gap else options.agents
    runs: list[Run] = []
    gaps: dict[str, list[float]] = {}
    programs = sipp_programs(cache_folder())
    with service_folder() as folder:
        async with (
            stage(folder, agents, recording=options.recording) as place,
            DeskClient(place.daemon.base_url) as desk,
        ):
            sipp = Sipp(programs, place.asterisk.ports.sip, folder)
            _say(f"{agents} agents register")
            await place.daemon.start()
            await place.accounts_are_there()
            await sipp.register(place.phones)
            await sipp.start_agents(GAP_TALK_MS if options.idle_gap else options.talk_ms)
            try:
                await place.phones_answer()
                await place.daemon.stop()
                await place.asterisk_knows_its_own_ways()
                bench = Bench(place, sipp, desk)
                if options.idle_gap:
                    gaps = await bench.idle_gaps()
                else:
                    for number in range(options.rounds):
                        _say(f"round {number + 1} of {options.rounds}")
                        runs += await bench.round(options.rates, options.seconds)
            finally:
                await sipp.stop_agents()
            rows = (await place.query("SELECT count(*) AS n FROM call WHERE ended_at IS NOT NULL"))[0]["n"]
    conditions = (
        f"{agents} agents, {options.talk_ms / 1000:g} s of talk, {options.seconds:g} s per rate, "
        f"{options.rounds} rounds, {os.cpu_count()} processors, journal on, "
        f"{'recording on' if options.recording else 'nothing recorded'}, no sound"
    )
    sys.stdout.write(gap_table(gaps) if gaps else f"{conditions}\n{table(runs)}{rows} finished calls in Postgres\n")
    if options.json:
        content = {"conditions": conditions, "runs": [asdict(run) for run in runs], "idle_gaps_ms": gaps}
        options.json.write_text(json.dumps(content, indent=1) + "\n")
    if options.svg and runs:
        options.svg.write_text(picture(runs))
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"benchmark: {text}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rates", type=float, nargs="+", default=[20.0, 60.0, 120.0], help="calls a second")
    parser.add_argument("--seconds", type=float, default=6.0, help="how long callers ring, per rate")
    parser.add_argument("--agents", type=int, default=300)
    parser.add_argument("--talk-ms", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--recording", action=argparse.BooleanOptionalAction, default=True, help="MixMonitor for all")
    parser.add_argument("--idle-gap", action="store_true", help="measures how long agents wait for the next caller")
    parser.add_argument("--json", type=Path, help="writes all figures to this file")
    parser.add_argument("--svg", type=Path, help="draws the medians")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(_options())))
