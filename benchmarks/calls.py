"""Calls through ctiserver, and the same calls through app_queue on the same Asterisk in the same run.

    python -m benchmarks.calls [--rates 5 20] [--seconds 20] [--agents 100] [--json FILE]

SIPp plays the callers and the agents, who answer at once; there is no sound, so recordings are begun and ended but stay
empty. Printed: caller-INVITE → agent-INVITE, processor time per call, failures, and the ratios. Nothing is judged:
absolute times belong to the machine and to what else it does, which is stated beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.call_load.measure import Figures, Meter, figures
from benchmarks.call_load.sipp import Sipp, sipp_programs
from benchmarks.call_load.stage import LINE, QUEUE_LINE, Stage, environment_is_clean, stage
from ctiserver.demo.desk_client import DeskClient
from ctiserver.log import set_up_logging
from ctiserver.parts_folders import cache_folder
from tests.real_parts import service_folder

WARM_UP_CALLS = 20
SETTLE_S = 3.0  # after the last hang-up: journal, Postgres and recordings of the last calls belong to them
FIRST_NUMBER = 13_900_000_000


@dataclass(frozen=True, slots=True)
class Run:
    contestant: str
    per_second: float
    figures: Figures


async def main(options: argparse.Namespace) -> int:
    set_up_logging(level="ERROR")
    if not environment_is_clean():
        _say("unset DATABASE_URL and all CTI_… variables first: they would win over this benchmark's settings")
        return 1
    programs = sipp_programs(cache_folder())
    with service_folder() as folder:
        async with stage(folder, options.agents) as place, DeskClient(place.daemon.base_url) as desk:
            sipp = Sipp(programs, place.asterisk.ports.sip, folder)
            _say(f"{options.agents} agents register")
            await place.daemon.start()
            await place.accounts_are_there()
            await sipp.register(place.phones)
            await sipp.start_agents(options.talk_ms)
            try:
                await place.phones_answer()
                runs = await _both(place, sipp, desk, options)
            finally:
                await sipp.stop_agents()
            rows = (await place.query("SELECT count(*) AS n FROM call WHERE ended_at IS NOT NULL"))[0]["n"]
    text = report(runs, options, rows)
    sys.stdout.write(text)
    if options.json:
        content = {"options": {**vars(options), "json": str(options.json)}, "runs": [asdict(run) for run in runs]}
        options.json.write_text(json.dumps(content, indent=1) + "\n")
    return 0


async def _both(place: Stage, sipp: Sipp, desk: DeskClient, options: argparse.Namespace) -> list[Run]:
    await place.daemon.stop()
    await place.app_queue_that_is_ready()
    runs = await _contest("app_queue", QUEUE_LINE, place, sipp, options, FIRST_NUMBER)
    _say("agents sign in")
    await place.daemon_that_is_ready(desk)
    _say(f"the daemon's process is {place.daemon.process.pid}")
    return runs + await _contest("ctiserver", LINE, place, sipp, options, FIRST_NUMBER + 500_000_000)


async def _contest(
    name: str, line: str, place: Stage, sipp: Sipp, options: argparse.Namespace, first_number: int
) -> list[Run]:
    await sipp.call(f"{name}-warm-up", line, WARM_UP_CALLS, 5, first_number)
    runs: list[Run] = []
    for number, per_second in enumerate(options.rates, 1):
        calls = int(per_second * options.seconds)
        _say(f"{name}: {calls} calls, {per_second:g} a second")
        meter = Meter(
            {"asterisk": place.asterisk.process.pid, "daemon": place.daemon.process.pid},
            tree={"postgres": place.postgres.process.pid},
        )
        placed = await sipp.call(f"{name}-{number}", line, calls, per_second, first_number + number * 1_000_000)
        await asyncio.sleep(SETTLE_S)
        runs.append(Run(name, per_second, figures(placed, sipp.arrived(), meter)))
    return runs


def report(runs: Sequence[Run], options: argparse.Namespace, rows: int) -> str:
    """A table with one line per run, then the ratios."""
    lines = [
        "",
        f"{options.agents} agents, {options.talk_ms / 1000:g} s of talk, {options.seconds:g} s per rate, "
        f"{os.cpu_count()} processors, recording and journal on, no sound",
        f"{'':<12}{'calls/s':>8}{'calls':>7}{'failed':>7} |{'INVITE→INVITE ms':^24}|"
        f"{'processor ms per call':<27}| machine",
        f"{'':<12}{'':>8}{'':>7}{'':>7} |{'p50':>8}{'p90':>8}{'p99':>8}|"
        f"{'Asterisk':>9}{'daemon':>8}{'Postgres':>9} | busy, of which ours; load",
    ]
    for run in runs:
        f = run.figures
        lines.append(
            f"{run.contestant:<12}{run.per_second:>8g}{f.calls:>7}{f.failed:>7} |"
            f"{f.p50_ms:>8.1f}{f.p90_ms:>8.1f}{f.p99_ms:>8.1f}|"
            f"{f.processor_ms['asterisk']:>9.2f}{f.processor_ms.get('daemon', 0):>8.2f}"
            f"{f.processor_ms['postgres']:>9.2f} | {f.machine_busy:>4.0%} {f.ours_busy:>4.0%}; {f.load:.1f}"
        )
    lines.append("")
    for per_second in options.rates:
        peer, own = (
            next(run.figures for run in runs if (run.contestant, run.per_second) == (name, per_second))
            for name in ("app_queue", "ctiserver")
        )
        processor = (own.processor_ms["asterisk"] + own.processor_ms["daemon"]) / peer.processor_ms["asterisk"]
        lines.append(
            f"at {per_second:g}/s, ctiserver : app_queue   p50 {own.p50_ms / peer.p50_ms:.2f}, "
            f"p99 {own.p99_ms / peer.p99_ms:.2f}, Asterisk and daemon together {processor:.2f}"
        )
    return "\n".join([*lines, f"{rows} finished calls in Postgres", ""])


def _say(text: str) -> None:
    sys.stderr.write(f"benchmark: {text}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rates", type=float, nargs="+", default=[5.0, 20.0], help="calls a second, one run each")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long callers ring, per rate")
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--talk-ms", type=int, default=2000)
    parser.add_argument("--json", type=Path, help="writes all figures to this file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(_options())))
