"""Story: operations set up areas, units, categories, deadlines, staff and odd days; what can't be is said by field, and
of two who change the same thing the second is shown what the first did."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.postgres.api.conftest import Office
from tests.postgres.api.test_the_desk_over_http import ask

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _named(listed: list[dict[str, Any]], key: str) -> dict[str, Any]:
    return next(one for one in listed if one["id"] == key)


def _body(one: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**{name: value for name, value in one.items() if name != "id"}, **changes}


def _wrong(refused: dict[str, Any]) -> list[tuple[str, str]]:
    return [(".".join(str(part) for part in e["loc"][1:]), e["msg"]) for e in refused["params"]["errors"]]


async def test_areas_units_and_categories(office: Office) -> None:
    await office.sign_in("ops")
    new = {"name": {"zh-CN": "北湖"}, "districts": ["北湖区"], "position": 9, "version": ""}
    made = _named((await ask(office, "PUT", "/api/desk/areas/BH", new))["areas"], "BH")
    assert (made["districts"], made["position"]) == (["北湖区"], 9)
    taken = await ask(office, "PUT", "/api/desk/areas/BH", new, wanted=409)
    assert (taken["error_id"], taken["params"]["current"]["name"]) == ("changed_meanwhile", {"zh-CN": "北湖"})
    twice = await ask(office, "PUT", "/api/desk/areas/BH", _body(made, districts=["城东区"]), wanted=422)
    assert _wrong(twice)[0][0] == "districts"
    assert _wrong(await ask(office, "PUT", "/api/desk/areas/lower", new, wanted=422)) == [("id", "wrong_form")]

    crew = {
        "name": {"zh-CN": "北湖班"}, "kind": "crew", "parent_id": "repairs", "areas": ["BH"], "phone": "13900000099",
        "version": "",
    }  # fmt: skip
    unit = _named((await ask(office, "PUT", "/api/desk/units/crew_north", crew))["units"], "crew_north")
    for changes, wrong in (
        ({"parent_id": "crew_north"}, ("parent_id", "circle")),
        ({"parent_id": "nowhere"}, ("parent_id", "unknown")),
        ({"areas": ["QQ"]}, ("areas", "unknown")),
    ):
        refused = await ask(office, "PUT", "/api/desk/units/crew_north", _body(unit, **changes), wanted=422)
        assert _wrong(refused) == [wrong]
    needed = await ask(office, "DELETE", f"/api/desk/areas/BH?version={made['version']}", wanted=409)
    assert (needed["error_id"], needed["params"]["used_by"]) == ("in_use", [{"kind": "unit", "id": "crew_north"}])

    category = {
        "name": {"zh-CN": "消火栓"}, "unit_id": "crew_north", "version": "",
        "fields": [{"name": "valve", "label": {"zh-CN": "阀号"}, "kind": "choice", "choices": ["1", "2"]}],
    }  # fmt: skip
    path = "/api/desk/categories/repair.hydrant"
    known = _named((await ask(office, "PUT", path, category))["categories"], "repair.hydrant")
    for fields, problem in (
        ([{"name": "Big", "kind": "text"}], "bad_name"),
        ([{"name": "a", "kind": "choice"}], "no_choices"),
        ([{"name": "a", "kind": "number", "least": 3, "most": 1}], "bad_range"),
    ):
        refused = await ask(office, "PUT", path, _body(known, fields=fields), wanted=422)
        assert [problem] == [message for _, message in _wrong(refused)]
    orphan = await ask(office, "PUT", "/api/desk/categories/none.such", category, wanted=422)
    assert _wrong(orphan) == [("id", "no_parent")]

    for path, version in (
        ("/api/desk/categories/repair.hydrant", known["version"]),
        ("/api/desk/units/crew_north", unit["version"]),
        ("/api/desk/areas/BH", made["version"]),
    ):
        await ask(office, "DELETE", f"{path}?version={version}")
        await ask(office, "DELETE", path, wanted=404)
    reference = await ask(office, "GET", "/api/desk/reference")
    assert "BH" not in [area["id"] for area in reference["areas"]]
    used = _named(reference["units"], "repairs_east")
    refused = await ask(office, "DELETE", f"/api/desk/units/repairs_east?version={used['version']}", wanted=409)
    assert "work_order" in [use["kind"] for use in refused["params"]["used_by"]]
    await office.sign_in("dispatcher")
    await ask(office, "PUT", "/api/desk/areas/BH", new, wanted=403)


async def test_of_two_who_change_it_the_second_is_shown_what_the_first_did(office: Office) -> None:
    await office.sign_in("ops")
    reference = await ask(office, "GET", "/api/desk/reference")
    unit = _named(reference["units"], "quality")
    rules = {"deadlines": reference["deadlines"], "escalations": reference["escalations"]}
    await ask(office, "PUT", "/api/desk/units/quality", _body(unit, phone="13900000001"))
    stale = await ask(office, "PUT", "/api/desk/units/quality", _body(unit, phone="13900000002"), wanted=409)
    assert stale["error_id"] == "changed_meanwhile"
    assert stale["params"]["current"]["phone"] == "13900000001"
    await ask(office, "PUT", "/api/desk/units/quality", _body(stale["params"]["current"], phone="13900000002"))

    seen = reference["rules_version"]
    longer = {**rules, "deadlines": [*rules["deadlines"], {"stage": "arrive", "amount": 9, "unit": "minutes"}]}
    await ask(office, "PUT", "/api/desk/rules", {**longer, "version": seen})
    stale = await ask(office, "PUT", "/api/desk/rules", {**rules, "version": seen}, wanted=409)
    stands = stale["params"]["current"]
    assert len(stands["deadlines"]) == len(rules["deadlines"]) + 1
    bad = [{"stage": "arrive", "amount": 9, "unit": "minutes", "category": "no.such", "area": "QQ", "since": 60}]
    refused = await ask(office, "PUT", "/api/desk/rules", {**stands, "deadlines": bad}, wanted=422)
    assert _wrong(refused) == [
        ("deadlines.0.category", "unknown"), ("deadlines.0.area", "unknown"), ("deadlines.0.until", "both_or_none"),
    ]  # fmt: skip
    await ask(office, "PUT", "/api/desk/rules", {**rules, "version": stands["version"]})


async def test_staff_join_move_and_leave(office: Office) -> None:
    await office.sign_in("ops")
    new = {"name": "冯刚", "title": "维修工", "unit_id": "repairs_east", "mobile": "13900000077", "email": "f@x.cn"}
    made = await ask(office, "POST", "/api/desk/staff", new)
    [person] = await ask(office, "GET", "/api/desk/staff?words=冯刚")
    assert (person["id"], person["unit_id"], person["email"]) == (made["id"], "repairs_east", "f@x.cn")
    path = f"/api/desk/staff/{made['id']}"
    changed = {**new, "unit_id": "repairs_west", "version": person["version"]}
    await ask(office, "PUT", path, changed)
    stale = await ask(office, "PUT", path, changed, wanted=409)
    assert stale["params"]["current"]["unit_id"] == "repairs_west"
    assert _wrong(await ask(office, "PUT", path, {**new, "unit_id": "nowhere"}, wanted=422)) == [("unit_id", "unknown")]
    [crew] = [one for one in await ask(office, "GET", "/api/desk/staff") if one["login"] == "crew_east"]
    double = await ask(office, "PUT", path, {**new, "user_id": crew["user_id"]}, wanted=409)
    assert (double["error_id"], double["params"]["field"]) == ("taken", "user_id")
    await ask(office, "PUT", path, {**new, "retired": True})
    assert await ask(office, "GET", "/api/desk/staff?words=冯刚") == []
    assert len(await ask(office, "GET", "/api/desk/staff?words=冯刚&retired=true")) == 1


async def test_deadlines_follow_the_odd_days_to_the_minute(office: Office) -> None:
    """Tuesday the 8th, 15:20. Wednesday is made a holiday and Saturday a working day: five working days of 24 hours."""
    await office.sign_in("ops")
    accepted = datetime(2027, 6, 8, 15, 20, tzinfo=SHANGHAI).timestamp()

    async def due(stage: str) -> str:
        path = f"/api/desk/rules/preview?category=complaint.bill&area=CD&at={accepted}"
        [found] = [one for one in await ask(office, "GET", path) if one["stage"] == stage]
        return f"{datetime.fromtimestamp(found['due_at'], SHANGHAI):%Y-%m-%d %H:%M}"

    assert await due("finish") == "2027-06-15 15:20"
    await ask(office, "PUT", "/api/calendar-days/2027-06-09", {"kind": "holiday"})
    assert await due("finish") == "2027-06-16 15:20"
    await ask(office, "PUT", "/api/calendar-days/2027-06-12", {"kind": "working_day"})
    assert await due("finish") == "2027-06-15 15:20"
    assert await due("reply") == "2027-06-18 00:00", "seven whole days, the first of them the next working day"
    assert await due("respond") == "2027-06-08 15:50"
    await ask(office, "GET", "/api/desk/rules/preview?at=253402300799", wanted=422)
