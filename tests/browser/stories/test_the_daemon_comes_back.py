"""kill -9 of the daemon while an agent talks: the page says that it is cut off, and finds the call again by itself."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.stories.agent_page import AgentPage
from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import CALLER_HZ, STRAIGHT, Hotline

LONGEST_RESTART_MS = 90_000  # the daemon's start on a busy machine, then the page's next attempt


def test_the_call_is_still_there(hotline: Hotline, sign_in: SignIn, picture: Picture) -> None:
    phone = hotline.phone("1001")
    agent = AgentPage(sign_in("1001"))
    agent.become_ready()
    caller = hotline.call(STRAIGHT, "13800138003")
    rung = hotline.run(phone.next_call(20))
    hotline.run(rung.answer())
    agent.shows("talking")

    hotline.stack.kill_daemon()
    expect(agent.part("connection")).to_have_attribute("data-state", "offline")
    expect(agent.page.locator(".offline-banner")).to_be_visible()
    agent.shows("talking")  # as it was last known
    picture(agent.page, "agent-offline-zh")
    hotline.run(rung.hears(CALLER_HZ, lasting=1.0))

    expect(agent.part("connection")).to_have_attribute("data-state", "live", timeout=LONGEST_RESTART_MS)
    expect(agent.page.locator(".offline-banner")).to_have_count(0)
    agent.shows("talking")
    agent.does("talking")
    agent.says("pop-number", "13800138003")
    agent.says("pop-customer", "管道老化，曾多次报修。")

    agent.hang_up.click()
    agent.shows("wrap_up")
    hotline.run(caller.wait_for("ended"))
    assert hotline.record("13800138003")["outcome"] == "answered"
