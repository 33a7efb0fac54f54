"""Commands speak clearly: one line for what can be mended, a table that lines up, JSON in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ctiserver.__main__ import COMMANDS, main
from ctiserver.commands.doctor import table
from ctiserver.commands.doctor_checks import Finding, State
from ctiserver.commands.ready import Account, Ready, read_ready, write_ready
from ctiserver.errors import PartError


def ready(file: Path) -> Ready:
    return Ready(
        base_url="http://127.0.0.1:8080",
        accounts=(
            Account(login="1001", password="page-word", role="agent", extension="1001", sip_password="sip-word"),
            Account(login="admin", password="admin-word", role="admin", name="管理员"),
        ),
        dids=("96100", "96101"),
        database_url="postgresql://ctiserver:db-word@127.0.0.1:5433/ctiserver",
        asterisk={"sip": "127.0.0.1:5060"},
        folders={"recordings": "/srv/recordings", "log": "/srv/log"},
        file=file,
    )


def test_ready_is_one_line_of_json(tmp_path: Path) -> None:
    line = ready(tmp_path / "ready.json").with_processes({"asterisk": 42}).as_json()
    assert "\n" not in line
    content = json.loads(line)
    assert content["sip"] == "127.0.0.1:5060"
    assert content["accounts"][0]["sip_password"] == "sip-word"
    assert content["pids"]["asterisk"] == 42


def test_ready_for_people_names_pages_hotlines_and_accounts(tmp_path: Path) -> None:
    text = ready(tmp_path / "ready.json").for_people()
    for words in ("http://127.0.0.1:8080", "96100, 96101", "SIP 1001 / sip-word", "/srv/recordings"):
        assert words in text
    assert "db-word" not in text


def test_ready_is_kept_for_other_commands_and_closed_to_others(tmp_path: Path) -> None:
    write_ready(ready(tmp_path / "ready.json"))
    assert (tmp_path / "ready.json").stat().st_mode & 0o777 == 0o600
    kept = read_ready(tmp_path / "ready.json")
    assert kept is not None
    assert kept["base_url"] == "http://127.0.0.1:8080"
    assert read_ready(tmp_path / "missing.json") is None


def test_the_table_lines_up_with_chinese_in_it() -> None:
    findings = [
        Finding("Chinese font", State.FINE, "思源黑体", "fine"),
        Finding("Pages", State.WRONG, "not built", "make pages"),
    ]
    _, first, second = table(findings).splitlines()
    two_columns_each = len("思源黑体")
    assert first.index("fine") + two_columns_each == second.index("make pages")


def test_what_can_be_mended_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> int:
        raise PartError("Port 5060 is taken", hint="stop that program")

    monkeypatch.setattr("ctiserver.commands.down.run", refuse)
    assert main(["down"]) == 1
    assert capsys.readouterr().err == "ctiserver down: Port 5060 is taken — stop that program\n"


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert all(command in text for command in COMMANDS)
