"""Bulletins: outages and repairs with areas and times, for agents, the wallboard and, where spoken, callers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import insert, text, update

from ctiserver.clock import to_datetime
from ctiserver.store import mapped
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.refusals import NotThere, Stale, Unfit
from ctiserver.store.hotline import RAISE_REVISION
from ctiserver.store.rows import Row

LIST = """
SELECT * FROM bulletin
WHERE (:all OR (withdrawn_at IS NULL AND ends_at > :now)) AND (:area = '' OR areas = '{}' OR :area = ANY(areas))
ORDER BY starts_at DESC, id DESC LIMIT 200
"""
AT_ADDRESS = """
SELECT bulletin.* FROM bulletin WHERE withdrawn_at IS NULL AND starts_at <= :now AND ends_at > :now
    AND kind IN ('outage', 'repair')
    AND (areas = '{}' OR EXISTS (SELECT 1 FROM area WHERE area.id = ANY(areas) AND :district = ANY(area.districts)))
    AND (estates = '{}' OR :estate = ANY(estates))
ORDER BY starts_at DESC LIMIT 5
"""
BY_ID = "SELECT * FROM bulletin WHERE id = :id FOR UPDATE"
WITHDRAW = "UPDATE bulletin SET withdrawn_at = :now, version = version + 1, changed_by = :by WHERE id = :id RETURNING *"


class BulletinFields(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    starts_at: float
    ends_at: float
    kind: str = "notice"  # outage, repair, notice
    text: str = ""
    spoken: dict[str, str] = {}
    areas: tuple[str, ...] = ()
    estates: tuple[str, ...] = ()
    order_id: int | None = None


class BulletinRow(Row, frozen=True, kw_only=True):
    """`spoken`: what callers hear, by language; empty: nothing. `areas` and `estates` empty: everywhere."""

    id: int
    version: int
    kind: str
    title: str
    text: str
    spoken: dict[str, str]
    areas: tuple[str, ...]
    estates: tuple[str, ...]
    order_id: int | None
    starts_at: float
    ends_at: float
    withdrawn_at: float | None
    changed_by: str


class Bulletins:
    """All raise DatabaseAwayError; changes also Stale, Unfit, NotThere."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, now: float, *, area: str = "", past: bool = False) -> list[BulletinRow]:
        """Those that hold or are to come; `past`: also those that are over."""
        async with self._database.reading() as connection:
            found = await fetch_all(connection, LIST, {"now": to_datetime(now), "area": area, "all": past})
        return [bulletin_row(row) for row in found]

    async def at_address(self, district: str, estate: str, now: float) -> list[BulletinRow]:
        """Outages and repairs that hold at an address now."""
        values = {"district": district, "estate": estate, "now": to_datetime(now)}
        async with self._database.reading() as connection:
            return [bulletin_row(row) for row in await fetch_all(connection, AT_ADDRESS, values)]

    async def save(self, bulletin_id: int | None, fields: BulletinFields, *, version: int, by: str) -> BulletinRow:
        if fields.ends_at <= fields.starts_at:
            raise Unfit(("ends_at", "not_after_start"))
        values = {
            **{name: getattr(fields, name) for name in ("title", "kind", "text", "spoken", "order_id")},
            "areas": list(fields.areas),
            "estates": list(fields.estates),
            "starts_at": to_datetime(fields.starts_at),
            "ends_at": to_datetime(fields.ends_at),
            "changed_by": by,
        }
        async with self._database.writing() as connection:
            known = {row["id"] for row in await fetch_all(connection, "SELECT id FROM area")}
            if unknown := set(fields.areas) - known:
                raise Unfit(*((f"areas.{area}", "unknown") for area in sorted(unknown)))
            if fields.order_id and not await fetch_all(
                connection, "SELECT 1 FROM work_order WHERE id = :id", {"id": fields.order_id}
            ):
                raise Unfit(("order_id", "unknown"))
            if bulletin_id is None:
                statement: Any = insert(mapped.Bulletin).values(values).returning(*mapped.Bulletin.__table__.columns)
            else:
                found = await fetch_all(connection, BY_ID, {"id": bulletin_id})
                if not found:
                    raise NotThere("bulletin")
                if found[0]["version"] != version:
                    raise Stale(version=found[0]["version"], actor=found[0]["changed_by"], at=0.0, action="changed")
                statement = (
                    update(mapped.Bulletin)
                    .where(mapped.Bulletin.id == bulletin_id)
                    .values(**values, version=version + 1)
                    .returning(*mapped.Bulletin.__table__.columns)
                )
            row = (await connection.execute(statement)).mappings().one()
            await connection.execute(
                text(RAISE_REVISION)
            )  # callers hear it, or hear it no longer, from the next call on
        return bulletin_row(dict(row))

    async def withdraw(self, bulletin_id: int, *, by: str, now: float) -> BulletinRow:
        async with self._database.writing() as connection:
            values = {"id": bulletin_id, "now": to_datetime(now), "by": by}
            row = (await connection.execute(text(WITHDRAW), values)).mappings().first()
            await connection.execute(text(RAISE_REVISION))
        if row is None:
            raise NotThere("bulletin")
        return bulletin_row(dict(row))


def bulletin_row(row: Mapping[str, Any]) -> BulletinRow:
    same = ("id", "version", "kind", "title", "text", "spoken", "order_id", "changed_by")
    return BulletinRow(
        **{name: row[name] for name in same},
        areas=tuple(row["areas"]),
        estates=tuple(row["estates"]),
        starts_at=row["starts_at"].timestamp(),
        ends_at=row["ends_at"].timestamp(),
        withdrawn_at=row["withdrawn_at"].timestamp() if row["withdrawn_at"] else None,
    )
