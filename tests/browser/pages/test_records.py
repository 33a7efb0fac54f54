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
    expect(page.locator(".player__stretches")).to_contain_text("录音暂停")
    expect(page.locator(".story__cursor")).to_have_count(1)
    page.get_by_role("button", name="暂停").click()
    expect(audio).to_have_js_property("paused", True)


def test_the_picture_of_a_call_has_all_that_happened(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/records/r1")
    picture = page.locator(".story__picture")
    for lane in ("语音菜单", "排队", "派发", "通话", "转接与多方", "录音"):
        expect(picture.get_by_role("heading", name=lane, exact=True)).to_be_visible()
    expect(picture).to_contain_text("咨询转接 → 1003 · 无人接听，已返回")
    narrow = picture.bounding_box()
    page.get_by_role("button", name="4×").click()
    wide = picture.bounding_box()
    assert narrow is not None
    assert wide is not None
    assert wide["width"] > 3.5 * narrow["width"]


def test_any_condition_stands_in_the_address(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/records")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/calls?" in request.url else None)
    page.get_by_test_id("more-filters").click()
    page.get_by_label("小结备注").fill("漏水")
    page.get_by_label("小结备注").press("Enter")
    page.get_by_label("通话（秒） 至少").fill("30")
    page.get_by_label("通话（秒） 至少").press("Tab")
    expect(page).to_have_url(re.compile(r"talk_from_s=30"))
    page.reload()
    expect(page.get_by_label("小结备注")).to_have_value("漏水")
    assert "talk_from_s=30" in asked[-1]
    page.get_by_role("button", name="清除条件").click()
    expect(page).to_have_url(re.compile(r"/records$"))


def test_an_agent_takes_no_recording_away(open_page: OpenPage) -> None:
    page = open_page("agent")
    page.goto("/records/r1")
    expect(page.get_by_test_id("recording-play")).to_be_visible()
    expect(page.get_by_role("link", name="下载")).to_have_count(0)


def test_a_call_is_marked_commented_and_found_again(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/records/r2")
    page.get_by_test_id("mark-complaint").click()
    expect(page.get_by_test_id("mark-complaint")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("comment-text").fill("语气不耐烦")
    page.get_by_test_id("comment-send").click()
    expect(page.locator(".notes__comments")).to_contain_text("语气不耐烦")
    row = page.get_by_test_id("record-r2")
    expect(row).to_contain_text("投诉风险")
    expect(row).to_contain_text("评论 1")
    page.get_by_role("button", name="删除").click()
    expect(page.locator(".notes__comments li")).to_have_count(0)

    page.goto("/records?mark=complaint")
    expect(page.locator(".call-row")).to_have_count(1)
    page.get_by_test_id("keep-search").click()
    page.get_by_test_id("search-name").fill("投诉风险的通话")
    page.get_by_test_id("search-save").click()
    expect(page.get_by_test_id("saved-searches")).to_contain_text("投诉风险的通话")
    page.get_by_test_id("saved-searches").click()
    page.get_by_title("组内长通话").click()
    expect(page).to_have_url(re.compile(r"from=\d+&to=\d+&talk_from_s=600"))
    expect(page.locator(".call-row").nth(3)).to_be_visible()


def test_comments_stand_on_the_time_line(open_page: OpenPage) -> None:
    page = open_page("supervisor")
    page.goto("/records/r1")
    expect(page.locator(".story__pin")).to_have_text("客户要求当天回访")
    expect(page.locator(".notes__comments")).to_contain_text("李班长")
