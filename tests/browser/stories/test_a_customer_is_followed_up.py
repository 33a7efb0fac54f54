"""The agent rings the customer from the follow-up page, writes down the answer, and the order knows call and recording;
a VIP is served before who rang earlier, and who is not wanted is not let in."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ctiserver.clock import SystemClock
from ctiserver.demo.phones import Phone, RegistrationRefused
from ctiserver.desk.words import Action
from ctiserver.desk.work_order import Request
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.desk_user import Account
from ctiserver.store.desk.order_rows import NewOrder
from ctiserver.store.desk.store import open_desk_store
from tests.browser.stories.agent_page import AgentPage
from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import STRAIGHT, Hotline

CUSTOMER = "13800138041"  # an outside number of this ring: hotline.OUTSIDE
VIP, STRANGER, UNWANTED = "13800138045", "13700000501", "13800138046"
TO_FOLLOW_UP: tuple[Action, ...] = ("dispatch", "sign", "begin", "reply", "review", "approve")


async def _order_to_follow_up(url: str) -> tuple[int, str]:
    """An order of the customer's that the crew has replied to and the dispatcher approved."""
    database = Database(url, pool_size=2)
    try:
        async with database.reading() as connection:
            rows = await fetch_all(connection, "SELECT id, login, name, role FROM app_user")
        people = {row["login"]: Account(row["id"], row["name"], row["role"]) for row in rows}
        store = open_desk_store(database, Path("unused"), timezone="Asia/Shanghai", region="CN")
        now = SystemClock().now()
        new = NewOrder(title="回访故事：表井漏水", category="repair.leak", area="CD", caller_number=CUSTOMER)
        made = await store.orders.create(new, people["1004"], now)
        for action in ("request_dispatch", *TO_FOLLOW_UP):
            account = people["crew_east" if action in ("sign", "begin", "reply") else "dispatcher"]
            unit, words = ("repairs_east" if action == "dispatch" else "", "已更换" if action == "reply" else "")
            request = Request(action=action, unit=unit, text=words)
            await store.orders.move(made.order_id, request, account, now, version=0)
        return made.order_id, made.number
    finally:
        await database.close()


@contextmanager
def _customer_phone(hotline: Hotline) -> Generator[Phone]:
    """The customer's own phone stands at the SIP account that has this number."""
    password = secrets.token_urlsafe(12)
    values = f"('{CUSTOMER}', '客户', '{CUSTOMER}', '{password}')"
    add = f"INSERT INTO agent (number, name, extension, sip_password) VALUES {values}"  # noqa: S608 - our own words
    hotline.run(hotline.stack.change(add))
    try:
        yield hotline.run(_registered(hotline, password))
    finally:
        hotline.run(hotline.stack.change(f"UPDATE agent SET retired_at = now() WHERE number = '{CUSTOMER}'"))  # noqa: S608 - ditto


async def _registered(hotline: Hotline, password: str) -> Phone:
    """As soon as Asterisk has got the account."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await hotline.phones.register(CUSTOMER, password, answer="auto", tone_hz=440)
            except RegistrationRefused:  # the account is being pushed
                await asyncio.sleep(0.2)


def test_the_agent_rings_the_customer_and_the_answer_closes_the_order(
    hotline: Hotline, sign_in: SignIn, picture: Picture
) -> None:
    order_id, number = hotline.run(_order_to_follow_up(hotline.stack.ready["database_url"]))
    phone = hotline.phone("1004")
    agent = AgentPage(sign_in("1004"))
    agent.become_ready()
    page = agent.page
    with _customer_phone(hotline) as customer:
        page.goto("/desk/follow-up")
        page.get_by_test_id(f"follow-{number}").click()
        page.get_by_test_id("follow-call").click()
        rung = hotline.run(phone.next_call(30))
        hotline.run(rung.answer())
        asked = hotline.run(customer.next_call(30))
        hotline.run(asked.hears(620))
        page.get_by_test_id("score-satisfaction-4").click()
        page.get_by_test_id("follow-text").fill("已修好，满意")
        picture(page, "desk-follow-up-call-zh")
        hotline.run(rung.hang_up())
        page.get_by_test_id("follow-confirm").click()
        expect(page).to_have_url("/desk/follow-up")
        told = hotline.row("SELECT * FROM work_order WHERE number = :number AND state = 'closed'", number=number)
        assert told["followed_up"]["satisfaction"] == 4
        made = hotline.row(
            "SELECT call_id FROM work_order_call JOIN work_order ON work_order.id = order_id"
            " WHERE number = :number AND kind = 'followed_up'",
            number=number,
        )
        recorded = hotline.row(
            "SELECT status FROM recording WHERE call_id = :call AND status IN ('stored', 'mismatch')",
            call=made["call_id"],
        )
    assert recorded["status"] == "stored"
    page.goto(f"/desk/orders/{order_id}")
    expect(page.get_by_test_id("order-trail")).to_contain_text("已修好，满意")
    expect(page.get_by_test_id("order-page")).to_contain_text("回访")


@pytest.fixture
def rules_of_tags(sign_in: SignIn, picture: Picture) -> Iterator[Page]:
    """Set on the page, taken away afterwards."""
    page = sign_in("ops")
    page.goto("/admin/routing")
    for tag in ("vip", "blacklist"):
        page.get_by_test_id("treatment-tag").fill(tag)
        page.get_by_test_id("treatment-add").click()
    page.get_by_test_id("treatment-vip-head").fill("600")
    page.get_by_test_id("treatment-blacklist-way").select_option("refuse")
    picture(page, "admin-treatments-zh")
    page.get_by_test_id("admin-save").click()
    expect(page.get_by_test_id("admin-saved")).not_to_be_empty()
    yield page
    page.goto("/admin/routing")
    for tag in ("vip", "blacklist"):
        page.get_by_test_id(f"treatment-{tag}").get_by_role("button").click()
    page.get_by_test_id("admin-save").click()
    expect(page.get_by_test_id("admin-saved")).not_to_be_empty()


def test_a_vip_is_next_and_one_on_the_blacklist_is_not_let_in(
    hotline: Hotline, sign_in: SignIn, rules_of_tags: Page
) -> None:
    desk = sign_in("supervisor")
    found = hotline.row("SELECT customer_id AS id FROM customer_phone WHERE e164 = :number", number=f"+86{UNWANTED}")
    desk.goto(f"/desk/customers/{found['id']}")
    desk.get_by_test_id("customer-edit").click()
    desk.get_by_test_id("customer-tags").fill("blacklist")
    desk.get_by_test_id("customer-save").click()
    expect(desk.get_by_test_id("customer-card")).to_contain_text("黑名单")

    refused = hotline.call(STRAIGHT, UNWANTED)
    hotline.run(refused.wait_for("ended", 30))
    assert hotline.record(UNWANTED)["outcome"] == "refused"

    earlier = hotline.call(STRAIGHT, STRANGER)
    hotline.row("SELECT 1 FROM call WHERE caller_number = :number AND queued_at IS NOT NULL", number=STRANGER)
    later = hotline.call(STRAIGHT, VIP)
    hotline.row("SELECT 1 FROM call WHERE caller_number = :number AND queued_at IS NOT NULL", number=VIP)
    phone = hotline.phone("1005")
    agent = AgentPage(sign_in("1005"))
    agent.become_ready()
    hotline.run(phone.next_call(30))
    agent.shows("ringing")
    expect(agent.part("pop-number")).to_contain_text(VIP)
    expect(agent.part("pop-customer")).to_contain_text("VIP")
    for caller in (later, earlier):
        hotline.run(caller.hang_up())
