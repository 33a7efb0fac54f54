"""Story: ops make a shift, the supervisor puts somebody on it; flows know at once who is on duty."""

from __future__ import annotations

from datetime import date
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.stories.conftest import SignIn
from tests.browser.stories.hotline import Hotline

SHIFT = "测试夜班"


def duties(page: Page, day: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = page.request.get("/api/duties", params={"from": day, "to": day}).json()
    return [each for each in listed if each["shift"] == SHIFT]


def test_a_shift_is_made_and_somebody_put_on_it(hotline: Hotline, sign_in: SignIn) -> None:
    page = sign_in("ops")
    page.goto("/admin/shifts")
    page.get_by_test_id("admin-new").click()
    page.get_by_label("班次名称").fill(SHIFT)
    page.get_by_label("周一").fill("25:00-26:00")
    page.get_by_test_id("admin-save").click()
    expect(page.get_by_test_id("admin-problem")).to_be_visible()
    page.get_by_label("周一").fill("03:00-03:01")
    page.get_by_test_id("admin-save").click()
    expect(page.get_by_test_id(f"admin-row-{SHIFT}")).to_be_visible()

    supervisor = sign_in("supervisor")
    supervisor.goto("/admin/roster")
    expect(supervisor.get_by_test_id("roster-week")).to_be_visible()
    first = supervisor.get_by_test_id("roster").locator(f"td[data-testid$='{SHIFT}']").first
    cell = first.get_attribute("data-testid") or ""
    monday = cell.removeprefix("duty-").removesuffix(f"-{SHIFT}")
    assert date.fromisoformat(monday).isoweekday() == 1
    first.get_by_role("combobox").select_option(index=1)
    expect(first.get_by_role("listitem")).to_have_count(1)
    assert len(duties(supervisor, monday)) == 1
    first.get_by_role("button").click()
    expect(first.get_by_role("listitem")).to_have_count(0)
    assert duties(supervisor, monday) == []

    page.get_by_test_id("admin-delete").click()
    page.get_by_test_id("admin-delete-sure").click()
    expect(page.get_by_test_id(f"admin-row-{SHIFT}")).to_have_count(0)
