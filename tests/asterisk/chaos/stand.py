"""A daemon of its own behind sick links: real Asterisk, real Postgres, real phones, a fault proxy on every link."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from ruamel.yaml import YAML

from ctiserver.asterisk.local import AsteriskPrograms, LocalAsterisk
from ctiserver.demo.desk_client import DeskClient
from ctiserver.demo.phone_call import PhoneCall
from ctiserver.demo.phones import AnswerMode, Phone, SipPhones
from ctiserver.demo.seed import seed_demo
from ctiserver.errors import CtiError
from ctiserver.free_ports import choose_free_port
from ctiserver.parts_folders import cache_folder
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.embedded import EmbeddedPostgres, wheel_programs
from ctiserver.store.migrations import upgrade
from ctiserver.unprivileged import service_user
from tests.fault_proxy import FaultProxy
from tests.real_parts import free_asterisk_ports, service_folder

PATIENCE_S = 60.0
STOP_S = 60.0
FLOWS = Path(__file__).parent / "flows"
STEPPED_CLOCK = Path(__file__).parent / "stepped_clock"


async def until_true(ask: Callable[[], Awaitable[object]], within_s: float = PATIENCE_S) -> None:
    async with asyncio.timeout(within_s):
        while True:
            if await ask():
                return
            await asyncio.sleep(0.1)


@dataclass
class Links:
    ari: FaultProxy
    ami: FaultProxy
    postgres: FaultProxy

    def named(self, name: str) -> FaultProxy:
        return {"ari": self.ari, "ami": self.ami, "postgres": self.postgres}[name]

    async def heal(self) -> None:
        for link in (self.ari, self.ami, self.postgres):
            await link.heal()


@dataclass
class DaemonProcess:
    """`ctiserver serve` as it is started by whoever keeps it running."""

    file: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "ctiserver", "serve", "--config", str(self.file), *options]
            clock = {"STEPPED_CLOCK": str(self.wall_clock), "PYTHONPATH": str(STEPPED_CLOCK)}
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | clock)

    @property
    def wall_clock(self) -> Path:
        """As this daemon and its successors see it; see stepped_clock."""
        return self.file.with_name("wall_clock")

    def set_clock(self, ahead_s: float) -> None:
        """The clock on the wall goes so much ahead of the real one from now on."""
        with self.wall_clock.open("r+b") as file:
            file.write(struct.pack("d", ahead_s))

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def send(self, what: signal.Signals) -> None:
        os.kill(self.pid, what)

    async def ended(self, within_s: float = STOP_S) -> int:
        assert self.process is not None
        return await asyncio.to_thread(self.process.wait, within_s)

    def drain(self) -> None:
        """As an operator does."""
        command = [sys.executable, "-m", "ctiserver", "drain", "--config", str(self.file)]
        subprocess.run(command, check=True, capture_output=True)

    async def kill(self) -> None:
        self.send(signal.SIGKILL)
        await self.ended()

    async def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                await self.ended()
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise


@dataclass
class Stand:
    folder: Path
    asterisk: LocalAsterisk
    postgres: EmbeddedPostgres
    links: Links
    daemon: DaemonProcess
    settings: dict[str, Any]
    database: Database
    phones: SipPhones
    desk: DeskClient
    passwords: Mapping[str, str]
    clock_ahead_s: float = 0.0  # what the daemon takes for the time
    registered: dict[str, Phone] = field(default_factory=dict[str, Phone])

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.settings['http']['port']}"

    @property
    def recordings(self) -> Path:
        return Path(self.settings["recordings"])

    async def query(self, statement: str, **values: object) -> list[Mapping[str, Any]]:
        """Straight from Postgres, not through the proxy."""
        async with self.database.reading() as connection:
            return list(await fetch_all(connection, statement, values))

    async def row(self, statement: str, within_s: float = PATIENCE_S, **values: object) -> Mapping[str, Any]:
        rows: list[Mapping[str, Any]] = []

        async def there() -> object:
            rows[:] = await self.query(statement, **values)
            return rows

        await until_true(there, within_s)
        return rows[0]

    async def health(self) -> tuple[int, dict[str, dict[str, Any]]]:
        """Status and components of /health/ready; 0: nobody answers."""
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http,
                http.get(f"{self.base_url}/health/ready") as answer,
            ):
                body = await answer.json()
                return answer.status, {part["name"]: part for part in body["components"]}
        except (aiohttp.ClientError, TimeoutError):
            return 0, {}

    async def until_ready(self, within_s: float = PATIENCE_S) -> None:
        async def ready() -> bool:
            return (await self.health())[0] == 200

        await until_true(ready, within_s)

    async def until_connected(self, link: FaultProxy, within_s: float = PATIENCE_S) -> None:
        """The loss has been noticed, and made up for."""

        async def again() -> bool:
            return link.connections > 0 and (await self.health())[0] == 200

        await until_true(again, within_s)

    async def metric(self, name: str) -> float:
        """Sum over all labels of a metric of the daemon as it runs now."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.base_url}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))

    async def agent(self, login: str, *, tone_hz: int = 620, answer: AnswerMode = "manual") -> Phone:
        """Signed in and ready, with a registered phone."""
        sip = (await self.query("SELECT sip_password FROM agent WHERE number = :n", n=login))[0]["sip_password"]
        phone = await self.phones.register(login, sip, tone_hz=tone_hz, answer=answer)
        self.registered[login] = phone
        await self.desk.sign_in(login, self.passwords[login])
        await self.desk.until_reachable(login)
        await self.desk.choose_presence(login, "ready")
        return phone

    async def call(self, line: str, number: str, *, tone_hz: int = 400) -> PhoneCall:
        return await self.phones.call(
            f"sip:{line}@127.0.0.1:{self.asterisk.ports.sip}", caller_number=number, tone_hz=tone_hz
        )

    async def until(self, login: str, **fields: Any) -> None:
        async def so() -> bool:
            try:
                state = await self.desk.agent(login)
            except (aiohttp.ClientError, TimeoutError, CtiError):  # the daemon, or Postgres, is on its way up
                return False
            return all(state.get(key) == value for key, value in fields.items())

        await until_true(so, PATIENCE_S)

    async def until_quiet(self) -> None:
        """No call is left here, no channel in Asterisk; everything is in Postgres."""

        async def quiet() -> bool:
            return await self.metric("cti_calls_live") == 0 and not await self.channels()

        try:
            await until_true(quiet, PATIENCE_S)
        except TimeoutError:
            live = await self.metric("cti_calls_live")
            open_calls = await self.query(
                "SELECT id, caller_number, agent_id, started_at FROM call WHERE ended_at IS NULL"
            )
            raise AssertionError(f"not quiet: {live} calls, channels {await self.channels()}, {open_calls}") from None
        await self.row("SELECT 1 AS n WHERE NOT EXISTS (SELECT FROM call WHERE ended_at IS NULL)")
        await self.row("SELECT 1 AS n WHERE NOT EXISTS (SELECT FROM recording WHERE status = 'pending')")

    async def until_shipped(self) -> None:
        async def shipped() -> bool:
            return await self.metric("cti_journal_behind_steps") == 0

        await until_true(shipped)

    async def channels(self) -> list[Any]:
        """Asterisk's own list, not through the proxy."""
        return await self._ari("channels")

    async def bridges(self) -> list[Any]:
        return await self._ari("bridges")

    async def _ari(self, what: str) -> list[Any]:
        user = aiohttp.encode_basic_auth("ctiserver", self.asterisk.secrets().ari_password)
        async with (
            aiohttp.ClientSession(headers={"Authorization": user}) as http,
            http.get(f"{self.asterisk.ari_url}/ari/{what}") as answer,
        ):
            return await answer.json()

    async def record(self, number: str) -> dict[str, Any]:
        """The finished call of that number; there must not be another."""
        await self.row("SELECT 1 FROM call WHERE caller_number = :n AND ended_at IS NOT NULL", n=number)
        rows = await self.query("SELECT * FROM call WHERE caller_number = :n", n=number)
        assert len(rows) == 1, rows
        return dict(rows[0])


