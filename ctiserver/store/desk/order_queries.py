"""Work orders as they are looked up: one, lists, the dispatch board, likely repetitions."""

from __future__ import annotations

from typing import Any

from ctiserver.clock import to_datetime
from ctiserver.desk import transitions
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk import order_search
from ctiserver.store.desk.desk_user import Account, DeskUser, desk_user
from ctiserver.store.desk.office import load_office
from ctiserver.store.desk.order_rows import (
    AttachmentRow,
    BoardCount,
    OrderCallRow,
    OrderDetails,
    OrderFilter,
    OrderPage,
    OrderRow,
)
from ctiserver.store.desk.order_sql import COLUMNS, JOINS, common, machine, order_row, trail_row
from ctiserver.store.desk.refusals import NotThere
from ctiserver.store.numbers import e164

ONE = f"SELECT o.*, staff.name AS staff_name, customer.name AS customer_name FROM work_order o {JOINS} WHERE o.id = :id"  # noqa: S608 - fixed
TRAIL = "SELECT * FROM work_order_event WHERE order_id = :id ORDER BY version"
CALLS = """
SELECT work_order_call.call_id, work_order_call.kind, call.started_at,
    array(SELECT recording.id FROM recording WHERE recording.call_id = work_order_call.call_id
        AND recording.status IN ('stored', 'mismatch') ORDER BY recording.started_at) AS recordings
FROM work_order_call LEFT JOIN call ON call.id = work_order_call.call_id
WHERE work_order_call.order_id = :id ORDER BY call.started_at NULLS LAST, call_id
"""
ATTACHMENTS = "SELECT * FROM work_order_attachment WHERE order_id = :id ORDER BY at, id"
CHILDREN = f"SELECT {COLUMNS} FROM work_order o {JOINS} WHERE o.parent_id = :id ORDER BY o.id LIMIT 500"  # noqa: S608 - fixed
CREATOR = "SELECT name FROM app_user WHERE id = :id"
BOARD = """
SELECT state, coalesce(unit, '') AS unit, count(*) AS orders,
    count(*) FILTER (WHERE next_due_at < :now) AS overdue
FROM work_order WHERE state NOT IN ('resolved_on_call', 'closed', 'cancelled', 'archived')
GROUP BY 1, 2 ORDER BY 1, 2
"""
REPEATS = f"""
SELECT {COLUMNS} FROM work_order o {JOINS}
WHERE o.created_at > :since AND o.state NOT IN ('cancelled', 'archived', 'draft')
    AND (:category = '' OR o.category = :category OR o.category LIKE :category || '.%')
    AND (o.customer_id = :customer_id OR (:number <> '' AND (o.caller_number = :number OR o.contact_number = :number))
        OR (:address <> '' AND o.address = :address))
ORDER BY o.created_at DESC LIMIT 20
"""  # noqa: S608 - fixed
REPEAT_WINDOW_S = 30 * 86_400.0


class OrderQueries:
    """`now` is UTC seconds. All raise DatabaseAwayError; `details` NotThere, also for an order that isn't one's own."""

    def __init__(self, database: Database, *, timezone: str, region: str) -> None:
        self._database = database
        self._timezone = timezone
        self._region = region

    async def details(self, order_id: int, account: Account) -> OrderDetails:
        return await self._read(order_id, account, may_be_others=False)

    async def after_own_change(self, order_id: int, account: Account) -> OrderDetails:
        """Also where the change took the order away from the one who made it: a return."""
        return await self._read(order_id, account, may_be_others=True)

    async def _read(self, order_id: int, account: Account, *, may_be_others: bool) -> OrderDetails:
        this = {"id": order_id}
        async with self._database.reading() as connection:
            office = await load_office(connection, self._timezone)
            user = await desk_user(connection, account, office)
            found = await fetch_all(connection, ONE, this)
            if not found or not (may_be_others or visible(found[0], user)):
                raise NotThere("work order")
            [row] = found
            trail = await fetch_all(connection, TRAIL, this)
            calls = await fetch_all(connection, CALLS, this)
            attachments = await fetch_all(connection, ATTACHMENTS, this)
            children = await fetch_all(connection, CHILDREN, this)
            creator = await fetch_all(connection, CREATOR, {"id": row["created_by"]}) if row["created_by"] else []
        order = machine(row)
        roles = user.who(row["unit"], "dispatch", row["assignee"]).roles
        return OrderDetails(
            **common(row),
            text=row["text"],
            wanted=row["wanted"],
            fields=row["fields"],
            assisting=order.assisting,
            forced=order.forced,
            suspended_from=order.suspended_from,
            follow_up=order.follow_up,
            extensions=order.extensions,
            misses=order.misses,
            extension=order.extension,
            clocks=order.clocks,
            result=row["result"],
            followed_up=row["followed_up"],
            created_by=creator[0]["name"] if creator else "",
            trail=tuple(trail_row(each) for each in trail),
            calls=tuple(_call_row(each) for each in calls),
            attachments=tuple(attachment_row(each) for each in attachments),
            children=tuple(order_row(each) for each in children),
            allowed=transitions.allowed(order.state, roles),
        )

    async def search(self, wanted: OrderFilter, account: Account, now: float) -> OrderPage:
        async with self._database.reading() as connection:
            office = await load_office(connection, self._timezone)
            user = await desk_user(connection, account, office)
            condition, values = order_search.where(wanted, user, now, self._region)
            [counted] = await fetch_all(connection, order_search.count_of(condition), values)
            paging = {"limit": wanted.page_size, "offset": (wanted.page - 1) * wanted.page_size}
            found = await fetch_all(connection, order_search.page_of(condition, wanted), {**values, **paging})
        total = min(counted["total"], order_search.COUNTED)
        return OrderPage(
            items=tuple(order_row(row) for row in found),
            total=total,
            more=counted["total"] > total,
            page=wanted.page,
            page_size=wanted.page_size,
        )

    async def board(self, now: float) -> list[BoardCount]:
        """Open orders counted by state and unit."""
        async with self._database.reading() as connection:
            found = await fetch_all(connection, BOARD, {"now": to_datetime(now)})
        return [BoardCount(**row) for row in found]

    async def repeats(
        self, *, customer_id: int | None, number: str, address: str, category: str, now: float
    ) -> list[OrderRow]:
        """Orders of the last thirty days that this may be a repetition of: same customer, number or address."""
        values = {
            "since": to_datetime(now - REPEAT_WINDOW_S),
            "customer_id": customer_id or 0,
            "number": e164(number, self._region) or number.strip(),
            "address": address,
            "category": category,
        }
        async with self._database.reading() as connection:
            return [order_row(row) for row in await fetch_all(connection, REPEATS, values)]


def attachment_row(row: Any) -> AttachmentRow:
    return AttachmentRow(
        id=row["id"],
        name=row["name"],
        media_type=row["media_type"],
        size_bytes=row["size_bytes"],
        stage=row["stage"],
        actor=row["actor"],
        at=row["at"].timestamp(),
    )


def _call_row(row: Any) -> OrderCallRow:
    started_at = row["started_at"].timestamp() if row["started_at"] else None
    return OrderCallRow(
        call_id=row["call_id"], kind=row["kind"], started_at=started_at, recordings=tuple(row["recordings"])
    )


def visible(row: Any, user: DeskUser) -> bool:
    return user.may_see(row["unit"], tuple(row["assisting"]), row["assignee"])
