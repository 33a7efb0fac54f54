"""Story: a deadline that comes is told and escalated once, also by two daemons and after a restart."""

from __future__ import annotations

import asyncio

from ctiserver.store.desk.alarms import Alarms
from tests.postgres.store.desk_office import DISPATCHER, EAST, NOW, SUPERVISOR, TIMEZONE, Desk

MINUTE = 60.0


async def test_warned_overdue_escalated(desk: Desk) -> None:
    order = await desk.act(await desk.make(), DISPATCHER, "dispatch", unit="east")
    assert await desk.alarms.next_at() == NOW + 20 * MINUTE
    assert not await desk.alarms.fire_due(NOW + 19 * MINUTE)
    assert await desk.alarms.fire_due(NOW + 20 * MINUTE) == [order.id]
    near = (await desk.told(EAST))[0]
    assert (near.kind, near.params["stage"], near.params["due_at"]) == ("deadline_near", "respond", NOW + 30 * MINUTE)

    daemons = [desk.alarms, Alarms(desk.database, timezone=TIMEZONE)]
    fired = await asyncio.gather(*(daemon.fire_due(NOW + 31 * MINUTE) for daemon in daemons))
    assert [order_id for each in fired for order_id in each] == [order.id]
    escalated = await desk.queries.details(order.id, DISPATCHER)
    assert (escalated.escalation, escalated.trail[-1].action, escalated.trail[-1].actor) == (1, "escalate", "system")
    assert "deadline_over" in [notice.kind for notice in await desk.told(DISPATCHER)]
    sms = await desk.rows("SELECT address FROM notice WHERE channel = 'sms'")
    assert sms == [{"address": "+8613900000001"}]
    assert not await desk.alarms.fire_due(NOW + 32 * MINUTE)


async def test_a_clock_that_stopped_or_stands_still_alarms_nobody(desk: Desk) -> None:
    signed = await desk.act(await desk.act(await desk.make(), DISPATCHER, "dispatch", unit="east"), EAST, "sign")
    await desk.act(signed, EAST, "suspend", reason="waiting_for_customer")
    assert await desk.alarms.next_at() is None
    assert not await desk.alarms.fire_due(NOW + 9_000 * MINUTE)
    assert not [notice for notice in await desk.told(SUPERVISOR) if notice.kind.startswith("deadline")]


async def test_alarms_that_were_due_while_nobody_ran_fire_at_the_next_start(desk: Desk) -> None:
    order = await desk.make()
    late = Alarms(desk.database, timezone=TIMEZONE)
    fired = await late.fire_due(NOW + 600 * MINUTE)
    assert set(fired) == {order.id}
    assert (await desk.queries.details(order.id, DISPATCHER)).escalation == 2
    assert not await late.fire_due(NOW + 600 * MINUTE)
