"""The demo's billing system knows the demo's customers, and each of them in the same way every time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from aiohttp.test_utils import TestClient, TestServer

from ctiserver.demo.billing.accounts import bills_of, find_account
from ctiserver.demo.billing.server import Billing
from ctiserver.demo.seed_customers import customers

TODAY = date(2026, 11, 23)


def test_every_customer_has_an_account_by_its_number_and_by_eight_digits() -> None:
    for columns, _ in customers():
        number = str(columns["customer_number"])
        account = find_account(number, TODAY)
        assert account is not None
        assert (account.name, account.meter_no) == (columns["name"], columns["meter_number"])
        assert find_account(number[-8:], TODAY) == account
    assert find_account("99999999", TODAY) is None
    assert find_account("1", TODAY) is None


def test_arrears_are_the_bills_that_are_due() -> None:
    for index in range(60):
        bills = bills_of(index, TODAY)
        assert [bill.month for bill in bills[:3]] == ["2026-10", "2026-09", "2026-08"]
        assert all(bill.amount == Decimal("3.45") * bill.usage for bill in bills)
    owing = [index for index in range(60) if any(not b.paid and b.due < TODAY for b in bills_of(index, TODAY))]
    assert owing
    assert len(owing) < 30


async def test_it_answers_over_http_with_the_right_token_only() -> None:
    signed = {"Authorization": "Bearer abc"}
    async with TestClient(TestServer(Billing("abc", lambda: TODAY).app())) as http:
        assert (await http.get("/accounts/00010001")).status == 401
        answer = await http.get("/accounts/00010001", headers=signed)
        found = await answer.json()
        assert found["account_no"] == "330100010001"
        assert isinstance(found["arrears"], int | float)
        assert found["bill"]["due"] == "2026-12-10"
        assert len(await (await http.get("/accounts/00010001/bills", headers=signed)).json()) == 6
        assert (await http.get("/accounts/99999999", headers=signed)).status == 404
        outage = await http.get("/areas/城东区/outage", headers=signed)
        assert (await outage.json())["title"] == "和平里一带爆管抢修"
        assert (await http.get("/areas/城西区/outage", headers=signed)).status == 404
        reading = await http.post("/accounts/00010001/meter_readings", json={"reading": 118}, headers=signed)
        assert await reading.json() == {"accepted": True, "reading": 118.0}
        assert (await http.post("/accounts/00010001/meter_readings", data=b"[", headers=signed)).status == 422
