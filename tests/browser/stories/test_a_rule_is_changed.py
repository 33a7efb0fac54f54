"""Story: operations ask more of a queue's agents on the page; the next caller goes to another agent than before."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.stories.conftest import SignIn
from tests.browser.stories.hotline import STRAIGHT, Hotline


def ask_for(page: Page, level: str) -> None:
    """The least level of the skill that the queue asks for, stored on the page."""
    field = page.get_by_label("综合咨询 的等级")
    field.fill(level)
    with page.expect_response("**/api/config/queues/service") as stored:
        page.get_by_test_id("admin-save").click()
    assert stored.value.status == 200, stored.value.text()
    expect(page.get_by_test_id("admin-saved")).to_contain_text("已保存")


def test_the_next_call_obeys(hotline: Hotline, sign_in: SignIn) -> None:
    usual = hotline.colleague("1001")  # service at level 8, ready for longer
    best = hotline.colleague("1004")  # service at level 9
    first = hotline.call(STRAIGHT, "13800138091")
    rung = hotline.run(usual.next_call())
    assert rung.number == "13800138091"
    hotline.run(first.hang_up())
    page = sign_in("ops")
    page.goto("/admin/queues/service")
    ask_for(page, "9")
    try:
        second = hotline.call(STRAIGHT, "13800138092")
        rung = hotline.run(best.next_call())
        assert rung.number == "13800138092"
        hotline.run(second.hang_up())
    finally:
        ask_for(page, "1")
