"""Customers from and to Excel: a preview with an error per row, and exports in which no cell is a formula.

The columns are found by their headings, in Chinese or English, in any order.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

import python_calamine

from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.customer_rows import CustomerFields, CustomerLine, CustomerRecord, ImportReport, RowProblem
from ctiserver.store.desk.refusals import Unfit
from ctiserver.store.desk.register import LINE, CustomerRegister, record_of
from ctiserver.store.numbers import e164

HEADINGS: Final[dict[str, str]] = {
    "姓名": "name", "户名": "name", "name": "name",
    "户号": "customer_number", "customer number": "customer_number",
    "表号": "meter_number", "meter number": "meter_number",
    "电话": "numbers", "phone": "numbers",
    "区": "district", "district": "district", "小区": "estate", "estate": "estate",
    "楼号": "building", "building": "building", "单元": "unit", "unit": "unit", "室": "room", "room": "room",
    "标签": "tags", "tags": "tags", "备注": "notes", "notes": "notes", "同意回访": "consent", "consent": "consent",
}  # fmt: skip
EXPORTED: Final[dict[str, tuple[str, ...]]] = {
    "zh-CN": ("户名", "户号", "表号", "电话", "区", "小区", "楼号", "单元", "室", "标签", "备注", "同意回访"),
    "en": ("name", "customer number", "meter number", "phone", "district", "estate", "building", "unit", "room",
           "tags", "notes", "consent"),
}  # fmt: skip
YES, NO = frozenset({"是", "yes", "true", "1"}), frozenset({"否", "no", "false", "0"})
MOST_ROWS = 20_000
MOST_UNPACKED = 200 * 1024 * 1024
LONGEST = 200
PREVIEWED = 20
EXISTING = LINE + "WHERE c.customer_number = ANY(:numbers)"
EXPORT = LINE + "WHERE c.merged_into IS NULL ORDER BY c.id LIMIT 100000"


class CustomerSheets:
    """All raise DatabaseAwayError; an import also Unfit for a file that is no sheet of customers."""

    def __init__(self, database: Database, register: CustomerRegister, region: str) -> None:
        self._database = database
        self._register = register
        self._region = region

    async def bring_in(self, content: bytes, *, write: bool, by: str) -> ImportReport:
        """Adds and changes by customer number. Without `write` it only says what it would do."""
        table = read_table(content)
        columns, unknown = _columns(table[0])
        problems: list[RowProblem] = []
        wanted: dict[str, CustomerFields] = {}
        for number, cells in enumerate(table[1:], 2):
            if any(cells):
                self._take(number, {columns[i]: cell for i, cell in enumerate(cells) if i in columns}, wanted, problems)
        existing = await self._existing(list(wanted))
        new = [fields for key, fields in wanted.items() if key not in existing]
        changed = [key for key, fields in wanted.items() if key in existing and fields != fields_of(existing[key])]
        if write:
            for fields in new:
                await self._register.add(fields)
            for key in changed:
                there = existing[key]
                await self._register.change(there.id, wanted[key], version=there.version, by=by)
        return ImportReport(
            rows=len(wanted) + len({problem.row for problem in problems}),
            new=len(new),
            changed=len(changed),
            same=len(wanted) - len(new) - len(changed),
            problems=tuple(problems[:500]),
            unknown_columns=unknown,
            preview=tuple(_previewed(fields) for fields in list(wanted.values())[:PREVIEWED]),
            done=write,
        )

    async def export(self, language: str) -> bytes:
        async with self._database.reading() as connection:
            found = await fetch_all(connection, EXPORT)
        rows = (_exported(record_of(row)) for row in found)
        return write_sheet(EXPORTED["en" if language == "en" else "zh-CN"], rows)

    def _take(
        self, row: int, cells: dict[str, str], wanted: dict[str, CustomerFields], problems: list[RowProblem]
    ) -> None:
        key = cells.get("customer_number", "").upper()
        needed = ("name", "customer_number")
        found = [RowProblem(row=row, field=field, problem="missing") for field in needed if not cells.get(field)]
        found += [
            RowProblem(row=row, field=field, problem="too_long")
            for field, cell in cells.items()
            if len(cell) > (2000 if field == "notes" else LONGEST)
        ]
        if key and key in wanted:
            found.append(RowProblem(row=row, field="customer_number", problem="twice"))
        numbers = [
            number for number in cells.get("numbers", "").replace("、", ",").replace("，", ",").split(",") if number
        ]
        normal = [e164(number, self._region) for number in numbers]
        if None in normal:
            found.append(RowProblem(row=row, field="numbers", problem="wrong_number"))
        consent = cells.get("consent", "").lower()
        if consent and consent not in YES | NO:
            found.append(RowProblem(row=row, field="consent", problem="wrong_value"))
        problems.extend(found)
        if found:
            return
        texts = {
            name: cells.get(name, "") for name in ("meter_number", "district", "estate", "building", "unit", "room")
        }
        wanted[key] = CustomerFields(
            name=cells["name"],
            customer_number=key,
            **{**texts, "meter_number": texts["meter_number"].upper()},
            tags=tuple(tag for tag in cells.get("tags", "").replace("，", ",").split(",") if tag),
            notes=cells.get("notes", ""),
            consent=None if not consent else consent in YES,
            numbers=tuple(sorted({number for number in normal if number})),
        )

    async def _existing(self, numbers: Sequence[str]) -> dict[str, CustomerRecord]:
        async with self._database.reading() as connection:
            found = await fetch_all(connection, EXISTING, {"numbers": list(numbers)})
        return {row["customer_number"]: record_of(row) for row in found}


def read_table(content: bytes) -> list[list[str]]:
    """The first sheet's cells as text. Raises Unfit: not_a_sheet, empty, too_many_rows."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                raise Unfit(("file", "too_large"))
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        table = [[_text(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
    except (zipfile.BadZipFile, python_calamine.CalamineError, ValueError):
        raise Unfit(("file", "not_a_sheet")) from None
    if len(table) < 2:
        raise Unfit(("file", "empty"))
    if len(table) > MOST_ROWS + 1:
        raise Unfit(("file", "too_many_rows"))
    return table


def write_sheet(headings: Sequence[str], rows: Iterator[Sequence[object]]) -> bytes:
    """An .xlsx of one sheet. Texts are written as texts: one that begins with "=" stays one."""
    # Not with the module: a daemon that has calls to take up starts without it.
    import xlsxwriter  # pyright: ignore[reportMissingTypeStubs] - it has inline types only

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book: Any = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, "" if value is None else str(value)[:32_000])
    sheet.freeze_panes(1, 0)
    book.close()
    return target.getvalue()


def fields_of(record: CustomerRecord) -> CustomerFields:
    same = {name: getattr(record, name) for name in CustomerFields.__struct_fields__ if name != "numbers"}
    return CustomerFields(**same, numbers=tuple(sorted(record.numbers)))


def _columns(headings: Sequence[str]) -> tuple[dict[int, str], tuple[str, ...]]:
    known = {at: HEADINGS[h.strip().lower()] for at, h in enumerate(headings) if h.strip().lower() in HEADINGS}
    missing = {"name", "customer_number"} - set(known.values())
    if missing:
        raise Unfit(*((f"column.{name}", "missing") for name in sorted(missing)))
    return known, tuple(h for at, h in enumerate(headings) if at not in known and h)


def _previewed(fields: CustomerFields) -> CustomerLine:
    parts = (fields.district, fields.estate, fields.building, fields.unit, fields.room)
    return CustomerLine(
        id=0,
        name=fields.name,
        customer_number=fields.customer_number,
        meter_number=fields.meter_number,
        address=" ".join(part for part in parts if part),
        tags=fields.tags,
        numbers=fields.numbers,
    )


def _exported(record: CustomerRecord) -> tuple[object, ...]:
    consent = "" if record.consent is None else "是" if record.consent else "否"
    return (
        record.name, record.customer_number, record.meter_number, ",".join(record.numbers), record.district,
        record.estate, record.building, record.unit, record.room, ",".join(record.tags), record.notes, consent,
    )  # fmt: skip


def _text(cell: object) -> str:
    """Excel keeps numbers as floats: 33010001.0 is the customer number 33010001."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
