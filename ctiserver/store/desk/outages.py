"""Outage mode (停水模式): an incident for an area, a bulletin for its callers, the open orders there merged into it."""

from __future__ import annotations

import msgspec

from ctiserver.clock import to_datetime
from ctiserver.desk.work_order import Request, TransitionRefused
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.bulletins import BulletinFields, BulletinRow, Bulletins
from ctiserver.store.desk.desk_user import Account
from ctiserver.store.desk.order_queries import OrderQueries
from ctiserver.store.desk.order_rows import NewOrder, OrderDetails
from ctiserver.store.desk.orders import Orders
from ctiserver.store.desk.refusals import Stale, Unfit
from ctiserver.store.rows import Row

THERE = """
SELECT o.id, o.version FROM work_order o LEFT JOIN customer c ON c.id = o.customer_id
WHERE o.area = :area AND (o.category = :category OR o.category LIKE :category || '.%') AND o.created_at >= :since
    AND o.state IN ('accepted', 'pending_dispatch', 'dispatched', 'signed', 'on_site', 'processing')
    AND NOT o.incident AND o.id <> :incident
    AND (cast(:estates AS text[]) = '{}' OR c.estate = ANY(:estates) OR o.address LIKE ANY(:address_parts))
ORDER BY o.id LIMIT 1000
"""


class OutageFields(msgspec.Struct, frozen=True, kw_only=True):
    """`category`: orders of it and below, made since `orders_since`, are merged."""

    title: str
    area: str
    category: str
    starts_at: float
    ends_at: float
    estates: tuple[str, ...] = ()
    text: str = ""
    spoken: dict[str, str] = {}
    orders_since: float | None = None  # None: six hours before the start


class Outage(Row, frozen=True, kw_only=True):
    incident: OrderDetails
    bulletin: BulletinRow
    merged: int


class Outages:
    """Raises what Orders and Bulletins raise."""

    def __init__(self, database: Database, orders: Orders, queries: OrderQueries, bulletins: Bulletins) -> None:
        self._database = database
        self._orders = orders
        self._queries = queries
        self._bulletins = bulletins

    async def declare(self, fields: OutageFields, account: Account, now: float, *, key: str = "") -> Outage:
        """The same `key` again finds the incident that is there."""
        if fields.ends_at <= fields.starts_at:
            raise Unfit(("ends_at", "not_after_start"))
        new = NewOrder(
            title=fields.title, category=fields.category, area=fields.area, text=fields.text, incident=True,
            urgency="critical", channel="web",
        )  # fmt: skip
        made = await self._orders.create(new, account, now, key=key)
        bulletin = BulletinFields(
            title=fields.title, starts_at=fields.starts_at, ends_at=fields.ends_at, kind="outage", text=fields.text,
            spoken=fields.spoken, areas=(fields.area,), estates=fields.estates, order_id=made.order_id,
        )  # fmt: skip
        there = [each for each in await self._bulletins.list(now) if each.order_id == made.order_id]
        shown = there[0] if there else await self._bulletins.save(None, bulletin, version=0, by=account.name)
        merged = await self.merge_open(made.order_id, fields, account, now)
        return Outage(incident=await self._queries.details(made.order_id, account), bulletin=shown, merged=merged)

    async def merge_open(self, incident_id: int, fields: OutageFields, account: Account, now: float) -> int:
        """How many were merged; an order that somebody is changing at this moment is left to people."""
        since = fields.orders_since if fields.orders_since is not None else fields.starts_at - 6 * 3600
        values = {
            "area": fields.area,
            "category": fields.category,
            "since": to_datetime(since),
            "incident": incident_id,
            "estates": list(fields.estates),
            "address_parts": [f"%{estate}%" for estate in fields.estates],
        }
        async with self._database.reading() as connection:
            found = await fetch_all(connection, THERE, values)
        merged = 0
        for row in found:
            request = Request(action="merge", parent_id=incident_id, reason="outage")
            try:
                await self._orders.move(row["id"], request, account, now, version=row["version"])
            except (Stale, TransitionRefused):
                continue
            merged += 1
        return merged
