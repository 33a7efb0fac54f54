"""A whole system on this machine: Postgres, Asterisk and the daemon, started in order, watched, stopped in order.

async with running_stack(StackFolder.at(None), progress=print) as stack:
    print(stack.ready.base_url)
    await stack.watch()     # until cancelled; a part that dies is started again
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from ctiserver.asterisk.local import AsteriskPorts, AsteriskPrograms, LocalAsterisk, provide_programs
from ctiserver.commands.billing_process import BillingProcess
from ctiserver.commands.daemon_process import DaemonProcess
from ctiserver.commands.ready import Account, Ready, asterisk_ready, write_ready
from ctiserver.commands.seeding import prepare_database
from ctiserver.commands.stack_folder import StackFolder, StackPorts, explicit_ports
from ctiserver.commands.stop_signals import StopSignals
from ctiserver.errors import CtiError
from ctiserver.free_ports import require_free
from ctiserver.ivr.flow_file import load_flow_set
from ctiserver.local_process import LocalProcess
from ctiserver.parts_folders import CHECKOUT, cache_folder
from ctiserver.store.embedded import EmbeddedPostgres, wheel_programs
from ctiserver.unprivileged import can_reach, service_user

log = structlog.get_logger()

Progress = Callable[[str], None]
FLOWS = CHECKOUT / "ivr_flows"
EMERGENCY_DESK = 3  # so many of the agents are rung while the daemon is away
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 15.0


class Part(Protocol):
    @property
    def process(self) -> LocalProcess: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class RunningStack:
    facts: Ready  # without processes: these change when a part is started again
    parts: dict[str, Part]

    @property
    def ready(self) -> Ready:
        return self.facts.with_processes({name: part.process.pid for name, part in self.parts.items()})

    async def watch(self) -> None:
        """Starts again what dies, with back-off, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for name, part in self.parts.items():
                tasks.create_task(_keep_running(name, part, self.write), name=f"watch {name}")

    def write(self) -> None:
        write_ready(self.ready)


@asynccontextmanager
async def running_stack(
    folder: StackFolder, *, demo_data: bool = True, progress: Progress, signals: StopSignals
) -> AsyncGenerator[RunningStack]:
    """Everything runs and answers inside the block; nothing is left afterwards.

    DATABASE_URL and CTI_ASTERISK__URL in the environment name servers that run elsewhere: they are used, not started.
    Raises PartError (or another CtiError) with what is wrong and the way out. Call it on the main thread.
    """
    folder.make()
    async with AsyncExitStack() as undo:
        undo.enter_context(folder.locked())
        undo.callback(folder.ready_file.unlink, missing_ok=True)
        own_postgres, own_asterisk = "DATABASE_URL" not in os.environ, "CTI_ASTERISK__URL" not in os.environ
        ports = folder.ports(needed=lambda name: {"postgres": own_postgres}.get(name, own_asterisk or name == "http"))
        for variable, port in explicit_ports().items():
            await require_free(port, setting=variable)
        parts: dict[str, Part] = {}

        database_url = os.environ.get("DATABASE_URL", "")
        if own_postgres:
            postgres = EmbeddedPostgres(
                folder.services() / "postgres", ports.postgres, wheel_programs(cache_folder(), service_user())
            )
            await _start("Postgres", postgres, undo, progress)
            parts["postgres"], database_url = postgres, postgres.url
        accounts = await prepare_database(database_url, folder.accounts_file, demo_data=demo_data, progress=progress)

        programs: AsteriskPrograms | None = None
        asterisk: LocalAsterisk | None = None
        if own_asterisk:
            with signals.interrupting():
                programs = provide_programs(cache_folder(), progress)
            asterisk = _local_asterisk(folder, ports, programs, accounts)
            await _start(f"Asterisk {programs.version}", asterisk, undo, progress)
            parts["asterisk"] = asterisk

        billing = BillingProcess(folder.log_folder / "billing.log") if demo_data and not _has_billing() else None
        if billing is not None:
            await _start("billing system of the demo", billing, undo, progress)
            parts["billing"] = billing

        daemon = DaemonProcess(
            folder.settings_file,
            _daemon_settings(folder, ports, database_url, asterisk),
            f"http://127.0.0.1:{ports.http}",
            ports.http,
            folder.log_folder / "ctiserver.log",
            billing.environment if billing is not None else {},
        )
        await _start("ctiserver", daemon, undo, progress)
        parts["ctiserver"] = daemon
        stack = RunningStack(
            Ready(
                base_url=daemon.base_url,
                accounts=accounts,
                dids=tuple(load_flow_set(FLOWS).lines),
                database_url=database_url,
                asterisk=asterisk_ready(asterisk),
                folders={
                    "var": str(folder.var),
                    "recordings": str(folder.recordings),
                    "log": str(folder.log_folder),
                    **({"asterisk": str(asterisk.folder)} if asterisk else {}),
                },
                file=folder.ready_file,
                lookups=billing.environment if billing is not None else {},
            ),
            parts,
        )
        stack.write()
        try:
            yield stack
        finally:
            progress("stopping")


