"""A small water company for the stories of the desk: two areas, two units with a crew, people, deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from ctiserver.desk.words import Action
from ctiserver.desk.work_order import Request
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.alarms import Alarms
from ctiserver.store.desk.desk_user import Account
from ctiserver.store.desk.notices import NoticeRow, Notices
from ctiserver.store.desk.order_queries import OrderQueries
from ctiserver.store.desk.order_rows import NewOrder, OrderDetails
from ctiserver.store.desk.orders import Orders

NOW = 1_790_000_000.0  # 2026-09-21 22:13:20 in Shanghai, a Monday
TIMEZONE, REGION = "Asia/Shanghai", "CN"
PEOPLE = (
    "INSERT INTO app_user (id, login, name, role, password_hash) VALUES"
    " (1, '1001', '王芳', 'agent', 'x'),"
    " (2, 'dispatcher', '孙丽', 'dispatcher', 'x'),"
    " (3, 'east', '李强', 'field', 'x'),"
    " (4, 'west', '周军', 'field', 'x'), (5, 'supervisor', '班长', 'supervisor', 'x')",
    "INSERT INTO area (id, name, districts, position) VALUES ('CD', '{}', '{城东区}', 1), ('CX', '{}', '{城西区}', 2)",
    "INSERT INTO unit (id, kind, name, parent_id, phone) VALUES ('east', 'unit', '{}', NULL, '+8613900000001'),"
    " ('east_1', 'crew', '{}', 'east', ''), ('west', 'unit', '{}', NULL, '')",
    "INSERT INTO staff (id, name, unit_id, user_id) VALUES (1, '李强', 'east', 3), (2, '周军', 'west', 4)",
    "INSERT INTO service_category (id, name, urgency, unit_id, follow_up, fields) VALUES ('repair', '{}', 'normal',"
    " NULL, true, '[]'), ('repair.leak', '{}', 'high', 'east', true,"
    """ '[{"name": "meter", "label": {}, "kind": "text"}]'), ('praise', '{}', 'low', NULL, false, '[]')""",
    "INSERT INTO work_order_deadline (stage, amount, unit, category) VALUES"
    " ('respond', 30, 'minutes', ''), ('finish', 24, 'minutes', 'repair.leak'), ('finish', 5, 'working_days', ''),"
    " ('follow_up', 2, 'working_days', '')",
    "INSERT INTO work_order_escalation (stage, after_s, level, audience) VALUES"
    " ('respond', -600, 0, '{unit}'), ('respond', 0, 1, '{unit,dispatcher}'), ('', 3600, 2, '{supervisor}')",
    "INSERT INTO customer (id, name, customer_number, district) VALUES (7, '张伟', '3300000007', '城西区')",
    "INSERT INTO customer_phone (customer_id, e164) VALUES (7, '+8613800138000')",
    "SELECT setval(pg_get_serial_sequence('app_user', 'id'), 100)",
    "SELECT setval(pg_get_serial_sequence('customer', 'id'), 100)",
)
AGENT = Account(1, "王芳", "agent")
DISPATCHER = Account(2, "孙丽", "dispatcher")
EAST = Account(3, "李强", "field")
WEST = Account(4, "周军", "field")
SUPERVISOR = Account(5, "班长", "supervisor")


@dataclass
class Desk:
    database: Database
    orders: Orders
    queries: OrderQueries
    alarms: Alarms
    notices: Notices

    async def make(
        self, *, now: float = NOW, key: str = "", account: Account = AGENT, **fields: object
    ) -> OrderDetails:
        values = {"title": "水表漏水", "category": "repair.leak", "area": "CD", **fields}
        made = await self.orders.create(NewOrder(**values), account, now, key=key)  # pyright: ignore[reportArgumentType] - stories give fields by name
        return await self.queries.details(made.order_id, account)

    async def act(
        self, order: OrderDetails, account: Account, action: Action, *, now: float = NOW, **fields: Any
    ) -> OrderDetails:
        request = Request(action=action, **fields)
        return await self.orders.act(order.id, request, account, now, version=order.version)

    async def rows(self, query: str) -> list[dict[str, object]]:
        async with self.database.reading() as connection:
            return [dict(row) for row in await fetch_all(connection, query)]

    async def told(self, account: Account) -> list[NoticeRow]:
        return await self.notices.of_user(account, unread=True, limit=50)


async def open_desk(database: Database) -> Desk:
    async with database.writing() as connection:
        for statement in PEOPLE:
            await connection.execute(text(statement))
    return Desk(
        database,
        Orders(database, timezone=TIMEZONE, region=REGION),
        OrderQueries(database, timezone=TIMEZONE, region=REGION),
        Alarms(database, timezone=TIMEZONE),
        Notices(database, timezone=TIMEZONE),
    )
