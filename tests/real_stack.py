"""The whole system as one child process (`ctiserver up --json`), for stories with real phones and real pages."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from ctiserver.store.database import Database, fetch_all

START_S = 120.0
STOP_S = 30.0
POLL_S = 0.05


@dataclass
class RealStack:
    """`ready` is the line that `up --json` printed."""

    ready: Mapping[str, Any]
    var: Path
    process: subprocess.Popen[str]

    @property
    def base_url(self) -> str:
        return self.ready["base_url"]

    @property
    def sip(self) -> str:
        return self.ready["sip"]

    @property
    def recordings(self) -> Path:
        return Path(self.ready["folders"]["recordings"])

    @property
    def daemon_log(self) -> str:
        return (Path(self.ready["folders"]["log"]) / "ctiserver.log").read_text(encoding="utf-8")

    def account(self, login: str) -> Mapping[str, Any]:
        return next(account for account in self.ready["accounts"] if account["login"] == login)

    def daemon_pid(self) -> int:
        """The daemon as it is now: it is another one after a crash."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return next(p.pid for p in children if p.status() != psutil.STATUS_ZOMBIE and "serve" in p.cmdline())

    def kill_daemon(self) -> None:
        os.kill(self.daemon_pid(), signal.SIGKILL)

    async def query(self, statement: str, **values: object) -> list[Mapping[str, Any]]:
        database = Database(self.ready["database_url"], pool_size=1)
        try:
            async with database.reading() as connection:
                return list(await fetch_all(connection, statement, values))
        finally:
            await database.close()

    async def change(self, statement: str) -> None:
        """Changes the configuration in Postgres and has the daemon take it."""
        database = Database(self.ready["database_url"], pool_size=1)
        async with database.writing() as connection:
            await connection.exec_driver_sql(statement)
        await database.close()
        before = self.daemon_log.count(" reloaded ")
        os.kill(self.daemon_pid(), signal.SIGHUP)
        await eventually(lambda: self.daemon_log.count(" reloaded ") > before)

    async def row(self, statement: str, within_s: float = 15.0, **values: object) -> Mapping[str, Any]:
        """The first row, as soon as there is one: the journal is shipped behind the calls' back."""
        deadline = time.monotonic() + within_s
        while not (rows := await self.query(statement, **values)):
            if time.monotonic() > deadline:
                raise AssertionError(f"no row within {within_s:g} s: {statement} {values}")
            await asyncio.sleep(POLL_S)
        return rows[0]


async def eventually(condition: Callable[[], object], within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s:g} s")
        await asyncio.sleep(POLL_S)


@contextmanager
def running_stack(*, flows: Path | None = None, settings: Mapping[str, str] | None = None) -> Generator[RealStack]:
    """Everything in a folder of its own, on ports of its own; nothing is left afterwards. `settings`: CTI_… → value."""
    with tempfile.TemporaryDirectory(prefix="ctiserver-stack-", ignore_cleanup_errors=True) as name:
        var = Path(name)
        var.chmod(0o711)
        environment = {**os.environ, **({"CTI_FLOWS": str(flows)} if flows else {}), **(settings or {})}
        with (var / "up.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "ctiserver", "up", "--json", "--var", str(var)],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment,
            )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise AssertionError(f"the stack did not come up:\n{(var / 'up.log').read_text()}")
            yield RealStack(json.loads(line), var, process)
        finally:
            process.terminate()
            process.wait(STOP_S)
