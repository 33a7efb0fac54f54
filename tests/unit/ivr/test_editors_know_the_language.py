"""The JSON Schema accepts what we accept, underlines what we refuse, and the shipped files are up to date."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from ruamel.yaml import YAML

from ctiserver.channels.lookups.sources import lookups_schema
from ctiserver.ivr.schema import flow_schema, lines_schema

FOLDER = Path(__file__).parents[3] / "ivr_flows"
FILES = sorted(FOLDER.glob("*.yaml"))
SCHEMAS = {"lines.yaml": lines_schema(), "lookups.yaml": lookups_schema()}


def load(text: str) -> Any:
    yaml: Any = YAML(typ="safe", pure=True)
    return json.loads(json.dumps(yaml.load(text), default=str))


def accepts(schema: dict[str, Any], document: Any) -> bool:
    validator: Any = jsonschema_rs.Draft202012Validator(schema)
    return bool(validator.is_valid(document))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_the_shipped_files_are_accepted(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert accepts(SCHEMAS.get(file.name, flow_schema()), load(text))
    named = re.search(r"^# yaml-language-server: \$schema=(\S+)$", text, re.MULTILINE)
    assert named is not None, "editors find the schema by this line"
    assert (FOLDER / named[1]).is_file()


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("flow.schema.json", flow_schema()),
        ("lines.schema.json", lines_schema()),
        ("lookups.schema.json", lookups_schema()),
    ],
)
def test_the_shipped_schema_is_the_generated_one(name: str, schema: dict[str, Any]) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert json.loads(text) == schema, f"run: ctiserver flows schema {name.partition('.')[0]} > ivr_flows/{name}"


@pytest.mark.parametrize(
    "node",
    [
        "{sya: hi, next: a}",
        "{say: hi}",
        "{say: hi, nxt: a}",
        "{menu: {say: hi, choices: {'1': a}}}",
        "{menu: {say: hi, choices: {'1': a}, no_input: a, timeout: soon}}",
        "{queue: {queue: service, announce: {every: 30s, extra: 1}}}",
        "{set_language: de, next: a}",
        "{hours: {calendar: c, open: a}}",
        "{say: {fr: x}, next: a}",
        "{}",
    ],
)
def test_what_the_checker_refuses_is_underlined(node: str) -> None:
    good = load("{flow: f, entry: a, nodes: {a: {say: {text: hi, next: b}}, b: {say: hi, next: c}, c: {hang_up: bye}}}")
    assert accepts(flow_schema(), good)
    assert not accepts(flow_schema(), load(f"{{flow: f, entry: a, nodes: {{a: {node}}}}}"))


@pytest.mark.parametrize(
    "source",
    ["{}", "{base_url: x, tiemout: 2s}", "{base_url: x, timeout: soon}", "{base_url: x, allow_private: perhaps}"],
)
def test_what_is_wrong_in_a_source_is_underlined(source: str) -> None:
    assert accepts(lookups_schema(), load("{sources: {billing: {base_url: 'https://x', timeout: 2s}}}"))
    assert not accepts(lookups_schema(), load(f"{{sources: {{billing: {source}}}}}"))
