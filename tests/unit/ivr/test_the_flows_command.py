"""`ctiserver flows check | test | walk | schema`, as operations staff use it."""

from __future__ import annotations

import argparse
import io
import json
import shutil
from pathlib import Path

import pytest

from ctiserver.commands import flows

SHIPPED = Path(__file__).parents[3] / "ivr_flows"


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    flows.add_parser(parser.add_subparsers())
    return flows.run(parser.parse_args(["flows", *arguments]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "ivr_flows"))


def break_flow(folder: Path) -> None:
    file = folder / "public_line.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("on_timeout: sorry", "on_timeout: sory"), encoding="utf-8")


def test_the_shipped_flows_are_sound_and_know_their_queues(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(SHIPPED), "--queues", "service, repairs, bills, english") == 0
    assert "no errors" in capsys.readouterr().out


def test_the_tests_inside_the_shipped_flows_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("test", str(SHIPPED)) == 0
    out = capsys.readouterr().out
    assert "0 failed" in out
    assert "water_hotline: a burst pipe goes to repairs" in out


def test_a_typo_is_named_with_file_line_and_column(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    break_flow(folder)
    for command in ("check", "test"):
        assert run(command, str(folder)) == 1
        complaint = capsys.readouterr().err
        assert 'public_line.yaml:13:15: nodes.people.queue.on_timeout: there is no node "sory"' in complaint
        assert "did you mean sorry?" in complaint


def test_a_queue_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(SHIPPED), "--queues", "service,repair,bills,english") == 1
    assert 'there is no queue "repairs" (did you mean repair?)' in capsys.readouterr().err


def test_a_flow_that_tells_another_story_fails_its_test(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "water_hotline.yaml"
    text = file.read_text(encoding="utf-8")
    swapped = text.replace('"2": area_known?', '"2": people').replace('"9": people', '"9": area_known?')
    file.write_text(swapped.replace("您输入的户号", "户号"), encoding="utf-8")
    assert run("test", str(folder), "--flow", "water_hotline") == 1
    out = capsys.readouterr().out
    assert "FAILED water_hotline: a burst pipe goes to repairs" in out
    assert "never came to repairs; the way was open? → welcome → people → people_chinese → queue service" in out


def test_walking_shows_what_the_caller_hears(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "sys.stdin", io.StringIO("1\n22222222#\n\nx\nno_agents\n1\n22222222#\n1\nno_agents\nno_agents\n")
    )
    assert run("walk", "96100", str(SHIPPED), "--at", "2026-11-23T10:00+08:00") == 0
    out = capsys.readouterr().out
    for expected in (
        "→ welcome",
        "您输入的户号是二二二二二二二二",
        "没有收到您的输入。",
        '"x" is neither keys nor silence',
        '"no_agents" happens in a queue, but the caller is at confirm_account',
        "→ queue bills",
        "→ queue service",
        "the call ends: normal",
    ):
        assert expected in out


def test_outside_systems_answer_a_walk_as_they_answer_the_tests(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n12345678#\n1\nq\n"))
    assert run("walk", "96100", str(SHIPPED), "--at", "2026-11-23T10:00+08:00") == 0
    out = capsys.readouterr().out
    assert "outside systems answer what the tests say" in out
    assert "四十一元四角" in out


def test_a_file_stands_for_its_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(folder / "water_hotline.yaml")) == 0
    assert "no errors" in capsys.readouterr().out


def test_walking_ends_with_the_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("q\n"))
    assert run("walk", "public_line", str(SHIPPED)) == 0
    assert "正在为您接通人工服务" in capsys.readouterr().out


def test_an_unknown_flow_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("walk", "water_hotlin", str(SHIPPED)) == 2
    assert "did you mean water_hotline?" in capsys.readouterr().err
    assert run("test", str(SHIPPED), "--flow", "nowhere") == 2


def test_a_folder_without_flows_is_one_clear_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(tmp_path)) == 1
    assert "no flow files (*.yaml) are here" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["flow", "lines", "lookups"])
def test_the_schema_is_printed_as_json(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema", kind) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"
