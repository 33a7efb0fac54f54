"""A folder runs one stack at a time; that another one runs is known for certain, not guessed from a pid file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ctiserver.__main__ import main
from ctiserver.commands.stack_folder import StackFolder
from ctiserver.errors import PartError


def test_a_second_start_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    folder = StackFolder.at(tmp_path)
    with folder.locked():
        assert folder.supervisor_pid() == os.getpid()
        with (
            pytest.raises(PartError, match=rf"already runs \(process {os.getpid()}\).*ctiserver down"),
            StackFolder.at(tmp_path).locked(),
        ):
            pass
    assert folder.supervisor_pid() is None


def test_folders_do_not_disturb_each_other(tmp_path: Path) -> None:
    with StackFolder.at(tmp_path / "a").locked(), StackFolder.at(tmp_path / "b").locked():
        assert StackFolder.at(tmp_path / "a").supervisor_pid() == StackFolder.at(tmp_path / "b").supervisor_pid()


def test_a_file_left_by_a_killed_supervisor_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "stack.lock").write_text("1")
    assert StackFolder.at(tmp_path).supervisor_pid() is None


def test_down_without_a_stack_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["down", "--var", str(tmp_path)]) == 0
    assert "No stack runs in" in capsys.readouterr().out
