"""An Asterisk of our own on this machine: unpacked Debian packages, private folders, started and stopped by us.

asterisk = LocalAsterisk(folder, provide_packages(cache, print), ports)
await asterisk.start()      # returns when Asterisk is fully booted
await asterisk.stop()
"""

from __future__ import annotations

import asyncio
import json
import platform
import re
import secrets
import shutil
import signal
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TypedDict

import structlog

from ctiserver.asterisk.configuration import AsteriskValues, write_configuration
from ctiserver.asterisk.debian_packages import Progress, UnpackedPackages, find_unpacked, unpack
from ctiserver.errors import PartError
from ctiserver.free_ports import require_free
from ctiserver.local_process import LocalProcess, minimal_environment
from ctiserver.unprivileged import ServiceUser, give, private_folder, service_user, start_prefix, write_private

log = structlog.get_logger()

SUITE = "forky"
PACKAGES = ("asterisk", "asterisk-core-sounds-en-wav", "asterisk-moh-opsound-wav", "espeak-ng", "sox")
FLOOR: tuple[int, ...] = (22, 10, 1)  # older ones let a read-only ARI user write, and more: see docs/operations.md
BOOT_PATIENCE_S = 40.0
STOP_PATIENCE_S = 8.0

# machine → (Debian's triplet, the dynamic loader inside the unpacked root)
LOADERS = {
    "x86_64": ("x86_64-linux-gnu", "usr/lib64/ld-linux-x86-64.so.2"),
    "aarch64": ("aarch64-linux-gnu", "usr/lib/ld-linux-aarch64.so.1"),
}


class SpeechPrograms(TypedDict):
    """Keys of the section `speech` in the daemon's settings."""

    command: list[str]
    sox: list[str]
    environment: dict[str, str]


@dataclass(frozen=True, slots=True)
class AsteriskPrograms:
    """Programs from unpacked packages, run with the C library that came with them."""

    root: Path
    version: str  # "22.10.1"

    @property
    def share(self) -> Path:
        return self.root / "usr/share/asterisk"

    def command(self, program: str) -> list[str]:
        """Arguments that start a program of the root, e.g. `command("usr/bin/sox")`."""
        triplet, loader = _loader()
        libraries = self.root / "usr/lib" / triplet
        return [
            str(self.root / loader),
            *("--library-path", f"{libraries}:{libraries / 'pulseaudio'}"),
            str(self.root / program),
        ]

    def speech_settings(self) -> SpeechPrograms:
        """The section `speech` of the daemon's settings for espeak-ng and sox out of this root."""
        return {
            "command": self.command("usr/bin/espeak-ng"),
            "sox": self.command("usr/bin/sox"),
            "environment": {"ESPEAK_DATA_PATH": str(self.root / "usr/lib" / debian_triplet() / "espeak-ng-data")},
        }


def provide_programs(cache: Path, progress: Progress) -> AsteriskPrograms:
    """Asterisk, espeak-ng and sox, unpacked into `cache` if they aren't there yet (45 s, 128 MB to download).

    Raises PartError when they can't be had, or when the version is below the floor.
    """
    _loader()
    return _programs(unpack(SUITE, PACKAGES, cache / "asterisk", progress))


def find_programs(cache: Path) -> AsteriskPrograms | None:
    """What `provide_programs` unpacked earlier; downloads nothing."""
    packages = find_unpacked(cache / "asterisk")
    return _programs(packages) if packages else None


def _programs(packages: UnpackedPackages) -> AsteriskPrograms:
    match = re.match(r"(?:\d+:)?(\d+)\.(\d+)\.(\d+)", packages.versions["asterisk"])
    version = tuple(int(part) for part in match.groups()) if match else ()
    if version < FLOOR:
        raise PartError(
            f"Debian {SUITE} has Asterisk {packages.versions['asterisk']}, needed is {'.'.join(map(str, FLOOR))}",
            hint="set CTI_DEBIAN_MIRROR to a mirror that is up to date",
        )
    return AsteriskPrograms(packages.root, ".".join(map(str, version)))


