"""One Asterisk, one Postgres and so many agents, on which app_queue and ctiserver take calls in turn.

Both have the same SIP accounts and phones, answer the caller first, and record each conversation with MixMonitor, or
neither does.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from ctiserver.asterisk.local import AsteriskPrograms, LocalAsterisk, provide_programs
from ctiserver.commands.daemon_process import DaemonProcess
from ctiserver.demo.desk_client import DeskClient
from ctiserver.free_ports import choose_free_port
from ctiserver.parts_folders import cache_folder
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.embedded import EmbeddedPostgres, wheel_programs
from ctiserver.store.migrations import upgrade
from ctiserver.unprivileged import service_user
from tests.real_parts import free_asterisk_ports

LINE = "100"  # answered by ctiserver
QUEUE_LINE = "200"  # answered by app_queue
DIAL_LINE = "300"  # rings one agent after another with Dial(): no queue, nobody waits
FIRST_EXTENSION = 3001
RTP = (20_000, 27_999)  # two ports for each leg of a conversation
PASSWORD = "benchmark"  # noqa: S105 - of accounts that live for a minute on 127.0.0.1
FLOWS = {
    "direct.yaml": "flow: direct\nmenu: none\nqueue: {queue: service}\n",
    "lines.yaml": f'lines:\n  "{LINE}": {{flow: direct, name: Direct}}\n',
}
ASTERISKS_OWN_LINES = f"""
[globals](+)
BENCH_NEXT = 0

[hotline](+)
exten => {QUEUE_LINE},1,Answer(,i)
 same => n,RECORD
 same => n,Queue(bench)
 same => n,Hangup()
exten => {DIAL_LINE},1,Set(GLOBAL(BENCH_NEXT)=$[(${{BENCH_NEXT}} + 1) % AGENTS])
 same => n,Answer(,i)
 same => n,RECORD
 same => n,Dial(PJSIP/$[{FIRST_EXTENSION} + ${{BENCH_NEXT}}])
 same => n,Hangup()
