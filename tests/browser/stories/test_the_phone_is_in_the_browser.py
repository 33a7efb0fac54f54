"""The agent's phone is the page itself: a headset instead of a phone on the desk, with the same calls and records."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.stories.agent_page import AgentPage
from tests.browser.stories.browser_phone import VOICE_HZ, choose_browser, give_microphone, hears
from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import CALLER_HZ, STRAIGHT, Hotline


def test_a_caller_and_a_page_hear_each_other(hotline: Hotline, sign_in: SignIn, picture: Picture) -> None:
    hotline.agents.add("1007")
    page = sign_in("1007")
    give_microphone(page)
    agent = AgentPage(page)
    choose_browser(agent)
    agent.become_ready()

    second = page.context.new_page()  # the same agent in another tab: one phone, and it says so
    second.goto("/")
    expect(second.get_by_test_id("phone-choice")).to_have_attribute("data-state", "elsewhere")
    second.close()
    page.bring_to_front()

    caller = hotline.call(STRAIGHT, "13800138071")
    expect(agent.part("answer")).to_be_visible()
    agent.shows("ringing")
    picture(page, "agent-browser-phone-ringing-zh")
    page.keyboard.press("Alt+KeyA")
    agent.shows("talking")
    hotline.run(caller.hears(VOICE_HZ, timeout=30))
    hears(page, CALLER_HZ)

    agent.part("hold").click()
    expect(agent.part("call-flags").locator("[data-flag=held]")).to_be_visible()
    agent.part("hold").click()
    expect(agent.part("call-flags").locator("[data-flag=held]")).to_have_count(0)
    hears(page, CALLER_HZ)
    agent.hang_up.click()
    agent.shows("wrap_up")
    expect(agent.part("phone-choice")).to_have_attribute("data-state", "ready")
    assert hotline.record("13800138071")["outcome"] == "answered"

    agent.part("wrapup-finish").click()
    insistent = hotline.call(STRAIGHT, "13800138072")
    expect(agent.part("reject")).to_be_visible()
    page.keyboard.press("Alt+KeyF")
    expect(agent.part("reject")).to_have_count(0)
    expect(agent.part("answer")).to_be_visible()  # nobody else is there: asked again when left alone long enough
    agent.part("answer").click()
    hotline.run(insistent.hears(VOICE_HZ, timeout=30))
    page.close()  # without a word: the caller must not be left with silence
    hotline.run(insistent.wait_for("ended", timeout=45))
    record = hotline.record("13800138072")
    assert (record["outcome"], record["ended_by"]) == ("answered", "agent")
    causes = "SELECT cause FROM offer WHERE call_id = :id AND outcome = 'refused'"
    assert hotline.row(causes, id=record["id"])["cause"] == "rejected"
