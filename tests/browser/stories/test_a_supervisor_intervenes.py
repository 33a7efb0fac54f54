"""The supervisor sees who talks with whom, reads why, ends a call, and sends an agent to training."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.stories.agent_page import AgentPage
from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import STRAIGHT, Hotline


def test_a_live_call_is_seen_explained_and_ended(hotline: Hotline, sign_in: SignIn, picture: Picture) -> None:
    phone = hotline.phone("1001", answer="auto")
    agent = AgentPage(sign_in("1001"))
    agent.become_ready()
    floor = sign_in("supervisor")
    caller = hotline.call(STRAIGHT, "13800138024")
    rung = hotline.run(phone.next_call(20))
    call = floor.get_by_test_id(f"call-{rung.header('X-CTI-Call-Id')}")
    expect(call).to_contain_text("通话")
    expect(call).to_contain_text("王芳")
    expect(call).to_contain_text("13800138024")
    picture(floor, "supervisor-zh")

    call.get_by_test_id("explain").click()
    expect(floor.locator(".explanation")).to_have_attribute("data-outcome", "connected")
    picture(floor, "supervisor-explanation-zh")
    floor.keyboard.press("Escape")

    call.get_by_test_id("force-hangup").click()
    floor.get_by_test_id("confirm-hangup").click()
    hotline.run(caller.wait_for("ended"))
    agent.shows("wrap_up")
    expect(call).to_have_count(0)
    assert hotline.record("13800138024")["ended_by"] == "supervisor"


def test_an_agent_is_sent_to_training(hotline: Hotline, sign_in: SignIn) -> None:
    hotline.phone("1001")
    agent = AgentPage(sign_in("1001"))
    agent.become_ready()
    floor = sign_in("supervisor")
    row = floor.locator("tr", has_text="王芳").filter(has=floor.get_by_test_id("force"))
    expect(row).to_have_attribute("data-agent-state", "ready")
    row.get_by_test_id("force").click()
    floor.get_by_test_id("reason-training").click()
    expect(row).to_have_attribute("data-agent-state", "training")
    expect(agent.part("presence-state")).to_have_attribute("data-presence", "training")
    agent.says("presence-state", "培训")
