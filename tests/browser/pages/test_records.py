"""Finding a call, seeing its course, hearing it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.pages.conftest import OpenPage


def test_the_address_restores_the_filters(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/records?outcome=abandoned")
    rows = page.locator(".call-row")
    expect(rows.first).to_contain_text("已放弃")
    assert all("已放弃" in text for text in rows.all_inner_texts())
    page.get_by_role("button", name="近 7 天").click()
    expect(page).to_have_url(re.compile(r"from=\d+&to=\d+&outcome=abandoned"))


def test_pages_are_turned_on_the_server(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/records")
    expect(page.get_by_text("第 1 / 3 页")).to_be_visible()
    page.get_by_role("button", name="下一页").click()
    expect(page.get_by_text("第 2 / 3 页")).to_be_visible()
    expect(page).to_have_url(re.compile("page=2"))


def test_a_call_with_its_course_and_its_sound(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/records")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/audio" in request.url else None)
    page.get_by_test_id("record-r1").click()
    detail = page.get_by_test_id("call-detail")
    expect(detail).to_contain_text("排队")
    expect(detail).to_contain_text("无应答")
    assert fetched == [], "listening is logged: nothing may be fetched before somebody asks to hear it"
    page.get_by_test_id("recording-play").click()
    audio = page.get_by_test_id("recording-audio")
    expect(audio).to_have_js_property("duration", 20)
    page.wait_for_function("document.querySelector('audio[data-testid=recording-audio]').currentTime > 0.3")
    expect(page.locator(".player__waves canvas").first).to_be_visible()
    expect(page.locator(".player__time")).to_contain_text("/ 0:20")
    page.get_by_role("button", name="暂停").click()
    expect(audio).to_have_js_property("paused", True)
