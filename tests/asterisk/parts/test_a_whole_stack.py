"""`ctiserver up` runs everything, says so in one line, repairs what dies, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
import pytest

from ctiserver.asterisk.local import AsteriskPrograms
from ctiserver.commands.stack_folder import PORT_CHOICES
from ctiserver.free_ports import choose_free_port
from tests.real_parts import service_folder

START_PATIENCE_S = 90.0


def command(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ctiserver", *words],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=START_PATIENCE_S,
        check=False,
    )


def environment(**variables: str) -> dict[str, str]:
    foreign = {"DATABASE_URL", "CTI_ASTERISK__URL", *(variable for variable, _ in PORT_CHOICES.values())}
    return {name: text for name, text in os.environ.items() if name not in foreign} | variables


def eventually(true: Callable[[], bool], what: str, patience_s: float = START_PATIENCE_S) -> None:
    deadline = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < deadline, f"not within {patience_s:.0f} s: {what}"
        time.sleep(0.1)


def processes_of(folder: Path) -> list[str]:
    """Command lines of processes that work for the stack in `folder`."""
    found: list[str] = []
    for process in psutil.process_iter(["cmdline", "cwd", "status"]):
        line = " ".join(process.info["cmdline"] or [])
        place = process.info["cwd"] or ""
        if process.info["status"] != psutil.STATUS_ZOMBIE and (str(folder) in line or place.startswith(str(folder))):
            found.append(line)
    return found


def is_ready(base_url: str) -> bool:
    try:
        with urlopen(f"{base_url}/health/ready", timeout=5) as answer:  # noqa: S310 - our own address
            return answer.status == 200
    except OSError:
        return False


@contextmanager
def up(folder: Path) -> Generator[dict[str, Any]]:
    with (folder / "errors").open("w") as errors:
        words = [sys.executable, "-m", "ctiserver", "up", "--json", "--var", str(folder / "var")]
        supervisor = subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            assert supervisor.stdout
            line = supervisor.stdout.readline()
            assert line, (folder / "errors").read_text()
            yield json.loads(line)
        finally:
            supervisor.terminate()
            supervisor.communicate()


@pytest.fixture(scope="module")
def folder(asterisk_programs: AsteriskPrograms) -> Iterator[Path]:
    with service_folder() as place:
        yield place


@pytest.fixture(scope="module")
def stack(folder: Path) -> Iterator[dict[str, Any]]:
    with up(folder) as ready:
        yield ready
    assert processes_of(folder) == []


def test_the_ready_line_tells_all_that_a_program_needs(stack: dict[str, Any]) -> None:
    assert is_ready(stack["base_url"])
    assert {"96100", "96103"} <= set(stack["dids"])
    roles = {account["role"] for account in stack["accounts"]}
    assert roles == {"agent", "supervisor", "ops", "admin", "dispatcher", "field"}
    agents = [account for account in stack["accounts"] if account["role"] == "agent"]
    assert all(agent["extension"] and agent["sip_password"] and agent["password"] for agent in agents)
    assert stack["database_url"].startswith("postgresql://ctiserver:")
    assert Path(stack["folders"]["recordings"]).is_dir()


def test_doctor_finds_every_part_in_order(stack: dict[str, Any]) -> None:
    result = command("doctor", "--var", stack["folders"]["var"])
    answers = [line for line in result.stdout.splitlines() if " answers " in line]
    assert len(answers) == 5
    assert all(line.startswith("✓") for line in answers), result.stdout


def test_a_second_start_in_the_same_folder_is_refused_in_one_line(stack: dict[str, Any]) -> None:
    result = command("up", "--var", stack["folders"]["var"])
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert f"already runs (process {stack['pids']['supervisor']})" in result.stderr
    assert is_ready(stack["base_url"]), "the first one is not disturbed"


@pytest.mark.parametrize("part", ["ctiserver", "asterisk", "postgres"])
def test_a_part_that_dies_is_started_again(stack: dict[str, Any], part: str) -> None:
    ready_file = Path(stack["folders"]["var"]) / "ready.json"

    def pid() -> int:
        return json.loads(ready_file.read_text())["pids"][part]

    before = pid()
    os.kill(before, signal.SIGKILL)
    eventually(lambda: pid() != before, f"a new {part}")
    eventually(lambda: is_ready(stack["base_url"]), "everything ready again")


def test_a_second_stack_runs_beside_it_and_down_stops_only_that(stack: dict[str, Any]) -> None:
    with service_folder() as other, up(other) as second:
        assert second["base_url"] != stack["base_url"]
        assert is_ready(second["base_url"])
        result = command("down", "--var", second["folders"]["var"])
        assert result.returncode == 0, result.stderr
        assert processes_of(other) == []
        assert is_ready(stack["base_url"])


def test_killing_the_supervisor_ends_everything_it_started(asterisk_programs: AsteriskPrograms) -> None:
    with service_folder() as place:
        with up(place) as ready:
            os.kill(ready["pids"]["supervisor"], signal.SIGKILL)
            eventually(lambda: processes_of(place) == [], "no process left", patience_s=20)
        with up(place) as ready:
            assert is_ready(ready["base_url"]), "it starts again over what was left"


def test_a_port_that_was_set_and_is_taken_is_named(stack: dict[str, Any]) -> None:
    port = stack["sip"].rpartition(":")[2]
    with service_folder() as place:
        result = command("up", "--var", str(place), CTI_SIP_PORT=port)
    assert result.returncode == 1
    assert f"Port {port} (CTI_SIP_PORT) is taken" in result.stderr


def test_a_database_that_refuses_is_one_clear_message() -> None:
    port = choose_free_port()
    with service_folder() as place:
        result = command("up", "--var", str(place), DATABASE_URL=f"postgresql://x:secret@127.0.0.1:{port}/x")
        assert processes_of(place) == []
    assert result.returncode == 1
    assert f"127.0.0.1:{port}" in result.stderr
    assert "secret" not in result.stderr
    assert "Traceback" not in result.stderr
