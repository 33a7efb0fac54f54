"""A customer who asked for it is rung back, on real phones: the agent's first, or the customer's first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ctiserver.demo.phone_call import PhoneCall
from tests.asterisk.calls.conftest import OUTSIDE_NUMBER, Floor
from tests.asterisk.calls.conversations import FIRST_HZ, OUTSIDE_HZ

IN_TIME_S = 30
AGENT = "1001"  # serves the queue "service"


@pytest.fixture
async def customer_first(floor: Floor) -> AsyncIterator[None]:
    rule = '{"callback": {"first": "customer"}}'
    await floor.stack.change("CREATE TABLE IF NOT EXISTS options_before AS SELECT id, options FROM queue")
    await floor.stack.change(f"UPDATE queue SET options = '{rule}' WHERE id = 'service'")  # noqa: S608 - our own words
    yield
    await floor.stack.change(
        "UPDATE queue SET options = before.options FROM options_before AS before WHERE before.id = queue.id"
    )


async def asked_for(floor: Floor) -> str:
    body = {"number": OUTSIDE_NUMBER, "queue_id": "service"}
    return (await floor.desk.command(AGENT, "POST", "/api/callbacks", body))["id"]


async def talks_and_ends(floor: Floor, request: str, agent: PhoneCall, customer: PhoneCall) -> None:
    await asyncio.gather(customer.hears(FIRST_HZ), agent.hears(OUTSIDE_HZ))
    await floor.until(AGENT, activity="talking")
    await customer.hang_up()
    await agent.wait_for("ended", timeout=IN_TIME_S)
    done = await floor.stack.row(
        "SELECT * FROM callback_request WHERE id = :id AND status = 'done'", within_s=IN_TIME_S, id=request
    )
    assert done["attempts"] == 1
    await floor.until(AGENT, call_id="")


async def test_the_agents_phone_first(floor: Floor) -> None:
    own, outside = await asyncio.gather(floor.agent(AGENT, tone_hz=FIRST_HZ), floor.outside_phone(tone_hz=OUTSIDE_HZ))
    request = await asked_for(floor)
    agent = await own.next_call(IN_TIME_S)
    assert (await floor.pop(AGENT))["caller_number"] == OUTSIDE_NUMBER, "whom the agent is about to talk to"
    await agent.answer()
    customer = await outside.next_call(IN_TIME_S)
    assert customer.number == "96100", "the hotline's own number is shown"
    await customer.answer()
    await talks_and_ends(floor, request, agent, customer)


async def test_the_customers_phone_first(floor: Floor, customer_first: None) -> None:
    own, outside = await asyncio.gather(floor.agent(AGENT, tone_hz=FIRST_HZ), floor.outside_phone(tone_hz=OUTSIDE_HZ))
    request = await asked_for(floor)
    customer = await outside.next_call(IN_TIME_S)
    await customer.answer()
    agent = await own.next_call(IN_TIME_S)
    await agent.answer()
    await talks_and_ends(floor, request, agent, customer)
