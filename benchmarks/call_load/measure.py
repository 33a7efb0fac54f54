"""What a run cost and how quick it was: processor time by process, and the time between two INVITEs."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

from benchmarks.call_load.sipp import Placed


@dataclass(frozen=True, slots=True)
class Figures:
    """`processor_ms` by part, per call that was placed; the machine's shares are of all its processors."""

    calls: int
    failed: int
    p50_ms: float
    p90_ms: float
    p99_ms: float
    processor_ms: dict[str, float]
    machine_busy: float
    ours_busy: float  # Asterisk, daemon and Postgres; SIPp is among the others
    load: float  # 1-minute average at the end
    memory_mb: dict[str, float]  # resident, at the end


class Meter:
    """Reads processor times when made and again when asked. `tree`: with all child processes."""

    def __init__(self, parts: Mapping[str, int | None], *, tree: Mapping[str, int | None]) -> None:
        self._parts = {name: [psutil.Process(pid)] for name, pid in parts.items() if pid}
        for name, pid in tree.items():
            if pid:
                server = psutil.Process(pid)
                self._parts[name] = [server, *server.children(recursive=True)]
        self._before = {name: _seconds(processes) for name, processes in self._parts.items()}
        self._machine = psutil.cpu_times()
        self._began = time.monotonic()

    def spent(self) -> dict[str, float]:
        """Seconds of processor time by part since the start."""
        return {name: _seconds(processes) - self._before[name] for name, processes in self._parts.items()}

    def memory_mb(self) -> dict[str, float]:
        """Resident memory by part, now; Postgres's shared pages are counted once per process."""
        return {name: sum(map(_resident, processes)) / 2**20 for name, processes in self._parts.items()}

    def machine_busy(self) -> float:
        now = psutil.cpu_times()
        total = sum(now) - sum(self._machine)
        return 1 - (now.idle - self._machine.idle + now.iowait - self._machine.iowait) / total

    def wall_s(self) -> float:
        return time.monotonic() - self._began


def _seconds(processes: list[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue  # a Postgres worker that ended meanwhile: its share is lost
        total += times.user + times.system
    return total


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def figures(placed: Placed, arrived: Mapping[str, float], meter: Meter) -> Figures:
    spent = meter.spent()
    calls = placed.succeeded + placed.failed
    delays = sorted((arrived[number] - sent) * 1000 for number, sent in placed.sent.items() if number in arrived)
    cuts = statistics.quantiles(delays, n=100, method="inclusive") if len(delays) > 1 else [float("nan")] * 99
    ours = sum(spent.values()) / (meter.wall_s() * (os.cpu_count() or 1))
    return Figures(
        calls=calls,
        failed=max(placed.failed, calls - len(delays)),
        p50_ms=cuts[49],
        p90_ms=cuts[89],
        p99_ms=cuts[98],
        processor_ms={name: seconds / calls * 1000 for name, seconds in spent.items()},
        machine_busy=meter.machine_busy(),
        ours_busy=ours,
        load=os.getloadavg()[0],
        memory_mb=meter.memory_mb(),
    )