def _has_billing() -> bool:
    """Whether lookups.yaml is told of another billing system."""
    return "BILLING_URL" in os.environ


async def _start(name: str, part: Part, undo: AsyncExitStack, progress: Progress) -> None:
    progress(f"{name}: starting")
    undo.push_async_callback(part.stop)  # before it starts: a Ctrl-C may come in the middle of it
    await part.start()


def _local_asterisk(
    folder: StackFolder, ports: StackPorts, programs: AsteriskPrograms, accounts: tuple[Account, ...]
) -> LocalAsterisk:
    members = [f"PJSIP/{account.extension}" for account in accounts if account.extension]
    return LocalAsterisk(
        folder.services() / "asterisk",
        programs,
        AsteriskPorts(sip=ports.sip, http=ports.ari, ami=ports.ami, rtp_start=ports.rtp_start, rtp_end=ports.rtp_end),
        emergency_members=tuple(members[:EMERGENCY_DESK]),
    )


def _daemon_settings(
    folder: StackFolder, ports: StackPorts, database_url: str, asterisk: LocalAsterisk | None
) -> dict[str, Any]:
    """The content of ctiserver.yaml. Variables in the environment win over it, as for every daemon."""
    settings: dict[str, Any] = {
        "database_url": database_url,
        "var": str(folder.daemon_folder),
        "flows": str(FLOWS),
        "recordings": str(folder.recordings),
        "http": {"port": ports.http, "web_folder": str(CHECKOUT / "web" / "dist")},
    }
    if asterisk is None:
        return settings
    user, secrets = service_user(), asterisk.secrets()
    settings["speech"] = asterisk.programs.speech_settings()
    settings["asterisk"] = {
        "url": asterisk.ari_url,
        "password": secrets.ari_password,
        "ami_port": ports.ami,
        "ami_secret": secrets.ami_secret,
        "sip_address": asterisk.sip_address,
        "recording_folder": str(asterisk.recording_folder),
        # Asterisk may not be able to enter our folder (a checkout under /root): it then fetches prompts over HTTP.
        "share_prompts": user is None or can_reach(folder.daemon_folder, user),
    }
    return settings


async def _keep_running(name: str, part: Part, restarted: Callable[[], None]) -> None:
    wait_s = FIRST_WAIT_S
    while True:
        started = asyncio.get_running_loop().time()
        code = await part.process.wait()
        log.error("part_ended", part=name, exit_code=code)
        if asyncio.get_running_loop().time() - started > 60:
            wait_s = FIRST_WAIT_S
        while True:
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)
            try:
                await part.start()
            except CtiError as error:
                log.error("part_does_not_start", part=name, error=str(error), next_try_s=wait_s)
                continue
            log.warning("part_restarted", part=name, pid=part.process.pid)
            restarted()
            break
