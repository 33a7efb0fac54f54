"""A report as a file: the table, the formula of each figure, and in Excel a chart."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from ctiserver.api.reports.tables import BOM, Cell, Sheet, Workbook, csv_lines
from ctiserver.kpi.figures import Figure
from ctiserver.store.reporting.shapes import Part, ReportRow, ReportView

WORDS = {
    "zh-CN": {"from": "起", "to": "止", "key": "项目", "total": "合计", "figures": "指标公式", "compared": "对比",
              "figure": "指标", "formula": "公式", "table": "报表"},
    "en": {"from": "From", "to": "To", "key": "What", "total": "Total", "figures": "Formulas", "compared": "Compared",
           "figure": "Figure", "formula": "Formula", "table": "Report"},
}  # fmt: skip
CHARTED = 3


def as_file(view: ReportView, form: str, language: str, timezone: tzinfo) -> bytes:
    """Blocking: use it in a thread."""
    if form == "csv":
        return as_csv(view, language, timezone)
    with tempfile.TemporaryDirectory(prefix="ctiserver-report-") as folder:
        path = Path(folder) / "report.xlsx"
        write_xlsx(view, language, timezone, path)
        return path.read_bytes()


def as_csv(view: ReportView, language: str, timezone: tzinfo) -> bytes:
    """Durations in seconds, shares as shares. The other span follows after an empty line."""
    heading: list[Cell] = [*_headings(view, language)]
    parts = [heading, *_lines(view, view.part, language, timezone)]
    if view.compared is not None:
        parts += [[], [WORDS[language]["compared"]], *_lines(view, view.compared, language, timezone)]
    seconds = [[_seconds(cell, unit) for cell, unit in zip(line, _units(view), strict=False)] for line in parts]
    return BOM + csv_lines(seconds)


def write_xlsx(view: ReportView, language: str, timezone: tzinfo, path: Path) -> None:
    words = WORDS[language]
    workbook = Workbook(path)
    sheet = workbook.sheet(words["table"], _headings(view, language), _units(view))
    sheet.write(_lines(view, view.part, language, timezone))
    if len(view.part.rows) > 1:
        _chart(workbook.book, sheet, view, words["table"])
    if view.compared is not None:
        other = workbook.sheet(words["compared"], _headings(view, language), _units(view))
        other.write(_lines(view, view.compared, language, timezone))
    formulas = workbook.sheet(words["figures"], (words["figure"], words["formula"]))
    formulas.write((column.name[language], column.formulas.get(language, column.formula)) for column in view.columns)
    workbook.close()


def _headings(view: ReportView, language: str) -> list[str]:
    words = WORDS[language]
    return [words["from"], words["to"], words["key"], *(column.name[language] for column in view.columns)]


def _units(view: ReportView) -> list[str]:
    return ["", "", "", *(column.unit for column in view.columns)]


def _lines(view: ReportView, part: Part, language: str, timezone: tzinfo) -> Iterator[list[Cell]]:
    for row in part.rows:
        names = view.names.get(row.key, {})
        yield _line(row, names.get(language) or names.get("zh-CN") or row.key, view.columns, timezone)
    yield _line(part.totals, WORDS[language]["total"], view.columns, timezone)


def _line(row: ReportRow, name: str, columns: Sequence[Figure], timezone: tzinfo) -> list[Cell]:
    return [_local(row.start, timezone), _local(row.end, timezone), name, *(row.values[c.id] for c in columns)]


def _local(instant: int, timezone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(instant, timezone):%Y-%m-%d %H:%M}"


def _seconds(cell: Cell, unit: str) -> Cell:
    return cell / 1000 if unit == "ms" and isinstance(cell, int | float) else cell


def _chart(book: Any, sheet: Sheet, view: ReportView, name: str) -> None:
    """The first counts: as lines over time, or as columns by key."""
    counts = [at for at, column in enumerate(view.columns, 3) if column.unit == "count"][:CHARTED]
    by_time = view.by == "none"
    chart: Any = book.add_chart({"type": "line" if by_time else "column"})
    last, labels = len(view.part.rows), 0 if by_time else 2
    for column in counts:
        chart.add_series({
            "name": [name, 0, column],
            "categories": [name, 1, labels, last, labels],
            "values": [name, 1, column, last, column],
        })  # fmt: skip
    chart.set_size({"width": 960, "height": 360})
    chart.set_legend({"position": "bottom"})
    sheet.sheet.insert_chart(last + 3, 0, chart)
