"""The register of customers: looked up while somebody types, kept, merged, with the history of everything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.desk.bigrams import index_words, query
from ctiserver.store import mapped
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.customer_rows import CustomerFields, CustomerLine, CustomerRecord, HistoryEntry
from ctiserver.store.desk.order_sql import tsvector
from ctiserver.store.desk.refusals import InUse, NotThere, Stale, Unfit
from ctiserver.store.numbers import e164

LINE = """
SELECT c.*, array(SELECT p.e164 FROM customer_phone p WHERE p.customer_id = c.id ORDER BY p.e164) AS numbers
FROM customer c
"""
BY_WORDS = """
SELECT id FROM customer WHERE search @@ cast(:terms AS tsquery) AND merged_into IS NULL LIMIT :candidates
"""
BY_NUMBER = "SELECT customer_id AS id FROM customer_phone WHERE e164 LIKE :start LIMIT :candidates"
BY_LAST_DIGITS = (
    "SELECT customer_id AS id FROM customer_phone WHERE reverse(e164) LIKE reverse(:digits) || '%' LIMIT :candidates"
)
BY_CUSTOMER_NUMBER = "SELECT id FROM customer WHERE customer_number LIKE :written LIMIT :candidates"
BY_METER_NUMBER = "SELECT id FROM customer WHERE meter_number LIKE :written LIMIT :candidates"
LINES = LINE + "WHERE c.id = ANY(:ids) AND c.merged_into IS NULL ORDER BY c.name, c.id LIMIT :limit"
BY_ID = LINE + "WHERE c.id = :id"
LOCKED = "SELECT * FROM customer WHERE id = :id FOR UPDATE"
NUMBERS = "SELECT e164 FROM customer_phone WHERE customer_id = :id"
HISTORY = """
SELECT 'call' AS kind, call.id, call.started_at AS at, coalesce(call.queue_id, '') AS title,
    coalesce(call.outcome, '') AS state,
    array(SELECT r.id FROM recording r WHERE r.call_id = call.id AND r.status IN ('stored', 'mismatch')) AS recordings
FROM call WHERE call.customer_id = :id
UNION ALL
SELECT 'order', work_order.id::text, work_order.created_at, work_order.number || ' ' || work_order.title,
    work_order.state, '{}' FROM work_order WHERE work_order.customer_id = :id
UNION ALL
SELECT 'voicemail', v.id, v.at, v.box,
    CASE WHEN v.status = 'lost' THEN 'lost' WHEN v.heard_at IS NULL THEN 'new' ELSE 'heard' END, '{}'
FROM voicemail v WHERE v.customer_id = :id AND v.deleted_at IS NULL
UNION ALL
SELECT 'callback', b.id, b.at, b.queue_id, b.status, '{}' FROM callback_request b WHERE b.customer_id = :id
UNION ALL
SELECT 'fax', f.id, f.at, f.direction, CASE WHEN f.ok THEN 'ok' ELSE 'failed' END, '{}'
FROM call JOIN fax f ON f.call_id = call.id WHERE call.customer_id = :id
UNION ALL
SELECT 'message', m.id, m.at, left(m.body, 200), m.status, '{}'
FROM call JOIN outbox_message m ON m.call_id = call.id WHERE call.customer_id = :id
UNION ALL
SELECT 'notice', n.id::text, n.created_at, n.kind, CASE WHEN n.sent_at IS NULL THEN 'queued' ELSE 'sent' END, '{}'
FROM work_order o JOIN notice n ON n.order_id = o.id AND n.channel <> 'page'
    AND n.address IN (o.caller_number, o.contact_number)
