"""A repeat call is one of the same caller, customer, address, or customer and category, within so many days."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from ctiserver.clock import to_datetime
from ctiserver.store.database import Database
from ctiserver.store.reporting.reports import Reports
from ctiserver.store.reporting.shapes import Contract, SameAs, Wanted

BEGUN, DAY = 1_806_163_200, 86_400
CUSTOMERS = """
INSERT INTO customer (id, name, district, estate, room) OVERRIDING SYSTEM VALUE VALUES
    (1, '张', '东', '春晓', '101'), (2, '李', '东', '春晓', '101'), (3, '王', '东', '春晓', '102'),
    (4, '赵', '东', '', '')
"""
CALL = """
INSERT INTO call (id, node, started_at, dialled, caller_number, caller_e164, caller_name, flow, direction, customer_id)
VALUES (:id, 'n1', :at, '96100', '', :number, '', 'main', :direction, :customer)
"""
ORDER = """
INSERT INTO work_order (id, number, state, category, area, title, customer_id, created_at, changed_at)
OVERRIDING SYSTEM VALUE VALUES (:id, :number, 'accepted', :category, 'CD', '', :customer, :at, :at)
"""
LINK = "INSERT INTO work_order_call (order_id, call_id, kind) VALUES (:id, :call, :kind)"
CALLS = (  # day, number, customer, category of the order it caused
    (0, "+861", 1, "leak"),
    (2, "+861", 2, "leak"),  # the same telephone, the neighbour at the same address
    (4, "+862", 1, "bill"),  # the first customer from another telephone about something else
    (5, "+863", 1, "leak"),  # and again about the leak
    (6, "", 3, None),  # another flat, number withheld
    (7, "+864", 4, None),  # no address
    (8, "+865", 4, None),
    (30, "+861", 1, "leak"),  # much later
    (31, "+866", None, None),  # nobody we know
)
WANTED: dict[SameAs, tuple[int, int, int]] = {  # calls, repeats, followed by another
    "caller": (8, 1, 1),
    "customer": (8, 3, 3),
    "address": (6, 3, 3),
    "category": (5, 1, 1),
}


@pytest.mark.parametrize("same", WANTED)
async def test_the_same_is_what_was_asked_for(database: Database, same: SameAs) -> None:
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO area (id, name) VALUES ('CD', '{}')"))
        await connection.execute(text(CUSTOMERS))
        for number, (day, phone, customer, category) in enumerate(CALLS, 1):
            at = to_datetime(BEGUN + day * DAY)
            call = {"id": f"n1-{number}", "at": at, "number": phone, "customer": customer, "direction": "inbound"}
            await connection.execute(text(CALL), call)
            if category:
                order = {"id": number, "number": f"CD-{number}", "category": category, "customer": customer, "at": at}
                await connection.execute(text(ORDER), order)
                await connection.execute(text(LINK), {"id": number, "call": f"n1-{number}", "kind": "caused"})
        outbound = {"id": "n1-o", "at": to_datetime(BEGUN + DAY), "number": "+861", "customer": 1}
        await connection.execute(text(CALL), {**outbound, "direction": "outbound"})
    contract = Contract(formula="SL1", within_ms=20_000, short_ms=5_000, target=0.8)
    wanted = Wanted(
        report="repeats",
        since=BEGUN,
        until=BEGUN + 40 * DAY,
        interval="total",
        by="none",
        booking="event",
        formula="SL1",
        formula_asked=False,
        usual=contract,
        contracts={},
        same=same,
        days=7,
        now=float(BEGUN + 100 * DAY),
    )
    view = await Reports(database, ZoneInfo("Asia/Shanghai"), "Asia/Shanghai").read(wanted)
    told = view.part.totals.values
    assert (told["calls"], told["repeats"], told["followed"]) == WANTED[same]
