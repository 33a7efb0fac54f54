"""What sound costs: recorded conversations at once, and one conference of many, with RTP in both directions.

    python -m benchmarks.sound [--conversations 100] [--parties 50] [--seconds 20]

SIPp is callers and phones, each sending G.711 A-law noise; the figures are processor time while only sound flows.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.call_load.measure import Meter
from benchmarks.call_load.sipp import SCENARIOS, Sipp, sipp_programs
from benchmarks.call_load.stage import LINE, Stage, environment_is_clean, stage
from ctiserver.demo.desk_client import DeskClient
from ctiserver.log import set_up_logging
from ctiserver.parts_folders import cache_folder
from tests.real_parts import service_folder

PER_SECOND = 10.0
SETTLE_S = 3.0
FIRST_NUMBER = 13_200_000_000
PATIENCE_S = 60.0
PLAY = '<nop><action><exec rtp_stream="NOISE,-1,8,PCMA/8000"/></action></nop>'


def with_sound(scenario: str, folder: Path, stays_ms: int) -> str:
    """The scenario of the calls benchmark, in which the phone also speaks and stays longer."""
    text = (SCENARIOS / scenario).read_text().replace("[media_port]", "[rtpstream_audio_port]")
    play = PLAY.replace("NOISE", str(folder / "noise.alaw"))
    text = text.replace('<recv request="ACK"/>', f'<recv request="ACK"/>\n  {play}')
    return text.replace(
        '<recv request="BYE" timeout="30000"/>', f'{play}\n  <recv request="BYE" timeout="{stays_ms}"/>'
    )


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not await condition():  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.5)
    except TimeoutError:
        raise SystemExit(f"not within {PATIENCE_S:g} s: {what}") from None


async def measured(place: Stage, seconds: float) -> tuple[dict[str, float], float]:
    """Cores by part, and how busy the whole machine was, with nothing but sound."""
    meter = Meter(
        {"asterisk": place.asterisk.process.pid, "daemon": place.daemon.process.pid},
        tree={"postgres": place.postgres.process.pid},
    )
    await asyncio.sleep(seconds)
    return {name: spent / meter.wall_s() for name, spent in meter.spent().items()}, meter.machine_busy()


async def conversations(place: Stage, sipp: Sipp, wanted: int, seconds: float) -> str:
    placing = asyncio.create_task(sipp.call("sound", LINE, wanted, PER_SECOND, FIRST_NUMBER))

    async def all_talk() -> bool:
        return f"{2 * wanted} active channels" in await place.console("core show channels count")

    await until(all_talk, f"{wanted} conversations")
    await asyncio.sleep(SETTLE_S)
    cores, busy = await measured(place, seconds)
    placed = await placing
    await asyncio.sleep(SETTLE_S)
    rows = await place.query(
        "SELECT count(*) AS n, min(duration_ms) AS shortest FROM recording WHERE status = 'stored'"
    )
    shortest = (rows[0]["shortest"] or 0) / 1000
    said = f"{placed.succeeded} succeeded, {rows[0]['n']} recordings, the shortest {shortest:.0f} s"
    return row(f"{wanted} recorded conversations", cores, busy, said)


async def conference(place: Stage, desk: DeskClient, wanted: int, seconds: float) -> str:
    login = place.phones[0][0]
    await desk.command(login, "POST", "/api/agents/me/calls", {})
    agents = {extension: (await desk.agent(extension))["id"] for extension, _ in place.phones[1:wanted]}

    async def joined() -> bool:
        return (await desk.agent(login))["activity"] == "talking"

    await until(joined, "the first member")
    call_id = (await desk.agent(login))["call_id"]
    for agent_id in agents.values():
        target = {"to": {"kind": "agent", "agent_id": agent_id}}
        await desk.command(login, "POST", f"/api/calls/{call_id}/parties", target)

    async def everybody() -> bool:
        return f"{wanted} active channels" in await place.console("core show channels count")

    await until(everybody, f"{wanted} parties in one conference")
    await asyncio.sleep(SETTLE_S)
    cores, busy = await measured(place, seconds)
    bridges = [line for line in (await place.console("bridge show all")).splitlines() if "softmix" in line]
    return row(f"one conference of {wanted}", cores, busy, f"{len(bridges)} softmix bridge")


def row(what: str, cores: dict[str, float], busy: float, said: str) -> str:
    parts = " | ".join(f"{cores[name]:.2f}" for name in ("asterisk", "daemon", "postgres"))
    return f"| {what} | {parts} | {100 * busy:.0f} % | {said} |\n"


async def main(options: argparse.Namespace) -> int:
    set_up_logging(level="CRITICAL")
    if not environment_is_clean():
        sys.stderr.write("unset DATABASE_URL and all CTI_… variables first\n")
        return 1
    table = "| with sound | Asterisk, cores | daemon, cores | Postgres, cores | machine busy | |\n"
    table += "|---|---|---|---|---|---|\n"
    stays_s = options.conversations / PER_SECOND + options.seconds + 4 * SETTLE_S
    with service_folder() as folder:
        (folder / "noise.alaw").write_bytes(random.Random(1).randbytes(8000 * 4))  # noqa: S311 - sound, no secret
        async with (
            stage(folder, max(options.conversations, options.parties)) as place,
            DeskClient(place.daemon.base_url) as desk,
        ):
            sipp = Sipp(sipp_programs(cache_folder()), place.asterisk.ports.sip, folder, scenarios=folder / "scenarios")
            sipp.longest_drain_s = stays_s + PATIENCE_S
            sipp.scenarios.mkdir()
            (sipp.scenarios / "register.xml").write_text((SCENARIOS / "register.xml").read_text())
            for name in ("agents.xml", "callers.xml"):
                (sipp.scenarios / name).write_text(with_sound(name, folder, int(stays_s * 1000) + 30_000))
            await place.daemon.start()
            await place.accounts_are_there()
            await sipp.register(place.phones)
            await sipp.start_agents(int(stays_s * 1000))
            try:
                await place.phones_answer()
                await place.daemon.stop()
                await place.daemon_that_is_ready(desk)
                table += await conversations(place, sipp, options.conversations, options.seconds)
                table += await conference(place, desk, options.parties, options.seconds)
            finally:
                await sipp.stop_agents()
    load = os.getloadavg()[0]
    sys.stdout.write(f"{table}{os.cpu_count()} processors, 1-minute load average at the end {load:.1f}\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--conversations", type=int, default=100)
    parser.add_argument("--parties", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each is measured")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(_options())))