WHERE o.customer_id = :id
ORDER BY 3 DESC LIMIT :limit
"""
MERGE = (
    "INSERT INTO customer_phone (customer_id, e164, label) SELECT :keep, e164, label FROM customer_phone"
    " WHERE customer_id = :gone ON CONFLICT DO NOTHING",
    "DELETE FROM customer_phone WHERE customer_id = :gone",
    "UPDATE call SET customer_id = :keep WHERE customer_id = :gone",
    "UPDATE work_order SET customer_id = :keep WHERE customer_id = :gone",
    "UPDATE voicemail SET customer_id = :keep WHERE customer_id = :gone",
    "UPDATE callback_request SET customer_id = :keep WHERE customer_id = :gone",
    "UPDATE customer SET merged_into = :keep WHERE merged_into = :gone",
    "UPDATE customer SET merged_into = :keep, customer_number = NULL, meter_number = NULL, search = '',"
    " version = version + 1, updated_at = now() WHERE id = :gone",
)
CANDIDATES = 200  # of each kind of match; whoever has more types more
TEXTS = ("name", "district", "estate", "building", "unit", "room", "notes")


class CustomerRegister:
    """All raise DatabaseAwayError; changes also Stale, InUse, Unfit, NotThere."""

    def __init__(self, database: Database, region: str) -> None:
        self._database = database
        self._region = region

    async def search(self, words: str, limit: int) -> list[CustomerLine]:
        """By parts of name and address, the beginning of any number, or the last four or more digits of a phone."""
        queries = self._queries(words.strip())
        ids: dict[int, None] = {}
        async with self._database.reading() as connection:
            for statement, values in queries:
                found = await fetch_all(connection, statement, {**values, "candidates": CANDIDATES})
                ids.update(dict.fromkeys(row["id"] for row in found))
            lines = await fetch_all(connection, LINES, {"ids": list(ids), "limit": limit}) if ids else []
        return [line_of(row) for row in lines]

    async def read(self, customer_id: int) -> CustomerRecord:
        async with self._database.reading() as connection:
            found = await fetch_all(connection, BY_ID, {"id": customer_id})
        if not found:
            raise NotThere("customer")
        return record_of(found[0])

    async def history(self, customer_id: int, limit: int) -> list[HistoryEntry]:
        """Calls, orders, messages left and sent, callbacks and faxes, newest first."""
        async with self._database.reading() as connection:
            found = await fetch_all(connection, HISTORY, {"id": customer_id, "limit": limit})
        return [
            HistoryEntry(
                kind=row["kind"],
                id=row["id"],
                at=row["at"].timestamp(),
                title=row["title"],
                state=row["state"],
                recordings=tuple(row["recordings"]),
            )
            for row in found
        ]

    async def add(self, fields: CustomerFields) -> CustomerRecord:
        numbers = self.normalised(fields.numbers)
        try:
            async with self._database.writing() as connection:
                statement = insert(mapped.Customer).values(columns_of(fields)).returning(mapped.Customer.id)
                customer_id = int((await connection.execute(statement)).scalar_one())
                await write_numbers(connection, customer_id, numbers)
        except IntegrityError:
            raise InUse("customer_number") from None
        return await self.read(customer_id)

    async def change(self, customer_id: int, fields: CustomerFields, *, version: int, by: str) -> CustomerRecord:
        numbers = self.normalised(fields.numbers)
        try:
            async with self._database.writing() as connection:
                row = await self._locked(connection, customer_id, version, by)
                values = {**columns_of(fields), "version": row["version"] + 1, "updated_at": text("now()")}
                await connection.execute(
                    update(mapped.Customer).where(mapped.Customer.id == customer_id).values(values)
                )
                await write_numbers(connection, customer_id, numbers)
        except IntegrityError:
            raise InUse("customer_number") from None
        return await self.read(customer_id)

    async def merge(self, keep_id: int, gone_id: int, *, version: int, by: str) -> CustomerRecord:
        """The duplicate's numbers, calls and orders become those of the one that is kept; it then only points there."""
        if keep_id == gone_id:
            raise Unfit(("duplicate_id", "same"))
        async with self._database.writing() as connection:
            for first in sorted((keep_id, gone_id)):  # always in one order: two merges can't wait for each other
                await fetch_all(connection, LOCKED, {"id": first})
            keep = await self._locked(connection, keep_id, version, by)
            gone = await self._locked(connection, gone_id, 0, by)
            if keep["merged_into"] is not None or gone["merged_into"] is not None:
                raise Unfit(("duplicate_id", "merged_before"))
            for statement in MERGE:
                await connection.execute(text(statement), {"keep": keep_id, "gone": gone_id})
            filled = {
                name: keep[name] or gone[name]
                for name in ("customer_number", "meter_number", "district", "estate", "building", "unit", "room")
            }
            notes = "\n".join(note for note in (keep["notes"], gone["notes"]) if note)
            tags = list(dict.fromkeys([*keep["tags"], *gone["tags"]]))
            search = index_words(keep["name"], *(filled[n] for n in ("district", "estate", "building", "unit", "room")))
            changed = update(mapped.Customer).where(mapped.Customer.id == keep_id)
            await connection.execute(
                changed.values(
                    **filled, notes=notes, tags=tags, version=keep["version"] + 1, search=tsvector(search.split())
                )
            )
        return await self.read(keep_id)

    def normalised(self, numbers: Sequence[str]) -> tuple[str, ...]:
        """E.164, once each. Raises Unfit for what is no number."""
        found: dict[str, None] = {}
        for at, number in enumerate(numbers):
            normal = e164(number, self._region)
            if normal is None:
                raise Unfit((f"numbers.{at}", "wrong_number"))
            found[normal] = None
        return tuple(found)

    async def _locked(self, connection: AsyncConnection, customer_id: int, version: int, by: str) -> Mapping[str, Any]:
        found = await fetch_all(connection, LOCKED, {"id": customer_id})
        if not found:
            raise NotThere("customer")
        [row] = found
        if version and row["version"] != version:
            raise Stale(version=row["version"], actor="", at=row["updated_at"].timestamp(), action="changed")
        return row

    def _queries(self, words: str) -> list[tuple[str, dict[str, Any]]]:
        found: list[tuple[str, dict[str, Any]]] = []
        digits = "".join(letter for letter in words if letter.isdigit())
        if terms := query(words):
            found.append((BY_WORDS, {"terms": terms}))
        if len(digits) >= 3 and len(digits) >= len(words.replace(" ", "").replace("-", "").lstrip("+")):
            normal = e164(words, self._region)
            national = digits.removeprefix("0") if not digits.startswith("86") else digits.removeprefix("86")
            found.append((BY_NUMBER, {"start": normal or f"+86{national}%"}))
            if len(digits) >= 4:
                found.append((BY_LAST_DIGITS, {"digits": digits}))
        if words and words.isascii():
            start = re.sub(r"([\\%_])", r"\\\1", words.upper()) + "%"  # wildcards are ordinary letters
            found += [(BY_CUSTOMER_NUMBER, {"written": start}), (BY_METER_NUMBER, {"written": start})]
        return found


