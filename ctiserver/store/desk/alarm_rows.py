"""The alarms of an order, kept in step with its clocks."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.clock import to_datetime
from ctiserver.desk.deadlines import EscalationRule, alarms
from ctiserver.desk.work_order import WorkOrder
from ctiserver.store.database import fetch_all

THERE = "SELECT id, stage, level, at, fired_at FROM work_order_alarm WHERE order_id = :order_id"
ADD = """
INSERT INTO work_order_alarm (order_id, stage, level, at, due_at, audience)
VALUES (:order_id, :stage, :level, :at, :due_at, :audience)
"""
FORGET = "DELETE FROM work_order_alarm WHERE id = ANY(:ids)"


async def write_alarms(
    connection: AsyncConnection, order_id: int, order: WorkOrder, rules: tuple[EscalationRule, ...]
) -> None:
    """Adds those that are missing, removes those that no longer come. One that has fired stays, and is not repeated."""
    rows = {
        (alarm.stage, alarm.level, to_datetime(alarm.at)): {
            "order_id": order_id,
            "stage": alarm.stage,
            "level": alarm.level,
            "at": to_datetime(alarm.at),
            "due_at": to_datetime(alarm.due_at),
            "audience": list(alarm.audience),
        }
        for alarm in alarms(order.clocks, rules)
    }
    there = {
        (row["stage"], row["level"], row["at"]): row
        for row in await fetch_all(connection, THERE, {"order_id": order_id})
    }
    gone = [row["id"] for key, row in there.items() if row["fired_at"] is None and key not in rows]
    if gone:
        await connection.execute(text(FORGET), {"ids": gone})
    if missing := [row for key, row in rows.items() if key not in there]:
        await connection.execute(text(ADD), missing)
