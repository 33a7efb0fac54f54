"""The examples of docs/flows.md pass the check and their own tests; its tables name every node type and form."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ctiserver.config import RecognitionSettings
from ctiserver.ivr.flow_file import build_flow_set
from ctiserver.ivr.nodes import NODE_TYPES
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.reader import fields_of
from ctiserver.ivr.simulate import run_test
from ctiserver.ivr.spoken import FORMATS

TEXT = (Path(__file__).parents[3] / "docs" / "flows.md").read_text(encoding="utf-8")
AS = {"collect": "menu", "record": "voicemail"}  # described by what differs
FLOW, RECOGNITION, LINES = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)


def test_the_example_passes_the_check_and_its_test() -> None:
    lines = LINES.replace("default: public_line", "default: water_hotline")
    flows = build_flow_set({"example.yaml": FLOW, "lines.yaml": lines})
    flow = flows.flows["water_hotline"]
    assert len(flow.tests) == 1
    assert run_test(flows, flow, flow.tests[0]) == []


def test_the_settings_of_a_recogniser_can_be_read() -> None:
    yaml: Any = YAML(typ="safe", pure=True)
    assert RecognitionSettings(**yaml.load(RECOGNITION)["recognition"]).send == "wav"


@pytest.mark.parametrize("name", NODE_TYPES)
def test_every_node_type_and_each_of_its_settings_is_described(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}` \|.*$", TEXT, flags=re.MULTILINE)
    described = row + "".join(re.findall(rf"^\| `{AS[name]}` \|.*$", TEXT, flags=re.MULTILINE) if name in AS else ())
    common = {field.encode_name for field in fields_of(Node)}
    for field in fields_of(NODE_TYPES[name]):
        if field.encode_name in common:
            assert f"`{field.encode_name}`" in TEXT
            continue
        short = NODE_TYPES[name].short == field.encode_name
        assert short or f"`{field.encode_name}`" in described, field.encode_name


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_of_speaking_is_described(form: str) -> None:
    assert f"`{form}`" in TEXT
