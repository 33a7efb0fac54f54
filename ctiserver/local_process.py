"""One foreign server process that we start, recognise again after a crash of ours, and stop by its id."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import structlog

from ctiserver.errors import PartError

log = structlog.get_logger()

POLL_S = 0.05


@dataclass(slots=True)
class LocalProcess:
    """`identity_file` remembers (pid, start time) of what runs, so that a recycled pid is never taken for it."""

    name: str
    identity_file: Path
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child and self._child.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        """None while it runs (or was never started)."""
        return self._child.poll() if self._child else None

    def start(self, command: Sequence[str], *, environment: Mapping[str, str], folder: Path, output: Path) -> None:
        """Starts the server; must be called on the main thread (see unprivileged.start_prefix). Output is appended."""
        with output.open("ab") as file:
            self._child = subprocess.Popen(
                list(command),
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C in our terminal is ours: we stop parts in order
            )
        started = psutil.Process(self._child.pid).create_time()
        self.identity_file.write_text(json.dumps({"pid": self._child.pid, "started": started}))

    async def wait(self) -> int:
        """Waits until the process ends; returns its exit code (negative: killed by that signal)."""
        if self._child is None:
            raise PartError(f"{self.name} has not been started")
        while (code := self._child.poll()) is None:  # noqa: ASYNC110 - a child's end is no event of this loop
            await asyncio.sleep(POLL_S)
        return code

    async def stop(self, *, first: signal.Signals, patience_s: float) -> None:
        """Asks with `first`, kills after `patience_s`; fine if it has ended by itself."""
        if self._child and self._child.poll() is None:
            await _end(psutil.Process(self._child.pid), self.name, first, patience_s)
            await self.wait()
        self.identity_file.unlink(missing_ok=True)

    async def end_leftover(self, *, first: signal.Signals, patience_s: float) -> None:
        """Ends the process that an earlier run of ours left behind, if it is really ours and still runs."""
        leftover = find_process(self.identity_file)
        if leftover is not None:
            log.warning("leftover_process_ended", part=self.name, pid=leftover.pid)
            await _end(leftover, self.name, first, patience_s)
        self.identity_file.unlink(missing_ok=True)


def find_process(identity_file: Path) -> psutil.Process | None:
    """The process that an identity file names, if that very process (not a later one with its id) still runs."""
    try:
        identity = json.loads(identity_file.read_text())
        process = psutil.Process(int(identity["pid"]))
        same = abs(process.create_time() - float(identity["started"])) < 0.02  # create_time has 10 ms steps
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (FileNotFoundError, ValueError, KeyError, psutil.NoSuchProcess):
        return None


async def _end(process: psutil.Process, name: str, first: signal.Signals, patience_s: float) -> None:
    try:
        process.send_signal(first)
        deadline = asyncio.get_running_loop().time() + patience_s
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if asyncio.get_running_loop().time() > deadline:
                log.error("process_killed", part=name, pid=process.pid, patience_s=patience_s)
                process.kill()
                deadline = float("inf")
            await asyncio.sleep(POLL_S)
    except psutil.NoSuchProcess:
        pass


def minimal_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The little that a foreign server needs from our environment: none of our settings or secrets."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "TZ", "TMPDIR") if key in os.environ}
    return {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **kept, **(extra or {})}
