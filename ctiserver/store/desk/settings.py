"""The desk's configuration and directory, as people change them: areas, units, staff, categories, deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import IntegrityError

from ctiserver.desk.deadlines import DeadlineRule, EscalationRule
from ctiserver.desk.fields import check_definitions
from ctiserver.store import tables
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.office import AreaName, Category, Office, UnitName, load_office
from ctiserver.store.desk.refusals import InUse, NotThere, Unfit
from ctiserver.store.rows import Row

PUT_AREA = """
INSERT INTO area (id, name, districts, position) VALUES (:id, cast(:name AS jsonb), :districts, :position)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, districts = excluded.districts, position = excluded.position
"""
PUT_UNIT = """
INSERT INTO unit (id, kind, name, parent_id, areas, phone, position, retired_at)
VALUES (:id, :kind, cast(:name AS jsonb), :parent_id, :areas, :phone, :position, CASE WHEN :retired THEN now() END)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, parent_id = excluded.parent_id,
    areas = excluded.areas, phone = excluded.phone, position = excluded.position, retired_at = excluded.retired_at
"""
PUT_CATEGORY = """
INSERT INTO service_category (id, name, urgency, unit_id, follow_up, fields, position, retired_at)
VALUES (:id, cast(:name AS jsonb), :urgency, :unit_id, :follow_up, cast(:fields AS jsonb), :position,
    CASE WHEN :retired THEN now() END)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, urgency = excluded.urgency, unit_id = excluded.unit_id,
    follow_up = excluded.follow_up, fields = excluded.fields, position = excluded.position,
    retired_at = excluded.retired_at
"""
STAFF = """
SELECT staff.*, app_user.login FROM staff LEFT JOIN app_user ON app_user.id = staff.user_id
WHERE (:unit = '' OR staff.unit_id = :unit) AND (:words = '' OR staff.name ILIKE :part OR staff.title ILIKE :part
    OR staff.phone LIKE :part OR staff.mobile LIKE :part) AND (:retired OR staff.retired_at IS NULL)
ORDER BY staff.unit_id NULLS LAST, staff.name, staff.id LIMIT 500
"""


class StaffFields(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    title: str = ""
    unit_id: str | None = None
    user_id: int | None = None
    phone: str = ""
    mobile: str = ""
    email: str = ""
    on_duty: bool = True
    retired: bool = False


class StaffRow(Row, frozen=True, kw_only=True):
    id: int
    name: str
    title: str
    unit_id: str
    user_id: int | None
    login: str
    phone: str
    mobile: str
    email: str
    on_duty: bool
    retired: bool


class DeskReference(Row, frozen=True, kw_only=True):
    """Names and rules of everything that orders mention by id."""

    areas: tuple[AreaName, ...]
    units: tuple[UnitName, ...]
    categories: tuple[Category, ...]
    deadlines: tuple[DeadlineRule, ...]
    escalations: tuple[EscalationRule, ...]


class DeskSettings:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database, *, timezone: str) -> None:
        self._database = database
        self._timezone = timezone

    async def office(self) -> Office:
        async with self._database.reading() as connection:
            return await load_office(connection, self._timezone)

    async def reference(self) -> DeskReference:
        office = await self.office()
        return DeskReference(
            areas=tuple(office.areas.values()),
            units=tuple(office.units.values()),
            categories=tuple(office.categories.values()),
            deadlines=office.rules.deadlines,
            escalations=office.escalations,
        )

    async def put_area(self, area: AreaName, position: int) -> None:
        await self._put(PUT_AREA, {**_plain(area), "name": _json(area.name), "position": position})

    async def put_unit(self, unit: UnitName, position: int) -> None:
        """Raises Unfit for a parent that would make a circle, or that is not there."""
        office = await self.office()
        if unit.parent_id is not None and unit.parent_id not in office.units:
            raise Unfit(("parent_id", "unknown"))
        if unit.parent_id in office.with_crews(unit.id):
            raise Unfit(("parent_id", "circle"))
        await self._put(PUT_UNIT, {**_plain(unit), "name": _json(unit.name), "position": position})

    async def put_category(self, category: Category, position: int) -> None:
        problems = check_definitions(category.fields)
        if problems:
            raise Unfit(*((f"fields.{name}", problem) for name, problem in problems))
        parent = category.id.rpartition(".")[0]
        office = await self.office()
        if parent and parent not in office.categories:
            raise Unfit(("id", "no_parent"))
        if category.unit_id is not None and category.unit_id not in office.units:
            raise Unfit(("unit_id", "unknown"))
        fields = _json(category.fields)
        await self._put(PUT_CATEGORY, {**_plain(category), "name": _json(category.name), "fields": fields,
                                       "position": position})  # fmt: skip

    async def put_rules(self, deadlines: tuple[DeadlineRule, ...], escalations: tuple[EscalationRule, ...]) -> None:
        """All of them anew; orders that run keep the deadlines they have until something restarts their clocks."""
        async with self._database.writing() as connection:
            await connection.execute(delete(tables.WorkOrderDeadline))
            await connection.execute(delete(tables.WorkOrderEscalation))
            if deadlines:
                await connection.execute(insert(tables.WorkOrderDeadline).values(msgspec.to_builtins(deadlines)))
            if escalations:
                rows = [{**each, "audience": list(each["audience"])} for each in msgspec.to_builtins(escalations)]
                await connection.execute(insert(tables.WorkOrderEscalation).values(rows))

    async def staff(self, *, unit: str = "", words: str = "", retired: bool = False) -> list[StaffRow]:
        part = words.replace("\\", "").replace("%", "").replace("_", "")
        values = {"unit": unit, "words": part, "part": f"%{part}%", "retired": retired}
        async with self._database.reading() as connection:
            return [_staff(row) for row in await fetch_all(connection, STAFF, values)]

    async def save_staff(self, staff_id: int | None, fields: StaffFields) -> int:
        values = {**_plain(fields), "retired_at": text("now()") if fields.retired else None}
        del values["retired"]
        try:
            async with self._database.writing() as connection:
                if staff_id is None:
                    statement: Any = insert(tables.Staff).values(values).returning(tables.Staff.id)
                else:
                    changed = update(tables.Staff).where(tables.Staff.id == staff_id)
                    statement = changed.values(values).returning(tables.Staff.id)
                found = (await connection.execute(statement)).scalar_one_or_none()
        except IntegrityError as error:
            if "uq_staff_user_id" in str(error.orig):
                raise InUse("user_id") from None
            raise Unfit(("unit_id" if "unit" in str(error.orig) else "user_id", "unknown")) from None
        if found is None:
            raise NotThere("staff")
        return int(found)

    async def _put(self, statement: str, values: Mapping[str, Any]) -> None:
        async with self._database.writing() as connection:
            await connection.execute(text(statement), dict(values))


def _plain(value: msgspec.Struct) -> dict[str, Any]:
    """Fields as Postgres takes them: arrays are lists."""
    return cast("dict[str, Any]", msgspec.to_builtins(value))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _staff(row: Mapping[str, Any]) -> StaffRow:
    same = ("id", "name", "title", "user_id", "phone", "mobile", "email", "on_duty")
    return StaffRow(
        **{name: row[name] for name in same},
        unit_id=row["unit_id"] or "",
        login=row["login"] or "",
        retired=row["retired_at"] is not None,
    )
