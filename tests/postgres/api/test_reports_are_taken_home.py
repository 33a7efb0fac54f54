"""Files say what the pages say, to the last call, and no cell of them is a formula."""

from __future__ import annotations

import csv
import io

import python_calamine

from tests.postgres.api.conftest import Office
from tests.postgres.api.test_reports_over_http import DAY, SINCE, SPAN, get
from tests.postgres.store.call_stories import abandoned_call, answered_call, arrival
from tests.postgres.store.projecting import project


async def download(office: Office, path: str) -> tuple[bytes, str | None]:
    async with office.http.get(office.url(path)) as answer:
        assert answer.status == 200, await answer.text()
        assert "attachment" in answer.headers["Content-Disposition"]
        return await answer.read(), answer.headers.get("X-Total-Count")


def lines(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


async def test_the_same_figures_in_csv_and_excel(office: Office) -> None:
    await project(office.database, [*answered_call("n1-1"), *abandoned_call("n1-2", at=200, waits=12.0)])
    await office.sign_in("supervisor")
    view = await get(office, f"/api/reports/traffic?{SPAN}&by=queue&interval=hour")
    names = [column["name"]["en"] for column in view["columns"]]
    content, _ = await download(
        office, f"/api/reports/traffic/export?{SPAN}&by=queue&interval=hour&format=csv&language=en"
    )
    heading, *rows = lines(content)
    assert heading[3:] == names
    assert len(rows) == len(view["part"]["rows"]) + 1
    at = names.index("Offered") + 3
    assert [float(row[at]) for row in rows] == [1 + 1, 2]
    assert rows[0][2] == "Repairs"
    packed, _ = await download(office, f"/api/reports/traffic/export?{SPAN}&by=queue&interval=hour&language=en")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(packed))
    sheet = book.get_sheet_by_name("Report").to_python()
    assert sheet[0][3:] == names
    assert [row[at] for row in sheet[1:]] == [2.0, 2.0]
    formulas = {row[0]: row[1] for row in book.get_sheet_by_name("Formulas").to_python()[1:]}
    assert formulas["Service level SL6"] == "a / (A + B − s)"


async def test_another_span_goes_along(office: Office) -> None:
    await project(office.database, [*abandoned_call("n1-2", at=200), *answered_call("n1-1", at=DAY)])
    await office.sign_in("supervisor")
    span = f"from={SINCE + DAY}&to={SINCE + 2 * DAY}&compare_from={SINCE}&compare_to={SINCE + DAY}"
    packed, _ = await download(office, f"/api/reports/calls/export?{span}&by=none&language=zh-CN")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(packed))
    assert book.sheet_names == ["报表", "对比", "指标公式"]
    content, _ = await download(office, f"/api/reports/calls/export?{span}&by=none&format=csv")
    assert ["对比"] in lines(content)


async def test_every_call_of_the_filter_and_no_other(office: Office) -> None:
    steps = [step for number in range(5) for step in abandoned_call(f"n1-{number}", at=100.0 * number)]
    await project(office.database, [*steps, *answered_call("n1-9", at=700)])
    await office.sign_in("supervisor")
    content, total = await download(office, "/api/calls/export?outcome=abandoned&format=csv&language=en")
    heading, *rows = lines(content)
    assert total == "5"
    assert heading[0] == "call"
    shown = await get(office, "/api/calls?outcome=abandoned")
    assert [row[0] for row in rows] == [item["id"] for item in shown["items"]]
    packed, total = await download(office, "/api/calls/export?language=zh-CN&format=xlsx")
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(packed)).get_sheet_by_index(0).to_python()
    assert total == "6"
    assert len(sheet) == 7
    assert sheet[1][:4] == ["n1-9", "2027-01-15 16:11:40", "2027-01-15 16:13:15", "呼入"]


async def test_no_cell_is_a_formula(office: Office) -> None:
    evil = '=HYPERLINK("http://evil.example")'
    await project(office.database, [arrival("n1-1", 0, "13800138000", evil)])
    await office.sign_in("supervisor")
    content, _ = await download(office, "/api/calls/export?format=csv")
    assert lines(content)[1][6] == f"'{evil}"
    packed, _ = await download(office, "/api/calls/export?format=xlsx")
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(packed)).get_sheet_by_index(0).to_python()
    assert sheet[1][6] == evil
    assert b"<f>" not in packed


async def test_who_took_what_home_is_kept(office: Office) -> None:
    await office.sign_in("supervisor")
    await download(office, f"/api/reports/agents/export?{SPAN}&format=csv")
    await download(office, "/api/calls/export?format=csv")
    async with office.database.reading() as connection:
        found = await connection.exec_driver_sql(
            "SELECT action FROM audit_log WHERE action LIKE '%%export' ORDER BY id"
        )
        assert [row[0] for row in found] == ["report.export", "calls.export"]
