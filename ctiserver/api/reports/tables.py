"""Tables as CSV and Excel in which no cell is a formula, whatever a caller's name begins with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
BOM = "\ufeff".encode()  # Excel takes a CSV without it for the system's own encoding
MAKES_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_000
MOST_SHEET_ROWS = 1_000_000
Cell = str | int | float | None


def csv_lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return target.getvalue().encode()


class Workbook:
    """An .xlsx file that is written row by row and never kept whole in memory. Blocking: use it in a thread."""

    def __init__(self, path: Path) -> None:
        # Not with the module: a daemon that has calls to take up starts without it.
        import xlsxwriter  # pyright: ignore[reportMissingTypeStubs] - it has inline types only

        options = {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book: Any = xlsxwriter.Workbook(str(path), options)
        self._bold = self.book.add_format({"bold": True, "bottom": 1})
        self._formats: dict[str, Any] = {
            "share": self.book.add_format({"num_format": "0.00%"}),
            "ms": self.book.add_format({"num_format": "[h]:mm:ss"}),
            "number": self.book.add_format({"num_format": "0.00"}),
        }

    def sheet(self, name: str, headings: Sequence[str], units: Sequence[str] = ()) -> Sheet:
        """`units` of the columns: share, ms (shown as hours, minutes and seconds), number; "" as it is."""
        made = self.book.add_worksheet(name[:31])
        made.freeze_panes(1, 0)
        made.set_column(0, len(headings) - 1, 16)
        for column, heading in enumerate(headings):
            made.write_string(0, column, heading, self._bold)
        return Sheet(made, units, self._formats)

    def close(self) -> None:
        self.book.close()


class Sheet:
    def __init__(self, sheet: Any, units: Sequence[str], formats: dict[str, Any]) -> None:
        self.sheet = sheet
        self.rows = 0
        self._units = units
        self._formats = formats

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            self.rows += 1
            for column, cell in enumerate(row):
                self._cell(column, cell)

    def _cell(self, column: int, cell: Cell) -> None:
        unit = self._units[column] if column < len(self._units) else ""
        if isinstance(cell, str):
            self.sheet.write_string(self.rows, column, cell[:LONGEST_CELL])
        elif cell is not None:
            shown = cell / 86_400_000 if unit == "ms" else cell  # a spreadsheet's times are parts of a day
            self.sheet.write_number(self.rows, column, shown, self._formats.get(unit))


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(MAKES_FORMULAS) else cell
