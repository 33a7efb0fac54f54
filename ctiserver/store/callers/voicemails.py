"""Messages of callers: listed for those who are responsible, listened to by several, deleted, made into orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import text

from ctiserver.clock import to_datetime
from ctiserver.errors import Refused
from ctiserver.store.callers.filters import Wanted
from ctiserver.store.callers.rows import BoxRow, Listener, NoticeRow, Span, VoicemailPage, VoicemailRow
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.notices import Telling, tell
from ctiserver.store.rows import CustomerName

LISTED = """
SELECT voicemail.*, customer.name AS customer_name, coalesce(heard.name, voicemail.heard_phone) AS heard_name, (
    SELECT coalesce(jsonb_agg(jsonb_build_object('name', l.name, 'times', l.times,
        'first_at', extract(epoch FROM l.first_at), 'last_at', extract(epoch FROM l.last_at)) ORDER BY l.first_at),
        '[]')
    FROM (
        SELECT app_user.name, times, first_at, last_at
        FROM voicemail_listener AS own JOIN app_user ON app_user.id = own.user_id WHERE own.voicemail_id = voicemail.id
        UNION ALL SELECT phone, 1, heard_at, heard_at
        FROM voicemail_notice AS rung WHERE rung.voicemail_id = voicemail.id AND rung.heard_at IS NOT NULL
    ) AS l
) AS listeners
FROM voicemail LEFT JOIN customer ON customer.id = voicemail.customer_id
    LEFT JOIN app_user AS heard ON heard.id = voicemail.heard_by
"""
NEWEST_FIRST = " ORDER BY voicemail.at DESC, voicemail.id LIMIT :limit OFFSET :offset"
THERE = "voicemail.deleted_at IS NULL"
NEW = "voicemail.heard_at IS NULL AND voicemail.status <> 'lost'"
LISTENED = """
INSERT INTO voicemail_listener (voicemail_id, user_id, first_at, last_at) VALUES (:id, :user_id, :now, :now)
ON CONFLICT (voicemail_id, user_id) DO UPDATE SET last_at = :now, times = voicemail_listener.times + 1
"""
HEARD = """
UPDATE voicemail SET heard_at = coalesce(heard_at, :now), heard_by = coalesce(heard_by, :user_id)
WHERE id = :id AND deleted_at IS NULL RETURNING id
"""
UNHEARD = """
UPDATE voicemail SET heard_at = NULL, heard_by = NULL, heard_phone = '' WHERE id = :id AND deleted_at IS NULL
RETURNING id
"""
ON_HOLD = (
    "SELECT 1 AS held FROM legal_hold JOIN voicemail ON voicemail.call_id = legal_hold.call_id WHERE voicemail.id = :id"
)
DELETE = """
UPDATE voicemail SET deleted_at = :now, deleted_by = :user_id, path = NULL
FROM (SELECT id, path AS had FROM voicemail WHERE id = :id AND deleted_at IS NULL FOR UPDATE) AS before
WHERE voicemail.id = before.id RETURNING before.had
"""
LINK_ORDER = "UPDATE voicemail SET work_order_id = :order_id WHERE id = :id"
UNTOLD = "SELECT id, box, caller_number, at FROM voicemail WHERE told_at IS NULL ORDER BY at LIMIT 100"
TOLD = "UPDATE voicemail SET told_at = now() WHERE id = :id AND told_at IS NULL RETURNING id"
BOXES = "SELECT * FROM message_box ORDER BY name"
USED_BOXES = "SELECT box FROM voicemail UNION SELECT box FROM fax WHERE box <> ''"
PUT_BOX = """
INSERT INTO message_box (name, title, teams, agents, mail, phones, language, ring_from, ring_to, pin_hash)
VALUES (:name, cast(:title AS jsonb), :teams, :agents, :mail, :phones, :language, :ring_from, :ring_to,
    coalesce(:pin_hash, ''))
ON CONFLICT (name) DO UPDATE SET title = excluded.title, teams = excluded.teams, agents = excluded.agents,
    mail = excluded.mail, phones = excluded.phones, language = excluded.language, ring_from = excluded.ring_from,
    ring_to = excluded.ring_to, pin_hash = coalesce(:pin_hash, message_box.pin_hash),
    version = message_box.version + 1, updated_at = now()
