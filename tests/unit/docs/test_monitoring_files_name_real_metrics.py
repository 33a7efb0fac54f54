"""The dashboard and the alert rules ask for metrics, labels and components that the program really has."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from ruamel.yaml import YAML

from ctiserver.parts_folders import CHECKOUT

FOLDER = CHECKOUT / "docs" / "monitoring"
MODULES = ("app", "live.metrics", "live.feed", "api.metrics", "api.attempts", "asterisk.metrics", "store.shipper")
OF_THE_LIBRARY = {"up", "process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds"}
NAME = re.compile(r"\b(?:cti|process)_[a-z_]+\b|\bup\b")
SUFFIXES = ("_total", "_bucket", "_count", "_sum", "")


def known_metrics() -> set[str]:
    for module in MODULES:
        importlib.import_module(f"ctiserver.{module}")
    names = {metric.name for metric in REGISTRY.collect()}
    return {f"{name}{suffix}" for name in names for suffix in SUFFIXES} | OF_THE_LIBRARY


def alert_rules() -> Any:
    yaml: Any = YAML(typ="safe")  # ruamel.yaml has no complete types
    return yaml.load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))


def expressions() -> Iterator[tuple[str, str]]:
    for group in alert_rules()["groups"]:
        for rule in group["rules"]:
            yield f"alert {rule['alert']}", rule["expr"]
    dashboard: Any = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield f"panel {panel['title']}", target["expr"]


@pytest.mark.parametrize(("where", "expression"), list(expressions()))
def test_every_metric_exists(where: str, expression: str) -> None:
    asked = set(NAME.findall(expression))
    assert asked, f"{where} asks for nothing"
    assert asked <= known_metrics(), f"{where}: unknown {asked - known_metrics()}"


def test_every_alert_says_what_to_do() -> None:
    for group in alert_rules()["groups"]:
        for rule in group["rules"]:
            assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
            assert rule["annotations"]["summary"], rule["alert"]
            assert rule["annotations"]["action"], rule["alert"]


def test_panels_do_not_overlap() -> None:
    dashboard: Any = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    taken: dict[tuple[int, int], str] = {}
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert taken.setdefault((x, y), panel["title"]) == panel["title"]


def test_both_files_are_documented() -> None:
    operations = Path(CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert "monitoring/dashboard.json" in operations
    assert "monitoring/alerts.yaml" in operations
