"""Debian packages unpacked into a folder: no root, no maintainer scripts, nothing of the host system touched.

A private apt (own state, cache and source list) resolves and downloads what a package needs in a suite that may be
newer than the host's; `dpkg-deb -x` unpacks it. Debian's signatures are checked with the installed archive keyring.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ctiserver.asterisk.apt_sources import debian_mirror
from ctiserver.errors import PartError

Progress = Callable[[str], None]

STAMP = "unpacked.json"
KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
)
# Settings of the host's apt that a private one needs as well to reach the mirror.
INHERITED_SETTINGS = ("Acquire::http", "Acquire::https", "Acquire::Retries", "Acquire::ForceIPv4", "Acquire::ForceIPv6")


@dataclass(frozen=True, slots=True)
class UnpackedPackages:
    """A folder with the file tree of some Debian packages, and their versions."""

    root: Path
    versions: dict[str, str]  # package name → Debian version


def unpack(
    suite: str, packages: Sequence[str], into: Path, progress: Progress, *, without: Collection[str] = ()
) -> UnpackedPackages:
    """Downloads `packages` of a Debian suite with all they depend on and unpacks them into `into`/root.

    `without` names packages that are resolved but not unpacked (a C library that the host has newer). A complete
    folder is used as it is, an interrupted one is made anew; two processes that ask at once wait for each other.

    Raises PartError that says what is missing on this machine or what apt said.
    """
    into.mkdir(parents=True, exist_ok=True)
    with _locked(into / "lock", lambda: progress(f"{into.name}: waiting for another process that unpacks it")):
        if (present := _complete(into, suite, packages)) is not None:
            return present
        _need_programs("apt-get", "apt-cache", "apt-config", "dpkg-deb")
        apt = _PrivateApt.set_up(into / "apt", suite)
        progress(f"{into.name}: reading the package lists of Debian {suite}")
        apt.run("update")
        progress(f"{into.name}: downloading {apt.describe(packages)}")
        apt.run("install", "--download-only", "--yes", "--no-install-recommends", *packages)
        archives = sorted(apt.archives.glob("*.deb"))
        fresh = into / "root.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        versions: dict[str, str] = {}
        progress(f"{into.name}: unpacking {len(archives)} packages")
        for archive in archives:
            name, version, _ = archive.stem.split("_")
            if name not in without:
                _call(["dpkg-deb", "-x", str(archive), str(fresh)], what=f"unpack {archive.name}")
                versions[name] = version.replace("%3a", ":")
        shutil.rmtree(into / "root", ignore_errors=True)
        fresh.replace(into / "root")
        _write_stamp(into, suite, packages, versions)
        for archive in archives:
            archive.unlink()
        progress(f"{into.name}: ready, {_megabytes(into / 'root')} MB")
        return UnpackedPackages(into / "root", versions)


def find_unpacked(into: Path) -> UnpackedPackages | None:
    """What `unpack` left in a folder, without downloading anything."""
    try:
        stamp = json.loads((into / STAMP).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return UnpackedPackages(into / "root", stamp["versions"])


def _complete(into: Path, suite: str, packages: Sequence[str]) -> UnpackedPackages | None:
    present = find_unpacked(into)
    if present is None or not present.root.is_dir():
        return None
    stamp = json.loads((into / STAMP).read_text())
    return present if stamp["suite"] == suite and set(packages) <= set(stamp["packages"]) else None


def _write_stamp(into: Path, suite: str, packages: Sequence[str], versions: dict[str, str]) -> None:
    draft = into / (STAMP + ".new")
    content = {"suite": suite, "packages": sorted(packages), "versions": versions}
    draft.write_text(json.dumps(content, indent=1))
    draft.replace(into / STAMP)


@contextmanager
def _locked(file: Path, waiting: Callable[[], None]) -> Generator[None]:
    with file.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield  # closing the file releases the lock, and so does our death


@dataclass(frozen=True, slots=True)
class _PrivateApt:
    folder: Path
    suite: str

    @property
    def archives(self) -> Path:
        return self.folder / "cache" / "archives"

    @classmethod
    def set_up(cls, folder: Path, suite: str) -> _PrivateApt:
        keyring = next((k for k in KEYRINGS if k.exists()), None)
        if keyring is None:
            raise PartError(
                "Debian's archive keyring is not installed: packages could not be verified",
                hint="install the package debian-archive-keyring",
            )
        apt = cls(folder.absolute(), suite)
        (folder / "state" / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        (apt.archives / "partial").mkdir(parents=True, exist_ok=True)
        (folder / "state" / "status").write_text("")  # nothing counts as installed: every dependency is resolved
        (folder / "debian.sources").write_text(
            f"Types: deb\nURIs: {debian_mirror()}\nSuites: {suite}\nComponents: main\nSigned-By: {keyring}\n"
        )
        (folder / "apt.conf").write_text(apt._settings())
        return apt

    def _settings(self) -> str:
        own = {
            "Dir::State": f"{self.folder}/state",
            "Dir::State::status": f"{self.folder}/state/status",
            "Dir::Cache": f"{self.folder}/cache",
            "Dir::Etc::sourcelist": f"{self.folder}/debian.sources",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::Etc::parts": "/dev/null",  # the host's hooks must not run
            "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "",
            "APT::Get::Assume-Yes": "true",
            "Acquire::Languages": "none",
            "Acquire::Check-Valid-Until": "false",  # a mirror may lag; the signature is checked all the same
        }
        inherited = _call(["apt-config", "dump", *INHERITED_SETTINGS], what="read apt's settings")
        return inherited + "".join(f'{key} "{value}";\n' for key, value in own.items())

    def run(self, *arguments: str, program: str = "apt-get") -> str:
        command = [program, "--quiet=2", *arguments] if program == "apt-get" else [program, *arguments]
        environment = {**os.environ, "APT_CONFIG": f"{self.folder}/apt.conf", "LC_ALL": "C.UTF-8"}
        return _call(command, what=f"run apt-get {arguments[0]} for Debian {self.suite}", environment=environment)

    def describe(self, packages: Sequence[str]) -> str:
        """ "180 packages, 121 MB": what a download will fetch."""
        lines = self.run("install", "--print-uris", "--yes", "--no-install-recommends", *packages).splitlines()
        sizes = [int(line.split()[2]) for line in lines if line.startswith("'")]
        return f"{len(sizes)} packages, {sum(sizes) / 1e6:.0f} MB"


def _need_programs(*programs: str) -> None:
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        raise PartError(
            f"{', '.join(missing)} not found: Debian's packages can only be unpacked on Debian or its relatives",
            hint="or point CTI_ASTERISK__URL at an Asterisk that runs elsewhere",
        )


def _call(command: Sequence[str], *, what: str, environment: dict[str, str] | None = None) -> str:
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        said = "\n".join((result.stderr or result.stdout).strip().splitlines()[-8:])
        raise PartError(
            f"Can't {what}:\n{said}", hint="check the network and the mirror (CTI_DEBIAN_MIRROR overrides it)"
        )
    return result.stdout


def _megabytes(folder: Path) -> int:
    return sum(f.lstat().st_size for f in folder.rglob("*") if f.is_file() and not f.is_symlink()) // 1_000_000
