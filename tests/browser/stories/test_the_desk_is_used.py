"""The desk's pages on the demo's water company: axe finds nothing in either theme, and what people do there is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from ctiserver.store.desk.customer_sheets import write_sheet
from tests.browser.stories.conftest import WEB, Picture, SignIn

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
PHONE = (390, 844)


@dataclass(frozen=True)
class Scene:
    """`open`: a test id to click once the page is there; `inside`: one that then must be there."""

    address: str
    ready: str
    open: str = ""
    inside: str = ""


SCENES = {
    "orders": Scene("/desk/orders?view=all", "new-order"),
    "new-order": Scene("/desk/orders/new", "order-form-title"),
    "board": Scene("/desk/board", "board-units"),
    "customers": Scene("/desk/customers?query=阳光花园", "customer-search"),
    "customer": Scene("/desk/customers/3?query=阳光花园", "customer-card", "customer-edit", "customer-save"),
    "import": Scene("/desk/customers", "import-customers", "import-customers", "import-file"),
    "knowledge": Scene("/desk/knowledge/1", "article"),
    "article": Scene("/desk/knowledge/1", "article", "article-edit", "article-body"),
    "bulletins": Scene("/desk/bulletins", "new-bulletin", "new-bulletin", "bulletin-title"),
    "directory": Scene("/desk/directory", "directory"),
    "messages": Scene("/desk/messages", "new-task", "new-task", "task-title"),
    "inspection": Scene("/desk/inspection", "inspection-draw", "inspection-draw", "draw-sheet"),
    "follow-up": Scene("/desk/follow-up", "tab-follow-up"),
}


def axe(page: Page) -> list[str]:
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text(encoding="utf-8"))  # evaluated, since the pages forbid inline scripts
    found = page.evaluate("axe.run().then(({violations}) => violations)")
    return [
        f"{page.url} {rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(("theme", "language"), [("light", "zh-CN"), ("dark", "en")])
def test_axe_finds_nothing_on_the_desks_pages(sign_in: SignIn, picture: Picture, theme: str, language: str) -> None:
    page = sign_in("supervisor", theme=theme, language=language)
    violations: list[str] = []
    for name, scene in SCENES.items():
        page.goto(scene.address)
        expect(page.get_by_test_id(scene.ready)).to_be_visible()
        page.wait_for_load_state("networkidle")
        picture(page, f"desk-{name}-{theme}")
        violations += axe(page)
        if scene.open:
            page.get_by_test_id(scene.open).click()
            expect(page.get_by_test_id(scene.inside)).to_be_visible()
            violations += axe(page)
            picture(page, f"desk-{name}-open-{theme}")
    assert violations == []


def test_axe_finds_nothing_on_one_order_and_in_the_field(sign_in: SignIn, picture: Picture) -> None:
    desk = sign_in("supervisor", theme="dark")
    desk.goto("/desk/orders?view=all&unit=repairs_east")
    desk.locator("[data-testid^='order-'] a").first.click()
    expect(desk.get_by_test_id("order-trail")).to_be_visible()
    picture(desk, "desk-one-order-dark")
    field = sign_in("crew_east", size=PHONE)
    expect(field.locator(".field-card").first).to_be_visible()
    picture(field, "desk-field-light")
    violations = axe(desk) + axe(field)
    field.locator(".field-card").first.click()
    expect(field.get_by_test_id("order-trail")).to_be_visible()
    picture(field, "desk-field-order-light")
    violations += axe(field)
    width = field.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE[0], "a phone's page is never wider than the phone"
    assert violations == []


def test_who_was_slower_is_told_what_changed_and_loses_nothing(sign_in: SignIn) -> None:
    first, second = sign_in("dispatcher"), sign_in("supervisor")
    address = _new_order(first, "两人同时处理的工单")
    second.goto(address)
    second.get_by_test_id("action-comment").click()
    second.get_by_test_id("action-text").fill("我来联系用户")
    first.get_by_test_id("action-urge").click()
    first.get_by_test_id("action-send").click()
    expect(first.get_by_test_id("order-trail")).to_contain_text("催办")

    second.get_by_test_id("action-send").click()
    expect(second.get_by_test_id("refusal")).to_contain_text("孙丽")
    expect(second.get_by_test_id("refusal")).to_contain_text("催办")
    expect(second.get_by_test_id("action-text")).to_have_value("我来联系用户")
    second.get_by_test_id("action-send").click()
    expect(second.get_by_test_id("order-trail")).to_contain_text("我来联系用户")


def test_customers_come_from_a_sheet_with_each_bad_row_named_and_duplicates_are_merged(sign_in: SignIn) -> None:
    page = sign_in("supervisor")
    page.goto("/desk/customers")
    page.get_by_test_id("import-customers").click()
    rows = [("欧阳小小", "770001", "13911110001"), ("", "770002", "13911110002"), ("欧阳小小", "770003", "123")]
    sheet = write_sheet(("户名", "户号", "电话"), iter(rows))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_test_id("import-file").set_input_files({"name": "a.xlsx", "mimeType": kind, "buffer": sheet})
    report = page.get_by_test_id("import-report")
    expect(report).to_contain_text("新增 1")
    expect(report).to_contain_text("第 3 行")
    expect(report).to_contain_text("第 4 行")
    page.get_by_test_id("import-write").click()
    expect(report).to_contain_text("已写入：新增 1")
    page.keyboard.press("Escape")

    page.get_by_test_id("new-customer").click()
    page.get_by_test_id("customer-name").fill("欧阳大大")
    page.get_by_test_id("customer-numbers").fill("139 1111 0009")
    page.get_by_test_id("customer-save").click()
    card = page.get_by_test_id("customer-card")
    expect(card).to_contain_text("欧阳大大")
    page.get_by_test_id("customer-merge").click()
    page.get_by_test_id("customer-picker").fill("770001")
    page.locator("[data-testid^='pick-']").first.click()
    page.get_by_test_id("merge-send").click()
    expect(card).to_contain_text("770001")
    expect(card.locator(".phone-number")).to_have_count(2)


def test_a_result_is_published_disputed_and_settled(sign_in: SignIn) -> None:
    page = sign_in("supervisor")
    page.goto("/desk/inspection")
    page.get_by_test_id("inspection-draw").click()
    order_sheet = page.get_by_test_id("draw-sheet").locator("option", has_text="工单质量")
    page.get_by_test_id("draw-sheet").select_option(order_sheet.get_attribute("value"))
    page.get_by_test_id("draw-send").click()
    one = page.locator("[data-testid^='inspection-']", has_text="李娜").first
    one.click()
    page.get_by_test_id("mark-greeting").fill("5")
    expect(page.get_by_test_id("inspection-total")).to_contain_text("95")
    page.get_by_test_id("inspection-publish").click()
    expect(page.get_by_test_id("inspection-results")).to_contain_text("李娜")
    address = page.url

    agent = sign_in("1002")
    agent.goto(address)
    agent.get_by_test_id("inspection-words").fill("已按话术开场")
    agent.get_by_test_id("inspection-dispute").click()
    expect(agent.get_by_test_id("inspection")).to_contain_text("已按话术开场")

    page.goto(address)
    page.get_by_test_id("mark-greeting").fill("10")
    page.get_by_test_id("inspection-words").fill("申诉成立")
    page.get_by_test_id("inspection-settle").click()
    expect(page.get_by_test_id("inspection-total")).to_contain_text("100")


def test_an_outage_gathers_the_orders_of_its_area(sign_in: SignIn) -> None:
    page = sign_in("dispatcher")
    _new_order(page, "家中无水，待并入", area="BJ")
    page.goto("/desk/bulletins")
    page.get_by_role("button", name="停水事件").first.click()
    page.get_by_test_id("outage-title").fill("滨江泵站停电")
    page.get_by_test_id("outage-area").select_option("BJ")
    page.get_by_test_id("outage-category").select_option("repair")
    page.get_by_test_id("outage-declare").click()
    expect(page.get_by_test_id("order-title")).to_have_text("滨江泵站停电")
    expect(page.get_by_test_id("order-page")).to_contain_text("家中无水，待并入")
    page.goto("/desk/bulletins")
    expect(page.get_by_text("滨江泵站停电").first).to_be_visible()


def test_a_task_is_asked_and_answered(sign_in: SignIn) -> None:
    page = sign_in("supervisor")
    page.goto("/desk/messages")
    page.get_by_test_id("new-task").click()
    page.get_by_test_id("task-person").select_option(label="李强 · 班长")
    page.get_by_test_id("task-title").fill("带上备用阀门")
    page.get_by_test_id("task-send").click()
    expect(page.get_by_text("带上备用阀门")).to_be_visible()


def _new_order(page: Page, title: str, area: str = "GX") -> str:
    page.goto("/desk/orders/new")
    page.get_by_test_id("order-form-title").fill(title)
    page.get_by_test_id("order-form-category").select_option("repair.none")
    page.get_by_test_id("order-form-area").select_option(area)
    page.get_by_test_id("order-form-submit").click()
    expect(page).to_have_url(re.compile(r"/desk/orders/\d+$"))
    return page.url
