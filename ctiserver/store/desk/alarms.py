"""Deadlines that have come: each alarm once, with its notices and escalation, whatever was restarted meanwhile.

An alarm is a row; whoever fires it locks its order first, as every change of an order does. Two daemons on one database
therefore fire it once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.clock import to_datetime
from ctiserver.desk.decide import decide
from ctiserver.desk.notify import recipients
from ctiserver.desk.words import Actor
from ctiserver.desk.work_order import Outcome, Request, TransitionRefused, Who
from ctiserver.store import mapped
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.alarm_rows import write_alarms
from ctiserver.store.desk.desk_user import SYSTEM
from ctiserver.store.desk.notices import Telling, tell
from ctiserver.store.desk.office import Office, load_office
from ctiserver.store.desk.order_sql import columns, machine
from ctiserver.store.desk.orders import append_event

DUE = "SELECT id, order_id FROM work_order_alarm WHERE fired_at IS NULL AND at <= :now ORDER BY at, level LIMIT 200"
ORDER = "SELECT * FROM work_order WHERE id = :order_id FOR UPDATE"
STILL = "SELECT * FROM work_order_alarm WHERE id = :id AND fired_at IS NULL FOR UPDATE"
FIRED = "UPDATE work_order_alarm SET fired_at = :now WHERE id = :id"
NEXT = "SELECT min(at) AS at FROM work_order_alarm WHERE fired_at IS NULL"
UNIT_PHONE = "SELECT phone FROM unit WHERE id = :id AND phone <> ''"
MAIL_OF = """
SELECT DISTINCT staff.email FROM staff LEFT JOIN app_user ON app_user.id = staff.user_id
WHERE staff.email <> '' AND staff.retired_at IS NULL AND staff.on_duty
    AND (staff.unit_id = ANY(:units) OR app_user.role = ANY(:duties) AND app_user.disabled_at IS NULL)
"""
BY_SYSTEM = Who(frozenset[Actor]({"system"}), "system")


class Alarms:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database, *, timezone: str) -> None:
        self._database = database
        self._timezone = timezone

    async def fire_due(self, now: float) -> Sequence[int]:
        """Fires what is due; the ids of the orders concerned."""
        async with self._database.reading() as connection:
            due = await fetch_all(connection, DUE, {"now": to_datetime(now)})
        return [row["order_id"] for row in due if await self._fire(row, now)]

    async def next_at(self) -> float | None:
        """When the next alarm is due; None without any."""
        async with self._database.reading() as connection:
            [row] = await fetch_all(connection, NEXT)
        return row["at"].timestamp() if row["at"] else None

    async def _fire(self, due: Mapping[str, Any], now: float) -> bool:
        async with self._database.writing() as connection:
            office = await load_office(connection, self._timezone)
            [row] = await fetch_all(connection, ORDER, due)
            still = await fetch_all(connection, STILL, due)
            if not still:  # the clock was stopped, or another daemon was quicker
                return False
            await connection.execute(text(FIRED), {"id": due["id"], "now": to_datetime(now)})
            [alarm] = still
            if alarm["level"] > row["escalation"]:
                await self._escalate(connection, office, row, alarm, now)
            await self._tell(connection, row, alarm, now)
        return True

    async def _escalate(
        self, connection: AsyncConnection, office: Office, row: Mapping[str, Any], alarm: Mapping[str, Any], now: float
    ) -> None:
        request = Request(action="escalate", level=alarm["level"], reason="overdue", detail={"stage": alarm["stage"]})
        try:
            outcome: Outcome = decide(machine(row), request, BY_SYSTEM, now, office.rules)
        except TransitionRefused:
            return  # a clock that runs in a state without escalation: the notice is enough
        version = row["version"] + 1
        changed = update(mapped.WorkOrder).where(mapped.WorkOrder.id == row["id"])
        await connection.execute(changed.values({**columns(outcome.order), "version": version}))
        await append_event(connection, row["id"], version, outcome.event, SYSTEM)
        await write_alarms(connection, row["id"], outcome.order, office.escalations)

    async def _tell(
        self, connection: AsyncConnection, row: Mapping[str, Any], alarm: Mapping[str, Any], now: float
    ) -> None:
        due_at = alarm["due_at"].timestamp()
        kind = "deadline_over" if now >= due_at else "deadline_near"
        params = {
            "number": row["number"], "title": row["title"], "stage": alarm["stage"], "level": alarm["level"],
            "due_at": due_at,
        }  # fmt: skip
        units, duties = recipients(tuple(alarm["audience"]), machine(row))
        tellings = [*(Telling(unit_id=unit) for unit in units), *(Telling(duty=duty) for duty in duties)]
        if alarm["level"]:
            tellings += await self._outside(connection, units, duties)
        for telling in tellings:
            await tell(connection, telling, kind, params, order_id=row["id"], sender="system")

    async def _outside(self, connection: AsyncConnection, units: Sequence[str], duties: Sequence[str]) -> list[Telling]:
        """Beside the pages: SMS to the units' phones, mail to who of them is on duty."""
        tellings: list[Telling] = []
        for unit in units:
            phones = await fetch_all(connection, UNIT_PHONE, {"id": unit})
            tellings += [Telling(channel="sms", address=phone["phone"]) for phone in phones]
        people = await fetch_all(connection, MAIL_OF, {"units": list(units), "duties": list(duties)})
        return tellings + [Telling(channel="mail", address=person["email"]) for person in people]
