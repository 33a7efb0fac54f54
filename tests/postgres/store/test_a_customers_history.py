"""Story: a customer's card tells of everything: calls, orders, messages left and sent, callbacks, faxes."""

from __future__ import annotations

from sqlalchemy import text

from ctiserver.clock import to_datetime
from ctiserver.store.desk.register import CustomerRegister
from tests.postgres.store.desk_office import AGENT, DISPATCHER, NOW, REGION, Desk

LEFT = (  # seconds before now, and what was left then
    (500, "INSERT INTO call (id, node, dialled, caller_number, caller_e164, caller_name, flow, started_at, customer_id)"
     " VALUES ('n1-1', 'n1', '96100', '13800138000', '+8613800138000', '', 'main', :at, 7)"),
    (400, "INSERT INTO voicemail (id, call_id, box, at, caller_number, customer_id, status)"
     " VALUES ('v1', 'n1-1', 'repairs', :at, '13800138000', 7, 'stored')"),
    (399, "INSERT INTO voicemail (id, call_id, box, at, caller_number, customer_id, status, deleted_at)"
     " VALUES ('v2', 'n1-1', 'repairs', :at, '13800138000', 7, 'stored', :at)"),
    (300, "INSERT INTO callback_request (id, call_id, at, queue_id, number, number_e164, keep_place, waiting_since,"
     " customer_id) VALUES ('b1', 'n1-1', :at, 'service', '13800138000', '+8613800138000', true, :at, 7)"),
    (200, "INSERT INTO outbox_message (id, call_id, at, number, body, next_at)"
     " VALUES ('m1', 'n1-1', :at, '13800138000', '您的账单', :at)"),
    (100, "INSERT INTO fax (id, call_id, direction, at, box, document, ok, pages, detail)"
     " VALUES ('f1', 'n1-1', 'received', :at, 'repairs', '', true, 2, '')"),
)  # fmt: skip
TOLD = "INSERT INTO notice (channel, address, kind, order_id, created_at) VALUES ('sms', :to, :kind, :id, :at)"


async def _history(desk: Desk, customer: int) -> list[tuple[str, str, str]]:
    found = await CustomerRegister(desk.database, REGION).history(customer, 50)
    return [(entry.kind, entry.title, entry.state) for entry in found]


async def test_everything_is_in_the_history_and_moves_with_a_merge(desk: Desk) -> None:
    async with desk.database.writing() as connection:
        for before_s, statement in LEFT:
            await connection.execute(text(statement), {"at": to_datetime(NOW - before_s)})
    order = await desk.make(customer_id=7, caller_number="13800138000")
    async with desk.database.writing() as connection:
        for to, kind in (("+8613800138000", "incident_repaired"), ("+8613900000001", "deadline_over")):
            values = {"to": to, "kind": kind, "id": order.id, "at": to_datetime(NOW + 60)}
            await connection.execute(text(TOLD), values)
    expected = [
        ("notice", "incident_repaired", "queued"),
        ("order", f"{order.number} {order.title}", "accepted"),
        ("fax", "received", "ok"),
        ("message", "您的账单", "queued"),
        ("callback", "service", "open"),
        ("voicemail", "repairs", "new"),
        ("call", "", ""),
    ]
    assert await _history(desk, 7) == expected

    register = CustomerRegister(desk.database, REGION)
    async with desk.database.writing() as connection:
        await connection.execute(text("INSERT INTO customer (id, name) VALUES (8, '张伟（新）')"))
    await register.merge(8, 7, version=1, by=DISPATCHER.name)
    assert await _history(desk, 8) == expected
    assert await _history(desk, 7) == []
    assert (await desk.queries.details(order.id, AGENT)).customer is not None
