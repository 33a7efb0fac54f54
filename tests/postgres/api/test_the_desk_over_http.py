"""Story: agents, dispatchers and crews work on orders over HTTP; what is refused says why."""

from __future__ import annotations

from typing import Any

from ctiserver.store.desk.outbox import OrderOutbox
from tests.postgres.api.conftest import Office

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 2000


async def ask(
    office: Office, method: str, path: str, body: Any = None, *, data: bytes | None = None, wanted: int = 200
) -> Any:
    headers = {"X-CSRF-Token": office.csrf}
    if body is not None:
        answer = await office.http.request(method, office.url(path), json=body, headers=headers)
    else:
        answer = await office.http.request(method, office.url(path), data=data, headers=headers)
    assert answer.status == wanted, await answer.text()
    return await answer.json() if answer.content_type.endswith("json") else await answer.read()


async def act(office: Office, order: Any, action: str, *, wanted: int = 200, **fields: Any) -> Any:
    body = {"action": action, "version": order["version"], **fields}
    return await ask(office, "POST", f"/api/work-orders/{order['id']}/actions", body, wanted=wanted)


async def test_an_order_goes_round(office: Office) -> None:
    await office.sign_in("1001")
    new = {
        "title": "一楼水管爆裂", "category": "repair.leak", "area": "CD", "caller_number": "13800138007", "key": "k1",
        "then": "request_dispatch", "call_ids": ["n1-77"],
    }  # fmt: skip
    made = await ask(office, "POST", "/api/work-orders", new)
    again = await ask(office, "POST", "/api/work-orders", new)
    assert (made["created"], again["created"], again["order_id"]) == (True, False, made["order_id"])
    path = f"/api/work-orders/{made['order_id']}"
    order = await ask(office, "GET", path)
    assert (order["state"], order["caller_number"]) == ("pending_dispatch", "+86****8007")
    refused = await act(office, order, "dispatch", unit="repairs_east", wanted=409)
    assert (refused["error_id"], refused["params"]["why"]) == ("transition_refused", "not_yours")

    await office.sign_in("crew_east")
    assert (await ask(office, "GET", path, wanted=404))["error_id"] == "not_found"

    await office.sign_in("dispatcher")
    order = await ask(office, "GET", path)
    assert order["caller_number"] == "+8613800138007"
    sent = await act(office, order, "dispatch", unit="repairs_east")
    stale = await act(office, order, "dispatch", unit="repairs_west", wanted=409)
    assert (stale["error_id"], stale["params"]["actor"], stale["params"]["action"]) == (
        "stale_version", "孙丽", "dispatch",
    )  # fmt: skip

    await office.sign_in("crew_east")
    notices = await ask(office, "GET", "/api/notices?unread=true")
    assert notices[0]["params"]["number"] == made["number"]
    await ask(office, "POST", "/api/notices/read", {"ids": [notices[0]["id"]]}, wanted=204)
    assert notices[0]["id"] not in [each["id"] for each in await ask(office, "GET", "/api/notices?unread=true")]
    order = await act(office, sent, "sign")
    attached = await ask(office, "POST", f"{path}/attachments?name=现场.jpg", data=JPEG)
    assert await ask(office, "GET", f"{path}/attachments/{attached['id']}") == JPEG
    bad = await ask(office, "POST", f"{path}/attachments?name=x.jpg", data=b"MZ not a picture", wanted=422)
    assert bad["params"]["errors"] == [{"loc": ["body", "file"], "msg": "wrong_kind"}]
    order = await act(office, order, "begin")
    order = await act(office, order, "reply", text="已更换", detail={"cause": "冻裂"})
    assert order["attachments"][0]["name"] == "现场.jpg"
    listed = await ask(office, "GET", "/api/work-orders?text=爆裂")
    assert [row["number"] for row in listed["items"]] == [made["number"]]


async def test_what_is_refused_says_why(office: Office) -> None:
    await office.sign_in("1001")
    for body, loc in (
        ({"title": ""}, ["body", "title"]),
        ({"title": "x", "category": "no.such"}, ["body", "category"]),
        ({"title": "x", "fields": {"a": {"deep": 1}}}, ["body", "fields"]),
        ({"title": "x", "customer_id": 999_999}, ["body", "customer_id"]),
    ):
        refused = await ask(office, "POST", "/api/work-orders", body, wanted=422)
        assert refused["params"]["errors"][0]["loc"] == loc
    assert (await ask(office, "GET", "/api/work-orders?state=sleeping", wanted=422))["error_id"] == "invalid"


