"""`python -m acd …`: one JSON object, or one clear message."""

import json
from pathlib import Path
from typing import Any

import pytest

from acd.__main__ import main

SCENARIO = """
horizon_s: 3600
replications: 3
queues:
  - id: bills
    arrivals: [{until_s: 1800, per_hour: 200}, {until_s: 3600, per_hour: 300}]
    service: {mean_s: 120, distribution: {lognormal: {cv: 0.8}}}
    wrap_up_s: 10
    patience: [{until_s: 600, mean_s: 60}, {mean_s: 90}]
    max_waiting: 20
    routing: {strategy: longest_idle, skills: {bills: 3}, steps: [{after_s: 30, levels: {bills: 1}}], priority_s: 0}
agents:
  - {group: old, count: 6, skills: {bills: 5}}
  - {group: new, count: [{until_s: 1800, count: 2}, {until_s: 3600, count: 6}], skills: {bills: 1}}
agent_choice: queue_order
day_factor: {shape: 28.7, mean: 1}
"""
WAITS = ["p_wait", "asa_s", "wait_all_s", "wait_p50_s", "wait_p90_s"]
COUNTS = ["offered", "served", "abandoned", "blocked", "answered_within", "abandoned_within"]
METRICS = [*COUNTS, *WAITS, "sl1", "sl2", "sl3", "sl4", "sl5", "sl6", "sl7", "slq"]


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    path = tmp_path / "scenario.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return str(path)


def test_simulate_prints_one_object(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", scenario, "--json"]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert sorted(report) == ["agents", "queues", "total"]
    assert sorted(report["total"]) == sorted(METRICS)
    assert report["queues"]["bills"] == report["total"]
    assert sorted(report["agents"]["new"]) == ["contacts", "occupancy"]
    assert sorted(report["total"]["asa_s"]) == ["half_width", "mean"]
    total = {name: figure["mean"] for name, figure in report["total"].items()}
    assert total["offered"] == pytest.approx(total["served"] + total["abandoned"] + total["blocked"])
    assert main(["simulate", scenario]) == 0
    assert "occupancy" in capsys.readouterr().out


def test_seed_and_replications_override_the_file(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["simulate", scenario, "--json", "--seed", "4", "--replications", "1"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert report["total"]["offered"]["half_width"] is None


def test_a_scenario_may_be_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scenario.json"
    path.write_text(
        json.dumps(
            {
                "horizon_s": 100,
                "queues": [{"id": "q", "arrivals": {"per_hour": 60}, "service": {"mean_s": 5}}],
                "agents": [{"group": "g", "count": 1}],
            }
        ),
        encoding="utf-8",
    )
    assert main(["simulate", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"]["abandoned"]["mean"] == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("horizon_s: [", "scenario.yaml, line"),
        ("horizon_s: 10\nqueues: []\nagents: []\n", "queues: is empty"),
        (SCENARIO.replace("per_hour: 200", "per_hour: many"), "queues[0].arrivals[0].per_hour: must be a number"),
        (SCENARIO.replace("strategy: longest_idle", "strategie: random"), "queues[0].routing.strategie: unknown"),
    ],
)
def test_a_mistake_in_the_file_is_one_message(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    assert main(["simulate", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err


def test_a_missing_file_is_one_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "nowhere.yaml"]) == 2
    assert "nowhere.yaml" in capsys.readouterr().err


def test_erlang_prints_one_flat_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erlang", "--per-hour", "252", "--mean-s", "120", "--agents", "12", "--json"]) == 0
    figures: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert sorted(figures) == ["agents", "asa_s", "occupancy", "p_abandon", "p_wait", "service_level", "wait_all_s"]
    assert figures["p_wait"] == pytest.approx(0.18389, abs=5e-6)


def test_erlang_finds_the_agents_for_a_target(capsys: pytest.CaptureFixture[str]) -> None:
    main(["erlang", "--per-hour", "252", "--mean-s", "120", "--target", "80/20", "--patience-s", "60", "--json"])
    figures: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert figures["service_level"] >= 0.8
    assert main(["erlang", "--per-hour", "252", "--mean-s", "120", "--target", "lots"]) == 2
    assert "80/20" in capsys.readouterr().err
