"""Writes the table of figures into docs/reports.md, from the formulas that reports compute with."""

from __future__ import annotations

from pathlib import Path

from ctiserver.kpi.figures import FIGURES, figure

PAGE = Path(__file__).parent / "reports.md"
BEGIN, END = "<!-- figures, written by docs/write_figures.py -->", "<!-- end of the figures -->"


def table() -> str:
    rows = ["| figure | 中文 | name | unit | formula |", "|---|---|---|---|---|"]
    for ident in FIGURES:
        known = figure(ident)
        cells = (f"`{ident}`", known.name["zh-CN"], known.name["en"], known.unit, known.formula)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def page(text: str) -> str:
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
