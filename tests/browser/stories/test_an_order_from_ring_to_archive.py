"""From the ringing phone to the archive: an order made in the call, returned, sent again, urged by a second call, done
on a phone-sized page, followed up unsatisfied, redone, satisfied, archived. The trail shows every step."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.stories.agent_page import AgentPage
from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import STRAIGHT, Hotline

CALLER = "13800138029"  # a customer of the western area who has no order yet
TITLE = "厨房水管爆裂，水往外喷"
PHONE = (390, 844)
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 2000
STEPS = [
    "submit", "request_dispatch", "dispatch", "return", "dispatch", "sign", "urge", "arrive", "begin", "reply",
    "review", "approve", "redo", "dispatch", "sign", "begin", "reply", "review", "approve", "confirm", "archive",
]  # fmt: skip


def test_from_ring_to_archive(hotline: Hotline, sign_in: SignIn, picture: Picture) -> None:
    phone = hotline.phone("1003")
    agent = AgentPage(sign_in("1003"))
    agent.become_ready()

    first = hotline.call(STRAIGHT, CALLER)
    rung = hotline.run(phone.next_call(30))
    agent.shows("ringing")
    expect(agent.part("caller-orders")).to_be_visible()
    hotline.run(rung.answer())
    agent.shows("talking")
    number = _make_order(agent, picture)
    _end_call(hotline, agent, first)

    dispatcher = sign_in("dispatcher")
    expect(dispatcher).to_have_url(re.compile("/desk/board$"))
    east = sign_in("crew_east", size=PHONE)
    expect(east).to_have_url(re.compile("/field$"))
    _dispatch(dispatcher, number, "repairs_east", picture)
    _open_card(east, number)
    _do(east, "return", reason="wrong_area", text="地址在城西，不属于东片")
    _dispatch(dispatcher, number, "repairs_west")

    west = sign_in("crew_west", size=PHONE)
    picture(west, "desk-field-inbox-zh")
    _open_card(west, number)
    _do(west, "sign")

    second = hotline.call(STRAIGHT, CALLER)
    rung = hotline.run(phone.next_call(30))
    hotline.run(rung.answer())
    agent.shows("talking")
    agent.part(f"urge-{number}").click()
    expect(agent.part("caller-orders")).to_contain_text("催办 1 次")
    picture(agent.page, "desk-second-call-zh")
    _end_call(hotline, agent, second)

    urged = west.get_by_test_id("order-trail").locator("li[data-action='urge']")
    expect(urged).to_have_count(1)  # the open page reads the order again by itself
    _do(west, "arrive")
    west.get_by_test_id("attachment-input").set_input_files(
        {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": JPEG}
    )
    expect(west.get_by_role("link", name=re.compile("现场.jpg"))).to_be_visible()
    _do(west, "begin")
    picture(west, "desk-field-order-zh")
    _do(west, "reply", text="更换爆裂管段，已恢复供水")
    _review(dispatcher, number)
    picture(dispatcher, "desk-order-zh")

    _open_follow_up(agent.page, number)
    agent.page.get_by_test_id("follow-redo").click()
    expect(agent.page.get_by_test_id("refusal")).to_contain_text("原因")
    agent.page.get_by_test_id("follow-reason").select_option("came_back")
    agent.page.get_by_test_id("follow-text").fill("修好一天后又漏")
    picture(agent.page, "desk-follow-up-zh")
    agent.page.get_by_test_id("follow-redo").click()
    expect(agent.page).to_have_url(re.compile("/desk/follow-up$"))

    _dispatch(dispatcher, number, "repairs_west")
    _open_card(west, number)
    for action in ("sign", "begin"):
        _do(west, action)
    _do(west, "reply", text="整段更换并加固")
    _review(dispatcher, number)

    _open_follow_up(agent.page, number)
    agent.page.get_by_test_id("score-satisfaction-4").click()
    agent.page.get_by_test_id("follow-confirm").click()
    expect(agent.page).to_have_url(re.compile("/desk/follow-up$"))

    _open_order(dispatcher, number)
    expect(dispatcher.get_by_test_id("order-state")).to_have_attribute("data-state", "closed")
    _do(dispatcher, "archive")
    expect(dispatcher.get_by_test_id("order-state")).to_have_attribute("data-state", "archived")
    expect(dispatcher.get_by_text("您现在没有可执行的操作")).to_be_visible()
    trail = dispatcher.get_by_test_id("order-trail").locator("li")
    expect(trail).to_have_count(len(STEPS))
    done = [row.get_attribute("data-action") for row in trail.all()]
    assert list(reversed(done)) == STEPS
    expect(dispatcher.get_by_test_id("order-page")).to_contain_text("来电催办")
    expect(dispatcher.get_by_role("link", name=re.compile("现场.jpg"))).to_be_visible()
    picture(dispatcher, "desk-archived-zh")


def _make_order(agent: AgentPage, picture: Picture) -> str:
    """With one key; what the call knows is filled in already."""
    agent.page.keyboard.press("Alt+o")
    form = agent.part("order-form")
    expect(form).to_be_visible()
    expect(agent.part("order-form-area")).to_have_value("CX")
    expect(agent.part("order-form-address")).to_have_value(re.compile("城西区"))
    agent.part("order-form-submit").click()
    expect(agent.part("refusal")).to_contain_text("标题")
    agent.part("order-form-title").fill(TITLE)
    agent.part("order-form-category").select_option("repair.leak")
    agent.page.reload()  # what was written is still there
    agent.shows("talking")
    agent.page.keyboard.press("Alt+o")
    expect(agent.part("order-form-title")).to_have_value(TITLE)
    picture(agent.page, "desk-order-in-call-zh")
    agent.part("order-form-submit").dblclick()
    expect(agent.part("caller-orders")).to_contain_text(TITLE)
    link = agent.part("caller-orders").get_by_role("link", name=re.compile(r"^CX-\d{8}-\d{4}$"))
    expect(link).to_have_count(1)  # a double click makes one order
    return link.inner_text()


def _end_call(hotline: Hotline, agent: AgentPage, caller: object) -> None:
    agent.hang_up.click()
    agent.does("wrap_up")
    agent.part("disposition-repair").click()
    agent.part("wrapup-finish").click()
    agent.does("idle")


def _dispatch(page: Page, number: str, unit: str, picture: Picture | None = None) -> None:
    page.goto("/desk/board")
    card = page.get_by_test_id(f"waiting-{number}")
    expect(card).to_be_visible()
    if picture is not None:
        picture(page, "desk-board-zh")
    card.get_by_test_id("board-unit").select_option(unit)
    card.get_by_test_id("board-dispatch").click()
    expect(card).to_have_count(0)


def _open_card(page: Page, number: str) -> None:
    page.goto("/field")
    page.get_by_test_id(f"card-{number}").click()
    expect(page.get_by_test_id("order-trail")).to_be_visible()


def _do(page: Page, action: str, reason: str = "", text: str = "") -> None:
    """Done when the trail says so, or when the order has left who did it (a return)."""
    step = page.get_by_test_id("order-trail").locator(f"li[data-action='{action}']")
    before = step.count()
    button = page.get_by_test_id(f"action-{action}")
    button.click()
    if reason:
        page.get_by_test_id("action-reason").select_option(reason)
    if text:
        page.get_by_test_id("action-text").fill(text)
    if reason or text:
        page.get_by_test_id("action-send").click()
        expect(page.get_by_test_id("action-send")).to_have_count(0)
    if action != "return":
        expect(step).to_have_count(before + 1)


def _open_order(page: Page, number: str) -> None:
    page.goto(f"/desk/orders?text={number}")
    page.get_by_test_id(f"order-{number}").get_by_role("link").click()
    expect(page.get_by_test_id("order-number")).to_have_text(number)


def _review(page: Page, number: str) -> None:
    _open_order(page, number)
    _do(page, "review")
    _do(page, "approve")


def _open_follow_up(page: Page, number: str) -> None:
    page.goto("/desk/follow-up")
    page.get_by_test_id(f"follow-{number}").click()
    expect(page.get_by_test_id("follow-text")).to_be_visible()
