"""The desk's reference data and directory: areas, units, staff, categories with their fields, deadlines, escalation."""

from __future__ import annotations

import re
from typing import Final, TypeVar

import msgspec

from ctiserver.api.audit import note
from ctiserver.api.desk.asking import desk_of, tell_pages
from ctiserver.api.desk.setting_bodies import (
    AreaBody,
    CategoryBody,
    DueQuestion,
    RemovalSeen,
    RulesBody,
    StaffBody,
    StaffSearch,
    UnitBody,
)
from ctiserver.api.identity import SIGNED_IN
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Answer
from ctiserver.desk.deadlines import DeadlineRule, EscalationRule, StageDue, stages_due
from ctiserver.directory import Role
from ctiserver.store.desk.office import AreaName, Category, UnitName
from ctiserver.store.desk.refusals import Unfit
from ctiserver.store.desk.setting_uses import What
from ctiserver.store.desk.settings import DeskReference
from ctiserver.store.desk.staff import StaffFields, StaffRow

OPERATIONS: Final[frozenset[Role]] = frozenset({"ops", "admin"})
M = TypeVar("M", AreaName, UnitName, Category)


class StaffSaved(Answer, frozen=True, kw_only=True):
    id: int


async def read_desk_reference(ask: Ask) -> DeskReference:
    """Areas, units, categories with their fields, deadlines, escalation: everything that orders mention by id."""
    return await desk_of(ask).settings.reference()


async def put_area(ask: Ask, area: str, body: AreaBody) -> DeskReference:
    """An area; its id begins the numbers of its orders (one to six capital letters or digits)."""
    _matches(r"[A-Z0-9]{1,6}", area)
    await desk_of(ask).settings.put_area(_made(area, body, AreaName), seen=body.version)
    return await _saved(ask, f"area:{area}")


async def put_unit(ask: Ask, unit: str, body: UnitBody) -> DeskReference:
    """A unit or crew; `retired` takes no new orders."""
    _matches(r"[a-z0-9_]{1,40}", unit)
    await desk_of(ask).settings.put_unit(_made(unit, body, UnitName), seen=body.version)
    return await _saved(ask, f"unit:{unit}")


async def put_category(ask: Ask, category: str, body: CategoryBody) -> DeskReference:
    """A category of up to three levels ("repair.leak.main") with its custom fields."""
    _matches(r"[a-z0-9_]+([.][a-z0-9_]+){0,2}", category)
    await desk_of(ask).settings.put_category(_made(category, body, Category), seen=body.version)
    return await _saved(ask, f"category:{category}")


async def remove_area(ask: Ask, area: str, query: RemovalSeen) -> DeskReference:
    """An area that nothing refers to."""
    return await _remove(ask, "area", area, query)


async def remove_unit(ask: Ask, unit: str, query: RemovalSeen) -> DeskReference:
    """A unit that nothing refers to; others are retired."""
    return await _remove(ask, "unit", unit, query)


async def remove_category(ask: Ask, category: str, query: RemovalSeen) -> DeskReference:
    """A category that nothing refers to; others are retired."""
    return await _remove(ask, "category", category, query)


async def put_rules(ask: Ask, body: RulesBody) -> DeskReference:
    """All deadlines and escalations anew; clocks that run keep theirs."""
    values = body.model_dump()
    await desk_of(ask).settings.put_rules(
        msgspec.convert(values["deadlines"], tuple[DeadlineRule, ...]),
        msgspec.convert(values["escalations"], tuple[EscalationRule, ...]),
        seen=body.version,
    )
    return await _saved(ask, "desk_rules:1")


async def preview_deadlines(ask: Ask, query: DueQuestion) -> list[StageDue]:
    """By which rule each stage of such an order would be due when, on the calendar in force."""
    now = ask.context.clock.now() if query.at is None else query.at
    office = await desk_of(ask).settings.office()
    try:
        return stages_due(
            office.rules.calendar, office.rules.deadlines, now,
            category=query.category, urgency=query.urgency, area=query.area,
        )  # fmt: skip
    except (ValueError, OverflowError, OSError):  # no working day in sight, or a year that no calendar knows
        raise Unfit(("at", "out_of_range")) from None


async def list_staff(ask: Ask, query: StaffSearch) -> list[StaffRow]:
    """The directory of staff, with numbers to dial."""
    return await desk_of(ask).staff.search(unit=query.unit, words=query.words, retired=query.retired)


async def add_staff(ask: Ask, body: StaffBody) -> StaffSaved:
    """A person of the directory."""
    return await _save_staff(ask, None, body)


async def change_staff(ask: Ask, staff_id: int, body: StaffBody) -> StaffSaved:
    """A person of the directory, anew."""
    return await _save_staff(ask, staff_id, body)


async def _save_staff(ask: Ask, staff_id: int | None, body: StaffBody) -> StaffSaved:
    fields = msgspec.convert(body.model_dump(exclude={"version"}), StaffFields)
    saved = await desk_of(ask).staff.save(staff_id, fields, version=body.version)
    await note(ask, "staff.save", f"staff:{saved}", {})
    tell_pages(ask, "reference", saved)
    return StaffSaved(id=saved)


async def _saved(ask: Ask, subject: str) -> DeskReference:
    await note(ask, "desk.configure", subject, {})
    tell_pages(ask, "reference", 0)
    return await desk_of(ask).settings.reference()


async def _remove(ask: Ask, what: What, key: str, query: RemovalSeen) -> DeskReference:
    await desk_of(ask).settings.remove(what, key, seen=query.version)
    return await _saved(ask, f"{what}:{key}")


def _made(key: str, body: AreaBody | UnitBody | CategoryBody, kind: type[M]) -> M:
    return msgspec.convert({**body.model_dump(exclude={"version"}), "id": key}, kind)


def _matches(pattern: str, value: str) -> None:
    if not re.fullmatch(pattern, value):
        raise Unfit(("id", "wrong_form"))


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/desk/reference", read_desk_reference, SIGNED_IN),
    route("PUT", "/api/desk/areas/{area}", put_area, OPERATIONS),
    route("PUT", "/api/desk/units/{unit}", put_unit, OPERATIONS),
    route("PUT", "/api/desk/categories/{category}", put_category, OPERATIONS),
    route("DELETE", "/api/desk/areas/{area}", remove_area, OPERATIONS),
    route("DELETE", "/api/desk/units/{unit}", remove_unit, OPERATIONS),
    route("DELETE", "/api/desk/categories/{category}", remove_category, OPERATIONS),
    route("PUT", "/api/desk/rules", put_rules, OPERATIONS),
    route("GET", "/api/desk/rules/preview", preview_deadlines, SIGNED_IN),
    route("GET", "/api/desk/staff", list_staff, SIGNED_IN),
    route("POST", "/api/desk/staff", add_staff, OPERATIONS),
    route("PUT", "/api/desk/staff/{staff_id}", change_staff, OPERATIONS),
)