WHERE message_box.version = :version OR :version = 0
RETURNING *
"""
NOTICES = """
SELECT voicemail.id, box, at, path, caller_number, wanted.phone, title, language, pin_hash, ring_from, ring_to,
    coalesce(attempts, 0) AS attempts, coalesce(outcome, '') AS outcome, coalesce(last_call_id, '') AS last_call_id,
    last_at
FROM message_box CROSS JOIN unnest(phones) AS wanted (phone) JOIN voicemail ON voicemail.box = message_box.name
    LEFT JOIN voicemail_notice AS rung ON rung.voicemail_id = voicemail.id AND rung.phone = wanted.phone
WHERE cardinality(phones) > 0 AND at >= :since AND voicemail.heard_at IS NULL AND deleted_at IS NULL
    AND path IS NOT NULL
ORDER BY at, voicemail.id LIMIT 1000
"""
DELETE_BOX = "DELETE FROM message_box WHERE name = :name RETURNING name"


class Voicemails:
    """`boxes` None: all of them. All raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(
        self, span: Span, *, boxes: Sequence[str] | None, box: str = "", new: bool | None = None
    ) -> VoicemailPage:
        """Newest first."""
        mine = Wanted(THERE)
        mine.add("voicemail.box = ANY(:boxes)", boxes=None if boxes is None else list(boxes))
        wanted = Wanted(mine.where.removeprefix("WHERE "))
        wanted.values.update(mine.values)
        wanted.add("voicemail.box = :box", box=box)
        wanted.within("voicemail.at", span)
        if new is not None:
            wanted.add(NEW if new else f"NOT ({NEW})")
        counting = f"SELECT count(*) AS total FROM voicemail {wanted.where}"  # noqa: S608 - fixed fragments
        news = f"SELECT count(*) AS total FROM voicemail {mine.where} AND {NEW}"  # noqa: S608 - fixed fragments
        async with self._database.reading() as connection:
            [counted] = await fetch_all(connection, counting, wanted.values)
            [fresh] = await fetch_all(connection, news, mine.values)
            found = await fetch_all(connection, LISTED + wanted.where + NEWEST_FIRST, {**wanted.values, **span.limits})
        return VoicemailPage(
            items=tuple(_row(row) for row in found),
            total=counted["total"],
            new=fresh["total"],
            page=span.page,
            page_size=span.page_size,
        )

    async def find(self, voicemail_id: str) -> tuple[VoicemailRow, Path | None] | None:
        """The row and its file's path below the recordings folder; None: unknown or deleted."""
        async with self._database.reading() as connection:
            found = await fetch_all(connection, f"{LISTED} WHERE {THERE} AND voicemail.id = :id", {"id": voicemail_id})
        return (_row(found[0]), Path(found[0]["path"]) if found[0]["path"] else None) if found else None

    async def listened(self, voicemail_id: str, user_id: int | None, now: float) -> None:
        """Somebody has begun to listen; from now on it is not new any more. None: a machine."""
        values = {"id": voicemail_id, "user_id": user_id, "now": to_datetime(now)}
        async with self._database.writing() as connection:
            if user_id is not None:
                await connection.execute(text(LISTENED), values)
            await connection.execute(text(HEARD), values)

    async def set_heard(self, voicemail_id: str, user_id: int | None, now: float, *, heard: bool) -> bool:
        """False: there is no such message."""
        values = {"id": voicemail_id, "user_id": user_id, "now": to_datetime(now)} if heard else {"id": voicemail_id}
        async with self._database.writing() as connection:
            return bool(await fetch_all(connection, HEARD if heard else UNHEARD, values))

    async def delete(self, voicemail_id: str, user_id: int | None, now: float) -> str | None:
        """The path of the file that is to be removed, "" where there was none; None: no such message.

        Raises Refused where its call is on legal hold.
        """
        async with self._database.writing() as connection:
            if await fetch_all(connection, ON_HOLD, {"id": voicemail_id}):
                raise Refused("legal_hold", "the message's call is on legal hold")
            values = {"id": voicemail_id, "user_id": user_id, "now": to_datetime(now)}
            found = await fetch_all(connection, DELETE, values)
        return (found[0]["had"] or "") if found else None

    async def link_order(self, voicemail_id: str, order_id: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(text(LINK_ORDER), {"id": voicemail_id, "order_id": order_id})

    async def untold(self) -> Sequence[Mapping[str, Any]]:
        """Messages about which nobody has been told yet: id, box, caller_number, at."""
        return await self._database.glance(UNTOLD)

    async def mark_told(self, voicemail_id: str, mail: str, params: dict[str, Any]) -> bool:
        """In one transaction with the mail about it, if there is an address. False: another daemon was faster."""
        async with self._database.writing() as connection:
            if not await fetch_all(connection, TOLD, {"id": voicemail_id}):
                return False
            if mail:
                await tell(connection, Telling(channel="mail", address=mail), "voicemail_left", params)
        return True

    # boxes

    async def boxes(self) -> list[BoxRow]:
        """All that are set up, and those that flows have used without being set up."""
        async with self._database.reading() as connection:
            made = {row["name"]: box_row(row) for row in await fetch_all(connection, BOXES)}
            used = [row["box"] for row in await fetch_all(connection, USED_BOXES)]
        return [made.get(name) or BoxRow(name=name) for name in sorted({*made, *used})]

    async def notices(self, since: float) -> list[NoticeRow]:
        """What nobody has heard of all that was left since then in boxes with phones, once for each phone."""
        async with self._database.reading() as connection:
            found = await fetch_all(connection, NOTICES, {"since": to_datetime(since)})
        return [_notice(row) for row in found]

    async def put_box(self, box: BoxRow, pin_hash: str | None = None) -> BoxRow | None:
        """None: somebody has changed it since `box.version`; version 0 replaces whatever stands there.

        `pin_hash` None leaves the PIN as it is.
        """
        values: dict[str, Any] = {
            "name": box.name,
            "title": msgspec.json.encode(box.title).decode(),
            "teams": list(box.teams),
            "agents": list(box.agents),
            "mail": box.mail,
            "phones": list(box.phones),
            "language": box.language,
            "ring_from": box.ring_from,
            "ring_to": box.ring_to,
            "pin_hash": pin_hash,
            "version": box.version,
        }
        async with self._database.writing() as connection:
            found = await fetch_all(connection, PUT_BOX, values)
        return box_row(found[0]) if found else None

    async def delete_box(self, name: str) -> bool:
        async with self._database.writing() as connection:
            return bool(await fetch_all(connection, DELETE_BOX, {"name": name}))


def box_row(row: Mapping[str, Any]) -> BoxRow:
    return BoxRow(
        name=row["name"],
        title=row["title"],
        teams=tuple(row["teams"]),
        agents=tuple(row["agents"]),
        mail=row["mail"],
        phones=tuple(row["phones"]),
        language=row["language"],
        ring_from=row["ring_from"],
        ring_to=row["ring_to"],
        has_pin=bool(row["pin_hash"]),
        version=row["version"],
    )


def _notice(row: Mapping[str, Any]) -> NoticeRow:
    last_at = row["last_at"]
    return NoticeRow(
        voicemail_id=row["id"],
        box=row["box"],
        title=row["title"],
        at=row["at"].timestamp(),
        path=row["path"],
        caller_number=row["caller_number"],
        phone=row["phone"],
        language=row["language"],
        pin_hash=row["pin_hash"],
        ring_from=row["ring_from"],
        ring_to=row["ring_to"],
        attempts=row["attempts"],
        outcome=row["outcome"],
        last_call_id=row["last_call_id"],
        last_at=last_at.timestamp() if last_at is not None else None,
    )


def _row(row: Mapping[str, Any]) -> VoicemailRow:
    heard_at, customer_id = row["heard_at"], row["customer_id"]
    return VoicemailRow(
        id=row["id"],
        call_id=row["call_id"],
        box=row["box"],
        at=row["at"].timestamp(),
        caller_number=row["caller_number"],
        customer=CustomerName(id=customer_id, name=row["customer_name"]) if customer_id is not None else None,
        status=row["status"],
        reason=row["reason"] or "",
        duration_ms=row["duration_ms"],
        size_bytes=row["size_bytes"],
        heard_at=heard_at.timestamp() if heard_at is not None else None,
        heard_by=row["heard_name"],
        listeners=msgspec.convert(row["listeners"], tuple[Listener, ...]),
        work_order_id=row["work_order_id"],
    )
