"""Story: text messages wait in Postgres; each leaves once, whoever sends, whatever fails, and whoever dies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import text

from ctiserver.channels.text_messages import FileTextMessages, HttpTextMessages, SendingOutcome, TextMessage
from ctiserver.live.text_message_outbox import MOST_ATTEMPTS, TextMessageOutbox, pause_after
from ctiserver.store.database import Database
from ctiserver.store.outbox_messages import OutboxMessages

QUEUE = (
    "INSERT INTO outbox_message (id, call_id, at, number, body, next_at) VALUES (:id, 'c', now(), :n, '已受理', now())"
)
Row = tuple[str, int, str]


async def queued(database: Database, count: int = 1) -> None:
    async with database.writing() as connection:
        for number in range(count):
            await connection.execute(text(QUEUE), {"id": f"m{number}", "n": f"1380013800{number}"})


async def due_again(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(text("UPDATE outbox_message SET next_at = now()"))


async def rows(database: Database) -> list[Row]:
    async with database.reading() as connection:
        found = await connection.execute(text("SELECT status, attempts, error FROM outbox_message ORDER BY id"))
        return [(row[0], row[1], row[2]) for row in found]


class Sender:
    def __init__(self, answer: Callable[[TextMessage], SendingOutcome]) -> None:
        self.answer = answer
        self.sent: list[str] = []

    async def send(self, message: TextMessage) -> SendingOutcome:
        await asyncio.sleep(0)
        self.sent.append(message.id)
        return self.answer(message)


def sent(message: TextMessage) -> SendingOutcome:
    return SendingOutcome(outcome="sent")


async def test_two_daemons_send_each_message_once(database: Database) -> None:
    await queued(database, 30)
    sender = Sender(sent)
    daemons = [TextMessageOutbox(OutboxMessages(database), sender) for _ in range(2)]
    while sum(await asyncio.gather(*(daemon.once() for daemon in daemons))):
        pass
    assert sorted(sender.sent) == sorted(f"m{number}" for number in range(30))
    assert set(await rows(database)) == {("sent", 1, "")}


async def test_what_fails_is_tried_later_and_then_given_up(database: Database) -> None:
    await queued(database)
    failing = Sender(lambda _: SendingOutcome(outcome="failed", reason="status_503"))
    outbox = TextMessageOutbox(OutboxMessages(database), failing)
    assert await outbox.once() == 1
    assert await outbox.once() == 0  # not before its time
    assert await rows(database) == [("queued", 1, "status_503")]
    for _ in range(MOST_ATTEMPTS - 1):
        await due_again(database)
        await outbox.once()
    assert await rows(database) == [("failed", MOST_ATTEMPTS, "status_503")]
    await due_again(database)
    assert await outbox.once() == 0


async def test_what_is_refused_is_not_tried_again(database: Database) -> None:
    await queued(database)
    refusing = Sender(lambda _: SendingOutcome(outcome="refused", reason="status_400"))
    await TextMessageOutbox(OutboxMessages(database), refusing).once()
    assert await rows(database) == [("failed", 1, "status_400")]


async def test_a_daemon_that_died_while_sending_is_made_up_for_under_the_same_id(
    database: Database, tmp_path: Path
) -> None:
    await queued(database)
    file = tmp_path / "sms.jsonl"
    (taken,) = await OutboxMessages(database).take(1, lease_s=60)
    await FileTextMessages(file).send(TextMessage(id=taken.id, number=taken.number, text=taken.body))
    # … and here it dies: sent, and not noted
    await due_again(database)
    outbox = TextMessageOutbox(OutboxMessages(database), FileTextMessages(file))
    assert await outbox.once() == 1
    lines = [json.loads(line) for line in (await asyncio.to_thread(file.read_text, encoding="utf-8")).splitlines()]
    assert lines == [{"id": "m0", "number": "13800138000", "text": "已受理"}]
    assert await rows(database) == [("sent", 2, "")]


def test_pauses_grow_and_end() -> None:
    assert [pause_after(attempts) for attempts in (1, 2, 3, 8, 20)] == [30, 60, 120, 3600, 3600]


class Gateway:
    def __init__(self) -> None:
        self.status = 200
        self.asked: list[tuple[dict[str, str], object]] = []

    async def take(self, request: web.Request) -> web.Response:
        self.asked.append((dict(request.headers), await request.json()))
        return web.Response(status=self.status)


@pytest.fixture
async def gateway() -> AsyncIterator[tuple[Gateway, str]]:
    gateway = Gateway()
    application = web.Application()
    application.router.add_post("/sms", gateway.take)
    server = TestServer(application)
    await server.start_server()
    yield gateway, str(server.make_url("/sms"))
    await server.close()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "sent"), (202, "sent"), (409, "sent"), (429, "failed"), (503, "failed"), (401, "failed"), (400, "refused")],
)
async def test_a_gateway_is_asked_in_its_own_shape(gateway: tuple[Gateway, str], status: int, outcome: str) -> None:
    asked, url = gateway
    asked.status = status
    body = {"to": ["{number}"], "message": {"content": "{text}", "ref": "{id}"}}
    sender = HttpTextMessages(url=url, headers={"Authorization": "Bearer s"}, body=body, timeout_s=10)
    result = await sender.send(TextMessage(id="m1", number="13800138000", text="您的{number}"))
    assert result.outcome == outcome
    headers, sent_body = asked.asked[0]
    assert sent_body == {"to": ["13800138000"], "message": {"content": "您的{number}", "ref": "m1"}}
    assert (headers["Idempotency-Key"], headers["Authorization"]) == ("m1", "Bearer s")


async def test_a_gateway_that_is_not_there_is_tried_later() -> None:
    sender = HttpTextMessages(url="http://127.0.0.1:9/sms", headers={}, body={}, timeout_s=10)
    result = await sender.send(TextMessage(id="m1", number="13800138000", text="x"))
    assert result.outcome == "failed"
    assert "138" not in result.reason
