"""What a running stack tells: one line of JSON for programs, a few lines for people."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ctiserver.asterisk.local import LocalAsterisk
from ctiserver.unprivileged import write_private


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A seeded person: how to sign in to the pages, and (agents) how to register the phone."""

    login: str
    password: str
    role: str
    name: str = ""
    extension: str | None = None
    sip_password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """`asterisk` holds sip, ari_url, ari_user, ari_password, ami_host, ami_port, ami_user, ami_secret, observer_secret;
    None when Asterisk runs elsewhere. Holds passwords: for a terminal or a file of mode 0600 only."""

    base_url: str
    accounts: tuple[Account, ...]
    dids: tuple[str, ...]
    database_url: str
    asterisk: dict[str, Any] | None
    folders: dict[str, str]
    file: Path
    lookups: dict[str, str] = field(default_factory=dict[str, str])  # variables that lookups.yaml refers to
    pids: dict[str, int | None] = field(default_factory=dict[str, "int | None"])

    @property
    def sip(self) -> str | None:
        return self.asterisk["sip"] if self.asterisk else None

    def with_processes(self, pids: Mapping[str, int | None]) -> Ready:
        return replace(self, pids={"supervisor": os.getpid(), **pids})

    def as_json(self) -> str:
        content = asdict(self) | {"sip": self.sip}
        del content["file"]
        return json.dumps(content, ensure_ascii=False)

    def for_people(self) -> str:
        lines = [
            "",
            f"  坐席与大屏 Pages      {self.base_url}",
            f"  电话 SIP            {self.sip or 'see your Asterisk'}   hotlines: {', '.join(self.dids) or '-'}",
            f"  录音 Recordings     {self.folders['recordings']}",
            f"  日志 Logs           {self.folders['log']}",
        ]
        if self.accounts:
            lines += ["", "  账号 Accounts (login / password; for agents also SIP name / password)"]
            lines += [f"    {_account_line(account)}" for account in self.accounts]
        return "\n".join([*lines, "", "  Ctrl-C stops everything.", ""])


def _account_line(account: Account) -> str:
    phone = f"   SIP {account.extension} / {account.sip_password}" if account.extension else ""
    return f"{account.role:<11}{account.login:<12}{account.password:<20}{phone}"


def asterisk_ready(asterisk: LocalAsterisk | None) -> dict[str, Any] | None:
    if asterisk is None:
        return None
    secrets = asterisk.secrets()
    return {
        "sip": asterisk.sip_address,
        "ari_url": asterisk.ari_url,
        "ari_user": "ctiserver",
        "ari_password": secrets.ari_password,
        "ami_host": asterisk.ports.bind,
        "ami_port": asterisk.ports.ami,
        "ami_user": "ctiserver",
        "ami_secret": secrets.ami_secret,
        "observer_secret": secrets.observer_secret,
        "version": asterisk.programs.version,
    }


def write_ready(ready: Ready) -> None:
    write_private(ready.file, ready.as_json() + "\n", None)


def read_ready(file: Path) -> dict[str, Any] | None:
    """What `write_ready` wrote; None when the stack doesn't run (or isn't ready yet)."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
