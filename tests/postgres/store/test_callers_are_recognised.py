"""The card is found by the number in whatever form the network gives it; a slow table never holds up a call."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from ctiserver.call.screen_pop import KnownCaller
from ctiserver.errors import DatabaseAwayError
from ctiserver.store.customers import Customers
from ctiserver.store.database import Database
from tests.postgres.store.call_stories import START, abandoned_call, answered_call, arrival
from tests.postgres.store.projecting import project


@pytest.mark.parametrize("number", ["13800138000", "013800138000", "8613800138000", "+8613800138000"])
async def test_one_customer_has_the_number(centre: Database, number: str) -> None:
    known = await Customers(centre, "CN").known(number, 5)
    assert known.card is not None
    assert (known.card.id, known.card.name, known.card.tags, known.matches) == (7, "张伟", ("vip",), 1)


@pytest.mark.parametrize("number", ["", "anonymous", "1001", "13999999999", "x" * 300, "'; DROP TABLE customer; --"])
async def test_nobody_has_the_number(centre: Database, number: str) -> None:
    assert await Customers(centre, "CN").known(number, 5) == KnownCaller()


async def test_two_share_a_number(centre: Database) -> None:
    async with centre.writing() as connection:
        await connection.execute(text("INSERT INTO customer (id, name) VALUES (8, '张敏')"))
        await connection.execute(text("INSERT INTO customer_phone (customer_id, e164) VALUES (8, '+8613800138000')"))
    known = await Customers(centre, "CN").known("13800138000", 5)
    assert (known.card, known.matches) == (None, 2)


async def test_last_contacts_are_of_ended_calls_newest_first(centre: Database) -> None:
    await project(centre, [*answered_call("n1-1"), *answered_call("n1-2", at=500), arrival("n1-3", 900)])
    contacts = (await Customers(centre, "CN").known("+86 138 0013 8000", 5)).last_contacts
    assert [(contact.call_id, contact.at) for contact in contacts] == [("n1-2", START + 500), ("n1-1", START)]
    newest = contacts[0]
    assert (newest.queue_id, newest.agent_name, newest.outcome) == ("repairs", "李娜", "answered")
    assert newest.disposition == "repair"
    one = await Customers(centre, "CN").known("+86 138 0013 8000", 1)
    assert [contact.call_id for contact in one.last_contacts] == ["n1-2"], "the newest, where not all are wanted"
    assert one.card is not None


async def test_anonymous_callers_have_no_past(centre: Database) -> None:
    await project(centre, abandoned_call())
    assert await Customers(centre, "CN").known("", 5) == KnownCaller()


async def test_an_extension_has_a_past_but_is_no_customer(centre: Database) -> None:
    await project(centre, answered_call("n1-1"))
    async with centre.writing() as connection:
        await connection.execute(text("UPDATE call SET caller_number = '1001', caller_e164 = '', started_at = now()"))
    known = await Customers(centre, "CN").known("1001", 5)
    assert (known.card, known.matches, [contact.call_id for contact in known.last_contacts]) == (None, 0, ["n1-1"])


async def test_a_slow_lookup_gives_up_in_time(centre: Database) -> None:
    async with centre.writing() as connection:
        await connection.execute(text("LOCK TABLE customer IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(DatabaseAwayError, match=r"within 0\.05 s"):
            await Customers(centre, "CN", timeout_s=0.05).known("13800138000", 5)
    assert (await Customers(centre, "CN").known("13800138000", 5)).matches == 1, "the pool is well again"


@pytest.mark.parametrize("typed", ["张", "330000", "1380013", "13800138000", "8000", "+8613800138000"])
async def test_people_find_customers_by_what_they_type(centre: Database, typed: str) -> None:
    assert [row.id for row in await Customers(centre, "CN").search(typed, 10)] == [7]


@pytest.mark.parametrize("typed", ["%", "_", "李", "\\"])
async def test_wildcards_are_ordinary_letters(centre: Database, typed: str) -> None:
    assert await Customers(centre, "CN").search(typed, 10) == []


async def test_details_of_a_customer(centre: Database) -> None:
    await project(centre, answered_call())
    details = await Customers(centre, "CN").details(7)
    assert details is not None
    assert details.numbers == ("+8613800138000",)
    assert [contact.call_id for contact in details.last_contacts] == ["n1-1"]
    assert await Customers(centre, "CN").details(99) is None