def debian_triplet() -> str:
    """ "x86_64-linux-gnu": the name under which Debian keeps this processor's libraries."""
    return _loader()[0]


def _loader() -> tuple[str, str]:
    machine = platform.machine()
    if machine not in LOADERS:
        raise PartError(
            f"No local Asterisk for this kind of processor ({machine})",
            hint="point CTI_ASTERISK__URL at an Asterisk that runs elsewhere",
        )
    return LOADERS[machine]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskPorts:
    """All on `bind`; SIP is UDP and TCP, sound is UDP from `rtp_start` to `rtp_end`."""

    sip: int
    http: int
    ami: int
    rtp_start: int
    rtp_end: int
    bind: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class AsteriskSecrets:
    ari_password: str
    ami_secret: str
    observer_secret: str


@dataclass(slots=True)
class LocalAsterisk:
    """One server: everything that is its own lies in `folder`, which the service user must be able to reach.

    `emergency_members` (such as "PJSIP/1001") are rung while the daemon is away.
    """

    folder: Path
    programs: AsteriskPrograms
    ports: AsteriskPorts
    emergency_members: tuple[str, ...] = ()
    system_name: str = "n1"
    more: Mapping[str, str | int] = field(default_factory=dict[str, "str | int"])  # further AsteriskValues
    user: ServiceUser | None = field(default_factory=service_user)
    process: LocalProcess = field(init=False)

    def __post_init__(self) -> None:
        self.process = LocalProcess("Asterisk", self.folder / "process.json")

    @property
    def ari_url(self) -> str:
        return f"http://{self.ports.bind}:{self.ports.http}"

    @property
    def sip_address(self) -> str:
        return f"{self.ports.bind}:{self.ports.sip}"

    @property
    def recording_folder(self) -> Path:
        """Asterisk's spool/recording: raw MixMonitor files and stored recordings."""
        return self.folder / "spool" / "recording"

    @property
    def log_file(self) -> Path:
        return self.folder / "log" / "messages.log"

    def secrets(self) -> AsteriskSecrets:
        """Made once, kept in a file that only the service user (and root) may read."""
        file = self.folder / "secrets.json"
        if not file.exists():
            private_folder(self.folder, self.user, 0o711)
            fresh = AsteriskSecrets(*(secrets.token_urlsafe(24) for _ in range(3)))
            write_private(file, json.dumps(asdict(fresh)), self.user)
        return AsteriskSecrets(**json.loads(file.read_text()))

    async def start(self, *, patience_s: float = BOOT_PATIENCE_S) -> None:
        """Returns when Asterisk is fully booted. Raises PartError that quotes its log.

        Call it on the main thread: Asterisk ends with the thread that started it.
        """
        await self.process.end_leftover(first=signal.SIGTERM, patience_s=STOP_PATIENCE_S)
        for name in ("sip", "http", "ami"):
            await require_free(
                getattr(self.ports, name), setting=f"Asterisk's {name.upper()} port", host=self.ports.bind
            )
        self._make_folders()
        self._configure()
        self.log_file.unlink(missing_ok=True)
        self._console.unlink(missing_ok=True)
        self.process.start(
            [
                *start_prefix(self.user, "TERM"),
                *self.programs.command("usr/sbin/asterisk"),
                *("-C", str(self.folder / "etc" / "asterisk.conf"), "-f", "-n"),
            ],
            environment=minimal_environment({"HOME": str(self.folder)}),
            folder=self.folder / "run",
            output=self._console,
        )
        try:
            await self._booted(patience_s)
        except BaseException:
            await self.process.stop(first=signal.SIGTERM, patience_s=STOP_PATIENCE_S)
            raise
        log.info("asterisk_started", version=self.programs.version, sip=self.sip_address, pid=self.process.pid)

    async def stop(self) -> None:
        """Ends all calls and the server."""
        await self.process.stop(first=signal.SIGTERM, patience_s=STOP_PATIENCE_S)

    @property
    def _console(self) -> Path:
        return self.folder / "log" / "console.log"

    def _make_folders(self) -> None:
        private_folder(self.folder, self.user, 0o711)
        for name in ("etc", "lib", "lib/keys", "run", "log", "cache", "data"):
            private_folder(self.folder / name, self.user)
        private_folder(self.folder / "spool", self.user)
        for name in ("recording", "recording/emergency", "recording/fax", "outgoing", "tmp"):
            private_folder(self.folder / "spool" / name, self.user)
        # MixMonitor puts relative names here; ARI looks for recordings there: one folder for both.
        _link(self.folder / "spool" / "monitor", self.folder / "spool" / "recording")
        data = self.folder / "data"
        for entry in self.programs.share.iterdir():
            if entry.name != "sounds":
                _link(data / entry.name, entry)
        private_folder(data / "sounds", self.user)
        # The package links sounds/en in a script that unpacking doesn't run.
        _link(data / "sounds" / "en", self.programs.share / "sounds" / "en_US_f_Allison")

    def _configure(self) -> None:
        secret = self.secrets()
        place = self.folder
        values = AsteriskValues(
            **asdict(secret),
            etc=str(place / "etc"),
            modules=str(self.programs.root / "usr/lib" / debian_triplet() / "asterisk/modules"),
            varlib=str(place / "lib"),
            data=str(place / "data"),
            spool=str(place / "spool"),
            run=str(place / "run"),
            log=str(place / "log"),
            cache=str(place / "cache"),
            music=str(self.programs.share / "moh"),
            sip_bind=self.ports.bind,
            sip_port=self.ports.sip,
            http_bind=self.ports.bind,
            http_port=self.ports.http,
            ami_bind=self.ports.bind,
            ami_port=self.ports.ami,
            rtp_start=self.ports.rtp_start,
            rtp_end=self.ports.rtp_end,
            system_name=self.system_name,
            emergency_members=",".join(self.emergency_members),
        )
        values = replace(values, **self.more)
        for file in write_configuration(values, place / "etc"):
            give(file, self.user)

    async def _booted(self, patience_s: float) -> None:
        """Signs in to AMI until it says FullyBooted."""
        deadline = asyncio.get_running_loop().time() + patience_s
        while not await self._fully_booted():
            if (code := self.process.exit_code) is not None:
                raise PartError(f"Asterisk ended while starting (exit code {code}):\n{self._last_words()}")
            if asyncio.get_running_loop().time() > deadline:
                raise PartError(f"Asterisk is not ready after {patience_s:.0f} s:\n{self._last_words()}")
            await asyncio.sleep(0.05)

    async def _fully_booted(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection(self.ports.bind, self.ports.ami)
        except OSError:
            return False  # not listening yet
        try:
            login = f"Action: Login\r\nUsername: observer\r\nSecret: {self.secrets().observer_secret}\r\n\r\n"
            writer.write(login.encode())
            async with asyncio.timeout(5):
                while line := await reader.readline():
                    if line == b"Event: FullyBooted\r\n":
                        return True
                    if line.startswith(b"Response: Error"):
                        return False  # users aren't loaded yet
        except (OSError, TimeoutError):
            pass  # it closes connections that come too early
        finally:
            writer.close()
        return False

    def _last_words(self) -> str:
        """What Asterisk wrote about errors, or else its last lines."""
        lines: list[str] = []
        for file in (self._console, self.log_file):
            if file.exists():
                lines += file.read_text(errors="replace").splitlines()
        errors = [line for line in dict.fromkeys(lines) if "ERROR" in line]
        return "\n".join((errors or lines)[-12:]) or "(it wrote nothing)"


def _link(place: Path, target: Path) -> None:
    if place.is_symlink() or place.exists():
        if place.is_symlink() and place.readlink() == target:
            return
        shutil.rmtree(place) if place.is_dir() and not place.is_symlink() else place.unlink()
    place.symlink_to(target)
