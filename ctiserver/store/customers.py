"""Customers: found by number while the phone rings, and by what people type."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ctiserver.call.screen_pop import CustomerCard, KnownCaller, LastContact
from ctiserver.errors import DatabaseAwayError
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.register import CustomerRegister
from ctiserver.store.numbers import e164
from ctiserver.store.rows import CustomerDetails, CustomerRow

# While the phone rings one question has to do: rows of two kinds, each as JSON.
CUSTOMERS = """
SELECT 'customer' AS kind, to_jsonb(found)::text AS body FROM (
    SELECT customer.id, name, coalesce(customer_number, '') AS customer_number,
        coalesce(meter_number, '') AS meter_number, district, estate, tags, notes,
        concat_ws(' ', nullif(district, ''), nullif(estate, ''), nullif(building, ''), nullif(unit, ''),
            nullif(room, '')) AS address
    FROM customer_phone JOIN customer ON customer.id = customer_phone.customer_id
    WHERE customer_phone.e164 = $1
) AS found
"""
CONTACTS = """
SELECT 'contact' AS kind, to_jsonb(found)::text AS body FROM (
    SELECT call.id AS call_id, extract(epoch FROM call.started_at)::float8 AS at,
        coalesce(call.queue_id, '') AS queue_id, coalesce(agent.name, '') AS agent_name, call.agent_id,
        coalesce(call.outcome, '') AS outcome, coalesce(call.disposition, '') AS disposition
    FROM call LEFT JOIN agent ON agent.id = call.agent_id
    WHERE {condition} AND call.ended_at IS NOT NULL
    ORDER BY call.started_at DESC LIMIT $2
) AS found
"""
OF_NUMBER = CONTACTS.format(condition="call.caller_e164 = $1 AND call.caller_e164 <> ''")
KNOWN_BY_NUMBER = f"{CUSTOMERS} UNION ALL ({OF_NUMBER})"
KNOWN_BY_CALLER_ID = CONTACTS.format(
    condition="call.caller_number = $1 AND call.caller_e164 = '' AND call.started_at > now() - interval '1 year'"
)
CONTACTS_OF_CUSTOMER = """
SELECT call.id, call.started_at, call.queue_id, call.outcome, call.disposition, call.agent_id,
    agent.name AS agent_name
FROM call LEFT JOIN agent ON agent.id = call.agent_id
WHERE call.customer_id = :customer_id AND call.ended_at IS NOT NULL
ORDER BY call.started_at DESC LIMIT :limit
"""
BY_ID = "SELECT * FROM customer WHERE id = :id"
NUMBERS = "SELECT e164 FROM customer_phone WHERE customer_id = :id ORDER BY e164"

LAST_CONTACTS_SHOWN = 10

_CARD = msgspec.json.Decoder(CustomerCard)
_CONTACT = msgspec.json.Decoder(LastContact)


class Customers:
    """Implements ports.CustomerLookup (which answers within `timeout_s` or not at all) and what the API asks for.

    `region` completes numbers without a country code. All raise DatabaseAwayError.
    """

    def __init__(self, database: Database, region: str, *, timeout_s: float = 0.8) -> None:
        self._database = database
        self._region = region
        self._timeout_s = timeout_s
        self._register = CustomerRegister(database, region)

    async def known(self, number: str, contacts: int) -> KnownCaller:
        """The customer if exactly one has the number, how many have, and the last contacts from it.

        Nothing of an anonymous caller; what is no public number (an extension) belongs to no customer.
        """
        if not number:
            return KnownCaller()
        normalised = e164(number, self._region)
        query = KNOWN_BY_NUMBER if normalised else KNOWN_BY_CALLER_ID
        found = await self._quickly(query, normalised or number, contacts)
        cards = [row["body"] for row in found if row["kind"] == "customer"]
        earlier = [_CONTACT.decode(row["body"]) for row in found if row["kind"] == "contact"]
        return KnownCaller(
            card=_CARD.decode(cards[0]) if len(cards) == 1 else None,
            matches=len(cards),
            last_contacts=tuple(sorted(earlier, key=lambda contact: contact.at, reverse=True)),
        )

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
