"""Story: flows are published, listed and rolled back by the command, as real processes over a real Postgres."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from ctiserver.hotline_settings import CalendarSetup
from ctiserver.recorded_prompts import PreparedRecording
from ctiserver.store.database import Database
from ctiserver.store.flow_rows import Author
from ctiserver.store.hotline import Hotline
from ctiserver.store.prompt_recordings import PromptRecordings

MAIN = """flow: main
entry: open?
vars: {bill: {}}
nodes:
  open?: {hours: {calendar: office, open: welcome, closed: bye}}
  welcome: {say: {prompt: welcome}, next: bill}
  bill: {lookup: {source: billing, path: /bill, into: bill, ok: people, failed: people}}
  people: {queue: {queue: service, no_agents: bye}}
  bye: {hang_up: 再见。}
tests:
  - name: people
    at: 2026-11-23T10:00+08:00
    expect: [welcome, queue service]
"""
LOOKUPS = "sources: {billing: {base_url: 'http://127.0.0.1:1', allow_private: true}}\n"
PATIENCE_S = 120.0


class Terminal:
    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder

    async def run(self, *words: str) -> tuple[int, str]:
        """Exit code, and what was said on both outputs."""
        variables = {"DATABASE_URL": self.url, "CTI_FLOWS": str(self.folder), "CTI_VAR": str(self.folder / "var")}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ctiserver", "flows", *words),
            env={**os.environ, **variables},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(PATIENCE_S):
            said, _ = await process.communicate()
        return process.returncode or 0, said.decode()


@pytest.fixture
async def terminal(database: Database, migrated_url: str, tmp_path: Path) -> Terminal:
    """A queue, a calendar and a recording in Postgres, an outside system in the folder: what the flow refers to."""
    (tmp_path / "main.yaml").write_text(MAIN, encoding="utf-8")
    (tmp_path / "lines.yaml").write_text('lines: {"100": {flow: main}}\n', encoding="utf-8")
    (tmp_path / "lookups.yaml").write_text(LOOKUPS, encoding="utf-8")
    async with database.writing() as connection:
        await connection.execute(text("""INSERT INTO queue (id, name) VALUES ('service', '{"en": "Service"}')"""))
    await Hotline(database).put_calendar(CalendarSetup(name="office", weekly={"mon-fri": "08:00-18:00"}))
    sound = PreparedRecording(sound=b"RIFF", seconds=1.0, loudness_db=-20.0, peak_db=-3.0, clipped=False)
    await PromptRecordings(database).add("welcome", "zh-CN", sound, note="", author=Author(name="ops"))
    return Terminal(migrated_url, tmp_path)


async def test_published_refused_rolled_back_and_listed(terminal: Terminal) -> None:
    code, said = await terminal.run("publish", "--note", "first", "--author", "Ops")
    assert (code, "release 2" in said) == (0, True), said
    file = terminal.folder / "main.yaml"
    file.write_text(MAIN.replace("再见。", "谢谢，再见。"), encoding="utf-8")
    code, said = await terminal.run("publish", str(file), "--note", "thanks", "--author", "Ops")
    assert (code, "release 3: main.yaml" in said) == (0, True), said
    file.write_text(MAIN.replace("next: bill", "next: bil").replace("source: billing", "source: crm"), encoding="utf-8")
    code, said = await terminal.run("publish", str(file), "--note", "broken")
    assert code == 1
    for expected in ("main.yaml:6", 'there is no node "bil"', "nothing was published: the former flows stay in force"):
        assert expected in said
    file.write_text(MAIN.replace("expect: [welcome,", "expect: [bye,"), encoding="utf-8")
    code, said = await terminal.run("publish", str(file), "--note", "its test fails")
    assert (code, 'the test "people" fails' in said) == (1, True), said
    code, said = await terminal.run("rollback", "2", "--note", "as it was", "--author", "Ops")
    assert (code, "release 4: main.yaml" in said) == (0, True), said
    code, said = await terminal.run("history")
    assert code == 0
    lines = said.splitlines()
    assert [line.split()[0] for line in lines] == ["4", "3", "2", "1"]
    assert "back to 2: as it was" in lines[0]
    code, said = await terminal.run("rollback", "99")
    assert code != 0
    assert "there is no release 99" in said


async def test_an_outside_system_that_nobody_knows_is_refused(terminal: Terminal) -> None:
    file = terminal.folder / "main.yaml"
    file.write_text(MAIN.replace("source: billing", "source: crm"), encoding="utf-8")
    code, said = await terminal.run("publish", str(file), "--note", "x")
    assert (code, 'there is no outside system "crm"' in said) == (1, True), said
