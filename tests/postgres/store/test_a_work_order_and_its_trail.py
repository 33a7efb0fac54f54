"""Story: an order from the call to the archive in Postgres; each step in its trail, which nobody can change."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ctiserver.desk.work_order import TransitionRefused
from ctiserver.store.desk.order_rows import OrderChange, OrderFilter
from ctiserver.store.desk.refusals import NotThere, Stale, Unfit
from tests.postgres.store.desk_office import AGENT, DISPATCHER, EAST, NOW, SUPERVISOR, WEST, Desk

HOUR = 3600.0


async def test_from_ring_to_archive(desk: Desk) -> None:
    order = await desk.make(customer_id=7, caller_number="138 0013 8000", call_ids=("n1-1",), fields={"meter": "SB1"})
    assert (order.number, order.state, order.urgency, order.area) == ("CD-20260921-0001", "accepted", "high", "CD")
    assert (order.caller_number, order.contact_name, order.due_at) == ("+8613800138000", "张伟", NOW + 24 * 60)
    order = await desk.act(order, AGENT, "request_dispatch")
    assert [notice.kind for notice in await desk.told(DISPATCHER)] == ["order_request_dispatch"]
    order = await desk.act(order, DISPATCHER, "dispatch", unit="west")
    order = await desk.act(order, WEST, "return", reason="wrong_area", text="不属于城西")
    order = await desk.act(order, DISPATCHER, "dispatch", unit="east", assignee=1)
    assert [notice.kind for notice in await desk.told(EAST)] == ["order_dispatch"]
    order = await desk.act(order, EAST, "sign", now=NOW + 60)
    order = await desk.act(order, AGENT, "urge", now=NOW + 90)
    order = await desk.act(order, EAST, "arrive", now=NOW + 120)
    order = await desk.act(order, EAST, "begin", now=NOW + 150)
    order = await desk.act(order, EAST, "reply", now=NOW + 900, text="已更换接头", detail={"cause": "老化"})
    assert order.result == {"text": "已更换接头", "cause": "老化", "at": NOW + 900}
    order = await desk.act(order, DISPATCHER, "review", now=NOW + HOUR)
    order = await desk.act(order, DISPATCHER, "approve", now=NOW + HOUR)
    order = await desk.act(order, AGENT, "redo", now=NOW + 2 * HOUR, reason="still_leaking")
    assert (order.round, order.state, order.followed_up["outcome"]) == (2, "pending_dispatch", "redo")
    order = await desk.act(order, DISPATCHER, "dispatch", unit="east")
    for action in ("sign", "begin"):
        order = await desk.act(order, EAST, action)
    order = await desk.act(order, EAST, "reply", text="重新焊接")
    order = await desk.act(order, DISPATCHER, "review")
    order = await desk.act(order, DISPATCHER, "approve")
    order = await desk.act(order, AGENT, "confirm", now=NOW + 30 * HOUR, detail={"satisfaction": 5})
    closed_at = order.closed_at
    order = await desk.act(order, DISPATCHER, "archive", now=NOW + 99 * HOUR)
    assert (order.state, order.closed_at, closed_at, order.allowed) == (
        "archived",
        NOW + 30 * HOUR,
        NOW + 30 * HOUR,
        (),
    )
    assert [row.action for row in order.trail] == [
        "submit", "request_dispatch", "dispatch", "return", "dispatch", "sign", "urge", "arrive", "begin", "reply",
        "review", "approve", "redo", "dispatch", "sign", "begin", "reply", "review", "approve", "confirm", "archive",
    ]  # fmt: skip
    assert [row.version for row in order.trail] == list(range(1, 22))
    assert order.calls[0].call_id == "n1-1"
    with pytest.raises(TransitionRefused, match="wrong_state"):
        await desk.act(order, SUPERVISOR, "comment", text="too late")


async def test_the_trail_is_append_only(desk: Desk) -> None:
    await desk.make()
    for statement in ("UPDATE work_order_event SET actor = 'nobody'", "DELETE FROM work_order_event"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with desk.database.writing() as connection:
                await connection.execute(text(statement))


async def test_two_dispatchers_on_one_order(desk: Desk) -> None:
    order = await desk.make()
    await desk.act(order, DISPATCHER, "dispatch", unit="east")
    with pytest.raises(Stale) as refused:
        await desk.act(order, SUPERVISOR, "dispatch", unit="west", now=NOW + 5)
    assert refused.value.params == {"version": 2, "actor": "孙丽", "at": NOW, "action": "dispatch"}


async def test_a_unit_sees_and_moves_its_own_orders_only(desk: Desk) -> None:
    order = await desk.act(await desk.make(), DISPATCHER, "dispatch", unit="east_1")
    assert (await desk.queries.details(order.id, EAST)).allowed[0] == "sign"  # of a crew below the own unit
    with pytest.raises(NotThere):
        await desk.queries.details(order.id, WEST)
    with pytest.raises(NotThere):
        await desk.act(order, WEST, "sign")
    helped = await desk.act(order, DISPATCHER, "assist", unit="west")
    with pytest.raises(TransitionRefused, match="not_yours"):
        await desk.act(helped, WEST, "sign")
    assert (await desk.act(helped, WEST, "comment", text="带泵过去")).trail[-1].actor == "周军"
    mine = await desk.queries.search(OrderFilter(), WEST, NOW)
    assert [row.id for row in mine.items] == [order.id]


async def test_what_cannot_be(desk: Desk) -> None:
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"category": "no.such"}, "category: unknown"),
        ({"area": "XX"}, "area: unknown"),
        ({"customer_id": 99}, "customer_id: unknown"),
        ({"fields": {"colour": "red"}}, "fields.colour: unknown"),
    )
    for fields, problem in cases:
        with pytest.raises(Unfit, match=problem):
            await desk.make(**fields)
    order = await desk.make()
    nowhere: tuple[tuple[dict[str, Any], str], ...] = (
        ({"unit": "north"}, "unit: unknown"),
        ({"unit": "east", "assignee": 99}, "assignee"),
    )
    for fields, problem in nowhere:
        with pytest.raises(Unfit, match=problem):
            await desk.act(order, DISPATCHER, "dispatch", **fields)
    assert await desk.rows("SELECT last FROM work_order_counter") == [{"last": 1}]  # what was refused left no gap


async def test_corrections_stand_in_the_trail_and_move_deadlines(desk: Desk) -> None:
    order = await desk.make(category="repair")
    later = order.due_at
    change = OrderChange(category="repair.leak", text="地下室进水", contact_number="13900139000")
    order = await desk.orders.amend(order.id, change, AGENT, NOW + 60, version=order.version)
    assert (order.due_at, order.contact_number) == (NOW + 24 * 60, "+8613900139000")
    assert later is not None
    assert later > NOW + 24 * HOUR
    assert order.trail[-1].detail["amended"]["category"] == ["repair", "repair.leak"]
    found = await desk.queries.search(OrderFilter(text="地下室"), AGENT, NOW)
    assert [row.id for row in found.items] == [order.id]


async def test_many_callers_one_incident(desk: Desk) -> None:
    incident = await desk.make(title="爆管", incident=True)
    children = [await desk.make(caller_number=f"1380013800{n}") for n in range(3)]
    for child in children:
        await desk.act(child, DISPATCHER, "merge", parent_id=incident.id)
    with pytest.raises(Unfit, match="parent_id"):
        await desk.act(incident, DISPATCHER, "merge", parent_id=children[0].id)
    incident = await desk.act(incident, DISPATCHER, "dispatch", unit="east")
    for action in ("sign", "begin"):
        incident = await desk.act(incident, EAST, action)
    incident = await desk.act(incident, EAST, "reply", text="已修复")
    sms = await desk.rows("SELECT address FROM notice WHERE channel = 'sms' AND kind = 'incident_repaired' ORDER BY 1")
    assert [row["address"] for row in sms] == [f"+861380013800{n}" for n in range(3)]
    incident = await desk.act(incident, DISPATCHER, "review")
    incident = await desk.act(incident, DISPATCHER, "approve")
    incident = await desk.act(incident, AGENT, "confirm")
    assert [child.state for child in incident.children] == ["closed"] * 3


async def test_repetitions_are_recognised(desk: Desk) -> None:
    first = await desk.make(customer_id=7)
    await desk.make(category="praise", customer_id=7)
    await desk.make(caller_number="13900000000")
    found = await desk.queries.repeats(customer_id=7, number="", address="", category="repair", now=NOW + 60)
    assert [row.id for row in found] == [first.id]
    assert not await desk.queries.repeats(customer_id=7, number="", address="", category="", now=NOW + 40 * 86_400)


async def test_lists_are_filtered(desk: Desk) -> None:
    leak = await desk.make(caller_number="13800138000", text="小区门口")
    praise = await desk.make(category="praise", title="表扬王师傅", area="CX", now=NOW + 10)
    cases: tuple[tuple[OrderFilter, list[int]], ...] = (
        (OrderFilter(), [praise.id, leak.id]),
        (OrderFilter(text="漏水"), [leak.id]),
        (OrderFilter(text="小区 表"), [leak.id]),
        (OrderFilter(text=leak.number.lower()), [leak.id]),
        (OrderFilter(text="1380013"), [leak.id]),
        (OrderFilter(text="!!"), []),
        (OrderFilter(number="138 0013 8000"), [leak.id]),
        (OrderFilter(category="repair"), [leak.id]),
        (OrderFilter(area="CX"), [praise.id]),
        (OrderFilter(overdue=True), [praise.id, leak.id]),
        (OrderFilter(states=("closed",)), []),
        (OrderFilter(open=True, order_by="due"), [leak.id, praise.id]),
        (OrderFilter(page_size=1, page=2), [leak.id]),
        (OrderFilter(created_from=NOW + 5), [praise.id]),
    )
    for wanted, ids in cases:
        page = await desk.queries.search(wanted, AGENT, NOW + 2 * HOUR)
        assert [row.id for row in page.items] == ids, wanted
    late = await desk.queries.search(OrderFilter(overdue=True), AGENT, NOW + 2 * HOUR)
    assert (late.total, late.more) == (2, False)
    board = await desk.queries.board(NOW + 2 * HOUR)
    assert [(count.state, count.orders, count.overdue) for count in board] == [("accepted", 2, 2)]
