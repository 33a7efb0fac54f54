"""SIPp as many callers and many agents, and what it saw: when each INVITE was sent and came, and which calls failed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from ctiserver.asterisk.debian_packages import unpack
from ctiserver.asterisk.local import SUITE, AsteriskPrograms
from ctiserver.errors import PartError
from ctiserver.free_ports import choose_free_port

HOST = "127.0.0.1"
SCENARIOS = Path(__file__).parent / "scenarios"
LOG_LINE = re.compile(r"(?P<epoch>\d{9,}\.\d+).*?sips?:(?P<number>\d+)@")
AGENT_LINE = re.compile(r"(?P<epoch>\d{9,}\.\d+).*?(?P<what>rings|ends) .*?sips?:(?P<agent>\d+)@")
LONGEST_DRAIN_S = 45.0  # a caller whom nobody hangs up gives up after 30 s


def sipp_programs(cache: Path) -> AsteriskPrograms:
    """SIPp from Debian's package sip-tester, run with the C library that came with it."""
    packages = unpack(SUITE, ("sip-tester",), cache / "sipp", print)
    return AsteriskPrograms(packages.root, packages.versions["sip-tester"])


@dataclass(frozen=True, slots=True)
class Placed:
    """What the callers saw: `sent` maps a caller's number to the time of its INVITE (seconds since 1970)."""

    sent: dict[str, float]
    succeeded: int
    failed: int


@dataclass(slots=True)
class Sipp:
    """`server` is Asterisk's SIP port. All phones share one port of ours, as all callers share another."""

    programs: AsteriskPrograms
    server: int
    folder: Path
    phones_port: int = field(default_factory=choose_free_port)
    scenarios: Path = SCENARIOS
    longest_drain_s: float = LONGEST_DRAIN_S
    _agents: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def register(self, phones: Sequence[tuple[str, str]]) -> None:
        """`phones` are (extension, password). Raises PartError unless all are registered."""
        lines = [f"{name};[authentication username={name} password={secret}]" for name, secret in phones]
        self._list("phones.csv", lines)
        await self._run(
            *("-sf", str(self.scenarios / "register.xml"), "-inf", str(self.folder / "phones.csv")),
            *("-p", str(self.phones_port), "-m", str(len(phones)), "-r", "50", "-timeout", "30"),
            name="register",
            allowed=(0,),
        )

    async def start_agents(self, talk_ms: int) -> None:
        """Answers on behalf of all registered phones, also when Asterisk asks whether they are there."""
        scenario = self.folder / "agents.xml"
        scenario.write_text((self.scenarios / "agents.xml").read_text().replace("TALK_MS", str(talk_ms)))
        self._agents = await self._start(
            *("-sf", str(scenario), "-p", str(self.phones_port), "-aa", "-trace_logs"),
            *("-log_file", str(self.folder / "agents.log")),
            name="agents",
        )

    async def stop_agents(self) -> None:
        if self._agents is not None:
            _end(self._agents)
            await self._agents.wait()

    def arrived(self) -> dict[str, float]:
        """When each caller's INVITE reached an agent, so far."""
        return _times(self.folder / "agents.log")

    def idle_gaps_ms(self) -> list[float]:
        """For each agent: from the end of a conversation to the next INVITE."""
        gaps: list[float] = []
        ended: dict[str, float] = {}
        for line in (self.folder / "agents.log").read_text(errors="replace").splitlines():
            if (match := AGENT_LINE.search(line)) is None:
                continue
            agent, at = match["agent"], float(match["epoch"])
            if match["what"] == "ends":
                ended[agent] = at
            elif agent in ended:
                gaps.append((at - ended.pop(agent)) * 1000)
        return gaps

    async def call(self, name: str, line: str, calls: int, per_second: float, first_number: int) -> Placed:
        """Places `calls` calls and waits until all have ended."""
        self._list(f"{name}.csv", [str(first_number + index) for index in range(calls)])
        statistics = self.folder / f"{name}-statistics.csv"
        statistics.unlink(missing_ok=True)
        await self._run(
            *("-sf", str(self.scenarios / "callers.xml"), "-inf", str(self.folder / f"{name}.csv"), "-s", line),
            *("-p", str(choose_free_port()), "-m", str(calls), "-l", str(calls), "-r", f"{per_second:g}"),
            *("-trace_logs", "-log_file", str(self.folder / f"{name}-callers.log")),
            *("-trace_stat", "-stf", str(statistics), "-timeout", str(int(calls / per_second + self.longest_drain_s))),
            name=f"{name}-callers",
            allowed=(0, 1, 97),
        )
        header, *_, last = statistics.read_text().splitlines()
        counted = dict(zip(header.split(";"), last.split(";"), strict=False))
        succeeded = int(counted["SuccessfulCall(C)"])
        return Placed(_times(self.folder / f"{name}-callers.log"), succeeded, calls - succeeded)

    def _list(self, name: str, lines: Sequence[str]) -> None:
        (self.folder / name).write_text("\n".join(["SEQUENTIAL", *lines, ""]))

    async def _run(self, *arguments: str, name: str, allowed: tuple[int, ...]) -> None:
        async with AsyncExitStack() as undo:
            process = await self._start(*arguments, name=name)
            undo.callback(_end, process)
            code = await process.wait()
        if code not in allowed:
            said = (self.folder / f"{name}.out").read_text(errors="replace")
            raise PartError(f"SIPp ({name}) ended with {code}:\n{said[-1500:]}", hint=f"its files are in {self.folder}")

    async def _start(self, *arguments: str, name: str) -> asyncio.subprocess.Process:
        command = [*self.programs.command("usr/bin/sipp"), f"{HOST}:{self.server}", "-i", HOST, "-nostdin", *arguments]
        with (self.folder / f"{name}.out").open("wb") as output:
            return await asyncio.create_subprocess_exec(
                *command, cwd=self.folder, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output
            )


def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()


def _times(log: Path) -> dict[str, float]:
    """Number → seconds since 1970; of several lines with one number the first counts."""
    times: dict[str, float] = {}
    for line in log.read_text(errors="replace").splitlines():
        if match := LOG_LINE.search(line):
            times.setdefault(match["number"], float(match["epoch"]))
    return times
