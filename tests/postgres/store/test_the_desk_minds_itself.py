"""Story: deadlines come, flows ask for orders, mail and SMS leave, by themselves: once each, also over a restart, a
gateway that is down, and Postgres away."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from ctiserver.call import events as ev
from ctiserver.channels.notice_senders import FileSender, Outgoing
from ctiserver.errors import DatabaseAwayError
from ctiserver.live.desk_watch import DeskWatch
from ctiserver.store.desk.order_rows import NewOrder
from ctiserver.store.desk.store import DeskStore, open_desk_store
from ctiserver.store.embedded import EmbeddedPostgres
from tests.postgres.store.call_stories import START, arrival, step
from tests.postgres.store.desk_office import AGENT, DISPATCHER, EAST, NOW, REGION, TIMEZONE, Desk
from tests.postgres.store.test_shipping_is_exactly_once import running

MINUTE = 60.0


@dataclass
class Gateway:
    """Sends mail and SMS, or is down."""

    down: bool = False
    sent: list[Outgoing] = field(default_factory=list[Outgoing])

    async def send(self, notice: Outgoing) -> None:
        if self.down:
            raise OSError("gateway is down")
        self.sent.append(notice)


@dataclass
class Watched:
    """One daemon's watch with a clock of its own; `told` are the topics that pages read again."""

    store: DeskStore
    gateway: Gateway
    time: float = NOW
    told: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    def now(self) -> float:
        return self.time

    async def at(self, instant: float) -> None:
        self.time = instant
        watch = DeskWatch(self.store, self.gateway, self, lambda topic, row: self.told.append((topic, row)))
        await watch.once()


def _daemon(desk: Desk, folder: Path, gateway: Gateway) -> Watched:
    return Watched(open_desk_store(desk.database, folder, timezone=TIMEZONE, region=REGION), gateway)


async def test_an_overdue_order_is_escalated_and_told_by_page_mail_and_sms(desk: Desk, tmp_path: Path) -> None:
    async with desk.database.writing() as connection:
        await connection.execute(text("UPDATE staff SET email = 'east@example.cn' WHERE id = 1"))
        away = "INSERT INTO staff (id, name, unit_id, email, on_duty) VALUES (9, '休', 'east', 'off@example.cn', false)"
        await connection.execute(text(away))
    order = await desk.act(await desk.make(), DISPATCHER, "dispatch", unit="east")
    gateway = Gateway(down=True)
    first = _daemon(desk, tmp_path, gateway)
    await first.at(NOW + 29 * MINUTE)
    assert [notice.kind for notice in await desk.told(EAST)][:1] == ["deadline_near"]
    await first.at(NOW + 31 * MINUTE)
    assert ("work_order", order.id) in first.told
    assert gateway.sent == []

    gateway.down = False
    restarted = _daemon(desk, tmp_path, gateway)
    await restarted.at(NOW + 32 * MINUTE)
    await restarted.at(NOW + 33 * MINUTE)
    assert sorted((one.channel, one.address, one.kind) for one in gateway.sent) == [
        ("mail", "east@example.cn", "deadline_over"), ("sms", "+8613900000001", "deadline_over"),
    ]  # fmt: skip
    assert {one.params["number"] for one in gateway.sent} == {order.number}
    details = await desk.queries.details(order.id, DISPATCHER)
    assert (details.escalation, [event.action for event in details.trail].count("escalate")) == (1, 1)
    assert restarted.told == []


async def test_what_came_due_while_nobody_ran_is_done_at_the_start(desk: Desk, tmp_path: Path) -> None:
    order = await desk.make()
    sender = FileSender(tmp_path / "sent")
    late = DeskWatch(
        open_desk_store(desk.database, tmp_path, timezone=TIMEZONE, region=REGION),
        sender,
        Watched(open_desk_store(desk.database, tmp_path, timezone=TIMEZONE, region=REGION), Gateway(), NOW + 36_000),
        lambda topic, row: None,
    )
    await late.once()
    assert (await desk.queries.details(order.id, DISPATCHER)).escalation == 2


async def test_one_thing_that_fails_does_not_keep_the_others(desk: Desk, tmp_path: Path) -> None:
    watched = _daemon(desk, tmp_path, Gateway())
    await watched.store.outbox.put("1:a", NewOrder(title="停电时受理", area="CD"), AGENT, NOW)

    async def broken(now: float) -> list[int]:
        raise DatabaseAwayError("this one is away")

    object.__setattr__(watched.store.alarms, "fire_due", broken)
    await watched.at(NOW)
    assert await desk.rows("SELECT title FROM work_order") == [{"title": "停电时受理"}]


async def test_a_flow_asks_while_postgres_is_away(
    desk: Desk, tmp_path: Path, postgres_server: EmbeddedPostgres
) -> None:
    """The wish waits on disk with its call; afterwards there is one order, however often anything is repeated."""
    watched = _daemon(desk, tmp_path / "desk", Gateway())
    asked = ev.WorkOrderRequested(
        request_id="n1-9.w1", category="repair.leak", title="自助报修", area="CD", customer_id=7
    )
    async with running(tmp_path / "spool", desk.database) as (journal, shipper):
        await postgres_server.stop()
        try:
            journal.append(arrival("n1-9", 0.0))
            journal.append(step(9.0, "n1-9", ev.DigitReceived(digit="2"), asked))
            async with asyncio.timeout(30):
                while not shipper.failure:  # noqa: ASYNC110 - a figure that is read, not an event
                    await asyncio.sleep(0)
            await watched.at(START)  # nothing is raised, nothing is lost
        finally:
            await postgres_server.start()
        async with asyncio.timeout(30):
            await shipper.shipped(journal.next_seq - 1)
    await watched.at(START + 60)
    await _daemon(desk, tmp_path / "desk", Gateway()).at(START + 70)
    made = await desk.rows("SELECT number, title, customer_id, channel FROM work_order")
    assert [(row["title"], row["customer_id"], row["channel"]) for row in made] == [("自助报修", 7, "ivr")]
    assert await desk.rows("SELECT call_id FROM work_order_call") == [{"call_id": "n1-9"}]
    assert [topic for topic, _ in watched.told].count("work_order") == 1
