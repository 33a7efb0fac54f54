"""The desk's configuration as people change it: areas, units, categories, deadlines, escalation.

Each change is one transaction that holds the desk's configuration for itself, so that names it refers to stay there,
and of two who change the same object the second is told (`seen`: the version that was read, "" for a new object; None
asks nothing, for machines that put what they have).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import msgspec
from sqlalchemy import delete, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.desk.deadlines import DeadlineRule, EscalationRule
from ctiserver.desk.fields import check_definitions
from ctiserver.store import mapped
from ctiserver.store.database import Database
from ctiserver.store.desk.office import AreaName, Category, Office, UnitName, load_office
from ctiserver.store.desk.refusals import NotThere, Unfit
from ctiserver.store.desk.setting_uses import TABLES, What, uses
from ctiserver.store.desk.setting_versions import StillNeeded, check_version, version_of
from ctiserver.store.rows import Row

HELD = "SELECT pg_advisory_xact_lock(hashtext('desk_settings'))"
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


class DeskReference(Row, frozen=True, kw_only=True):
    """Names and rules of everything that orders mention by id. `rules_version` is that of deadlines and escalations."""

    areas: tuple[AreaName, ...]
    units: tuple[UnitName, ...]
    categories: tuple[Category, ...]
    deadlines: tuple[DeadlineRule, ...]
    escalations: tuple[EscalationRule, ...]
    rules_version: str


class DeskRulesSet(msgspec.Struct, frozen=True, kw_only=True):
    """What is put as one: who was slower is shown it."""

    deadlines: tuple[DeadlineRule, ...]
    escalations: tuple[EscalationRule, ...]
    version: str


class DeskSettings:
    """All raise DatabaseAwayError; changes also ChangedMeanwhile, Unfit, NotThere, StillNeeded."""

    def __init__(self, database: Database, *, timezone: str) -> None:
        self._database = database
        self._timezone = timezone

    async def office(self) -> Office:
        async with self._database.reading() as connection:
            return await load_office(connection, self._timezone)

    async def reference(self) -> DeskReference:
        return _reference(await self.office())

    async def put_area(self, area: AreaName, *, seen: str | None = None) -> None:
        async with self._changing() as (connection, office):
            _check(office.areas, area.id, seen)
            for other in office.areas.values():
                if other.id != area.id and set(other.districts) & set(area.districts):
                    raise Unfit(("districts", "elsewhere"))
            await connection.execute(text(PUT_AREA), _columns(area))

    async def put_unit(self, unit: UnitName, *, seen: str | None = None) -> None:
        """Unfit for a parent that would make a circle or is not there, and for areas that are not there."""
        async with self._changing() as (connection, office):
            _check(office.units, unit.id, seen)
            if unit.parent_id is not None and unit.parent_id not in office.units:
                raise Unfit(("parent_id", "unknown"))
            if unit.parent_id in office.with_crews(unit.id):
                raise Unfit(("parent_id", "circle"))
            if any(area not in office.areas for area in unit.areas):
                raise Unfit(("areas", "unknown"))
            await connection.execute(text(PUT_UNIT), _columns(unit))

    async def put_category(self, category: Category, *, seen: str | None = None) -> None:
        async with self._changing() as (connection, office):
            _check(office.categories, category.id, seen)
            problems = check_definitions(category.fields)
            if problems:
                raise Unfit(*((f"fields.{name}", problem) for name, problem in problems))
            parent = category.id.rpartition(".")[0]
            if parent and parent not in office.categories:
                raise Unfit(("id", "no_parent"))
            if category.unit_id is not None and category.unit_id not in office.units:
                raise Unfit(("unit_id", "unknown"))
            await connection.execute(text(PUT_CATEGORY), _columns(category))

    async def remove(self, what: What, key: str, *, seen: str | None = None) -> None:
        """Only what nothing refers to; anything else is retired instead."""
        async with self._changing() as (connection, office):
            known: Mapping[str, AreaName | UnitName | Category] = {
                "area": office.areas, "unit": office.units, "category": office.categories,
            }[what]  # fmt: skip
            if key not in known:
                raise NotThere(what)
            _check(known, key, seen)
            if found := await uses(connection, what, key):
                raise StillNeeded(f"{what} {key}", found)
            await connection.execute(text(f"DELETE FROM {TABLES[what]} WHERE id = :id"), {"id": key})  # noqa: S608 - one of three names of ours

    async def put_rules(
        self,
        deadlines: tuple[DeadlineRule, ...],
        escalations: tuple[EscalationRule, ...],
        *,
        seen: str | None = None,
    ) -> None:
        """All of them anew; orders that run keep the deadlines they have until something restarts their clocks."""
        async with self._changing() as (connection, office):
            stands = _rules_of(office)
            check_version("deadlines", stands, stands.version, seen)
            _check_rules(office, deadlines)
            await connection.execute(delete(mapped.WorkOrderDeadline))
            await connection.execute(delete(mapped.WorkOrderEscalation))
            if deadlines:
                await connection.execute(insert(mapped.WorkOrderDeadline).values(msgspec.to_builtins(deadlines)))
            if escalations:
                rows = [{**each, "audience": list(each["audience"])} for each in msgspec.to_builtins(escalations)]
                await connection.execute(insert(mapped.WorkOrderEscalation).values(rows))

    @asynccontextmanager
    async def _changing(self) -> AsyncGenerator[tuple[AsyncConnection, Office]]:
        async with self._database.writing() as connection:
            await connection.execute(text(HELD))
            yield connection, await load_office(connection, self._timezone)


def _check(known: Mapping[str, AreaName | UnitName | Category], key: str, seen: str | None) -> None:
    current = known.get(key)
    check_version(key, current, current.version if current is not None else "", seen)


def _check_rules(office: Office, deadlines: tuple[DeadlineRule, ...]) -> None:
    problems: list[tuple[str, str]] = []
    for number, rule in enumerate(deadlines):
        if rule.category and rule.category not in office.categories:
            problems.append((f"deadlines.{number}.category", "unknown"))
        if rule.area and rule.area not in office.areas:
            problems.append((f"deadlines.{number}.area", "unknown"))
        if (rule.since is None) != (rule.until is None):
            problems.append((f"deadlines.{number}.until", "both_or_none"))
    if problems:
        raise Unfit(*problems)


def _rules_of(office: Office) -> DeskRulesSet:
    both = (office.rules.deadlines, office.escalations)
    return DeskRulesSet(deadlines=both[0], escalations=both[1], version=version_of(both))


def _reference(office: Office) -> DeskReference:
    return DeskReference(
        areas=tuple(office.areas.values()),
        units=tuple(office.units.values()),
        categories=tuple(office.categories.values()),
        deadlines=office.rules.deadlines,
        escalations=office.escalations,
        rules_version=_rules_of(office).version,
    )


def _columns(value: AreaName | UnitName | Category) -> dict[str, Any]:
    """Fields as Postgres takes them: arrays are lists, trees are JSON."""
    columns = cast("dict[str, Any]", msgspec.to_builtins(value))
    del columns["version"]
    trees = ("name", "fields")
    return {name: _json(each) if name in trees else each for name, each in columns.items()}


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
