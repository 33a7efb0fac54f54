"""Where one stack (Postgres, Asterisk, daemon) keeps its things, which ports it has, and whether it runs.

var/                      or another folder: each is a stack of its own
  stack.json              ports, chosen once, used again
  stack.lock              held by the `ctiserver up` that runs this stack
  ready.json              what `up --json` printed; there while the stack runs (0600)
  ctiserver.yaml          the daemon's settings (0600)
  accounts.json           passwords of the seeded accounts (0600)
  services/               Postgres and Asterisk; may be a link, see unprivileged.reachable_folder
  daemon/                 spool and prompt cache
  log/
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog

from ctiserver.errors import ConfigurationError, PartError
from ctiserver.free_ports import choose_free_port, choose_rtp_range, is_free
from ctiserver.parts_folders import CHECKOUT
from ctiserver.unprivileged import reachable_folder, service_user

log = structlog.get_logger()

DEFAULT_VAR = CHECKOUT / "var"
RTP_VARIABLE = "CTI_RTP_PORTS"
# Each port: the variable that sets it, and the number that the checkout's own stack takes if it is free.
PORT_CHOICES: dict[str, tuple[str, int | None]] = {
    "http": ("CTI_HTTP__PORT", 8080),
    "sip": ("CTI_SIP_PORT", 5060),
    "ari": ("CTI_ARI_PORT", None),
    "ami": ("CTI_AMI_PORT", None),
    "postgres": ("CTI_POSTGRES_PORT", None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StackPorts:
    http: int
    sip: int
    ari: int
    ami: int
    postgres: int
    rtp_start: int
    rtp_end: int


@dataclass(frozen=True, slots=True)
class StackFolder:
    var: Path

    @classmethod
    def at(cls, var: Path | None) -> StackFolder:
        return cls((var or DEFAULT_VAR).absolute())

    @property
    def is_default(self) -> bool:
        return self.var == DEFAULT_VAR

    @property
    def settings_file(self) -> Path:
        return self.var / "ctiserver.yaml"

    @property
    def accounts_file(self) -> Path:
        return self.var / "accounts.json"

    @property
    def ready_file(self) -> Path:
        return self.var / "ready.json"

    @property
    def daemon_folder(self) -> Path:
        return self.var / "daemon"

    @property
    def log_folder(self) -> Path:
        return self.var / "log"

    @property
    def recordings(self) -> Path:
        """The checkout's recordings/ for its own stack; a stack elsewhere keeps its own."""
        return CHECKOUT / "recordings" if self.is_default else self.var / "recordings"

    def make(self) -> None:
        for folder in (self.var, self.daemon_folder, self.log_folder, self.recordings):
            folder.mkdir(parents=True, exist_ok=True)

    def services(self) -> Path:
        """The folder of Postgres and Asterisk, which the service user can enter."""
        folder = reachable_folder(self.var / "services", service_user())
        folder.chmod(0o711)
        return folder

    @contextmanager
    def locked(self) -> Generator[None]:
        """Held while the stack runs; released by the kernel however we end. Raises PartError if another holds it."""
        self.var.mkdir(parents=True, exist_ok=True)
        with (self.var / "stack.lock").open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise PartError(
                    f"The stack in {self.var} already runs (process {self.supervisor_pid() or 'unknown'})",
                    hint="`ctiserver down` stops it; `--var DIR` starts a second one",
                ) from None
            handle.truncate(0)
            handle.write(str(os.getpid()))
            handle.flush()
            yield

    def supervisor_pid(self) -> int | None:
        """The `ctiserver up` that runs this stack; None if it isn't running."""
        try:
            with (self.var / "stack.lock").open("r+") as handle:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return int(handle.read() or 0) or None
        except FileNotFoundError:
            pass
        return None

    def ports(self, *, needed: Callable[[str], bool] = lambda _: True) -> StackPorts:
        """Those of the environment, else those of the last start if still free, else fresh ones; remembered.

        `needed` tells which ports will be listened on here (an Asterisk elsewhere needs none).
        """
        remembered = self._remembered()
        chosen: dict[str, int] = {}
        for name, (variable, usual) in PORT_CHOICES.items():
            if (explicit := _explicit_port(variable)) is not None:
                chosen[name] = explicit
                continue
            candidates = (remembered.get(name), usual if self.is_default else None)
            others = set(chosen.values())
            free = (port for port in candidates if port and port not in others and (not needed(name) or is_free(port)))
            chosen[name] = next(free, None) or choose_free_port(avoid=others)
            if (last := remembered.get(name)) and last != chosen[name]:
                log.warning("port_changed", port=name, was=last, now=chosen[name], reason="taken by another program")
        start, end = _explicit_range() or self._sound_range(remembered)
        ports = StackPorts(**chosen, rtp_start=start, rtp_end=end)
        (self.var / "stack.json").write_text(json.dumps({"ports": asdict(ports)}, indent=1))
        return ports

    def _sound_range(self, remembered: dict[str, int]) -> tuple[int, int]:
        start, end = remembered.get("rtp_start"), remembered.get("rtp_end")
        return (start, end) if start and end and is_free(start) else choose_rtp_range()

    def _remembered(self) -> dict[str, int]:
        try:
            return json.loads((self.var / "stack.json").read_text())["ports"]
        except (FileNotFoundError, ValueError, KeyError):
            return {}


def explicit_ports() -> dict[str, int]:
    """Variable → port, of those ports that the environment sets."""
    found = {variable: _explicit_port(variable) for variable, _ in PORT_CHOICES.values()}
    return {variable: port for variable, port in found.items() if port is not None}


def _explicit_port(variable: str) -> int | None:
    text = os.environ.get(variable, "")
    if not text:
        return None
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ConfigurationError(f"{variable}: expected a port from 1 to 65535, found {text!r}")
    return int(text)


def _explicit_range() -> tuple[int, int] | None:
    text = os.environ.get(RTP_VARIABLE, "")
    if not text:
        return None
    start, _, end = text.partition("-")
    if not (start.isdigit() and end.isdigit() and 1024 <= int(start) < int(end) <= 65535):
        raise ConfigurationError(f"{RTP_VARIABLE}: expected a range like 10000-10399, found {text!r}")
    return int(start), int(end)
