"""docs/reports.md prints the formulas that are computed, not others."""

from __future__ import annotations

import runpy
from pathlib import Path

from ctiserver.kpi.figures import FIGURES, compute, figure

DOCS = Path(__file__).parents[3] / "docs"


def test_the_table_is_up_to_date() -> None:
    page = (DOCS / "reports.md").read_text()
    assert runpy.run_path(str(DOCS / "write_figures.py"))["page"](page) == page, "run docs/write_figures.py"


def test_every_figure_has_both_names_and_survives_nothing() -> None:
    for ident in FIGURES:
        known = figure(ident)
        assert known.formula
        assert set(known.name) == {"zh-CN", "en"}
        assert compute(ident, {}, "SL1") is None
