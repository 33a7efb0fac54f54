"""Customers, as agents look them up."""

from __future__ import annotations

import msgspec

from ctiserver.api.identity import EVERY_ROLE
from ctiserver.api.problems import not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import CustomerSearch
from ctiserver.live.audience import number_for
from ctiserver.store.rows import CustomerDetails, CustomerRow


async def search_customers(ask: Ask, query: CustomerSearch) -> list[CustomerRow]:
    """Customers by name, customer number, meter number, address or phone number."""
    return await ask.context.customers.search(query.query, query.limit)


async def read_customer(ask: Ask, customer_id: int) -> CustomerDetails:
    """One customer with numbers (masked for agents), notes and last contacts."""
    customer = await ask.context.customers.details(customer_id)
    if customer is None:
        raise not_found("customer")
    viewer = ask.who.viewer
    return msgspec.structs.replace(
        customer, numbers=tuple(number_for(viewer, number, agent_id=None) for number in customer.numbers)
    )


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/customers", search_customers, EVERY_ROLE),
    route("GET", "/api/customers/{customer_id}", read_customer, EVERY_ROLE),
)
