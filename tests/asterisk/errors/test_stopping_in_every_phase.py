"""Ctrl-C at whatever moment of `ctiserver up`: nothing of it goes on running, and the next start isn't hindered."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ctiserver.asterisk.local import AsteriskPrograms
from ctiserver.commands.stack_folder import StackFolder
from tests.asterisk.errors.conftest import clean_environment, eventually
from tests.real_parts import service_folder


def of(folder: Path) -> list[str]:
    """Command lines of processes that work in or for `folder`."""
    found: list[str] = []
    for process in psutil.process_iter(["cmdline", "cwd", "status"]):
        line = " ".join(process.info["cmdline"] or [])
        at_home = (process.info["cwd"] or "").startswith(str(folder))
        if process.info["status"] != psutil.STATUS_ZOMBIE and (str(folder) in line or at_home):
            found.append(line)
    return found


PHASES: dict[str, Callable[[Path], bool]] = {
    "the lock is just taken": lambda var: (var / "stack.lock").exists(),
    "initdb runs": lambda var: any("initdb" in line for line in of(var)),
    "Postgres starts": lambda var: (var / "services/postgres/process.json").exists(),
    "Asterisk boots": lambda var: (var / "services/asterisk/process.json").exists(),
    "the daemon starts": lambda var: (var / "log/ctiserver.process.json").exists(),
    "all runs": lambda var: (var / "ready.json").exists(),
}


@pytest.mark.parametrize("phase", PHASES)
def test_ctrl_c(phase: str, asterisk_programs: AsteriskPrograms) -> None:
    with service_folder() as folder:
        var = folder / "var"
        with (folder / "said").open("w") as said:
            command = [sys.executable, "-m", "ctiserver", "up", "--var", str(var)]
            up = subprocess.Popen(command, stdout=said, stderr=said, env=clean_environment())
        eventually(lambda: PHASES[phase](var) or up.poll() is not None, phase, patience_s=90)
        assert up.poll() is None, (folder / "said").read_text()
        up.send_signal(signal.SIGINT)
        assert up.wait(60) in (0, 130), (folder / "said").read_text()
        assert of(folder) == []
        assert "Traceback" not in (folder / "said").read_text()
        assert not (var / "ready.json").exists()
        assert StackFolder.at(var).supervisor_pid() is None


def test_ctrl_c_while_packages_are_fetched() -> None:
    """The mirror accepts the connection and then says nothing: apt would wait for minutes."""
    with socket.socket() as mirror, service_folder() as folder:
        mirror.bind(("127.0.0.1", 0))
        mirror.listen()
        mirror.settimeout(60)
        nowhere = f"http://127.0.0.1:{mirror.getsockname()[1]}/debian"
        cache = folder / "cache"
        with (folder / "said").open("w") as said:
            command = [sys.executable, "-m", "ctiserver", "up", "--var", str(folder / "var")]
            variables = clean_environment() | {"CTI_CACHE": str(cache), "CTI_DEBIAN_MIRROR": nowhere}
            up = subprocess.Popen(command, stdout=said, stderr=said, env=variables)
        asked, _ = mirror.accept()
        with asked:
            up.send_signal(signal.SIGINT)
            assert up.wait(60) == 0, (folder / "said").read_text()
        assert of(folder) == []
        said_at_last = (folder / "said").read_text().splitlines()[-1]
        assert said_at_last == "ctiserver up: stopped"
