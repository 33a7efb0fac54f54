"""The accounts of the demo's customers, made by rule from the same list; nobody of them exists. Pure.

An account is asked for by its number (户号) or the last eight digits of it, which is what callers key in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from ctiserver.demo.seed_customers import customers

SHORT_DIGITS = 8
PRICE = Decimal("3.45")  # yuan per cubic metre, with sewage
MONTHS = 6
OUTAGES: Mapping[str, tuple[str, float]] = {
    "城东区": ("和平里一带爆管抢修", 3.0),
    "滨江区": ("水厂检修降压供水", 6.5),
}
"""By district: what is wrong there, and in how many hours it will be over."""


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    month: str  # 2026-10
    usage: int  # cubic metres
    amount: Decimal  # yuan
    due: date
    paid: bool


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    area: str
    title: str
    hours_left: float


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """`bill` is the last one, `arrears` the sum of those that are due and not paid."""

    account_no: str
    name: str
    address: str
    district: str
    meter_no: str
    arrears: Decimal
    bill: Bill
    outage: Outage | None


def find_account(number: str, today: date) -> Account | None:
    index = _index(number)
    if index is None:
        return None
    columns = _columns()[index]
    bills = bills_of(index, today)
    district = str(columns["district"])
    return Account(
        account_no=str(columns["customer_number"]),
        name=str(columns["name"]),
        address=" ".join(str(columns[part]) for part in ("district", "estate", "building", "unit", "room")),
        district=district,
        meter_no=str(columns["meter_number"]),
        arrears=sum((bill.amount for bill in bills if not bill.paid and bill.due < today), Decimal(0)),
        bill=bills[0],
        outage=find_outage(district),
    )


def find_bills(number: str, today: date) -> tuple[Bill, ...] | None:
    """Newest first; None for an unknown number."""
    index = _index(number)
    return bills_of(index, today) if index is not None else None


def find_outage(area: str) -> Outage | None:
    found = OUTAGES.get(area)
    return Outage(area=area, title=found[0], hours_left=found[1]) if found is not None else None


def bills_of(index: int, today: date) -> tuple[Bill, ...]:
    """Of the last months, newest first. Every fifth customer owes the last two, every third the last one."""
    owed = 2 if index % 5 == 2 else 1 if index % 3 == 0 else 0
    bills: list[Bill] = []
    first = today.replace(day=1)
    for back in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        usage = 8 + (index * 7 + first.month * 5) % 23
        bills.append(
            Bill(
                month=f"{first:%Y-%m}",
                usage=usage,
                amount=(PRICE * usage).quantize(Decimal("0.01")),
                due=(first + timedelta(days=62)).replace(day=10),
                paid=back >= owed,
            )
        )
    return tuple(bills)


def _index(number: str) -> int | None:
    if len(number) < SHORT_DIGITS:
        return None
    for index, columns in enumerate(_columns()):
        full = str(columns["customer_number"])
        if number in (full, full[-SHORT_DIGITS:]):
            return index
    return None


def _columns() -> list[Mapping[str, object]]:
    return [columns for columns, _ in customers()]
