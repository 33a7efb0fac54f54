"""Requests to be rung back: made by flows and people, listed, changed, ended, and taken by whoever carries them out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ctiserver.clock import to_datetime
from ctiserver.errors import Refused
from ctiserver.store.callers.filters import Wanted
from ctiserver.store.callers.rows import CallbackPage, CallbackRow, Span
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.numbers import e164
from ctiserver.store.recordings import agent_name
from ctiserver.store.rows import CustomerName

LISTED = """
SELECT callback_request.*, customer.name AS customer_name, agent.number AS agent_number, agent.name AS agent_name
FROM callback_request LEFT JOIN customer ON customer.id = callback_request.customer_id
    LEFT JOIN agent ON agent.id = callback_request.agent_id
"""
ORDER = (
    " ORDER BY callback_request.status <> 'open',"
    " CASE WHEN callback_request.status = 'open' THEN coalesce(due_at, waiting_since) END, callback_request.at DESC,"
    " callback_request.id LIMIT :limit OFFSET :offset"
)
COUNTED = "SELECT count(*) AS total, count(*) FILTER (WHERE status = 'open') AS open FROM callback_request"
DUE = """
WHERE callback_request.status = 'open' AND coalesce(due_at, :now) <= :now AND coalesce(next_at, :now) <= :now
    AND callback_request.number_e164 <> ''
ORDER BY callback_request.waiting_since, callback_request.id LIMIT 500
"""
LOCK_NUMBER = "SELECT pg_advisory_xact_lock(hashtextextended('callback ' || :number, 0))"
OPEN_OF_NUMBER = "SELECT id FROM callback_request WHERE status = 'open' AND number_e164 = :number LIMIT 1"
ADD = """
INSERT INTO callback_request (id, call_id, at, queue_id, number, number_e164, keep_place, waiting_since, customer_id,
    source, agent_id, created_by, due_at, expires_at, note)
VALUES (:id, :call_id, :at, :queue_id, :number, :number_e164, false, :waiting_since, :customer_id, 'page', :agent_id,
    :created_by, :due_at, :expires_at, :note)
"""
CHANGE = """
UPDATE callback_request SET due_at = :due_at, next_at = NULL, note = :note,
    waiting_since = coalesce(:due_at, waiting_since),
    expires_at = CASE WHEN expires_at < :due_at THEN NULL ELSE expires_at END
WHERE id = :id AND status = 'open' RETURNING id
"""
END = """
UPDATE callback_request SET status = :status, outcome = CASE WHEN :outcome = '' THEN outcome ELSE :outcome END,
    done_at = :now, done_by = :user_id
WHERE id = :id AND status = 'open' RETURNING id
"""


class NewCallback(msgspec.Struct, frozen=True, kw_only=True):
    """For a queue, or for one agent."""

    id: str
    number: str
    queue_id: str = ""
    agent_id: int | None = None
    due_at: float | None = None
    expires_at: float | None = None
    call_id: str = ""
    customer_id: int | None = None
    note: str = ""


class Callbacks:
    """`region` completes numbers. All raise DatabaseAwayError."""

    def __init__(self, database: Database, region: str) -> None:
        self._database = database
        self._region = region

    def is_number(self, number: str) -> bool:
        return e164(number, self._region) is not None

    async def search(
        self,
        span: Span,
        *,
        status: str = "",
        queue_id: str = "",
        agent_id: int | None = None,
        scope: Collection[int] | None = None,
    ) -> CallbackPage:
        """Open ones first, whoever is next at the top; then the newest. `scope`: of these agents, or of nobody yet."""
        wanted = Wanted()
        wanted.add("callback_request.status = :status", status=status)
        wanted.add("callback_request.queue_id = :queue_id", queue_id=queue_id)
        wanted.add("callback_request.agent_id = :agent_id", agent_id=agent_id)
        wanted.of_agents("callback_request.agent_id", scope)
        wanted.within("callback_request.at", span)
        counting = f"{COUNTED} {wanted.where}"
        async with self._database.reading() as connection:
            [counted] = await fetch_all(connection, counting, wanted.values)
            found = await fetch_all(connection, LISTED + wanted.where + ORDER, {**wanted.values, **span.limits})
        items = tuple(callback_row(row) for row in found)
        return CallbackPage(
            items=items, total=counted["total"], open=counted["open"], page=span.page, page_size=span.page_size
        )

    async def find(self, callback_id: str) -> CallbackRow | None:
        async with self._database.reading() as connection:
            found = await fetch_all(connection, LISTED + "WHERE callback_request.id = :id", {"id": callback_id})
        return callback_row(found[0]) if found else None

    async def due(self, now: float) -> list[CallbackRow]:
        """Open ones whose time has come, the longest waiting first."""
        async with self._database.reading() as connection:
            return [callback_row(row) for row in await fetch_all(connection, LISTED + DUE, {"now": to_datetime(now)})]

    async def add(self, new: NewCallback, user_id: int | None, now: float) -> None:
        """Raises Refused where there is an open request for this number: one at a time."""
        exists = Refused("callback_exists", "this number is to be rung back already")
        number = e164(new.number, self._region) or ""
        values = {
            **msgspec.structs.asdict(new),
            "number_e164": number,
            "at": to_datetime(now),
            "waiting_since": to_datetime(new.due_at if new.due_at is not None else now),
            "due_at": to_datetime(new.due_at) if new.due_at is not None else None,
            "expires_at": to_datetime(new.expires_at) if new.expires_at is not None else None,
            "created_by": user_id,
        }
        try:
            async with self._database.writing() as connection:
                await connection.execute(text(LOCK_NUMBER), {"number": number})
                if await fetch_all(connection, OPEN_OF_NUMBER, {"number": number}):
                    raise exists
                await connection.execute(text(ADD), values)
        except IntegrityError:
            raise exists from None

    async def change(self, callback_id: str, *, due_at: float | None, note: str) -> bool:
        """False: there is none that is open."""
        values = {"id": callback_id, "due_at": to_datetime(due_at) if due_at is not None else None, "note": note}
        async with self._database.writing() as connection:
            return bool(await fetch_all(connection, CHANGE, values))

    async def end(self, callback_id: str, status: str, user_id: int | None, now: float, *, outcome: str = "") -> bool:
        """False: there is none that is open."""
        values = {"id": callback_id, "status": status, "outcome": outcome, "user_id": user_id, "now": to_datetime(now)}
        async with self._database.writing() as connection:
            return bool(await fetch_all(connection, END, values))


def callback_row(row: Mapping[str, Any]) -> CallbackRow:
    def instant(name: str) -> float | None:
        return row[name].timestamp() if row[name] is not None else None

    customer_id = row["customer_id"]
    return CallbackRow(
        id=row["id"],
        call_id=row["call_id"],
        at=row["at"].timestamp(),
        queue_id=row["queue_id"],
        number=row["number"],
        customer=CustomerName(id=customer_id, name=row["customer_name"]) if customer_id is not None else None,
        agent=agent_name(row),
        keep_place=row["keep_place"],
        waiting_since=row["waiting_since"].timestamp(),
        due_at=instant("due_at"),
        next_at=instant("next_at"),
        expires_at=instant("expires_at"),
        status=row["status"],
        attempts=row["attempts"],
        outcome=row["outcome"],
        last_call_id=row["last_call_id"],
        note=row["note"],
        source=row["source"],
        done_at=instant("done_at"),
    )
