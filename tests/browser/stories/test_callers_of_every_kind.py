"""A number shared by several customers, a stranger, a hidden number: each looks different at a glance."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.stories.agent_page import AgentPage
from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import STRAIGHT, Hotline


@pytest.mark.parametrize(
    ("number", "match", "words"),
    [
        ("13800138000", "several", "2 位客户登记了此号码"),
        ("13700000411", "unknown", "未登记的号码"),
        ("anonymous", "anonymous", "匿名来电"),
    ],
)
def test_the_card(hotline: Hotline, sign_in: SignIn, picture: Picture, number: str, match: str, words: str) -> None:
    phone = hotline.phone("1001")
    agent = AgentPage(sign_in("1001"))
    agent.become_ready()
    caller = hotline.call(STRAIGHT, number)
    hotline.run(phone.next_call(20))
    agent.shows("ringing")
    expect(agent.part("pop-customer")).to_have_attribute("data-match", match)
    agent.says("pop-customer", words)
    expect(agent.part("pop-number")).to_contain_text("匿名来电" if match == "anonymous" else number)
    picture(agent.page, f"agent-caller-{match}")
    hotline.run(caller.hang_up())


def test_who_calls_again_brings_the_last_contact_along(hotline: Hotline, sign_in: SignIn) -> None:
    phone = hotline.phone("1001", answer="auto")
    agent = AgentPage(sign_in("1001"))
    agent.become_ready()
    first = hotline.call(STRAIGHT, "13800138015", "吴静")
    hotline.run(phone.next_call(20))
    agent.shows("talking")
    agent.part("disposition-complaint").click()
    hotline.run(first.hang_up())
    agent.shows("wrap_up")
    agent.part("wrapup-finish").click()
    agent.does("idle")
    record = hotline.row(
        "SELECT id FROM call WHERE caller_number = '13800138015' AND ended_at IS NOT NULL AND disposition <> ''"
    )

    second = hotline.call(STRAIGHT, "13800138015", "吴静")
    hotline.run(phone.next_call(20))
    agent.shows("talking")
    contact = agent.pop.locator(f'a[href="/records/{record["id"]}"]')
    expect(contact).to_contain_text("投诉")
    expect(contact).to_contain_text("王芳")
    hotline.run(second.hang_up())
