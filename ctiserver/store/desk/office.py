"""The desk's configuration as one value: categories, areas, units, deadlines, escalation, calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.desk.calendar import WorkCalendar
from ctiserver.desk.deadlines import DeadlineRule, EscalationRule
from ctiserver.desk.fields import CustomField
from ctiserver.desk.work_order import DeskRules
from ctiserver.ivr.china_holidays import china_day_kind
from ctiserver.store.database import fetch_all
from ctiserver.store.desk.setting_versions import version_of
from ctiserver.timezones import load_timezone

AREAS = "SELECT id, name, districts, position FROM area ORDER BY position, id"
CATEGORIES = "SELECT * FROM service_category ORDER BY position, id"
UNITS = "SELECT * FROM unit ORDER BY position, id"
DEADLINES = """
SELECT stage, amount, unit, starting, category, urgency, area, since, until FROM work_order_deadline ORDER BY id
"""
ESCALATIONS = "SELECT stage, after_s, level, audience FROM work_order_escalation ORDER BY after_s, id"
DAYS = "SELECT day, kind FROM calendar_day"

T = TypeVar("T")
Stamped = TypeVar("Stamped", bound="AreaName | UnitName | Category")


class Category(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: dict[str, str]
    urgency: str
    unit_id: str | None
    follow_up: bool
    fields: tuple[CustomField, ...]
    retired: bool
    position: int = 0
    version: str = ""  # of what stands there (setting_versions.py)


class AreaName(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: dict[str, str]
    districts: tuple[str, ...]
    position: int = 0
    version: str = ""


class UnitName(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: str  # unit or crew
    name: dict[str, str]
    parent_id: str | None
    areas: tuple[str, ...]
    phone: str
    retired: bool
    position: int = 0
    version: str = ""


@dataclass(frozen=True)
class Office:
    rules: DeskRules
    escalations: tuple[EscalationRule, ...]
    categories: Mapping[str, Category]
    areas: Mapping[str, AreaName]
    units: Mapping[str, UnitName]

    def area_of(self, district: str) -> str:
        """The area of a district; the first area for one that none names. Empty without any area."""
        for area in self.areas.values():
            if district and district in area.districts:
                return area.id
        return next(iter(self.areas), "")

    def with_crews(self, unit_id: str) -> frozenset[str]:
        """The unit and everything below it."""
        found, waiting = {unit_id}, [unit_id]
        while waiting:
            parent = waiting.pop()
            below = [unit.id for unit in self.units.values() if unit.parent_id == parent and unit.id not in found]
            found.update(below)
            waiting.extend(below)
        return frozenset(found)


async def load_office(connection: AsyncConnection, timezone: str) -> Office:
    days = await fetch_all(connection, DAYS)
    calendar = WorkCalendar(
        load_timezone(timezone), china_day_kind, {row["day"]: row["kind"] == "working_day" for row in days}
    )
    deadlines = [_converted(row, DeadlineRule) for row in await fetch_all(connection, DEADLINES)]
    escalations = [_converted(row, EscalationRule) for row in await fetch_all(connection, ESCALATIONS)]
    categories = [_stamped(_category(row)) for row in await fetch_all(connection, CATEGORIES)]
    areas = [_stamped(_converted(row, AreaName)) for row in await fetch_all(connection, AREAS)]
    units = [_stamped(_unit(row)) for row in await fetch_all(connection, UNITS)]
    return Office(
        rules=DeskRules(calendar, tuple(deadlines)),
        escalations=tuple(escalations),
        categories={category.id: category for category in categories},
        areas={area.id: area for area in areas},
        units={unit.id: unit for unit in units},
    )


def _converted(row: Mapping[str, Any], kind: type[T]) -> T:
    return msgspec.convert(dict(row), kind)


def _stamped(value: Stamped) -> Stamped:
    return msgspec.structs.replace(value, version=version_of(value))


def _category(row: Mapping[str, Any]) -> Category:
    return Category(
        id=row["id"],
        name=row["name"],
        urgency=row["urgency"],
        unit_id=row["unit_id"],
        follow_up=row["follow_up"],
        fields=msgspec.convert(row["fields"], tuple[CustomField, ...]),
        retired=row["retired_at"] is not None,
        position=row["position"],
    )


def _unit(row: Mapping[str, Any]) -> UnitName:
    return UnitName(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        parent_id=row["parent_id"],
        areas=tuple(row["areas"]),
        phone=row["phone"],
        retired=row["retired_at"] is not None,
        position=row["position"],
    )
