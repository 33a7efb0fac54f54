"""Story: orders from a flow and from the outbox are made exactly once, and nothing of them is lost."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from ctiserver.clock import to_datetime
from ctiserver.store.desk.flow_requests import FlowRequests
from ctiserver.store.desk.order_rows import NewOrder
from ctiserver.store.desk.outbox import OrderOutbox
from tests.postgres.store.desk_office import AGENT, NOW, Desk

WRITE = "INSERT INTO work_order_request (id, call_id, at, body) VALUES (:id, :call_id, :at, cast(:body AS jsonb))"


async def test_a_flow_asks_for_an_order(desk: Desk) -> None:
    bodies = (
        {"category": "repair.leak", "title": "漏水", "area": "CX", "fields": {"meter": "SB1"}, "customer_id": 7},
        {"category": "no.such", "text": "按键报修", "fields": {"pressed": "2"}},
    )
    async with desk.database.writing() as connection:
        for n, body in enumerate(bodies, 1):
            values = {"id": UUID(int=n), "call_id": f"n1-{n}", "at": to_datetime(NOW), "body": json.dumps(body)}
            await connection.execute(text(WRITE), values)
    requests = FlowRequests(desk.database, desk.orders)
    made = await requests.take()
    assert [each.created for each in made] == [True, True]
    assert not await requests.take()
    good, odd = [await desk.queries.details(each.order_id, AGENT) for each in made]
    assert (good.category, good.area, good.channel, good.fields) == ("repair.leak", "CX", "ivr", {"meter": "SB1"})
    assert good.customer is not None
    assert good.customer.id == 7
    assert [call.call_id for call in good.calls] == ["n1-1"]
    assert (odd.category, odd.state) == ("", "accepted")
    assert "按键报修" in odd.text
    assert "pressed" in odd.text


async def test_what_waited_is_made_also_when_the_daemon_dies_in_between(desk: Desk, tmp_path: Path) -> None:
    outbox = OrderOutbox(tmp_path / "outbox")
    await outbox.put("1:a", NewOrder(title="第一单", area="CD"), AGENT, NOW)
    await outbox.put("1:b", NewOrder(title="第二单", area="gone"), AGENT, NOW + 1)
    await outbox.put("1:b", NewOrder(title="第二单", area="gone"), AGENT, NOW + 2)
    kept = {file.name: file.read_bytes() for file in (tmp_path / "outbox").iterdir()}
    assert len(kept) == 2
    made = await outbox.drain(desk.orders)
    assert [each.created for each in made] == [True, True]
    for name, content in kept.items():  # as if the daemon had died before it deleted them
        (tmp_path / "outbox" / name).write_bytes(content)
    (tmp_path / "outbox" / "000-broken.json").write_bytes(b"{")
    assert [each.created for each in await outbox.drain(desk.orders)] == [False, False]
    assert await desk.rows("SELECT count(*) AS n FROM work_order") == [{"n": 2}]
