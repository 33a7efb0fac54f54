"""A wrong password, a break with a reason, both languages, and going home."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.stories.agent_page import AgentPage
from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import STRAIGHT, Hotline


def test_a_wrong_password_is_said_in_words(open_page: SignIn, picture: Picture) -> None:
    page = open_page()
    picture(page, "sign-in-zh")
    page.get_by_test_id("login-name").fill("1003")
    page.get_by_test_id("login-password").fill("not this one")
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("login-error")).to_contain_text("账号或密码不正确")
    expect(page.get_by_test_id("login-name")).to_have_value("1003")


def test_a_break_has_a_reason_and_keeps_calls_away(hotline: Hotline, sign_in: SignIn) -> None:
    phone = hotline.phone("1003")
    agent = AgentPage(sign_in("1003"))
    agent.become_ready()
    agent.choose("reason-lunch", "break")
    agent.says("presence-state", "用餐")
    caller = hotline.call(STRAIGHT, "13700000421")
    hotline.run(caller.wait_for("connected"))
    expect(agent.part("queue-service")).to_contain_text("1")
    assert agent.pop.count() == 0
    agent.choose("presence-ready", "ready")
    rung = hotline.run(phone.next_call(20))
    agent.shows("ringing")
    assert rung.number == "13700000421"
    hotline.run(caller.hang_up())


def test_an_agent_without_a_phone_sees_it(hotline: Hotline, sign_in: SignIn) -> None:
    agent = AgentPage(sign_in("1008"))
    expect(agent.part("phone-state")).to_have_attribute("data-phone", "unreachable")
    hotline.phone("1008")
    expect(agent.part("phone-state")).to_have_attribute("data-phone", "reachable")


def test_both_languages_in_the_middle_of_a_call(hotline: Hotline, sign_in: SignIn, picture: Picture) -> None:
    phone = hotline.phone("1003")
    agent = AgentPage(sign_in("1003"))
    agent.become_ready()
    caller = hotline.call(STRAIGHT, "13800138047")
    hotline.run(phone.next_call(20))
    agent.shows("ringing")
    agent.says("pop-region", "北京市")
    agent.part("language-switch").click()
    agent.says("pop-region", "Beijing")
    agent.says("presence-state", "Ready")
    expect(agent.page.locator("html")).to_have_attribute("lang", "en")
    agent.shows("ringing")
    picture(agent.page, "agent-ringing-en")
    agent.part("language-switch").click()
    agent.says("presence-state", "就绪")
    hotline.run(caller.hang_up())


def test_signing_out_leads_back_and_ends_the_shift(hotline: Hotline, sign_in: SignIn) -> None:
    hotline.phone("1003")
    agent = AgentPage(sign_in("1003"))
    agent.become_ready()
    agent.part("sign-out").click()
    expect(agent.part("login-name")).to_be_visible()
    again = AgentPage(sign_in("1003"))
    expect(again.part("presence-state")).to_have_attribute("data-presence", "signed_out")
