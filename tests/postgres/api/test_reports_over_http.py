"""Supervisors read reports: the catalogue tells what there is, each report answers, nonsense is refused by field."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from ctiserver.store.directory_store import load_directory
from tests.postgres.api.conftest import Office
from tests.postgres.store.call_stories import START, abandoned_call, answered_call
from tests.postgres.store.projecting import project

DAY = 86_400
SINCE = int(START) - 8 * 3600 + 8 * 3600
SPAN = f"from={SINCE}&to={SINCE + DAY}"
RATED = """
INSERT INTO survey_answer (id, call_id, at, survey, question, score, agent_id, queue_id)
SELECT id, id, ended_at, 'after', 'how', 5, agent_id, queue_id FROM call
"""


async def get(office: Office, path: str, status: int = 200) -> Any:
    async with office.http.get(office.url(path)) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def test_each_report_answers_by_everything_it_knows(office: Office) -> None:
    await project(office.database, [*answered_call("n1-1"), *abandoned_call("n1-2", at=200, waits=12.0)])
    await office.sign_in("supervisor")
    catalogue = await get(office, "/api/reports")
    assert catalogue["formula"] == "SL1"
    assert [formula["id"] for formula in catalogue["formulas"]] == [*(f"SL{n}" for n in range(1, 8)), "SLq"]
    for report in catalogue["reports"]:
        shown = {figure["id"] for figure in report["figures"]}
        for by in report["by"]:
            for booking in catalogue["bookings"]:
                view = await get(office, f"/api/reports/{report['id']}?{SPAN}&by={by}&booking={booking}&interval=hour")
                assert shown <= {column["id"] for column in view["columns"]}
                for row in [*view["part"]["rows"], view["part"]["totals"]]:
                    assert shown <= set(row["values"])


async def test_the_service_level_of_a_contract_and_another_one(office: Office) -> None:
    await project(office.database, [*answered_call("n1-1"), *abandoned_call("n1-2", at=200, waits=12.0)])
    await office.sign_in("supervisor")
    view = await get(office, f"/api/reports/traffic?{SPAN}&by=queue&interval=total")
    [row] = view["part"]["rows"]
    assert row["key"] == "repairs"
    assert view["names"]["repairs"]["en"] == "Repairs"
    assert row["values"]["service_level"] == 0.5  # answered after 30 s, abandoned after 12 s
    assert row["values"]["sl3"] == 0.0
    asked = await get(office, f"/api/reports/traffic?{SPAN}&by=queue&interval=total&formula=SL2&within_ms=30000")
    assert asked["formula"] == "SL2"
    assert asked["part"]["rows"][0]["values"]["service_level"] == 1.0
    assert asked["part"]["reconciliation"]["difference"] == 0


async def test_the_present_beside_the_past(office: Office) -> None:
    await project(office.database, [*abandoned_call("n1-2", at=200), *answered_call("n1-1", at=DAY)])
    await office.sign_in("supervisor")
    span = f"from={SINCE + DAY}&to={SINCE + 2 * DAY}&compare_from={SINCE}&compare_to={SINCE + DAY}"
    view = await get(office, f"/api/reports/calls?{span}&by=outcome")
    assert [row["key"] for row in view["part"]["rows"]] == ["answered"]
    assert [row["key"] for row in view["compared"]["rows"]] == ["abandoned"]


async def test_who_talked_is_found_by_team_and_skill(office: Office) -> None:
    await project(office.database, answered_call("n1-1"))
    await office.sign_in("supervisor")
    view = await get(office, f"/api/reports/agents?{SPAN}&by=agent&interval=total")
    talked = {row["key"]: row["values"]["handled"] for row in view["part"]["rows"]}
    assert talked["2"] == 1
    nobody = await get(office, f"/api/reports/agents?{SPAN}&by=agent&team=no_such_team")
    assert nobody["part"]["rows"] == []
    skills = await get(office, f"/api/reports/agents?{SPAN}&by=skill&interval=total")
    assert skills["part"]["totals"]["values"]["handled"] == 1


async def test_what_cannot_be_is_refused_by_field(office: Office) -> None:
    await office.sign_in("supervisor")
    refused = {
        f"/api/reports/traffic?from=1&to={DAY}": "from",
        f"/api/reports/traffic?from={DAY}&to=0": "to",
        f"/api/reports/traffic?{SPAN}&by=weather": "by",
        f"/api/reports/traffic?{SPAN}&formula=SL9": "formula",
        f"/api/reports/agents?{SPAN}&agent=王芳": "agent",
        f"/api/reports/calls?{SPAN}&compare_from=900": "compare_to",
        "/api/reports/traffic?from=0&to=1800000000&interval=15min": "to",
    }
    for path, field in refused.items():
        problem = await get(office, path, 422)
        assert problem["error_id"] == "invalid"
        assert field in problem["params"]["errors"][0]["loc"], path
    assert (await get(office, f"/api/reports/nonsense?{SPAN}", 404))["error_id"] == "not_found"


ELSEWHERE = {"queue": "english", "team": "service_2", "agent": "1", "dialled": "4009"}
"""Where the call that was answered has not been; agent 1 was only offered it."""


async def test_a_filter_changes_the_report_or_is_refused(office: Office) -> None:
    office.centre.directory = await load_directory(office.database)
    await project(office.database, answered_call("n1-1"))
    async with office.database.writing() as connection:
        await connection.execute(text(RATED))
    await office.sign_in("supervisor")
    kinds = (await get(office, "/api/reports"))["reports"]
    assert {kind["id"]: tuple(kind["filters"]) for kind in kinds} == {
        "traffic": ("queue",),
        "calls": ("queue", "team", "agent", "dialled"),
        "agents": ("queue", "team", "agent"),
        "abandonment": ("queue",),
        "repeats": ("queue", "team", "agent"),
        "satisfaction": ("queue", "team", "agent"),
        "business": (),
        "ivr": (),
    }
    for kind in kinds:
        report, counts = kind["id"], ", ".join(kind["filters"]) or "none"
        whole = await get(office, f"/api/reports/{report}?{SPAN}&interval=total")
        for name, value in ELSEWHERE.items():
            asked = f"{SPAN}&interval=total&{name}={value}"
            if name in kind["filters"]:
                part = await get(office, f"/api/reports/{report}?{asked}")
                assert part["part"]["totals"] != whole["part"]["totals"], (report, name)
                continue
            for path in (f"/api/reports/{report}", f"/api/reports/{report}/export"):
                problem = await get(office, f"{path}?{asked}", 422)
                told = f"the report {report} does not count this filter; it counts: {counts}"
                assert problem["error_id"] == "invalid"
                assert problem["params"]["errors"] == [{"loc": ["query", name], "msg": told}]
            assert await get(office, f"/api/reports/{report}?{SPAN}&interval=total&{name}=,") == whole


async def test_agents_read_no_reports(office: Office) -> None:
    await office.sign_in("1001")
    assert (await get(office, "/api/reports", 403))["error_id"] == "forbidden"