"""
APP_QUEUE = """
[bench]
strategy = rrmemory
autofill = yes
musicclass = default
timeout = 20
retry = 1
ringinuse = no
wrapuptime = 0
"""
SIGN_IN_AT_ONCE = 4


@dataclass(slots=True)
class Stage:
    folder: Path
    asterisk: LocalAsterisk
    postgres: EmbeddedPostgres
    daemon: DaemonProcess
    phones: list[tuple[str, str]]  # (extension, password)
    recording: bool
    signed_in: bool = False

    async def accounts_are_there(self) -> None:
        """The daemon gives them to Asterisk behind its start."""
        async with asyncio.timeout(30):
            while (await self.console("pjsip list endpoints")).count("Endpoint:  3") < len(self.phones):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.2)

    async def phones_answer(self) -> None:
        """Asterisk asks a phone that didn't answer again after 30 s."""
        async with asyncio.timeout(60):
            while (await self.console("pjsip show contacts")).count(" Avail ") < len(self.phones):  # noqa: ASYNC110
                await asyncio.sleep(0.5)

    async def daemon_that_is_ready(self, desk: DeskClient) -> None:
        """Starts the daemon and signs every agent in; phones must be registered."""
        await self.daemon.start()
        turn = asyncio.Semaphore(SIGN_IN_AT_ONCE)
        signed_in, self.signed_in = self.signed_in, True  # a presence outlives a restart

        async def begin_work(login: str) -> None:
            async with turn:
                if not signed_in:
                    await desk.sign_in(login, PASSWORD)
                    await desk.choose_presence(login, "ready")
            async with asyncio.timeout(40):
                await desk.until_reachable(login)

        async with asyncio.TaskGroup() as tasks:
            for login, _ in self.phones:
                tasks.create_task(begin_work(login), name=f"sign in {login}")

    async def asterisk_knows_its_own_ways(self) -> None:
        """Teaches Asterisk the other ways to take a call: a queue with static members, all free, and Dial()."""
        members = "".join(f"member = PJSIP/{extension}\n" for extension, _ in self.phones)
        record = "MixMonitor(bench-${UNIQUEID}.raw,D)" if self.recording else "NoOp()"
        lines = ASTERISKS_OWN_LINES.replace("AGENTS", str(len(self.phones))).replace("RECORD", record)
        for name, addition in (("extensions.conf", lines), ("queues.conf", APP_QUEUE + members)):
            file = self.asterisk.folder / "etc" / name
            file.write_text(file.read_text(encoding="utf-8") + addition, encoding="utf-8")
        await self.console("dialplan reload")
        await self.console("queue reload all")

    async def console(self, command: str) -> str:
        configuration = str(self.asterisk.folder / "etc" / "asterisk.conf")
        process = await asyncio.create_subprocess_exec(
            *self.asterisk.programs.command("usr/sbin/asterisk"),
            *("-C", configuration, "-rx", command),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return said.decode(errors="replace")

    async def query(self, statement: str) -> list[Mapping[str, Any]]:
        database = Database(self.postgres.url, pool_size=1)
        try:
            async with database.reading() as connection:
                return await fetch_all(connection, statement)
        finally:
            await database.close()


@asynccontextmanager
async def stage(folder: Path, agents: int, *, recording: bool = True) -> AsyncGenerator[Stage]:
    """`folder` must be one that the service user can enter. The daemon isn't started; everything ends afterwards."""
    programs = provide_programs(cache_folder(), print)
    ports = replace(free_asterisk_ports(), rtp_start=RTP[0], rtp_end=RTP[1])
    asterisk = LocalAsterisk(folder / "asterisk", programs, ports)
    postgres = EmbeddedPostgres(folder / "postgres", choose_free_port(), wheel_programs(cache_folder(), service_user()))
    http_port = choose_free_port(avoid=set(range(RTP[0], RTP[1] + 1)))  # free again while the daemon is killed
    daemon = DaemonProcess(
        folder / "ctiserver.yaml",
        {},
        f"http://127.0.0.1:{http_port}",
        http_port,
        folder / "ctiserver.log",
    )
    try:
        await postgres.start()
        await asterisk.start()
        daemon.settings = _settings(folder, http_port, postgres, asterisk, programs)
        phones = await _people(postgres.url, agents, recording=recording)
        yield Stage(folder, asterisk, postgres, daemon, phones, recording)
    finally:
        await daemon.stop()
        await asterisk.stop()
        await postgres.stop()


def _settings(
    folder: Path, http_port: int, postgres: EmbeddedPostgres, asterisk: LocalAsterisk, programs: AsteriskPrograms
) -> dict[str, Any]:
    flows = folder / "flows"
    flows.mkdir()
    for name, text in FLOWS.items():
        (flows / name).write_text(text, encoding="utf-8")
    (folder / "daemon").mkdir(mode=0o711)
    secrets = asterisk.secrets()
    return {
        "database_url": postgres.url,
        "var": str(folder / "daemon"),
        "flows": str(flows),
        "recordings": str(folder / "recordings"),
        "http": {"port": http_port},
        "log": {"level": "WARNING"},
        "speech": programs.speech_settings(),
        "asterisk": {
            "url": asterisk.ari_url,
            "password": secrets.ari_password,
            "ami_port": asterisk.ports.ami,
            "ami_secret": secrets.ami_secret,
            "sip_address": asterisk.sip_address,
            "recording_folder": str(asterisk.recording_folder),
            "share_prompts": True,
        },
    }


async def _people(url: str, agents: int, *, recording: bool) -> list[tuple[str, str]]:
    """One queue, no announcements and no wrap-up, as app_queue has it; agents that differ in their number only."""
    database = Database(url)
    # The weakest hash: signing hundreds of agents in is not what is measured.
    password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    extensions = [str(FIRST_EXTENSION + index) for index in range(agents)]
    try:
        await upgrade(database)
        async with database.writing() as connection:
            for statement in (
                "INSERT INTO skill (id, name) VALUES ('service', '{}')",
                "INSERT INTO queue (id, name, skills, wrap_up_ms, announce_agent) "
                "VALUES ('service', '{}', '{\"service\": 1}', 0, false)",
            ):
                await connection.exec_driver_sql(statement)
            await connection.exec_driver_sql("UPDATE queue SET record = $1", (recording,))
            for extension in extensions:
                await connection.exec_driver_sql(
                    "WITH person AS (INSERT INTO app_user (login, name, role, password_hash) "
                    "VALUES ($1, $1, 'agent', $2) RETURNING id), worker AS ("
                    "INSERT INTO agent (number, name, extension, sip_password, user_id) "
                    "SELECT $1, $1, $1, $3, id FROM person RETURNING id) "
                    "INSERT INTO agent_skill (agent_id, skill_id, level) SELECT id, 'service', 5 FROM worker",
                    (extension, password_hash, PASSWORD),
                )
    finally:
        await database.close()
    return [(extension, PASSWORD) for extension in extensions]


def environment_is_clean() -> bool:
    """Variables of a running installation would win over the settings of this benchmark."""
    return not any(name.startswith("CTI_") and name != "CTI_CACHE" for name in os.environ) and (
        "DATABASE_URL" not in os.environ
    )
