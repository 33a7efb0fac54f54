"""docs/failure_modes.md names tests that exist."""

from __future__ import annotations

import re

import pytest

from ctiserver.parts_folders import CHECKOUT

TEXT = (CHECKOUT / "docs" / "failure_modes.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_it_exists(file: str, name: str) -> None:
    source = (CHECKOUT / file).read_text(encoding="utf-8")
    assert f"def {name}(" in source if name else re.search(r"def test_|TestCase|^Test\w+ = ", source, re.MULTILINE)


def test_every_row_names_one() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| what |")]
    assert len(rows) > 60
    assert [row for row in rows if "`tests/" not in row] == []
