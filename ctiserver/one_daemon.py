"""One daemon at a time for each folder of state, and how the next one takes over from the one that runs.

The lock is the kernel's: it ends with the process that holds it, however that ends. Its file names the holder.

    running daemon                          the next one (`serve --take-over`)
        │ serves                               checks settings, flows, database; a mistake ends it here
        │ ◀──────────── SIGUSR2 ────────────── asks for the folder
        │ stops within moments; calls go on    waits
        ╳ the lock is free ──────────────────▶ reads the spool, connects to Asterisk, takes the calls up
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import IO

import structlog

from ctiserver.errors import PartError

log = structlog.get_logger()

LOCK = "daemon.lock"
HAND_OVER = signal.SIGUSR2
DRAIN = signal.SIGUSR1
POLL_S = 0.02
JUST_ENDING_S = 0.5
PATIENCE_S = 15.0  # then the former is killed: its calls go on in Asterisk, and the spool holds what it knew


class DaemonLock:
    def __init__(self, folder: Path) -> None:
        """`folder` exists and is writable."""
        self._file = folder / LOCK
        self._handle: IO[str] | None = None

    async def take(self, *, over: bool, patience_s: float = PATIENCE_S) -> None:
        """`over`: whoever has it is asked to hand over, and killed if it does not. Raises PartError."""
        if self._try():
            return
        if not over and await self._wait(JUST_ENDING_S):
            return
        holder = holder_of(self._file)
        if not over:
            raise PartError(
                f"another ctiserver (process {holder}) runs with the folder {self._file.parent}",
                hint="stop it, let this one take over (`ctiserver serve --take-over`), or give it a folder of its own",
            )
        log.info("taking_over", former=holder)
        began = asyncio.get_running_loop().time()
        _send(holder, HAND_OVER)
        if not await self._wait(patience_s):
            log.warning("former_daemon_killed", former=holder, because=f"it did not hand over in {patience_s:.0f} s")
            _send(holder, signal.SIGKILL)
            if not await self._wait(patience_s):
                raise PartError(f"the former ctiserver (process {holder}) does not end", hint="is its disk stuck?")
        log.info("taken_over", former=holder, seconds=round(asyncio.get_running_loop().time() - began, 3))

    def release(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def _try(self) -> bool:
        handle = self._file.open("a+", encoding="utf-8")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            return False
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        self._handle = handle
        return True

    async def _wait(self, seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not self._try():
            if loop.time() > deadline:
                return False
            await asyncio.sleep(POLL_S)
        return True


def running_daemon(folder: Path) -> int | None:
    """The process that holds the folder now."""
    file = folder / LOCK
    try:
        with file.open("r", encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except OSError:  # held
        return holder_of(file) or None
    return None


def holder_of(file: Path) -> int:
    text = file.read_text(encoding="utf-8").strip()
    return int(text) if text.isdigit() else 0


def _send(process: int, what: signal.Signals) -> None:
    """Only whoever holds the lock has its number there, so it can't be somebody else by now; 0: not written yet."""
    if process:
        with suppress(ProcessLookupError):  # it ended in this moment
            os.kill(process, what)
