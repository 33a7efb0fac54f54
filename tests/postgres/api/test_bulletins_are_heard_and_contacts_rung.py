"""Story: what a bulletin has callers told is an announcement for its places; the contact of an order is rung."""

from __future__ import annotations

from datetime import date

from ctiserver.call.parties import NumberTarget
from ctiserver.ivr.emergency import to_be_heard
from ctiserver.store.hotline import Hotline
from tests.postgres.api.conftest import Office
from tests.postgres.api.test_the_desk_over_http import ask

TODAY = date(2026, 11, 23)
BEGIN, END = 4_000_000_000.0, 4_000_003_600.0  # far ahead: nothing else of the demo holds then
SPOKEN = {"zh-CN": "滨江泵站停电，正在抢修。"}


async def _heard(office: Office, *places: str) -> list[str]:
    settings = await Hotline(office.database).read(TODAY)
    return [one.title for one in to_be_heard(settings.announcements, BEGIN + 1, "96100", places)]


async def test_a_bulletin_is_heard_where_it_holds_until_it_is_withdrawn(office: Office) -> None:
    hotline = Hotline(office.database)
    await office.sign_in("dispatcher")
    before = await hotline.revision()
    bulletin = {"title": "泵站停电", "kind": "outage", "starts_at": BEGIN, "ends_at": END, "areas": ["BJ"]}
    silent = await ask(office, "POST", "/api/bulletins", bulletin)
    assert await _heard(office, "滨江区 和平里") == []
    path = f"/api/bulletins/{silent['id']}"
    said = await ask(office, "PUT", path, {**bulletin, "spoken": SPOKEN, "version": silent["version"]})
    assert await hotline.revision() == before + 2, "the keeper on each node reads anew"
    assert await _heard(office, "滨江区 和平里") == ["泵站停电"]
    assert await _heard(office, "城东区 阳光花园") == []
    assert await _heard(office) == [], "who is unknown lives nowhere"

    narrower = {**bulletin, "spoken": SPOKEN, "estates": ["和平里"], "version": said["version"]}
    said = await ask(office, "PUT", path, narrower)
    assert await _heard(office, "滨江区 江南新村") == []
    assert await _heard(office, "滨江区 和平里") == ["泵站停电"]
    await office.sign_in("supervisor")
    assert await ask(office, "GET", "/api/announcements") == [], "it is changed as a bulletin, not as an announcement"
    await ask(office, "DELETE", path)
    assert await _heard(office, "滨江区 和平里") == []


async def test_a_bulletin_for_an_area_without_districts_is_for_nobody(office: Office) -> None:
    await office.sign_in("ops")
    await ask(office, "PUT", "/api/desk/areas/ZZ", {"name": {"zh-CN": "新区"}, "districts": [], "position": 99})
    bulletin = {"title": "新区停水", "starts_at": BEGIN, "ends_at": END, "areas": ["ZZ"], "spoken": SPOKEN}
    made = await ask(office, "POST", "/api/bulletins", bulletin)
    assert await _heard(office, "城东区 阳光花园") == []
    everywhere = await ask(office, "PUT", f"/api/bulletins/{made['id']}", {**bulletin, "areas": [], "version": 1})
    assert await _heard(office) == ["新区停水"], "no area and no estate: everybody"
    await ask(office, "DELETE", f"/api/bulletins/{everywhere['id']}")


async def test_the_contact_is_rung_by_the_number_that_the_agent_never_sees(office: Office) -> None:
    await office.sign_in("1001")
    new = {"title": "回访测试", "area": "CD", "caller_number": "13911112222", "key": "ring-1"}
    made = await ask(office, "POST", "/api/work-orders", new)
    order = await ask(office, "GET", f"/api/work-orders/{made['order_id']}")
    assert "*" in order["contact_number"]
    rung = await ask(office, "POST", f"/api/work-orders/{made['order_id']}/call", wanted=202)
    assert rung["call_id"] == "n1-a1-1"
    [(_, _, target)] = [command for command in office.centre.commands if command[0] == "dial"]
    assert isinstance(target, NumberTarget)
    assert target.number == "13911112222"

    nobody = await ask(office, "POST", "/api/work-orders", {"title": "没有电话", "area": "CD", "key": "ring-2"})
    refused = await ask(office, "POST", f"/api/work-orders/{nobody['order_id']}/call", wanted=422)
    assert refused["params"]["errors"] == [{"loc": ["body", "contact_number"], "msg": "missing"}]
