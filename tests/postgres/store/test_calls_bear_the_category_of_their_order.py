"""Reports by category and by score read them from the call: they are there whichever came first, the call's row, the
order that it caused or the answer to the survey, and also when both came in the same moment."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.clock import to_datetime
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.rebuild import rebuild
from tests.postgres.store.month import Month, make_month
from tests.postgres.store.test_a_month_adds_up import SHANGHAI, SPRING, Asking, project_month

AT = 1_806_200_000
CALL = """
INSERT INTO call (id, node, started_at, dialled, caller_number, caller_e164, caller_name, flow)
VALUES (:id, 'n1', :at, '96100', '', '', '', 'main')
"""
ORDER = """
INSERT INTO work_order (id, number, state, category, area, title, created_at, changed_at) OVERRIDING SYSTEM VALUE
VALUES (:id, :number, 'accepted', :category, 'CD', '漏水', :at, :at)
"""
LINK = "INSERT INTO work_order_call (order_id, call_id, kind) VALUES (:order_id, :call_id, :kind)"
ANSWER = """
INSERT INTO survey_answer (id, call_id, at, survey, question, score, queue_id)
VALUES (:id, :call_id, :at, 'after', 'how', :score, 'repairs')
"""


@pytest.fixture
async def month(database: Database) -> Month:
    made = make_month(SHANGHAI, seed=11, days=SPRING[:1])
    await project_month(database, made)
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO area (id, name) VALUES ('CD', '{}')"))
    return made


async def told(database: Database, month: Month, by: str) -> dict[str, int]:
    part = await Asking(database, SHANGHAI, month).part("calls", by, "total")
    return {row.key: int(row.values["calls"] or 0) for row in part.rows}


async def cause(connection: AsyncConnection, order: int, call_id: str, category: str, kind: str = "caused") -> None:
    values = {"id": order, "number": f"CD-{order}", "category": category, "at": to_datetime(AT)}
    await connection.execute(text(ORDER), values)
    await connection.execute(text(LINK), {"order_id": order, "call_id": call_id, "kind": kind})


async def answer(connection: AsyncConnection, call_id: str, number: int, score: int) -> None:
    values = {"id": f"{call_id}.{number}", "call_id": call_id, "at": to_datetime(AT + number), "score": score}
    await connection.execute(text(ANSWER), values)


async def test_the_first_order_and_the_first_answer_count(database: Database, month: Month) -> None:
    first, second = month.calls[0].id, month.calls[1].id
    async with database.writing() as connection:
        await cause(connection, 2, first, "bill")
        await cause(connection, 3, second, "praise", kind="urged")
        await answer(connection, first, 2, 1)
    assert await told(database, month, "category") == {"": len(month.calls) - 1, "bill": 1}
    assert await told(database, month, "score") == {"": len(month.calls) - 1, "1": 1}
    async with database.writing() as connection:
        await cause(connection, 1, first, "repair.leak")
        await answer(connection, first, 1, 5)
    assert await told(database, month, "category") == {"": len(month.calls) - 1, "repair.leak": 1}
    assert await told(database, month, "score") == {"": len(month.calls) - 1, "5": 1}


async def test_a_corrected_category_holds_for_the_past_and_a_link_can_go(database: Database, month: Month) -> None:
    async with database.writing() as connection:
        await cause(connection, 1, month.calls[0].id, "repair.leak")
        await cause(connection, 2, month.calls[0].id, "bill")
    async with database.writing() as connection:
        await connection.execute(text("UPDATE work_order SET category = 'repair.none' WHERE id = 1"))
    assert await told(database, month, "category") == {"": len(month.calls) - 1, "repair.none": 1}
    async with database.writing() as connection:
        await connection.execute(text("DELETE FROM work_order_call WHERE order_id = 1"))
    assert await told(database, month, "category") == {"": len(month.calls) - 1, "bill": 1}


async def test_the_order_may_be_there_before_the_call(database: Database, month: Month) -> None:
    async with database.writing() as connection:
        await cause(connection, 1, "late", "repair.leak")
    async with database.writing() as connection:
        assert len(await fetch_all(connection, "SELECT * FROM call_unlabelled")) == 1
        await connection.execute(text(CALL), {"id": "late", "at": to_datetime(month.calls[0].begun / 1000)})
    assert await told(database, month, "category") == {"": len(month.calls), "repair.leak": 1}
    async with database.reading() as connection:
        assert await fetch_all(connection, "SELECT * FROM call_unlabelled") == []


async def test_both_come_in_the_same_moment(database: Database, month: Month) -> None:
    """Neither transaction sees the other's row."""
    async with database.writing() as journal:
        await journal.execute(text(CALL), {"id": "same", "at": to_datetime(month.calls[0].begun / 1000)})
        async with database.writing() as desk:
            await cause(desk, 1, "same", "repair.leak")
            await answer(desk, "same", 1, 4)
    async with database.reading() as connection:
        [row] = await fetch_all(connection, "SELECT caused_category FROM call WHERE id = 'same'")
    assert row["caused_category"] is None
    assert await told(database, month, "category") == {"": len(month.calls), "repair.leak": 1}
    assert await told(database, month, "score") == {"": len(month.calls), "4": 1}
    async with database.writing() as connection:  # a correction of the order meets the call
        await connection.execute(text("UPDATE work_order SET category = 'bill' WHERE id = 1"))
    assert await told(database, month, "category") == {"": len(month.calls), "bill": 1}


async def test_two_orders_of_a_call_are_written_at_once(database: Database, month: Month) -> None:
    """Who waits for the other's change of the call counts the other's order too."""
    call_id = month.calls[0].id
    async with database.writing() as first:
        await cause(first, 1, call_id, "repair.leak")
        async with database.writing() as second:
            values = {"id": 2, "number": "CD-2", "category": "bill", "at": to_datetime(AT)}
            await second.execute(text(ORDER), values)
            await first.commit()
            await second.execute(text(LINK), {"order_id": 2, "call_id": call_id, "kind": "caused"})
    assert await told(database, month, "category") == {"": len(month.calls) - 1, "repair.leak": 1}


async def test_a_rebuild_keeps_them(database: Database, month: Month) -> None:
    async with database.writing() as connection:
        await cause(connection, 1, month.calls[0].id, "repair.leak")
        await answer(connection, month.calls[1].id, 1, 3)
    before = await told(database, month, "category"), await told(database, month, "score")
    await rebuild(database, "CN")
    assert (await told(database, month, "category"), await told(database, month, "score")) == before
    assert before == ({"": len(month.calls) - 1, "repair.leak": 1}, {"": len(month.calls) - 1, "3": 1})
