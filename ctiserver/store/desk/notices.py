"""Notices: written in the transaction that causes them; pages read them, mail and SMS are taken by a sender."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.desk_user import Account, desk_user
from ctiserver.store.desk.office import load_office
from ctiserver.store.rows import Row

log = structlog.get_logger()

WRITE = """
INSERT INTO notice (channel, user_id, unit_id, duty, address, kind, params, order_id, sender)
VALUES (:channel, :user_id, :unit_id, :duty, :address, :kind, cast(:params AS jsonb), :order_id, :sender)
"""
FOR_USER = """
SELECT notice.id, notice.kind, notice.params, notice.order_id, notice.sender, notice.created_at,
    notice_read.at AS read_at
FROM notice LEFT JOIN notice_read ON notice_read.notice_id = notice.id AND notice_read.user_id = :user_id
WHERE notice.channel = 'page'
    AND (notice.user_id = :user_id OR notice.unit_id = ANY(:units) OR notice.duty = ANY(:duties))
    AND notice.created_at > now() - interval '30 days' AND (NOT :unread OR notice_read.at IS NULL)
ORDER BY notice.id DESC LIMIT :limit
"""
MARK_READ = """
INSERT INTO notice_read (notice_id, user_id)
SELECT notice.id, :user_id FROM notice
WHERE notice.id = ANY(:ids)
    AND (notice.user_id = :user_id OR notice.unit_id = ANY(:units) OR notice.duty = ANY(:duties))
ON CONFLICT DO NOTHING
"""
UNSENT = """
SELECT id, channel, address, kind, params, order_id FROM notice
WHERE channel <> 'page' AND sent_at IS NULL ORDER BY id LIMIT 50 FOR UPDATE SKIP LOCKED
"""
MARK_SENT = "UPDATE notice SET sent_at = now() WHERE id = ANY(:ids)"
DUTIES = {
    "dispatcher": ["dispatcher"],
    "supervisor": ["dispatcher", "supervisor"],
    "ops": ["dispatcher", "supervisor"],
    "admin": ["dispatcher", "supervisor"],
}


@dataclass(frozen=True)
class Telling:
    """To whom, and how: one of user, unit, duty for pages; an address for mail and SMS."""

    channel: Literal["page", "mail", "sms"] = "page"
    user_id: int | None = None
    unit_id: str | None = None
    duty: str | None = None
    address: str = ""


class NoticeRow(Row, frozen=True, kw_only=True):
    """`kind` and `params` make the sentence, which pages have in every language."""

    id: int
    kind: str
    params: dict[str, Any]
    order_id: int | None
    sender: str
    created_at: float
    read: bool


class OutgoingNotice(Row, frozen=True, kw_only=True):
    """What a sender of mail or SMS gets."""

    id: int
    channel: str
    address: str
    kind: str
    params: dict[str, Any]
    order_id: int | None


async def tell(
    connection: AsyncConnection,
    telling: Telling,
    kind: str,
    params: dict[str, Any],
    *,
    order_id: int | None = None,
    sender: str = "",
) -> None:
    values = {
        "channel": telling.channel,
        "user_id": telling.user_id,
        "unit_id": telling.unit_id,
        "duty": telling.duty,
        "address": telling.address,
        "kind": kind,
        "params": json.dumps(params, ensure_ascii=False),
        "order_id": order_id,
        "sender": sender,
    }
    await connection.execute(text(WRITE), values)


class Notices:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database, *, timezone: str) -> None:
        self._database = database
        self._timezone = timezone

    async def of_user(self, account: Account, *, unread: bool, limit: int) -> list[NoticeRow]:
        """To the user, the own units and duties, of the last thirty days, newest first."""
        async with self._database.reading() as connection:
            values = await self._whose(connection, account)
            found = await fetch_all(connection, FOR_USER, {**values, "unread": unread, "limit": limit})
        return [
            NoticeRow(
                id=row["id"],
                kind=row["kind"],
                params=row["params"],
                order_id=row["order_id"],
                sender=row["sender"],
                created_at=row["created_at"].timestamp(),
                read=row["read_at"] is not None,
            )
            for row in found
        ]

    async def mark_read(self, account: Account, ids: list[int]) -> None:
        """Only the own ones; a machine has none."""
        if not account.user_id:
            return
        async with self._database.writing() as connection:
            await connection.execute(text(MARK_READ), {**await self._whose(connection, account), "ids": ids})

    async def send(self, telling: Telling, message: str, sender: Account) -> None:
        """A message from one colleague to another, or to a unit."""
        async with self._database.writing() as connection:
            await tell(connection, telling, "message", {"text": message}, sender=sender.name)

    async def send_waiting(self, send: Callable[[OutgoingNotice], Awaitable[None]]) -> None:
        """Mail and SMS, oldest first. One that was sent when the daemon died is sent again: better twice than never."""
        async with self._database.writing() as connection:
            found = await fetch_all(connection, UNSENT)
            sent: list[int] = []
            try:
                for row in found:
                    await send(OutgoingNotice(**row))
                    sent.append(row["id"])
            except OSError as error:
                log.warning("notices_wait", error=str(error), waiting=len(found) - len(sent))
            if sent:
                await connection.execute(text(MARK_SENT), {"ids": sent})

    async def _whose(self, connection: AsyncConnection, account: Account) -> dict[str, Any]:
        user = await desk_user(connection, account, await load_office(connection, self._timezone))
        return {"user_id": account.user_id, "units": sorted(user.units), "duties": DUTIES.get(account.role, [])}
