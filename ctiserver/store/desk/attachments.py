"""Photos and documents of work orders: files on disk, named by id; what they are is seen from their first bytes."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from pathlib import Path

from sqlalchemy import insert

from ctiserver.clock import to_datetime
from ctiserver.store import mapped
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.desk_user import Account
from ctiserver.store.desk.order_queries import OrderQueries, attachment_row
from ctiserver.store.desk.order_rows import AttachmentRow
from ctiserver.store.desk.refusals import NotThere, Unfit

LARGEST = 10 * 1024 * 1024
MOST_OF_AN_ORDER = 30
BY_ID = "SELECT * FROM work_order_attachment WHERE id = :id AND order_id = :order_id"
LOCK = "SELECT state FROM work_order WHERE id = :order_id FOR UPDATE"
COUNT = "SELECT count(*) AS n FROM work_order_attachment WHERE order_id = :order_id"
SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"RIFF", "audio/wav", ".wav"),
)


def kind_of(content: bytes) -> tuple[str, str] | None:
    """(media type, ending) of what may be attached; None for anything else, whatever its sender calls it."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", ".webp"
    return next(((kind, ending) for start, kind, ending in SIGNATURES if content.startswith(start)), None)


class Attachments:
    """All raise DatabaseAwayError; NotThere also for orders that the user may not see."""

    def __init__(self, database: Database, queries: OrderQueries, folder: Path) -> None:
        self._database = database
        self._queries = queries
        self._folder = folder

    async def add(self, order_id: int, name: str, content: bytes, account: Account, now: float) -> AttachmentRow:
        """Raises Unfit: empty, too_large, wrong_kind, too_many; an archived order takes none."""
        await self._queries.details(order_id, account)
        kind = kind_of(content)
        if not content or len(content) > LARGEST or kind is None:
            raise Unfit(("file", "empty" if not content else "wrong_kind" if kind is None else "too_large"))
        media_type, ending = kind
        attachment_id = secrets.token_hex(12)
        row = {
            "id": attachment_id + ending,
            "order_id": order_id,
            "name": name[:120] or attachment_id,
            "media_type": media_type,
            "size_bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "user_id": account.user_id or None,
            "actor": account.name,
            "at": to_datetime(now),
        }
        file = self.path(str(row["id"]))
        await asyncio.to_thread(_write, file, content)
        try:
            async with self._database.writing() as connection:
                [order] = await fetch_all(connection, LOCK, {"order_id": order_id})
                [counted] = await fetch_all(connection, COUNT, {"order_id": order_id})
                if order["state"] == "archived":
                    raise Unfit(("order", "archived"))
                if counted["n"] >= MOST_OF_AN_ORDER:
                    raise Unfit(("file", "too_many"))
                row["stage"] = order["state"]
                await connection.execute(insert(mapped.WorkOrderAttachment).values(row))
        except BaseException:  # whatever it was: a file without its row would stay for ever
            await asyncio.to_thread(file.unlink, missing_ok=True)
            raise
        return attachment_row(row)

    async def find(self, order_id: int, attachment_id: str, account: Account) -> tuple[AttachmentRow, Path]:
        await self._queries.details(order_id, account)
        async with self._database.reading() as connection:
            found = await fetch_all(connection, BY_ID, {"id": attachment_id, "order_id": order_id})
        if not found:
            raise NotThere("attachment")
        return attachment_row(found[0]), self.path(attachment_id)

    def path(self, attachment_id: str) -> Path:
        return self._folder / attachment_id[:2] / attachment_id


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
