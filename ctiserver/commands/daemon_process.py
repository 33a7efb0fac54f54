"""The daemon as a part of a stack: its settings file, its process, and whether it answers."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from ruamel.yaml import YAML

from ctiserver.errors import PartError
from ctiserver.free_ports import require_free
from ctiserver.local_process import LocalProcess
from ctiserver.parts_folders import CHECKOUT
from ctiserver.unprivileged import start_prefix, write_private

log = structlog.get_logger()

START_PATIENCE_S = 60.0
STOP_PATIENCE_S = 20.0


@dataclass(slots=True)
class DaemonProcess:
    """`settings` is written to `settings_file`, readable by us alone: no secret stands on a command line."""

    settings_file: Path
    settings: dict[str, Any]
    base_url: str
    port: int
    log_file: Path
    environment: dict[str, str] = field(default_factory=dict[str, str])  # beyond ours
    process: LocalProcess = field(init=False)

    def __post_init__(self) -> None:
        self.process = LocalProcess("ctiserver", self.log_file.with_suffix(".process.json"))

    async def start(self) -> None:
        """Returns when the daemon says that it is ready. Raises PartError that quotes what it said."""
        await self.process.end_leftover(first=signal.SIGTERM, patience_s=STOP_PATIENCE_S)
        await require_free(self.port, setting="CTI_HTTP__PORT")
        text = io.StringIO()
        YAML().dump(self.settings, text)  # pyright: ignore[reportUnknownMemberType] - partly typed library
        write_private(self.settings_file, text.getvalue(), None)
        written = self.log_file.stat().st_size if self.log_file.exists() else 0
        self.process.start(
            [
                *start_prefix(None, "TERM"),
                *(sys.executable, "-m", "ctiserver", "serve", "--config", str(self.settings_file)),
            ],
            environment=os.environ | self.environment | {"PYTHONUNBUFFERED": "1"},
            folder=CHECKOUT,
            output=self.log_file,
        )
        try:
            await self._ready(written)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        await self.process.stop(first=signal.SIGTERM, patience_s=STOP_PATIENCE_S)

    async def _ready(self, written: int) -> None:
        deadline = asyncio.get_running_loop().time() + START_PATIENCE_S
        seen = "it does not answer"
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
            while True:
                try:
                    async with http.get(f"{self.base_url}/health/ready") as answer:
                        seen = await answer.text()
                        if answer.status == 200:
                            return
                except (aiohttp.ClientError, TimeoutError):
                    pass  # not listening yet
                if (code := self.process.exit_code) is not None:
                    raise PartError(f"ctiserver ended while starting (exit code {code}):\n{self._said_since(written)}")
                if asyncio.get_running_loop().time() > deadline:
                    raise PartError(
                        f"ctiserver is not ready after {START_PATIENCE_S:.0f} s: {seen}\n{self._said_since(written)}"
                    )
                await asyncio.sleep(0.1)

    def _said_since(self, position: int) -> str:
        with self.log_file.open("rb") as file:
            file.seek(position)
            lines = file.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-15:])
