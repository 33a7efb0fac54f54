"""The agent page from ready to wrapped up: what is shown, and that nothing is taken out of anybody's hands."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.conftest import OpenPage, Stub


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    page = open_page("agent")
    expect(page.get_by_test_id("presence-state")).to_have_attribute("data-presence", "signed_out")  # keys are heard
    return page


def test_presence_changes_by_mouse_and_by_hotkey(page: Page) -> None:
    state = page.get_by_test_id("presence-state")
    expect(state).to_have_attribute("data-presence", "signed_out")
    page.keyboard.press("Alt+R")
    expect(state).to_have_attribute("data-presence", "ready")
    page.get_by_test_id("presence-button").click()
    page.get_by_test_id("reason-lunch").click()
    expect(state).to_have_attribute("data-presence", "break")
    expect(state).to_contain_text("用餐")


def test_the_menu_is_walked_with_arrows_and_left_with_escape(page: Page) -> None:
    page.keyboard.press("Alt+P")
    expect(page.get_by_test_id("presence-ready")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("presence-break")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("presence-ready")).to_have_count(0)


def test_a_known_caller_is_shown_whole_while_the_phone_rings(page: Page, stub: Stub) -> None:
    stub.do("pop/known")
    pop = page.get_by_test_id("pop")
    expect(pop).to_have_attribute("data-state", "ringing")
    expect(page.get_by_test_id("pop-number")).to_have_text("13800138021")
    expect(page.get_by_test_id("pop-region")).to_contain_text("北京市")
    expect(page.get_by_test_id("pop-customer")).to_contain_text("20310457")
    expect(page.get_by_test_id("pop-path")).to_contain_text("输入户号")  # the flow gives it a title
    expect(page.get_by_test_id("pop-path")).to_contain_text("main_menu")  # and this one none
    expect(page.get_by_test_id("pop-entered")).to_contain_text("户号")
    expect(page.get_by_test_id("pop-wait")).to_have_text("0:47")
    assert "来电振铃" in page.title()


@pytest.mark.parametrize(
    ("kind", "match", "words"),
    [
        ("several", "several", "2 位客户登记了此号码"),
        ("unknown", "unknown", "未登记的号码"),
        ("anonymous", "anonymous", "匿名来电"),
    ],
)
def test_each_kind_of_caller_has_its_own_look(page: Page, stub: Stub, kind: str, match: str, words: str) -> None:
    stub.do(f"pop/{kind}")
    customer = page.get_by_test_id("pop-customer")
    expect(customer).to_have_attribute("data-match", match)
    expect(customer).to_contain_text(words)


def test_a_pop_never_takes_the_focus_or_the_text_from_a_form(page: Page, stub: Stub) -> None:
    stub.do("pop/known")
    stub.do("answer")
    stub.do("end")
    note = page.get_by_test_id("summary-note")
    note.fill("正在写")
    stub.do("finish")
    stub.do("pop/unknown")
    expect(page.get_by_test_id("pop")).to_have_attribute("data-state", "ringing")
    expect(note).to_be_focused()
    expect(note).to_have_value("正在写")
    page.get_by_role("button", name="转到当前来电").click()
    expect(note).to_have_value("")


def test_the_summary_survives_a_reload_and_is_submitted_with_the_end_of_wrap_up(page: Page, stub: Stub) -> None:
    stub.do("pop/known")
    stub.do("answer")
    page.get_by_test_id("disposition-repair").click()
    page.get_by_test_id("summary-note").fill("楼道漏水")
    page.reload()
    expect(page.get_by_test_id("summary-note")).to_have_value("楼道漏水")
    stub.do("end")
    expect(page.get_by_test_id("wrapup-left")).to_contain_text("0:")
    page.get_by_test_id("wrapup-finish").click()
    expect(page.get_by_test_id("activity-state")).to_have_attribute("data-activity", "idle")
    expect(page.get_by_test_id("pop")).to_have_count(0)
    assert [(one["code"], one["note"]) for one in stub.summaries()] == [("repair", "楼道漏水")]


def test_a_note_without_category_is_asked_for_it(page: Page, stub: Stub) -> None:
    stub.do("pop/known")
    stub.do("answer")
    stub.do("end")
    page.get_by_test_id("summary-note").fill("只有备注")
    page.get_by_test_id("wrapup-finish").click()
    expect(page.get_by_text("请选择一个分类")).to_be_visible()
    page.keyboard.press("Alt+2")
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_test_id("activity-state")).to_have_attribute("data-activity", "idle")
    assert stub.summaries()[0]["code"] == "repair"


def test_hanging_up_is_possible_only_during_a_call(page: Page, stub: Stub) -> None:
    hang_up = page.get_by_test_id("hangup")
    expect(hang_up).to_be_disabled()
    stub.do("pop/known")
    stub.do("answer")
    hang_up.click()
    expect(page.get_by_test_id("pop")).to_have_attribute("data-state", "wrap_up")
    expect(hang_up).to_be_disabled()


def test_more_time_for_wrap_up(page: Page, stub: Stub) -> None:
    stub.do("pop/known")
    stub.do("answer")
    stub.do("end")
    expect(page.get_by_test_id("wrapup-left")).to_contain_text("0:")
    page.keyboard.press("Alt+E")
    expect(page.get_by_test_id("wrapup-left")).to_contain_text("0:5")


def test_the_sheet_of_hotkeys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_test_id("shortcut-sheet")).to_contain_text("挂断当前通话")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("shortcut-sheet")).to_have_count(0)
