"""Somebody signs in, and sees what the role may see."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.pages.conftest import OpenPage


def test_a_wrong_password_is_said_in_words_and_the_form_stays(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_test_id("login-name").fill("agent")
    page.get_by_test_id("login-password").fill("wrong")
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("login-error")).to_contain_text("账号或密码不正确")
    expect(page.get_by_test_id("login-name")).to_have_value("agent")


def test_an_agent_comes_to_the_agent_page_and_cannot_open_the_supervisors(open_page: OpenPage) -> None:
    page = open_page("agent")
    expect(page).to_have_url(re.compile("/agent$"))
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live")
    page.goto("/supervisor")
    expect(page).to_have_url(re.compile("/agent$"))


def test_a_supervisor_comes_to_the_floor(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    expect(page).to_have_url(re.compile("/supervisor$"))
    expect(page.get_by_test_id("call-c1")).to_be_visible()
    expect(page.get_by_test_id("agent-2")).to_contain_text("客服一组")
    expect(page.locator(".shell__user")).to_contain_text("客服一组")


def test_the_language_changes_at_once_and_is_remembered(open_page: OpenPage) -> None:
    page = open_page("agent")
    page.get_by_test_id("language-switch").click()
    expect(page.get_by_role("heading", name="Queues")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Queues")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_signing_out_leads_back_to_the_sign_in_page(open_page: OpenPage) -> None:
    page = open_page("agent")
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("login-name")).to_be_visible()
