"""A flow names an outside system that nobody set up: the check says so, not the caller's third minute."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctiserver.__main__ import main
from ctiserver.ivr.flow_error import FlowErrors
from ctiserver.live.flow_keeper import FlowKeeper

SOURCES = "sources:\n  billing: {base_url: 'https://billing.example', headers: {X-Token: '${env:NOT_SET_HERE}'}}\n"
FLOW = """flow: bills
entry: ask
nodes:
  ask:
    lookup: {source: SOURCE, path: "/accounts/1", into: bill, ok: bye, not_found: bye, failed: bye}
  bye:
    hang_up: {say: "再见。"}
"""


def write(folder: Path, source: str) -> None:
    (folder / "lookups.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "bills.yaml").write_text(FLOW.replace("SOURCE", source), encoding="utf-8")


def test_the_command_names_the_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "biling")
    assert main(["flows", "check", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "bills.yaml:5:" in told
    assert "biling" in told
    write(tmp_path, "billing")
    assert main(["flows", "check", str(tmp_path)]) == 0  # secrets are not needed for it


def test_a_running_daemon_keeps_what_it_has(tmp_path: Path) -> None:
    write(tmp_path, "billing")
    keeper = FlowKeeper(tmp_path, frozenset(), lookups=lambda: {"billing"})
    before = keeper.flows
    write(tmp_path, "biling")
    refused = keeper.reload()
    assert isinstance(refused, FlowErrors)
    assert "biling" in str(refused)
    assert keeper.flows is before
