"""As root, servers run as nobody: in folders that nobody can enter, wherever the checkout lies."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from ctiserver import unprivileged
from ctiserver.errors import PartError
from ctiserver.local_process import LocalProcess, find_process, minimal_environment
from ctiserver.unprivileged import ServiceUser, can_reach, reachable_folder, remove_folder, start_prefix, write_private

SOMEBODY = ServiceUser("somebody", 65534, 65534)


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A place that everybody can enter, as far as its own mode goes; above it only what we set ourselves counts."""
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    return folder


@pytest.fixture(autouse=True)
def only_our_folders_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = unprivileged._may_enter  # pyright: ignore[reportPrivateUsage] - pytest's folder lies in closed ones
    ours = {folder.stat().st_ino for folder in tmp_path.parents}

    def may_enter(status: os.stat_result, user: ServiceUser) -> bool:
        return status.st_ino in ours or real(status, user)

    monkeypatch.setattr(unprivileged, "_may_enter", may_enter)
    monkeypatch.setattr(unprivileged, "RELOCATION_ROOT", tmp_path / "relocated")
    tmp_path.chmod(0o711)


def test_an_open_folder_is_used_where_it_is(open_folder: Path) -> None:
    assert reachable_folder(open_folder / "var", SOMEBODY) == open_folder / "var"


def test_below_a_closed_folder_it_is_moved_and_linked(open_folder: Path, tmp_path: Path) -> None:
    closed = open_folder / "home"
    closed.mkdir(mode=0o700)
    if closed.stat().st_uid == SOMEBODY.uid:
        pytest.skip("we are nobody ourselves")
    place = reachable_folder(closed / "var", SOMEBODY)
    assert place.parent == tmp_path / "relocated"
    assert (closed / "var").resolve() == place
    assert can_reach(closed / "var", SOMEBODY) is can_reach(place, SOMEBODY) is True
    assert reachable_folder(closed / "var", SOMEBODY) == place, "a second start uses the same place"
    remove_folder(closed / "var")
    assert not place.exists()
    assert not (closed / "var").is_symlink()


def test_a_closed_folder_that_holds_files_is_not_moved_silently(open_folder: Path) -> None:
    closed = open_folder / "home"
    (closed / "var").mkdir(parents=True)
    closed.chmod(0o700)
    (closed / "var" / "precious").write_text("")
    with pytest.raises(PartError, match="holds files, but the user somebody can't enter it"):
        reachable_folder(closed / "var", SOMEBODY)


def test_an_ordinary_user_needs_no_moving(tmp_path: Path) -> None:
    assert reachable_folder(tmp_path / "var", None) == tmp_path / "var"


def test_a_private_file_is_private_from_the_first_byte(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("old and open")
    file.chmod(0o644)
    write_private(file, "new", None)
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o600)


def test_a_server_inherits_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("CTI_ASTERISK__PASSWORD", "secret")
    assert "secret" not in str(minimal_environment())


async def test_a_recycled_pid_is_not_taken_for_our_server(tmp_path: Path) -> None:
    identity = tmp_path / "process.json"
    started = psutil.Process().create_time()
    identity.write_text(json.dumps({"pid": os.getpid(), "started": started - 1000}))
    assert find_process(identity) is None
    identity.write_text(json.dumps({"pid": os.getpid(), "started": started}))
    assert find_process(identity) == psutil.Process()


async def test_a_server_ends_when_asked_and_is_killed_when_it_does_not(tmp_path: Path) -> None:
    for script, code in (("sleep 60", -15), ("trap '' TERM; while :; do sleep 0.05; done", -9)):
        server = LocalProcess("sleeper", tmp_path / "process.json")
        command = [*start_prefix(None, "TERM"), "sh", "-c", f"echo up; {script}"]
        output = tmp_path / "output"
        output.unlink(missing_ok=True)
        server.start(command, environment=minimal_environment(), folder=tmp_path, output=output)
        assert server.pid is not None
        while not output.read_text():
            time.sleep(0.01)  # noqa: ASYNC251 - nothing else runs in this loop
        await server.stop(first=signal.SIGTERM, patience_s=0.2)
        assert server.exit_code == code
        assert find_process(tmp_path / "process.json") is None