def columns_of(fields: CustomerFields) -> dict[str, Any]:
    words = index_words(fields.name, fields.district, fields.estate, fields.building, fields.unit, fields.room)
    return {
        **{name: getattr(fields, name).strip() for name in TEXTS},
        "customer_number": fields.customer_number.strip().upper() or None,
        "meter_number": fields.meter_number.strip().upper() or None,
        "tags": list(fields.tags),
        "consent": fields.consent,
        "search": tsvector(words.split()),
    }


async def write_numbers(connection: AsyncConnection, customer_id: int, numbers: Sequence[str]) -> None:
    """These and no others; labels of those that stay are kept."""
    there = {row["e164"] for row in await fetch_all(connection, NUMBERS, {"id": customer_id})}
    for gone in there - set(numbers):
        statement = "DELETE FROM customer_phone WHERE customer_id = :id AND e164 = :number"
        await connection.execute(text(statement), {"id": customer_id, "number": gone})
    if added := [{"customer_id": customer_id, "e164": number} for number in numbers if number not in there]:
        await connection.execute(insert(mapped.CustomerPhone).values(added))


def line_of(row: Mapping[str, Any]) -> CustomerLine:
    return CustomerLine(**_shared(row))


def record_of(row: Mapping[str, Any]) -> CustomerRecord:
    same = ("version", "district", "estate", "building", "unit", "room", "notes", "consent", "merged_into")
    return CustomerRecord(
        **_shared(row),
        **{name: row[name] for name in same},
        created_at=row["created_at"].timestamp(),
        updated_at=row["updated_at"].timestamp(),
    )


def _shared(row: Mapping[str, Any]) -> dict[str, Any]:
    parts = (row["district"], row["estate"], row["building"], row["unit"], row["room"])
    return {
        "id": row["id"],
        "name": row["name"],
        "customer_number": row["customer_number"] or "",
        "meter_number": row["meter_number"] or "",
        "address": " ".join(part for part in parts if part),
        "tags": tuple(row["tags"]),
        "numbers": tuple(row["numbers"]),
    }
