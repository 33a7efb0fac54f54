"""Foreign servers run as nobody when we are root: which user, which folders that user can reach, how it is started."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from ctiserver.errors import PartError

RELOCATION_ROOT = Path("/var/lib/ctiserver")


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """The user whom local servers run as; `None` in its place means: whoever we are."""

    name: str
    uid: int
    gid: int


def service_user() -> ServiceUser | None:
    """nobody when we are root (Postgres refuses root, Asterisk shouldn't have it); otherwise None."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise PartError(
            "Running as root, but there is no user 'nobody' for Asterisk and Postgres", hint="run as an ordinary user"
        ) from None
    return ServiceUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def can_reach(path: Path, user: ServiceUser) -> bool:
    """Whether `user` may enter `path` and every folder above it (a folder yet to be made counts by its parents)."""
    resolved = path.resolve()
    return all(_may_enter(folder.stat(), user) for folder in (resolved, *resolved.parents) if folder.exists())


def _may_enter(status: os.stat_result, user: ServiceUser) -> bool:
    if not stat.S_ISDIR(status.st_mode):
        return True
    if status.st_uid == user.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == user.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def reachable_folder(path: Path, user: ServiceUser | None) -> Path:
    """Makes the folder `path` (or uses it) so that `user` can enter it, and returns its real place.

    A checkout under /root (mode 0700) can't be entered by nobody, and opening somebody's home is not ours to do: the
    folder is then made under /var/lib/ctiserver and `path` becomes a link to it.
    """
    if user is None:
        path.mkdir(parents=True, exist_ok=True)
        return path.resolve()
    if path.is_symlink() and not path.exists():
        path.unlink()  # its target was removed by hand
    if path.exists() or can_reach(path, user):
        path.mkdir(parents=True, exist_ok=True)
        if can_reach(path, user):
            return path.resolve()
        if any(path.iterdir()):
            raise PartError(
                f"{path} holds files, but the user {user.name} can't enter it",
                hint="move it away, or let others enter that folder and those above it (chmod o+x)",
            )
        path.rmdir()
    target = RELOCATION_ROOT / hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:12]
    target.mkdir(parents=True, exist_ok=True)
    target.chmod(0o711)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
    return target


def remove_folder(path: Path) -> None:
    """Removes a folder made by `reachable_folder`, wherever it really lies; fine if it doesn't exist."""
    if path.is_symlink():
        target = path.resolve()
        path.unlink()
        path = target
    shutil.rmtree(path, ignore_errors=True)


def private_folder(path: Path, user: ServiceUser | None, mode: int = 0o700) -> Path:
    """A folder owned by the service user, closed to everybody else."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
    give(path, user)
    return path


def write_private(path: Path, text: str, user: ServiceUser | None) -> None:
    """Writes a file that only its owner, the service user, may read; never visible half written or too openly."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    give(draft, user)
    draft.replace(path)


def give(path: Path, user: ServiceUser | None) -> None:
    if user is not None:
        os.chown(path, user.uid, user.gid)


def start_prefix(user: ServiceUser | None, end_signal: str) -> list[str]:
    """Arguments before a server's own: drops rights, and has the kernel send `end_signal` when we die, even by kill -9.

    setpriv is part of util-linux, which every Debian has. Python's preexec_fn would do the same, but isn't safe in a
    process with threads. The signal follows the *thread* that starts the child: start servers from the main thread.
    """
    if shutil.which("setpriv") is None:
        raise PartError("The program 'setpriv' is missing", hint="install the package util-linux")
    rights = ["--reuid", str(user.uid), "--regid", str(user.gid), "--clear-groups"] if user else []
    return ["setpriv", *rights, "--pdeathsig", end_signal, "--"]
