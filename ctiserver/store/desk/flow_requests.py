"""Orders that a flow asked for: rows of `work_order_request`, each made into an order exactly once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec
import structlog
from sqlalchemy import text

from ctiserver.desk.words import URGENCIES
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.desk_user import SYSTEM
from ctiserver.store.desk.order_rows import Conversion, NewOrder
from ctiserver.store.desk.orders import Orders
from ctiserver.store.desk.refusals import Unfit

log = structlog.get_logger()

KEY = "flow:{id}"
EXISTS = "SELECT to_regclass('work_order_request') IS NOT NULL AS there"
NEW = """
SELECT request.id, request.call_id, request.at, request.body, call.caller_number, call.customer_id
FROM work_order_request AS request LEFT JOIN call ON call.id = request.call_id
WHERE NOT EXISTS (SELECT 1 FROM work_order_intake WHERE key = 'flow:' || request.id)
ORDER BY request.at LIMIT 100
"""
TEXTS = ("title", "text", "wanted", "category", "area", "address", "contact_number", "contact_name", "caller_number")


class FlowRequests:
    """Raises DatabaseAwayError."""

    def __init__(self, database: Database, orders: Orders) -> None:
        self._database = database
        self._orders = orders

    async def take(self) -> Sequence[Conversion]:
        async with self._database.reading() as connection:
            [table] = (await connection.execute(text(EXISTS))).all()
            found = await fetch_all(connection, NEW) if table.there else []
        return [await self._make(row) for row in found]

    async def _make(self, row: Mapping[str, Any]) -> Conversion:
        key, at = KEY.format(id=row["id"]), row["at"].timestamp()
        new = order_of(row["body"], row["call_id"], row["caller_number"] or "", row["customer_id"])
        try:
            return await self._orders.create(new, SYSTEM, at, key=key)
        except Unfit as unfit:
            log.warning("flow_order_made_without_what_is_unfit", key=key, problems=str(unfit))
            told = msgspec.json.encode({"not_taken": unfit.problems, "fields": new.fields}).decode()
            plain = msgspec.structs.replace(
                new, category="", area="", fields={}, customer_id=None, text=f"{new.text}\n{told}"
            )
            return await self._orders.create(plain, SYSTEM, at, key=key)


def order_of(body: Mapping[str, Any], call_id: str | None, caller_number: str, customer_id: int | None) -> NewOrder:
    """A flow's body: known words become fields, everything else stands in the text, so that nothing is lost."""
    known = {name: str(body[name]) for name in TEXTS if body.get(name)}
    urgency = body.get("urgency")
    given = body.get("fields")
    given_customer = body.get("customer_id")
    rest = {name: value for name, value in body.items() if name not in (*TEXTS, "urgency", "fields", "customer_id")}
    lines = [known.get("text", ""), *(f"{name}: {value}" for name, value in rest.items())]
    return NewOrder(
        title=known.get("title") or known.get("category") or "IVR",
        category=known.get("category", ""),
        area=known.get("area", ""),
        urgency=urgency if urgency in URGENCIES else None,
        channel="ivr",
        text="\n".join(line for line in lines if line),
        wanted=known.get("wanted", ""),
        address=known.get("address", ""),
        caller_number=known.get("caller_number") or caller_number,
        contact_number=known.get("contact_number", ""),
        contact_name=known.get("contact_name", ""),
        customer_id=given_customer if isinstance(given_customer, int) else customer_id,
        fields=cast("dict[str, Any]", given) if isinstance(given, dict) else {},
        call_ids=(call_id,) if call_id else (),
    )