@asynccontextmanager
async def open_stand(programs: AsteriskPrograms, folder: Path, **more: Any) -> AsyncGenerator[Stand]:
    """`more`: settings beside the usual ones. Everything ends with the block, the daemon by SIGTERM."""
    async with AsyncExitStack() as undo:
        home = undo.enter_context(service_folder())
        asterisk = LocalAsterisk(home / "asterisk", programs, free_asterisk_ports())
        await asterisk.start()
        undo.push_async_callback(asterisk.stop)
        postgres = EmbeddedPostgres(
            home / "postgres", choose_free_port(), wheel_programs(cache_folder(), service_user()), durable=False
        )
        await postgres.start()
        undo.push_async_callback(postgres.stop)
        await postgres.create_database("chaos")
        url = postgres.url_of("chaos")
        database = Database(url, pool_size=2)
        undo.push_async_callback(database.close)
        await upgrade(database)
        seeded = await seed_demo(database)
        accounts = {account.login: account.password for account in seeded.accounts}
        await _quick_queues(database)
        port = urlsplit(url).port or 0
        links = Links(
            ari=await undo.enter_async_context(FaultProxy("127.0.0.1", asterisk.ports.http)),
            ami=await undo.enter_async_context(FaultProxy("127.0.0.1", asterisk.ports.ami)),
            postgres=await undo.enter_async_context(FaultProxy("127.0.0.1", port)),
        )
        settings = _settings(home, asterisk, links, url) | more
        file = folder / "settings.yaml"
        with file.open("w", encoding="utf-8") as text:
            YAML().dump(settings, text)  # pyright: ignore[reportUnknownMemberType] - partly typed library
        daemon = DaemonProcess(file, folder / "daemon.log")
        daemon.wall_clock.write_bytes(struct.pack("d", 0.0))
        daemon.start()
        running = [daemon]  # another one, once it was replaced
        undo.push_async_callback(lambda: running[0].stop())
        undo.push_async_callback(links.heal)
        phones = await undo.enter_async_context(SipPhones(f"127.0.0.1:{asterisk.ports.sip}", folder=folder))
        base_url = f"http://127.0.0.1:{settings['http']['port']}"
        desk = await undo.enter_async_context(DeskClient(base_url))
        stand = Stand(home, asterisk, postgres, links, daemon, settings, database, phones, desk, accounts)
        await stand.until_ready()
        try:
            yield stand
        finally:
            running[0] = stand.daemon


async def _quick_queues(database: Database) -> None:
    async with database.writing() as connection:
        await connection.exec_driver_sql("UPDATE queue SET ring_timeout_ms = 5000, wrap_up_ms = 500")


def _settings(home: Path, asterisk: LocalAsterisk, links: Links, url: str) -> dict[str, Any]:
    secrets = asterisk.secrets()
    parts = urlsplit(url)
    netloc = f"{parts.username}:{parts.password}@127.0.0.1:{links.postgres.port}"
    return {
        "database_url": urlunsplit(parts._replace(netloc=netloc)),
        "var": str(home / "var"),
        "flows": str(FLOWS),
        "recordings": str(home / "recordings"),
        "http": {"port": choose_free_port(), "media_url": ""},
        "speech": dict(asterisk.programs.speech_settings()),
        "asterisk": {
            "url": f"http://127.0.0.1:{links.ari.port}",
            "password": secrets.ari_password,
            "ami_port": links.ami.port,
            "ami_secret": secrets.ami_secret,
        },
    }
