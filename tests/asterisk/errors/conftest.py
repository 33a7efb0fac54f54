"""The daemon as its own process against real parts, with settings that a story makes wrong."""

from __future__ import annotations

import asyncio
import copy
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from ruamel.yaml import YAML

from ctiserver.asterisk.local import LocalAsterisk
from ctiserver.demo.seed import seed_demo
from ctiserver.free_ports import choose_free_port
from ctiserver.store.database import Database
from ctiserver.store.embedded import EmbeddedPostgres
from ctiserver.store.migrations import upgrade
from tests.real_parts import service_folder

START_S = 60.0
FLOW = "flow: direct\nmenu: none\nqueue: {queue: service}\n"
LINES = 'lines:\n  "100": {flow: direct, name: 直达}\n'


def eventually(true: Callable[[], object], what: str, patience_s: float = START_S) -> None:
    deadline = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < deadline, f"not within {patience_s:.0f} s: {what}"
        time.sleep(0.1)


@dataclass
class Daemon:
    """`ctiserver serve` with these settings; `said` is what it wrote so far."""

    settings: dict[str, Any]
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def file(self) -> Path:
        return self.folder / "settings.yaml"

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text(encoding="utf-8", errors="replace")

    def write_settings(self) -> None:
        with self.file.open("w", encoding="utf-8") as file:
            YAML().dump(self.settings, file)  # pyright: ignore[reportUnknownMemberType] - partly typed library

    def start(self) -> None:
        self.write_settings()
        with (self.folder / "said").open("wb") as said:
            command = [sys.executable, "-m", "ctiserver", "serve", "--config", str(self.file)]
            self.process = subprocess.Popen(command, stdout=said, stderr=said, env=clean_environment())

    def refused(self) -> str:
        """Starts it, expects that it ends by itself with exit code 1, and returns all that it said."""
        self.start()
        assert self.process
        assert self.process.wait(START_S) == 1, self.said
        return self.said

    def run(self) -> None:
        """Starts it and waits until its HTTP answers, whatever its health."""
        self.start()
        eventually(lambda: self.answer("/health/live")[0] == 200, "the daemon answers")

    def answer(self, path: str) -> tuple[int, str]:
        """Status and body; status 0: nobody answers."""
        if self.process and self.process.poll() is not None:
            raise AssertionError(f"the daemon ended:\n{self.said}")
        try:
            with urlopen(f"http://127.0.0.1:{self.settings['http']['port']}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def component(self, name: str) -> dict[str, Any]:
        """Of /health/ready."""
        parts = json.loads(self.answer("/health/ready")[1])["components"]
        return next(part for part in parts if part["name"] == name)

    def hang_up_signal(self) -> None:
        assert self.process
        os.kill(self.process.pid, signal.SIGHUP)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            assert self.process.wait(30) == 0, self.said


def clean_environment(**variables: str) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("CTI_") and name != "DATABASE_URL"}
    cache = {"CTI_CACHE": os.environ["CTI_CACHE"]} if "CTI_CACHE" in os.environ else {}
    return kept | cache | variables


@pytest.fixture(scope="session")
def seeded_url(embedded_postgres: EmbeddedPostgres) -> str:
    """A database of this version with the demo's people and queues."""

    async def prepare() -> str:
        await embedded_postgres.create_database("errors")
        url = embedded_postgres.url_of("errors")
        database = Database(url)
        await upgrade(database)
        await seed_demo(database)
        await database.close()
        return url

    return asyncio.run(prepare())


_numbers = itertools.count(1)


@pytest.fixture
def daemon(seeded_url: str, asterisk: LocalAsterisk) -> Iterator[Daemon]:
    """Settings with which it would start; change `daemon.settings` before starting it."""
    with ExitStack() as undo:
        folder = undo.enter_context(service_folder())
        (folder / "flows").mkdir()
        (folder / "flows" / "direct.yaml").write_text(FLOW, encoding="utf-8")
        (folder / "flows" / "lines.yaml").write_text(LINES, encoding="utf-8")
        secrets = asterisk.secrets()
        number = next(_numbers)
        settings: dict[str, Any] = {
            "node": f"e{os.getpid() % 1000}x{number}",
            "database_url": seeded_url,
            "var": str(folder / "var"),
            "flows": str(folder / "flows"),
            "recordings": str(folder / "recordings"),
            "http": {"port": choose_free_port()},
            "speech": dict(asterisk.programs.speech_settings()),
            "asterisk": {
                "url": asterisk.ari_url,
                "password": secrets.ari_password,
                "ami_port": asterisk.ports.ami,
                "ami_secret": secrets.ami_secret,
                "app": f"errors{number}",
            },
        }
        daemon = Daemon(copy.deepcopy(settings), folder)
        undo.callback(daemon.stop)
        yield daemon
