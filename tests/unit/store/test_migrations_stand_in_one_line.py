"""Story: two people take the same number for a migration; the second one learns of it before Postgres is started."""

from __future__ import annotations

import re
from pathlib import Path

VERSIONS = Path(__file__).parents[3] / "migrations" / "versions"


def test_numbers_follow_each_other_without_a_gap() -> None:
    files = sorted(VERSIONS.glob("[0-9]*.py"))
    assert [file.name[:4] for file in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]
    for file, former in zip(files, [None, *files], strict=False):
        told = dict(re.findall(r"^(revision|down_revision) = (.+)$", file.read_text(), re.MULTILINE))
        before = "None" if former is None else f'"{former.name[:4]}"'
        assert told == {"revision": f'"{file.name[:4]}"', "down_revision": before}, file.name
