"""The register of customers: kept, merged, imported, exported. (Looking up stands in api/customer_routes.py.)"""

from __future__ import annotations

import msgspec
from aiohttp import web

from ctiserver.api.audit import note
from ctiserver.api.desk.asking import SHEET, account_of, desk_of, line_for, read_upload, record_for, sheet_answer
from ctiserver.api.desk.customer_bodies import CustomerBody, CustomerChange, CustomerMerge, HistoryLength, ImportChoice
from ctiserver.api.identity import DESK_ROLES, DISPATCHERS, SUPERVISOR_UP
from ctiserver.api.problems import ApiError
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import CustomerSearch
from ctiserver.store.desk.customer_rows import CustomerFields, CustomerLine, CustomerRecord, HistoryEntry, ImportReport

LARGEST_SHEET = 8 * 1024 * 1024


async def find_customers(ask: Ask, query: CustomerSearch) -> list[CustomerLine]:
    """While somebody types: parts of name and address, the beginning of any number, the last digits of a phone."""
    found = await desk_of(ask).register.search(query.query, query.limit)
    return [line_for(ask, line) for line in found]


async def read_customer_record(ask: Ask, customer_id: int) -> CustomerRecord:
    """All of a customer, for its form; numbers are masked for agents."""
    return record_for(ask, await desk_of(ask).register.read(customer_id))


async def read_customer_history(ask: Ask, customer_id: int, query: HistoryLength) -> list[HistoryEntry]:
    """Calls with their recordings, work orders, messages left and sent, callbacks and faxes, newest first."""
    return await desk_of(ask).register.history(customer_id, query.limit)


async def add_customer(ask: Ask, body: CustomerBody) -> CustomerRecord:
    """A new customer."""
    added = await desk_of(ask).register.add(_fields(body))
    await note(ask, "customer.add", f"customer:{added.id}", {})
    return record_for(ask, added)


async def change_customer(ask: Ask, customer_id: int, body: CustomerChange) -> CustomerRecord:
    """All fields anew. Numbers that agents see masked are sent back masked, and stay as they are."""
    desk = desk_of(ask)
    fields = _fields(body)
    if any("*" in number for number in fields.numbers):
        real = {shown: number for number, shown in await _shown(ask, customer_id)}
        missing = [number for number in fields.numbers if "*" in number and number not in real]
        if missing:
            raise ApiError(409, "masked_number", "a masked number is none of this customer's")
        fields = msgspec.structs.replace(fields, numbers=tuple(real.get(n, n) for n in fields.numbers))
    changed = await desk.register.change(customer_id, fields, version=body.version, by=ask.who.name)
    await note(ask, "customer.change", f"customer:{customer_id}", {"version": changed.version})
    return record_for(ask, changed)


async def merge_customers(ask: Ask, customer_id: int, body: CustomerMerge) -> CustomerRecord:
    """The duplicate's numbers, calls and orders become this customer's."""
    merged = await desk_of(ask).register.merge(customer_id, body.duplicate_id, version=body.version, by=ask.who.name)
    await note(ask, "customer.merge", f"customer:{customer_id}", {"duplicate": body.duplicate_id})
    return record_for(ask, merged)


async def import_customers(ask: Ask, query: ImportChoice) -> ImportReport:
    """An .xlsx as the request's body: what it would do, with an error per row; `write=true` does it."""
    content = await read_upload(ask, LARGEST_SHEET)
    report = await desk_of(ask).sheets.bring_in(content, write=query.write, by=account_of(ask).name)
    if query.write:
        await note(ask, "customer.import", "customer:*", {"new": report.new, "changed": report.changed})
    return report


async def export_customers(ask: Ask) -> web.StreamResponse:
    """All customers as .xlsx; kept in the audit log."""
    await note(ask, "customer.export", "customer:*", {})
    return sheet_answer(await desk_of(ask).sheets.export(ask.who.language), "customers.xlsx")


async def _shown(ask: Ask, customer_id: int) -> list[tuple[str, str]]:
    real = await desk_of(ask).register.read(customer_id)
    return list(zip(real.numbers, record_for(ask, real).numbers, strict=True))


def _fields(body: CustomerBody) -> CustomerFields:
    return msgspec.convert(body.model_dump(exclude={"version"}), CustomerFields)


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/customers/find", find_customers, DESK_ROLES),
    Route(method="GET", path="/api/customers/export", handler=export_customers, access=SUPERVISOR_UP, content=SHEET),
    Route(
        method="POST",
        path="/api/customers/import",
        handler=import_customers,
        access=SUPERVISOR_UP,
        largest_body=LARGEST_SHEET,
    ),
    route("POST", "/api/customers", add_customer, DESK_ROLES),
    route("GET", "/api/customers/{customer_id}/record", read_customer_record, DESK_ROLES),
    route("GET", "/api/customers/{customer_id}/history", read_customer_history, DESK_ROLES),
    route("PUT", "/api/customers/{customer_id}", change_customer, DESK_ROLES),
    route("POST", "/api/customers/{customer_id}/merge", merge_customers, DISPATCHERS),
)
