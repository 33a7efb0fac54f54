"""大屏: a caller waits and the figure says so; an agent answers and it goes back to nothing."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import STRAIGHT, Hotline

BIG = (1920, 1080)


def _wallboard(sign_in: SignIn, theme: str) -> Page:
    page = sign_in("supervisor", size=BIG, theme=theme)
    page.goto("/wallboard")
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live")
    return page


def _figure(page: Page, name: str) -> int:
    """The number that stands there, without its explanation."""
    found = re.match(r"\d+", page.get_by_test_id(f"wb-{name}").inner_text())
    assert found, f"wb-{name} shows no number"
    return int(found.group())


def test_a_caller_waits_talks_and_goes(hotline: Hotline, sign_in: SignIn, picture: Picture) -> None:
    page = _wallboard(sign_in, "dark")
    answered, abandoned = _figure(page, "answered"), _figure(page, "abandoned")
    expect(page.get_by_test_id("wb-waiting")).to_have_text("0")

    caller = hotline.call(STRAIGHT, "13700000431")
    expect(page.get_by_test_id("wb-waiting")).to_have_text("1")
    expect(page.get_by_test_id("wb-longest_wait")).to_have_text(re.compile(r"^\d+:\d\d$"))
    expect(page.get_by_test_id("wb-queue-service").locator("td").first).to_have_text("1")
    impatient = hotline.call(STRAIGHT, "13700000432")
    expect(page.get_by_test_id("wb-waiting")).to_have_text("2")
    picture(page, "wallboard-dark-waiting")
    hotline.run(impatient.hang_up())
    expect(page.get_by_test_id("wb-waiting")).to_have_text("1")
    expect(page.get_by_test_id("wb-abandoned")).to_have_text(str(abandoned + 1))

    phone = hotline.colleague("1004")
    rung = hotline.run(phone.next_call(20))
    expect(page.get_by_test_id("wb-agents-ringing")).to_have_text("1")
    hotline.run(rung.answer())
    expect(page.get_by_test_id("wb-waiting")).to_have_text("0")
    expect(page.get_by_test_id("wb-agents-talking")).to_have_text("1")
    expect(page.get_by_test_id("wb-answered")).to_have_text(str(answered + 1))
    hotline.run(caller.hang_up())
    expect(page.get_by_test_id("wb-agents-talking")).to_have_text("0")
    expect(page.get_by_test_id("wb-agents-wrap_up")).to_have_text("1")


def test_a_full_floor(hotline: Hotline, sign_in: SignIn, picture: Picture) -> None:
    page = _wallboard(sign_in, "light")
    for login in ("1001", "1002", "1003"):
        hotline.colleague(login, answer="auto")
    callers = [hotline.call(STRAIGHT, f"1370000044{n}") for n in range(4)]
    expect(page.get_by_test_id("wb-agents-talking")).to_have_text("3")
    expect(page.get_by_test_id("wb-waiting")).to_have_text("1")
    picture(page, "wallboard-light-full")
    for caller in callers:
        hotline.run(caller.hang_up())
    expect(page.get_by_test_id("wb-waiting")).to_have_text("0")
    expect(page.get_by_test_id("wb-agents-talking")).to_have_text("0")


def test_a_screen_under_a_link_moves_and_goes_dark_when_the_link_is_taken_back(
    hotline: Hotline, sign_in: SignIn, open_page: SignIn
) -> None:
    ops = sign_in("ops")
    ops.goto("/admin/boardLinks")
    ops.get_by_label("名称").first.fill("一楼大厅")
    ops.get_by_test_id("add-link").click()
    address = ops.get_by_test_id("link-address").inner_text()

    wall = open_page(size=BIG)  # nobody has signed in there
    wall.goto(address)
    expect(wall.get_by_test_id("connection")).to_have_attribute("data-state", "live")
    expect(wall.get_by_test_id("wb-waiting")).to_have_text("0")
    abandoned = _figure(wall, "abandoned")
    caller = hotline.call(STRAIGHT, "13700000451")
    expect(wall.get_by_test_id("wb-waiting")).to_have_text("1")
    assert "13700000451" not in wall.content()
    hotline.run(caller.hang_up())
    expect(wall.get_by_test_id("wb-waiting")).to_have_text("0")
    expect(wall.get_by_test_id("wb-abandoned")).to_have_text(str(abandoned + 1))

    ops.get_by_role("row", name="一楼大厅").get_by_role("button", name="撤销").click()
    expect(wall.get_by_text("此链接无效、已撤销或已到期")).to_be_visible()
    expect(wall.get_by_test_id("wb-waiting")).to_have_count(0)
    wall.reload()
    expect(wall.get_by_text("此链接无效、已撤销或已到期")).to_be_visible()
