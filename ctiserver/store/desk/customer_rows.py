"""Customers as the desk sees them."""

from __future__ import annotations

import msgspec

from ctiserver.store.rows import Row


class CustomerLine(Row, frozen=True, kw_only=True):
    """One line of a search."""

    id: int
    name: str
    customer_number: str
    meter_number: str
    address: str
    tags: tuple[str, ...]
    numbers: tuple[str, ...]


class CustomerRecord(CustomerLine, frozen=True, kw_only=True):
    """All of one customer. `merged_into` is set for a duplicate that was merged away."""

    version: int
    district: str
    estate: str
    building: str
    unit: str
    room: str
    notes: str
    consent: bool | None  # to be called and surveyed; None: never asked
    merged_into: int | None
    created_at: float
    updated_at: float


class CustomerFields(msgspec.Struct, frozen=True, kw_only=True):
    """What people fill in; numbers in any usual form."""

    name: str
    customer_number: str = ""
    meter_number: str = ""
    district: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""
    consent: bool | None = None
    numbers: tuple[str, ...] = ()


class HistoryEntry(Row, frozen=True, kw_only=True):
    """One contact or order, newest first.

    `kind`: call, order, voicemail (title: its box), callback (its queue), fax (received or sent), message (a text
    message, its words), notice (mail or SMS about an order, its kind).
    """

    kind: str
    id: str
    at: float
    title: str
    state: str
    recordings: tuple[str, ...]


class RowProblem(Row, frozen=True, kw_only=True):
    row: int  # as the sheet counts them: the first line of data is 2
    field: str
    problem: str  # missing, wrong_number, too_long, twice, wrong_value


class ImportReport(Row, frozen=True, kw_only=True):
    """What an import would do, or has done. Rows with problems are left out."""

    rows: int
    new: int
    changed: int
    same: int
    problems: tuple[RowProblem, ...]
    unknown_columns: tuple[str, ...]
    preview: tuple[CustomerLine, ...]
    done: bool
