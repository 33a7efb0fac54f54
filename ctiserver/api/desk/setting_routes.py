"""The desk's reference data and directory: areas, units, staff, categories with their fields, deadlines, escalation."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from ctiserver.api.audit import note
from ctiserver.api.desk.asking import desk_of, tell_pages
from ctiserver.api.desk.setting_bodies import AreaBody, CategoryBody, RulesBody, StaffBody, StaffSearch, UnitBody
from ctiserver.api.identity import SIGNED_IN
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Answer
from ctiserver.desk.deadlines import DeadlineRule, EscalationRule
from ctiserver.directory import Role
from ctiserver.store.desk.office import AreaName, Category, UnitName
from ctiserver.store.desk.refusals import Unfit
from ctiserver.store.desk.settings import DeskReference, StaffFields, StaffRow

OPERATIONS: Final[frozenset[Role]] = frozenset({"ops", "admin"})


class StaffSaved(Answer, frozen=True, kw_only=True):
    id: int


async def read_desk_reference(ask: Ask) -> DeskReference:
    """Areas, units, categories with their fields, deadlines, escalation: everything that orders mention by id."""
    return await desk_of(ask).settings.reference()


async def put_area(ask: Ask, area: str, body: AreaBody) -> DeskReference:
    """An area; its id begins the numbers of its orders (one to six capital letters or digits)."""
    _matches(r"[A-Z0-9]{1,6}", area)
    name = AreaName(id=area, name=_names(body.name), districts=tuple(body.districts))
    await desk_of(ask).settings.put_area(name, body.position)
    return await _saved(ask, f"area:{area}")


async def put_unit(ask: Ask, unit: str, body: UnitBody) -> DeskReference:
    """A unit or crew; `retired` takes no new orders."""
    values = body.model_dump(exclude={"position"})
    await desk_of(ask).settings.put_unit(msgspec.convert({**values, "id": unit}, UnitName), body.position)
    return await _saved(ask, f"unit:{unit}")


async def put_category(ask: Ask, category: str, body: CategoryBody) -> DeskReference:
    """A category of up to three levels ("repair.leak.main") with its custom fields."""
    _matches(r"[a-z0-9_]+([.][a-z0-9_]+){0,2}", category)
    values = body.model_dump(exclude={"position"})
    await desk_of(ask).settings.put_category(msgspec.convert({**values, "id": category}, Category), body.position)
    return await _saved(ask, f"category:{category}")


async def put_rules(ask: Ask, body: RulesBody) -> DeskReference:
    """All deadlines and escalations anew; clocks that run keep theirs."""
    values = body.model_dump()
    await desk_of(ask).settings.put_rules(
        msgspec.convert(values["deadlines"], tuple[DeadlineRule, ...]),
        msgspec.convert(values["escalations"], tuple[EscalationRule, ...]),
    )
    return await _saved(ask, "desk_rules:1")


async def list_staff(ask: Ask, query: StaffSearch) -> list[StaffRow]:
    """The directory of staff, with numbers to dial."""
    return await desk_of(ask).settings.staff(unit=query.unit, words=query.words, retired=query.retired)


async def add_staff(ask: Ask, body: StaffBody) -> StaffSaved:
    """A person of the directory."""
    return await _save_staff(ask, None, body)


async def change_staff(ask: Ask, staff_id: int, body: StaffBody) -> StaffSaved:
    """A person of the directory, anew."""
    return await _save_staff(ask, staff_id, body)


async def _save_staff(ask: Ask, staff_id: int | None, body: StaffBody) -> StaffSaved:
    fields = msgspec.convert(body.model_dump(), StaffFields)
    saved = await desk_of(ask).settings.save_staff(staff_id, fields)
    await note(ask, "staff.save", f"staff:{saved}", {})
    tell_pages(ask, "reference", saved)
    return StaffSaved(id=saved)


async def _saved(ask: Ask, subject: str) -> DeskReference:
    await note(ask, "desk.configure", subject, {})
    tell_pages(ask, "reference", 0)
    return await desk_of(ask).settings.reference()


def _names(name: dict[Any, str]) -> dict[str, str]:
    return {str(language): words for language, words in name.items()}


def _matches(pattern: str, value: str) -> None:
    if not re.fullmatch(pattern, value):
        raise Unfit(("id", "wrong_form"))


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/desk/reference", read_desk_reference, SIGNED_IN),
    route("PUT", "/api/desk/areas/{area}", put_area, OPERATIONS),
    route("PUT", "/api/desk/units/{unit}", put_unit, OPERATIONS),
    route("PUT", "/api/desk/categories/{category}", put_category, OPERATIONS),
    route("PUT", "/api/desk/rules", put_rules, OPERATIONS),
    route("GET", "/api/desk/staff", list_staff, SIGNED_IN),
    route("POST", "/api/desk/staff", add_staff, OPERATIONS),
    route("PUT", "/api/desk/staff/{staff_id}", change_staff, OPERATIONS),
)
