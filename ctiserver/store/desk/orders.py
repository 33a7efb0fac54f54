"""Work orders in Postgres: made once, changed by the rules of `desk.decide`, each change with its row of the trail."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.clock import to_datetime
from ctiserver.desk.decide import decide, refresh_deadlines
from ctiserver.desk.fields import check_values
from ctiserver.desk.notify import REPAIRED, SETTLED, units_and_duties
from ctiserver.desk.numbering import order_number
from ctiserver.desk.words import ENDED, Actor
from ctiserver.desk.work_order import OrderEvent, Outcome, Request, Who, WorkOrder
from ctiserver.store import mapped
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.alarm_rows import write_alarms
from ctiserver.store.desk.desk_user import SYSTEM, Account, DeskUser, desk_user
from ctiserver.store.desk.notices import Telling, tell
from ctiserver.store.desk.office import Category, Office, load_office
from ctiserver.store.desk.order_queries import OrderQueries, visible
from ctiserver.store.desk.order_rows import Conversion, NewOrder, OrderChange, OrderDetails
from ctiserver.store.desk.order_sql import columns, machine, search_words, tsvector
from ctiserver.store.desk.refusals import NotThere, Stale, Unfit
from ctiserver.store.numbers import e164

LOCK_KEY = "SELECT pg_advisory_xact_lock(hashtextextended(:key, 7))"
BY_KEY = """
SELECT work_order.id, work_order.number FROM work_order_intake JOIN work_order ON work_order.id = order_id
WHERE work_order_intake.key = :key
"""
NEXT_SEQUENCE = """
INSERT INTO work_order_counter (area, day, last) VALUES (:area, :day, 1)
ON CONFLICT (area, day) DO UPDATE SET last = work_order_counter.last + 1 RETURNING last
"""
CUSTOMER = "SELECT coalesce(merged_into, id) AS id, district, name FROM customer WHERE id = :id"
LOCKED = "SELECT * FROM work_order WHERE id = :id FOR UPDATE"
LAST_EVENT = "SELECT actor, at, action FROM work_order_event WHERE order_id = :id ORDER BY version DESC LIMIT 1"
LINK_CALL = """
INSERT INTO work_order_call (order_id, call_id, kind) VALUES (:order_id, :call_id, :kind) ON CONFLICT DO NOTHING
"""
MERGED_CHILDREN = "SELECT * FROM work_order WHERE parent_id = :id AND state = 'merged' ORDER BY id FOR UPDATE"


class Orders:
    """`now` is UTC seconds. All raise DatabaseAwayError; changes also TransitionRefused, Stale, Unfit, NotThere."""

    def __init__(self, database: Database, *, timezone: str, region: str) -> None:
        self._database = database
        self._timezone = timezone
        self._region = region
        self._queries = OrderQueries(database, timezone=timezone, region=region)

    async def create(self, new: NewOrder, account: Account, now: float, *, key: str = "") -> Conversion:
        """The order of this request. The same `key` again finds the order that it made before."""
        async with self._database.writing() as connection:
            if key:
                await connection.execute(text(LOCK_KEY), {"key": key})
                for made in await fetch_all(connection, BY_KEY, {"key": key}):
                    return Conversion(order_id=made["id"], number=made["number"], created=False)
            office = await load_office(connection, self._timezone)
            order_id, number = await self._insert(connection, office, new, account, now)
            if key:
                values = {"key": key, "order_id": order_id}
                await connection.execute(insert(mapped.WorkOrderIntake).values(values))
        return Conversion(order_id=order_id, number=number, created=True)

    async def act(
        self, order_id: int, request: Request, account: Account, now: float, *, version: int, call_id: str = ""
    ) -> OrderDetails:
        """Does what is asked, if the order still is at `version` (0: whatever it is at)."""
        await self.move(order_id, request, account, now, version=version, call_id=call_id)
        return await self._queries.after_own_change(order_id, account)

    async def move(
        self, order_id: int, request: Request, account: Account, now: float, *, version: int, call_id: str = ""
    ) -> None:
        """The same, for who does not look at it afterwards."""
        async with self._database.writing() as connection:
            office = await load_office(connection, self._timezone)
            user = await desk_user(connection, account, office)
            row = await self._locked(connection, order_id, user, version)
            await self._check_request(connection, request, office, row)
            outcome = decide(machine(row), request, user.who(row["unit"], request.action, row["assignee"]), now,
                             office.rules)  # fmt: skip
            await self._write(connection, office, row, outcome, account)
            if request.action == "merge" and request.parent_id is not None:
                incident = update(mapped.WorkOrder).where(mapped.WorkOrder.id == request.parent_id)
                await connection.execute(incident.values(incident=True))
            if call_id:
                kind = "urged" if request.action == "urge" else "followed_up"
                await connection.execute(text(LINK_CALL), {"order_id": order_id, "call_id": call_id, "kind": kind})
            if row["incident"]:
                await self._carry_over(connection, office, row, outcome.event)

    async def amend(
        self, order_id: int, change: OrderChange, account: Account, now: float, *, version: int
    ) -> OrderDetails:
        """Corrects what was filled in; deadlines follow category and urgency, and keep the time spent."""
        async with self._database.writing() as connection:
            office = await load_office(connection, self._timezone)
            user = await desk_user(connection, account, office)
            row = await self._locked(connection, order_id, user, version)
            order = machine(row)
            who = user.who(row["unit"], "comment", row["assignee"])
            changed = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not None}
            if "contact_number" in changed:
                changed["contact_number"] = self._number(changed["contact_number"])
            after = {**row, **changed}
            if changed.keys() & {"category", "fields"}:
                check_category(office, after["category"], after["fields"])
            if "customer_id" in changed:
                changed["customer_id"] = (await self._customer(connection, changed["customer_id"]))["id"]
            told = {name: [row[name], changed[name]] for name in changed if row[name] != changed[name]}
            request = Request(action="comment", reason="amended", text=", ".join(sorted(told)) or "-",
                              detail={"amended": told})  # fmt: skip
            outcome = decide(order, request, who, now, office.rules)
            renewed = msgspec.structs.replace(outcome.order, category=after["category"], urgency=after["urgency"])
            if changed.keys() & {"category", "urgency"}:
                renewed = refresh_deadlines(renewed, now, office.rules)
            await self._write(connection, office, row, Outcome(renewed, outcome.event), account, also=changed)
        return await self._queries.after_own_change(order_id, account)

    async def _insert(
        self, connection: AsyncConnection, office: Office, new: NewOrder, account: Account, now: float
    ) -> tuple[int, str]:
        category = check_category(office, new.category, new.fields)
        customer = await self._customer(connection, new.customer_id) if new.customer_id else None
        area = new.area or office.area_of(customer["district"] if customer else "")
        if area not in office.areas:
            raise Unfit(("area", "unknown" if area else "missing"))
        order = WorkOrder(
            category=new.category,
            urgency=new.urgency or (category.urgency if category else "normal"),
            area=area,
            follow_up=category.follow_up if category else True,
            changed_at=now,
        )
        user = await desk_user(connection, account, office)
        outcomes: list[Outcome] = []
        if not new.draft:
            outcomes.append(decide(order, Request(action="submit"), user.who(None, "submit", None), now, office.rules))
        order = outcomes[-1].order if outcomes else order
        sequence = (
            await connection.execute(
                text(NEXT_SEQUENCE), {"area": area, "day": office.rules.calendar.local(now).date()}
            )
        ).scalar_one()
        number = order_number(area, office.rules.calendar.local(now).date(), sequence)
        caller, contact = self._number(new.caller_number), self._number(new.contact_number or new.caller_number)
        address = new.address
        name = new.contact_name or (customer["name"] if customer else "")
        words = search_words(number=number, title=new.title, text=new.text, address=address, contact_name=name,
                             numbers=(caller, contact))  # fmt: skip
        made = await connection.execute(
            insert(mapped.WorkOrder)
            .values(
                columns(order)
                | {
                    "number": number,
                    "version": max(1, len(outcomes)),
                    "channel": new.channel,
                    "title": new.title,
                    "text": new.text,
                    "wanted": new.wanted,
                    "caller_number": caller,
                    "contact_number": contact,
                    "contact_name": name,
                    "confidential": new.confidential,
                    "customer_id": customer["id"] if customer else None,
                    "address": address,
                    "fields": new.fields,
                    "repeat_of": new.repeat_of,
                    "incident": new.incident,
                    "created_by": account.user_id or None,
                    "created_at": to_datetime(now),
                    "search": tsvector(words),
                }
            )
            .returning(mapped.WorkOrder.id)
        )
        order_id = int(made.scalar_one())
        for version, outcome in enumerate(outcomes, 1):
            await append_event(connection, order_id, version, outcome.event, account)
        await write_alarms(connection, order_id, order, office.escalations)
        for call_id in new.call_ids:
            await connection.execute(text(LINK_CALL), {"order_id": order_id, "call_id": call_id, "kind": "caused"})
        return order_id, number

    async def _locked(self, connection: AsyncConnection, order_id: int, user: DeskUser, version: int) -> dict[str, Any]:
        found = await fetch_all(connection, LOCKED, {"id": order_id})
        if not found or not visible(found[0], user):
            raise NotThere("work order")
        row = dict(found[0])
        if version and row["version"] != version:
            [last] = await fetch_all(connection, LAST_EVENT, {"id": order_id}) or [
                {"actor": "", "at": row["changed_at"], "action": ""}
            ]
            raise Stale(version=row["version"], actor=last["actor"], at=last["at"].timestamp(), action=last["action"])
        return row

    async def _check_request(
        self, connection: AsyncConnection, request: Request, office: Office, row: dict[str, Any]
    ) -> None:
        """What the rules can't know: whether units, people and parents exist."""
        if request.unit and (request.unit not in office.units or office.units[request.unit].retired):
            raise Unfit(("unit", "unknown"))
        if request.assignee is not None and not await fetch_all(
            connection, "SELECT 1 FROM staff WHERE id = :id AND retired_at IS NULL", {"id": request.assignee}
        ):
            raise Unfit(("assignee", "unknown"))
        if request.parent_id is not None and request.action == "merge":
            query = "SELECT id, state, parent_id FROM work_order WHERE id = :id FOR UPDATE"
            parents = await fetch_all(connection, query, {"id": request.parent_id})
            if not parents or request.parent_id == row["id"]:
                raise Unfit(("parent_id", "unknown"))
            if parents[0]["parent_id"] is not None or parents[0]["state"] in ENDED or row["incident"]:
                raise Unfit(("parent_id", "not_open"))

    async def _write(
        self,
        connection: AsyncConnection,
        office: Office,
        row: dict[str, Any],
        outcome: Outcome,
        account: Account,
        also: dict[str, Any] | None = None,
    ) -> None:
        order, event = outcome.order, outcome.event
        values = {**columns(order), **(also or {}), "version": row["version"] + 1}
        if row["state"] in ENDED and order.state in ENDED:
            values["closed_at"] = row["closed_at"]
        if event.action == "reply":
            values["result"] = {**event.detail, "text": event.text, "at": event.at}
        if event.action in ("confirm", "redo", "miss", "close_unsatisfied", "close_unreached"):
            values["followed_up"] = {
                **event.detail, "outcome": event.action, "reason": event.reason, "text": event.text,
                "by": account.name, "at": event.at,
            }  # fmt: skip
        if also:
            after = {**row, **also}
            words = search_words(number=row["number"], title=after["title"], text=after["text"],
                                 address=after["address"], contact_name=after["contact_name"],
                                 numbers=(after["caller_number"], after["contact_number"]))  # fmt: skip
            values["search"] = tsvector(words)
        await connection.execute(update(mapped.WorkOrder).where(mapped.WorkOrder.id == row["id"]).values(values))
        await append_event(connection, row["id"], values["version"], event, account)
        await write_alarms(connection, row["id"], order, office.escalations)
        units, duties = units_and_duties(order, event)
        for telling in (*(Telling(unit_id=unit) for unit in units), *(Telling(duty=duty) for duty in duties)):
            params = {"number": row["number"], "title": row["title"], "reason": event.reason, "text": event.text}
            await tell(connection, telling, f"order_{event.action}", params, order_id=row["id"], sender=account.name)

    async def _carry_over(
        self, connection: AsyncConnection, office: Office, parent: dict[str, Any], event: OrderEvent
    ) -> None:
        """An incident's callers are told of its repair, and their orders close with it."""
        if event.action not in REPAIRED | SETTLED:
            return
        for child in await fetch_all(connection, MERGED_CHILDREN, {"id": parent["id"]}):
            row = dict(child)
            if event.action in REPAIRED and row["contact_number"]:
                telling = Telling(channel="sms", address=row["contact_number"])
                params = {"number": row["number"], "title": row["title"], "text": event.text}
                await tell(connection, telling, "incident_repaired", params, order_id=row["id"], sender="system")
            if event.action in SETTLED:
                request = Request(action="settle", text=event.text, detail={"parent": parent["number"]})
                outcome = decide(
                    machine(row), request, Who(frozenset[Actor]({"system"}), "system"), event.at, office.rules
                )
                await self._write(connection, office, row, outcome, SYSTEM)

    async def _customer(self, connection: AsyncConnection, customer_id: int) -> dict[str, Any]:
        found = await fetch_all(connection, CUSTOMER, {"id": customer_id})
        if not found:
            raise Unfit(("customer_id", "unknown"))
        return dict(found[0])

    def _number(self, number: str) -> str:
        return e164(number, self._region) or number.strip()


def check_category(office: Office, category_id: str, fields: dict[str, Any]) -> Category | None:
    """The category, or None for an order that has none yet."""
    category = office.categories.get(category_id)
    if category_id and (category is None or category.retired):
        raise Unfit(("category", "unknown"))
    problems = check_values(category.fields if category else (), fields)
    if problems:
        raise Unfit(*((f"fields.{name}", problem) for name, problem in problems))
    return category


async def append_event(
    connection: AsyncConnection, order_id: int, version: int, event: OrderEvent, account: Account
) -> None:
    await connection.execute(
        insert(mapped.WorkOrderEvent).values(
            order_id=order_id,
            version=version,
            at=to_datetime(event.at),
            action=event.action,
            state_before=event.before,
            state_after=event.after,
            round=event.round,
            user_id=account.user_id or None,
            actor=account.name,
            reason=event.reason,
            text=event.text,
            detail=event.detail,
            clocks=msgspec.to_builtins(event.clocks),
        )
    )
