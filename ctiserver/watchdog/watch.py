"""The watching itself: asks in turn, judges, has parts restarted by whoever runs them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from prometheus_client import Counter, Gauge

from ctiserver.errors import PartError
from ctiserver.watchdog.judge import Rule, Seen, Verdict, judge
from ctiserver.watchdog.probes import Probe

log = structlog.get_logger()

RESTART_BUDGET_S = 120.0
SAID_BYTES = 500

UP = Gauge("cti_watchdog_up", "1: the part answered at the last look", ["part"])
RESTARTS = Counter("cti_watchdog_restarts_total", "Restarts that the outside watchdog asked for", ["part", "outcome"])


@dataclass
class Watched:
    """One part: how it is asked, and the argument list that restarts it (empty: it is only told)."""

    part: str
    probe: Probe
    restart: Sequence[str]
    rule: Rule
    seen: Seen = field(default_factory=Seen)

    async def look(self) -> Verdict:
        """Asks once and does what follows from the answer."""
        problem = ""
        try:
            await self.probe()
        except PartError as error:
            problem = error.message
        UP.labels(self.part).set(not problem)
        self.seen, verdict = judge(self.seen, not problem, time.monotonic(), self.rule)
        match verdict:
            case "fine":
                pass
            case "well_again":
                log.info("part_well_again", part=self.part)
            case "failing" | "recovering":
                log.warning("part_does_not_answer", part=self.part, problem=problem, state=verdict)
            case "given_up":
                log.critical("part_is_down", part=self.part, problem=problem, because="restarts did not help")
            case "restart":
                await self._restart(problem)
        return verdict

    async def _restart(self, problem: str) -> None:
        if not self.restart:
            log.critical("part_is_down", part=self.part, problem=problem, because="no command restarts it")
            return
        log.critical("part_is_restarted", part=self.part, problem=problem, command=self.restart[0])
        try:
            outcome = await _run(self.restart)
        except (OSError, TimeoutError) as error:
            outcome = str(error) or f"not done within {RESTART_BUDGET_S:.0f} s"
        RESTARTS.labels(self.part, "failed" if outcome else "done").inc()
        if outcome:
            log.error("restart_failed", part=self.part, problem=outcome)


async def _run(command: Sequence[str]) -> str:
    """What went wrong; empty: nothing. In a process group of its own, so that nothing of it is left hanging."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(RESTART_BUDGET_S):
            said, _ = await process.communicate()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        raise
    if process.returncode == 0:
        return ""
    return f"exit code {process.returncode}: {said[-SAID_BYTES:].decode(errors='replace').strip()}"


async def look_once(watched: Sequence[Watched]) -> bool:
    """Asks each part once, changes nothing; whether all answer."""
    fine = True
    for each in watched:
        try:
            await each.probe()
            log.info("part_answers", part=each.part)
        except PartError as error:
            log.error("part_does_not_answer", part=each.part, problem=error.message)
            fine = False
    return fine


async def watch(watched: Sequence[Watched], every_s: float) -> None:
    """Until cancelled. Each part in its own time: one that hangs does not keep the others from being looked at."""

    async def one(each: Watched) -> None:
        while True:
            await each.look()
            await asyncio.sleep(every_s)

    async with asyncio.TaskGroup() as group:
        for each in watched:
            group.create_task(one(each), name=f"watch {each.part}")
