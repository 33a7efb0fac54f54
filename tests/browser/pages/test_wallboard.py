"""The wallboard shows what the feed says, in both languages, and fits its screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.conftest import OpenPage, Stub


def test_figures_agents_and_queues(open_page: OpenPage) -> None:
    page = open_page("supervisor", size=(1920, 1080))
    page.goto("/wallboard")
    expect(page.get_by_test_id("wallboard")).to_be_visible()
    for figure in ("waiting", "longest_wait", "answered", "abandoned", "service_level", "service_level_now", "aht"):
        expect(page.get_by_test_id(f"wb-{figure}")).not_to_be_empty()
    for state in ("ready", "talking", "ringing", "wrap_up", "break", "training", "unreachable", "signed_out"):
        expect(page.get_by_test_id(f"wb-agents-{state}")).not_to_be_empty()
    expect(page.get_by_test_id("wb-queue-repairs")).to_contain_text("报修抢修")


def test_the_longest_wait_ticks_by_itself(open_page: OpenPage) -> None:
    page = open_page("supervisor", size=(1920, 1080))
    page.goto("/wallboard")
    longest = page.get_by_test_id("wb-longest_wait")
    before = longest.inner_text()
    expect(longest).not_to_have_text(before)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (3840, 2160)])
def test_nothing_sticks_out(open_page: OpenPage, language: str, size: tuple[int, int]) -> None:
    page = open_page("supervisor", language=language, size=size)
    page.goto("/wallboard")
    expect(page.get_by_test_id("wb-queue-repairs")).to_be_visible()
    assert _sticking_out(page) == []


def _sticking_out(page: Page) -> list[str]:
    return page.evaluate(
        """() => [...document.querySelectorAll('.panel *')]
          .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
          .filter((e) => !e.closest('.visually-hidden'))
          .map((e) => `${e.className || e.tagName}: ${e.textContent.slice(0, 40)}`)"""
    )


def test_boards_take_turns_and_each_role_has_its_own(open_page: OpenPage) -> None:
    page = open_page("ops", size=(1920, 1080))
    page.goto("/wallboard")
    board = page.get_by_test_id("wallboard")
    expect(board).to_have_attribute("data-board", "repairs")
    expect(page.get_by_test_id("wb-queue-bills")).to_have_count(0)
    expect(page.get_by_test_id("wb-aht")).to_have_count(0)
    page.get_by_test_id("wb-choose").select_option("centre")
    expect(board).to_have_attribute("data-board", "centre")
    expect(page.get_by_test_id("wb-aht")).to_have_text("3:34")
    page.get_by_test_id("wb-rotate").click()
    expect(page.get_by_test_id("wb-rotate")).to_have_attribute("aria-pressed", "true")


def test_an_alert_is_acknowledged(open_page: OpenPage, stub: Stub) -> None:
    page = open_page("supervisor", size=(1920, 1080))
    page.goto("/wallboard")
    expect(page.get_by_test_id("wb-waiting")).not_to_be_empty()
    stub.do("alarm")
    page.get_by_test_id("acknowledge-waiting").click()
    expect(page.get_by_test_id("alert-waiting")).to_contain_text("李班长")
    expect(page.get_by_test_id("acknowledge-waiting")).to_have_count(0)


def test_a_link_for_the_hall(open_page: OpenPage) -> None:
    """Made in the settings, opened where nobody is signed in; its key does not stay in the address."""
    page = open_page("admin")
    page.goto("/admin/boardLinks")
    page.get_by_label("名称").first.fill("一楼大厅")
    page.get_by_test_id("add-link").click()
    address = page.get_by_test_id("link-address").inner_text()
    wall = open_page(size=(1920, 1080))
    wall.goto(address)
    expect(wall.get_by_test_id("wallboard")).to_have_attribute("data-board", "centre")
    expect(wall.get_by_test_id("wb-waiting")).not_to_be_empty()
    expect(wall.get_by_text("城东区停水抢修")).to_be_visible()
    expect(wall.locator(".wb-tile")).to_have_count(0)
    assert wall.url.endswith("/board")
    wall.reload()
    expect(wall.get_by_test_id("wb-waiting")).not_to_be_empty()


def test_a_board_is_set_up(open_page: OpenPage) -> None:
    page = open_page("ops")
    page.goto("/admin/boards/repairs")
    page.get_by_test_id("add-figure").click()
    page.get_by_test_id("rule-waiting").get_by_label("目标").fill("1")
    page.get_by_test_id("admin-save").click()
    expect(page.get_by_test_id("admin-saved")).not_to_be_empty()


def test_who_is_written_to_about_alerts_is_kept(open_page: OpenPage) -> None:
    """An address that is none is refused at its field, and nothing of the form is lost."""
    page = open_page("ops")
    page.goto("/admin/boards/repairs")
    mail, sms = page.get_by_label("邮箱"), page.get_by_label("手机号")
    mail.fill("lead@example.com；值班班长")
    sms.fill("13900000001")
    page.get_by_test_id("admin-save").click()
    expect(mail).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("此值无效：no mail address")).to_be_visible()
    expect(sms).to_have_value("13900000001")
    mail.fill("lead@example.com；duty@example.com")
    page.get_by_test_id("admin-save").click()
    expect(page.get_by_test_id("admin-saved")).not_to_be_empty()
    expect(mail).to_have_attribute("aria-invalid", "false")
    page.reload()
    expect(mail).to_have_value("lead@example.com, duty@example.com")
    expect(sms).to_have_value("13900000001")


def test_an_agent_sees_counts_but_no_colleagues(open_page: OpenPage, stub: Stub) -> None:
    page = open_page("agent", size=(1920, 1080))
    page.goto("/wallboard")
    expect(page.get_by_test_id("wb-agents-talking")).not_to_be_empty()
    expect(page.locator(".wb-tile")).to_have_count(0)