async def test_customers_are_kept_and_masked(office: Office) -> None:
    await office.sign_in("1001")
    new = {"name": "测试用户", "customer_number": "990001", "district": "城东区", "numbers": ["138 1111 2222"]}
    added = await ask(office, "POST", "/api/customers", new)
    assert added["numbers"] == ["+86****2222"]
    found = await ask(office, "GET", "/api/customers/find?query=测试用")
    assert [line["id"] for line in found] == [added["id"]]
    for words in ("990001", "13811112222", "2222"):
        assert added["id"] in [line["id"] for line in await ask(office, "GET", f"/api/customers/find?query={words}")]
    changed = {**new, "numbers": ["+86****2222", "13811113333"], "notes": "常客", "version": added["version"]}
    await ask(office, "PUT", f"/api/customers/{added['id']}", changed)
    assert (await ask(office, "PUT", f"/api/customers/{added['id']}", changed, wanted=409))[
        "error_id"
    ] == "stale_version"
    assert (await ask(office, "POST", "/api/customers", new, wanted=409))["error_id"] == "taken"
    await office.sign_in("dispatcher")
    record = await ask(office, "GET", f"/api/customers/{added['id']}/record")
    assert record["numbers"] == ["+8613811112222", "+8613811113333"]


async def test_sheets_knowledge_bulletins_outage_and_inspection(office: Office) -> None:
    await office.sign_in("supervisor")
    sheet = await ask(office, "GET", "/api/customers/export")
    report = await ask(office, "POST", "/api/customers/import", data=sheet)
    assert (report["new"], report["changed"], report["problems"], report["done"]) == (0, 0, [], False)
    assert (await ask(office, "GET", "/api/work-orders/export"))[:2] == b"PK"
    hits = await ask(office, "GET", "/api/knowledge?words=水发黄")
    assert hits[0]["title"] == "停水后水发黄的处理"
    article = await ask(office, "GET", f"/api/knowledge/{hits[0]['id']}")
    body = {"title": article["title"], "body": "新文", "state": "published", "version": article["version"]}
    await ask(office, "PUT", f"/api/knowledge/{article['id']}", body)
    assert (await ask(office, "PUT", f"/api/knowledge/{article['id']}", body, wanted=409))[
        "error_id"
    ] == "stale_version"
    assert [each["version"] for each in await ask(office, "GET", f"/api/knowledge/{article['id']}/versions")] == [2, 1]
    assert "outage" in [bulletin["kind"] for bulletin in await ask(office, "GET", "/api/bulletins")]
    outage = {"title": "计划停水", "area": "GX", "category": "repair", "starts_at": 1.0, "ends_at": 4e9, "key": "o1"}
    declared = await ask(office, "POST", "/api/outages", outage)
    assert declared["incident"]["incident"]
    assert (await ask(office, "POST", "/api/outages", outage))["incident"]["id"] == declared["incident"]["id"]
    assert (await ask(office, "GET", "/api/work-orders/board"))[0]["orders"] > 0
    sheets = await ask(office, "GET", "/api/inspections/sheets")
    order_sheet = next(each for each in sheets if each["subject"] == "order")
    drawn = await ask(office, "POST", "/api/inspections/draw", {"sheet_id": order_sheet["id"], "from": 0.0, "to": 4e9})
    assert drawn["drawn"] > 0
    [first, *_] = await ask(office, "GET", "/api/inspections?state=drawn")
    marks = {each["id"]: each["points"] for each in order_sheet["criteria"]}
    body = {"version": first["version"], "marks": {**marks, "greeting": 5.0}}
    marked = await ask(office, "POST", f"/api/inspections/{first['id']}/marks", body)
    assert (marked["state"], marked["score"]) == ("published", 95.0)


async def test_postgres_is_away_while_an_order_is_made(office: Office) -> None:
    await office.sign_in("1001")
    await ask(office, "GET", "/api/work-orders")  # the session is known from here on, also without Postgres
    desk = office.desk
    waiting = OrderOutbox(office.recordings / "desk" / "outbox")
    with office.away():
        new = {"title": "停电时来电", "area": "CD", "key": "away-1"}
        made = await ask(office, "POST", "/api/work-orders", new)
        assert (made["queued"], made["order_id"]) == (True, None)
        await ask(office, "POST", "/api/work-orders", new)
    assert await waiting.waiting() == 1
    [conversion] = await desk.outbox.drain(desk.orders)
    assert conversion.created
    assert await waiting.waiting() == 0
    again = await ask(office, "POST", "/api/work-orders", new)
    assert (again["created"], again["order_id"]) == (False, conversion.order_id)
