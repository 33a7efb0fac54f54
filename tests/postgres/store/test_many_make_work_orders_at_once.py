"""Story: fifty at once: no order is lost, numbers have neither gaps nor duplicates, a repeat makes none."""

from __future__ import annotations

import asyncio

from ctiserver.desk.work_order import Request
from ctiserver.store.desk.order_rows import NewOrder
from ctiserver.store.desk.refusals import Stale
from tests.postgres.store.desk_office import AGENT, DISPATCHER, NOW, Desk

WRITERS, EACH = 50, 4


async def test_fifty_writers_lose_nothing(desk: Desk) -> None:
    async def write(writer: int) -> list[str]:
        made = [
            await desk.orders.create(
                NewOrder(title=f"{writer}/{n}", area=("CD", "CX")[writer % 2]), AGENT, NOW, key=f"w{writer}:{n}"
            )
            for n in range(EACH)
        ]
        return [each.number for each in made]

    numbers = [number for made in await asyncio.gather(*(write(n) for n in range(WRITERS))) for number in made]
    expected = {f"{area}-20260921-{n:04d}" for area in ("CD", "CX") for n in range(1, WRITERS * EACH // 2 + 1)}
    assert len(numbers) == len(expected)
    assert set(numbers) == expected
    titles = await desk.rows("SELECT count(DISTINCT title) AS n FROM work_order")
    assert titles == [{"n": WRITERS * EACH}]


async def test_the_same_request_twice_at_once_makes_one_order(desk: Desk) -> None:
    new = NewOrder(title="漏水", area="CD")
    made = await asyncio.gather(*(desk.orders.create(new, AGENT, NOW, key="call:1") for _ in range(8)))
    assert len({each.order_id for each in made}) == 1
    assert sum(each.created for each in made) == 1


async def test_of_many_changes_at_once_one_wins_and_the_others_are_told(desk: Desk) -> None:
    order = await desk.make()
    dispatch = Request(action="dispatch", unit="east")
    results = await asyncio.gather(
        *(desk.orders.act(order.id, dispatch, DISPATCHER, NOW, version=order.version) for _ in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Stale) for result in results) == 5
    assert len((await desk.queries.details(order.id, AGENT)).trail) == 2
