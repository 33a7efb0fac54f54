"""Customers: found by number while the phone rings, and by what people type."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from ctiserver.call.screen_pop import CustomerCard, LastContact
from ctiserver.errors import DatabaseAwayError
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.register import CustomerRegister
from ctiserver.store.numbers import e164
from ctiserver.store.rows import CustomerDetails, CustomerRow

BY_NUMBER = """
SELECT customer.* FROM customer_phone JOIN customer ON customer.id = customer_phone.customer_id
WHERE customer_phone.e164 = $1 ORDER BY customer.id
"""
CONTACTS = """
SELECT call.id, call.started_at, call.queue_id, call.outcome, call.disposition, call.agent_id,
    agent.name AS agent_name
FROM call LEFT JOIN agent ON agent.id = call.agent_id
WHERE {condition} AND call.ended_at IS NOT NULL
ORDER BY call.started_at DESC LIMIT {limit}
"""
CONTACTS_OF_NUMBER = CONTACTS.format(condition="call.caller_e164 = $1 AND call.caller_e164 <> ''", limit="$2")
CONTACTS_OF_CALLER_ID = CONTACTS.format(
    condition="call.caller_number = $1 AND call.caller_e164 = '' AND call.started_at > now() - interval '1 year'",
    limit="$2",
)
CONTACTS_OF_CUSTOMER = CONTACTS.format(condition="call.customer_id = :customer_id", limit=":limit")
BY_ID = "SELECT * FROM customer WHERE id = :id"
NUMBERS = "SELECT e164 FROM customer_phone WHERE customer_id = :id ORDER BY e164"

LAST_CONTACTS_SHOWN = 10


class Customers:
    """Implements ports.CustomerLookup (which answers within `timeout_s` or not at all) and what the API asks for.

    `region` completes numbers without a country code. All raise DatabaseAwayError.
    """

    def __init__(self, database: Database, region: str, *, timeout_s: float = 0.8) -> None:
        self._database = database
        self._region = region
        self._timeout_s = timeout_s
        self._register = CustomerRegister(database, region)

    async def by_number(self, number: str) -> tuple[CustomerCard | None, int]:
        """The customer if exactly one has the number, and how many have; (None, 0) for one that is no number."""
        normalised = e164(number, self._region)
        if normalised is None:
            return None, 0
        found = await self._quickly(BY_NUMBER, normalised)
        return (_card(found[0]) if len(found) == 1 else None), len(found)

    async def last_contacts(self, number: str, limit: int) -> Sequence[LastContact]:
        """Of ended calls from that number, newest first; none for an anonymous caller."""
        if not number:
            return ()
        normalised = e164(number, self._region)
        query = CONTACTS_OF_NUMBER if normalised else CONTACTS_OF_CALLER_ID
        found = await self._quickly(query, normalised or number, limit)
        return tuple(_contact(row) for row in found)

    async def search(self, text: str, limit: int) -> list[CustomerRow]:
        """By parts of name and address, the beginning of any number, or the last digits of a phone."""
        return [
            CustomerRow(
                id=line.id,
                name=line.name,
                customer_number=line.customer_number,
                meter_number=line.meter_number,
                address=line.address,
                tags=line.tags,
            )
            for line in await self._register.search(text, limit)
        ]

    async def details(self, customer_id: int) -> CustomerDetails | None:
        async with self._database.reading() as connection:
            found = await fetch_all(connection, BY_ID, {"id": customer_id})
            if not found:
                return None
            numbers = await fetch_all(connection, NUMBERS, {"id": customer_id})
            contacts = await fetch_all(
                connection, CONTACTS_OF_CUSTOMER, {"customer_id": customer_id, "limit": LAST_CONTACTS_SHOWN}
            )
        card = _row(found[0])
        return CustomerDetails(
            id=card.id,
            name=card.name,
            customer_number=card.customer_number,
            meter_number=card.meter_number,
            address=card.address,
            tags=card.tags,
            numbers=tuple(row["e164"] for row in numbers),
            notes=found[0]["notes"],
            last_contacts=tuple(_contact(row) for row in contacts),
        )

    async def _quickly(self, query: str, *values: object) -> Sequence[Mapping[str, Any]]:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._database.quick(query, *values)
        except TimeoutError:
            raise DatabaseAwayError(f"Postgres did not answer a lookup within {self._timeout_s} s") from None


def _address(row: Mapping[str, Any]) -> str:
    parts = (row["district"], row["estate"], row["building"], row["unit"], row["room"])
    return " ".join(part for part in parts if part)


def _card(row: Mapping[str, Any]) -> CustomerCard:
    return CustomerCard(
        id=row["id"],
        name=row["name"],
        customer_number=row["customer_number"] or "",
        meter_number=row["meter_number"] or "",
        address=_address(row),
        district=row["district"],
        estate=row["estate"],
        tags=tuple(row["tags"]),
        notes=row["notes"],
    )


def _row(row: Mapping[str, Any]) -> CustomerRow:
    card = _card(row)
    return CustomerRow(
        id=card.id,
        name=card.name,
        customer_number=card.customer_number,
        meter_number=card.meter_number,
        address=card.address,
        tags=card.tags,
    )


def _contact(row: Mapping[str, Any]) -> LastContact:
    return LastContact(
        call_id=row["id"],
        at=row["started_at"].timestamp(),
        queue_id=row["queue_id"] or "",
        agent_name=row["agent_name"] or "",
        agent_id=row["agent_id"],
        outcome=row["outcome"] or "",
        disposition=row["disposition"] or "",
    )
