"""The main job as the agent sees it: the card while the phone rings, talking, hanging up, wrap-up, the record."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.stories.agent_page import AgentPage
from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import BILLS, CALLER_HZ, Hotline


def test_from_ringing_to_the_finished_summary(hotline: Hotline, sign_in: SignIn, picture: Picture) -> None:
    phone = hotline.phone("1002", tone_hz=740)
    agent = AgentPage(sign_in("1002"))
    expect(agent.page).to_have_url(re.compile("/agent$"))
    agent.become_ready()
    agent.does("idle")

    caller = hotline.call(BILLS, "13800138008", "陈艳")
    hotline.run(caller.wait_for("connected"))
    hotline.run(caller.dtmf("1", method="info"))
    hotline.run(caller.dtmf("12345678#", method="info"))
    rung = hotline.run(phone.next_call(20))

    agent.shows("ringing")
    assert rung.event("answered") is None, "the card must be there before anybody picks up"
    assert agent.pop.get_attribute("data-call-id") == rung.header("X-CTI-Call-Id")
    agent.says("pop-number", "13800138008")
    agent.says("pop-region", "北京市")
    agent.says("pop-customer", "330100010009")
    agent.says("pop-customer", "独居老人，请放慢语速。")
    agent.says("pop-path", "ask_account")
    agent.says("pop-entered", "12345678")
    expect(agent.part("pop-wait")).to_have_text(re.compile(r"^\d+:\d\d$"))
    agent.does("ringing")
    picture(agent.page, "agent-ringing-zh")

    hotline.run(rung.answer())
    agent.shows("talking")
    agent.does("talking")
    hotline.run(caller.hears(740))
    hotline.run(rung.hears(CALLER_HZ))
    agent.part("disposition-bill_query").click()
    agent.part("summary-note").fill("解释上月水费")
    picture(agent.page, "agent-talking-zh")

    agent.hang_up.click()
    agent.shows("wrap_up")
    agent.does("wrap_up")
    hotline.run(caller.wait_for("ended"))
    hotline.run(rung.wait_for("ended"))
    assert not caller.hung_up_here
    assert not rung.hung_up_here
    expect(agent.part("wrapup-left")).to_have_text(re.compile(r"0:0\d"))
    picture(agent.page, "agent-wrap-up-zh")

    agent.part("wrapup-finish").click()
    agent.does("idle")
    expect(agent.pop).to_have_count(0)
    expect(agent.part("presence-state")).to_have_attribute("data-presence", "ready")

    record = hotline.record("13800138008")
    assert (record["outcome"], record["ended_by"], record["queue_id"]) == ("answered", "agent", "bills")
    chosen = hotline.row("SELECT * FROM call WHERE id = :id AND disposition <> ''", id=record["id"])
    assert chosen["disposition"] == "bill_query"


def test_wrap_up_ends_by_itself_and_can_be_prolonged(hotline: Hotline, sign_in: SignIn) -> None:
    phone = hotline.phone("1002", answer="auto")
    agent = AgentPage(sign_in("1002"))
    agent.become_ready()
    caller = hotline.call(BILLS, "13700000401")
    hotline.run(caller.wait_for("connected"))
    hotline.run(caller.dtmf("0", method="info"))
    hotline.run(phone.next_call(20))
    agent.shows("talking")
    hotline.run(caller.hang_up())
    agent.does("wrap_up")
    agent.part("wrapup-extend").click()
    expect(agent.part("wrapup-left")).to_have_text(re.compile(r"0:3\d"))
    agent.part("wrapup-finish").click()
    agent.does("idle")

    again = hotline.call(BILLS, "13700000402")
    hotline.run(again.wait_for("connected"))
    hotline.run(again.dtmf("0", method="info"))
    hotline.run(phone.next_call(20))
    agent.shows("talking")
    hotline.run(again.hang_up())
    agent.does("wrap_up")
    agent.does("idle")  # by itself, after ten seconds


def test_a_caller_who_gives_up_takes_the_card_away(hotline: Hotline, sign_in: SignIn) -> None:
    phone = hotline.phone("1002")
    agent = AgentPage(sign_in("1002"))
    agent.become_ready()
    caller = hotline.call("200", "13700000403")
    hotline.run(phone.next_call(20))
    agent.shows("ringing")
    hotline.run(caller.hang_up())
    expect(agent.pop).to_have_count(0)
    agent.does("idle")
    assert hotline.record("13700000403")["outcome"] == "abandoned"
