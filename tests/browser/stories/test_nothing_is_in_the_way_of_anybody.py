"""axe finds nothing on any page, filled with what a real centre puts there, in either theme."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stories.agent_page import AgentPage
from tests.browser.stories.conftest import WEB, SignIn
from tests.browser.stories.hotline import STRAIGHT, Hotline

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
PAGES = {"/supervisor": "strip", "/wallboard": "wb-body", "/records": "call-row"}

# A button that is just changing its colour has too little contrast for a moment.
UNTIL_SETTLED = """() => Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime !== Infinity).map((one) => one.finished))"""


def _violations(page: Page) -> list[str]:
    page.evaluate(
        AXE.read_text(encoding="utf-8")
    )  # not as a script of the page: its content security policy forbids it
    page.evaluate(UNTIL_SETTLED)
    found = page.evaluate("axe.run().then(({violations}) => violations)")
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe(hotline: Hotline, open_page: SignIn, sign_in: SignIn, theme: str) -> None:
    entrance = open_page(theme=theme)
    expect(entrance.get_by_test_id("login-name")).to_be_visible()
    assert _violations(entrance) == []

    phone = hotline.phone("1001")
    agent = AgentPage(sign_in("1001", theme=theme))
    assert _violations(agent.page) == []
    agent.become_ready()
    caller = hotline.call(STRAIGHT, "13800138045")
    rung = hotline.run(phone.next_call(20))
    agent.shows("ringing")
    assert _violations(agent.page) == []

    floor = sign_in("supervisor", theme=theme)
    expect(floor.get_by_test_id(f"call-{rung.header('X-CTI-Call-Id')}")).to_be_visible()
    for address, part in PAGES.items():
        if address == "/records":
            hotline.run(rung.answer())
            agent.shows("talking")
            assert _violations(agent.page) == []
            hotline.run(caller.hang_up())
            agent.shows("wrap_up")
            assert _violations(agent.page) == []
            hotline.record("13800138045")
        floor.goto(address)
        expect(floor.locator(f".{part}").first).to_be_visible()
        assert _violations(floor) == [], address
