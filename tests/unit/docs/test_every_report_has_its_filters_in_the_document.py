"""docs/reports.md names the filters that each report counts, not others."""

from __future__ import annotations

import re

from ctiserver.parts_folders import CHECKOUT
from ctiserver.store.reporting.catalogue import SPECS

TEXT = (CHECKOUT / "docs" / "reports.md").read_text(encoding="utf-8")


def test_the_table_is_that_of_the_catalogue() -> None:
    rows = re.findall(r"^\| `(\w+)` [^|]+\|[^|]+\|([^|]+)\| `", TEXT, re.MULTILINE)
    told = {report: tuple(re.findall(r"`(\w+)`", filters)) for report, filters in rows}
    assert {report: told.get(report) for report in SPECS} == {report: spec.filters for report, spec in SPECS.items()}
