"""The supervisor's page: listening and its modes, callers who wait, help, a line to everybody; asked twice only where
something cannot be taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.conftest import OpenPage, Stub


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    page = open_page("supervisor")
    page.goto("/supervisor")
    expect(page.get_by_test_id("call-c1")).to_be_visible()
    return page


def test_an_agent_is_listened_to_in_every_mode_with_the_chosen_phone(page: Page, stub: Stub) -> None:
    page.get_by_test_id("listening-phone").select_option("1008")
    page.get_by_test_id("agent-3").get_by_test_id("watch").click()
    watching = page.get_by_test_id("watching")
    expect(watching).to_contain_text("张伟")
    for mode in ("whisper", "barge", "listen"):
        page.get_by_test_id(f"mode-{mode}").click()
        expect(watching).to_have_attribute("data-mode", mode)
    page.get_by_test_id("watch-end").click()
    expect(watching).to_have_count(0)
    first, *others = stub.acts()
    assert first == {"act": "supervise", "agent_id": 3, "mode": "listen", "phone": "1008"}, "nobody hears it begin"
    assert [act.get("mode") or act["state"] for act in others] == ["whisper", "barge", "listen", "ended"]


def test_who_is_in_a_menu_stands_under_its_title(page: Page) -> None:
    in_menus = page.locator(".floor__calls tr", has_text="语音菜单")
    expect(in_menus.first).to_contain_text("报修菜单")


def test_listening_moves_from_one_agent_to_the_next(page: Page, stub: Stub) -> None:
    page.get_by_test_id("agent-3").get_by_test_id("watch").click()
    expect(page.get_by_test_id("watching")).to_contain_text("张伟")
    page.get_by_test_id("agent-4").get_by_test_id("watch").click()
    expect(page.get_by_test_id("watching")).to_contain_text("刘洋")
    expect(page.get_by_test_id("watching")).to_have_count(1)


def test_an_agent_who_asks_for_help_is_helped(page: Page, stub: Stub) -> None:
    stub.do("help")
    asked = page.get_by_test_id("help-3")
    expect(asked).to_contain_text("张伟 求助")
    expect(asked).to_contain_text("客户要求赔偿")
    asked.get_by_test_id("help-answer").click()
    expect(asked).to_contain_text("正在协助")
    expect(asked.get_by_test_id("help-answer")).to_have_count(0)


def test_a_caller_who_waits_goes_ahead_and_elsewhere(page: Page, stub: Stub) -> None:
    row = page.locator("tr[data-testid^=call-]").filter(has=page.get_by_test_id("adjust")).first
    row.get_by_test_id("adjust").click()
    page.get_by_test_id("priority-300").click()
    expect(row).to_contain_text("已优先")
    row.get_by_test_id("adjust").click()
    page.get_by_test_id("move-bills").click()
    expect(row).to_contain_text("账单水费")
    ahead, moved = stub.acts()
    assert (ahead["priority_s"], moved["queue_id"]) == (300, "bills")


def test_a_call_is_ended_only_after_a_question(page: Page, stub: Stub) -> None:
    row = page.get_by_test_id("call-c1")
    row.get_by_test_id("force-hangup").click()
    page.get_by_role("button", name="取消").click()
    expect(row).to_be_visible()
    row.get_by_test_id("force-hangup").click()
    page.get_by_test_id("confirm-hangup").click()
    expect(row).to_have_count(0)


def test_without_a_phone_of_their_own_nobody_takes_a_call_over(page: Page) -> None:
    button = page.get_by_test_id("take-over").first
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("title", "您的账号没有坐席话机")


def test_a_line_is_sent_to_a_team_and_kept_in_sight(page: Page, stub: Stub) -> None:
    page.get_by_test_id("broadcast").click()
    page.get_by_label("发给").select_option("service_2")
    page.get_by_test_id("broadcast-text").fill("16:00 开班会")
    page.get_by_test_id("broadcast-send").click()
    expect(page.get_by_test_id("broadcast-text")).to_have_count(0)
    assert stub.acts() == [{"act": "broadcast", "text": "16:00 开班会", "team": "service_2"}]
    page.get_by_test_id("broadcast").click()
    expect(page.get_by_label("本班已发")).to_contain_text("16:00 开班会")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_tables_fit_the_screen(open_page: OpenPage, language: str) -> None:
    page = open_page("supervisor", language=language)
    page.goto("/supervisor")
    expect(page.get_by_test_id("call-c1")).to_be_visible()
    hidden = page.evaluate(
        "[...document.querySelectorAll('.table-box')].map((box) => box.scrollWidth - box.clientWidth)"
    )
    assert hidden == [0, 0]
