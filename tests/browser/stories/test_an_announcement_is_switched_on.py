"""Story: the shift leader tells callers of a burst main in a minute, without touching a flow, and ends it again."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.stories.conftest import SignIn
from tests.browser.stories.hotline import Hotline

TITLE = "城东爆管"
NOBODY_RINGS = "96199"  # the stack is shared: other stories' callers shall not hear it


def stored(page: Page) -> dict[str, Any] | None:
    listed: list[dict[str, Any]] = page.request.get("/api/announcements").json()
    return next((each for each in listed if each["title"] == TITLE), None)


def save(page: Page) -> None:
    with page.expect_response(lambda answer: answer.request.method != "GET" and "/announcements" in answer.url):
        page.get_by_test_id("admin-save").click()  # off also while it is being saved
    expect(page.get_by_test_id("admin-save")).to_be_disabled()
    expect(page.get_by_test_id("admin-problem")).to_have_count(0)


def test_it_is_switched_on_and_off(hotline: Hotline, sign_in: SignIn) -> None:
    page = sign_in("supervisor")
    page.goto("/admin/announcements")
    page.get_by_test_id("admin-new").click()
    page.get_by_label("名称").fill(TITLE)
    page.get_by_label("中文内容").fill("城东主管道爆管，预计今晚八点恢复供水。")
    page.get_by_label("热线号码").fill(NOBODY_RINGS)
    save(page)
    made = stored(page)
    assert made is not None
    assert (made["enabled"], made["dialled"], made["areas"]) == (True, [NOBODY_RINGS], [])
    assert "八点" in made["texts"]["zh-CN"]

    page.get_by_test_id(f"admin-row-{made['id']}").click()
    page.get_by_label("启用").uncheck()
    save(page)
    changed = stored(page)
    assert changed is not None
    assert changed["enabled"] is False
    assert changed["version"] > made["version"]

    page.get_by_test_id("admin-delete").click()
    page.get_by_test_id("admin-delete-sure").click()
    expect(page.get_by_test_id(f"admin-row-{made['id']}")).to_have_count(0)
    assert stored(page) is None
