"""The demo's billing system as a part of a stack."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from ctiserver.errors import PartError
from ctiserver.free_ports import choose_free_port
from ctiserver.local_process import LocalProcess
from ctiserver.parts_folders import CHECKOUT
from ctiserver.unprivileged import start_prefix

START_PATIENCE_S = 30.0
STOP_PATIENCE_S = 5.0


@dataclass(slots=True)
class BillingProcess:
    """Listens on a free port of this machine, asks for a token that only this stack knows."""

    log_file: Path
    port: int = field(default_factory=choose_free_port)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    process: LocalProcess = field(init=False)

    def __post_init__(self) -> None:
        self.process = LocalProcess("billing", self.log_file.with_suffix(".process.json"))

    @property
    def environment(self) -> dict[str, str]:
        """What lookups.yaml refers to."""
        return {"BILLING_URL": f"http://127.0.0.1:{self.port}", "BILLING_TOKEN": self.token}

    async def start(self) -> None:
        """Returns when it answers. Raises PartError."""
        await self.process.end_leftover(first=signal.SIGTERM, patience_s=STOP_PATIENCE_S)
        self.process.start(
            [*start_prefix(None, "TERM"), sys.executable, "-m", "ctiserver.demo.billing", "--port", str(self.port)],
            environment=os.environ | self.environment,
            folder=CHECKOUT,
            output=self.log_file,
        )
        try:
            await self._answering()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        await self.process.stop(first=signal.SIGTERM, patience_s=STOP_PATIENCE_S)

    async def _answering(self) -> None:
        url = f"{self.environment['BILLING_URL']}/health"
        deadline = asyncio.get_running_loop().time() + START_PATIENCE_S
        signed = {"Authorization": f"Bearer {self.token}"}
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2), headers=signed) as http:
            while True:
                try:
                    async with http.get(url) as answer:
                        if answer.status == 200:
                            return
                except (aiohttp.ClientError, TimeoutError):
                    pass  # not listening yet
                ended = self.process.exit_code is not None
                if ended or asyncio.get_running_loop().time() > deadline:
                    raise PartError("the demo's billing system does not start", hint=f"see {self.log_file}")
                await asyncio.sleep(0.1)
