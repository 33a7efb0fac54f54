"""A conversation is found among the records and heard: the browser asks for parts of the file and gets them."""

from __future__ import annotations

from playwright.sync_api import Response, expect

from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import CALLER_HZ, STRAIGHT, Hotline

NUMBER = "13800138031"
UNTIL_HEARD = """audio => new Promise((heard) => {
  const look = () => (audio.currentTime > 0.3 ? heard() : setTimeout(look, 50));
  look();
})"""


def test_from_the_list_to_the_sound(hotline: Hotline, sign_in: SignIn, picture: Picture) -> None:
    phone = hotline.colleague("1001")
    caller = hotline.call(STRAIGHT, NUMBER)
    rung = hotline.run(phone.next_call(20))
    hotline.run(rung.answer())
    hotline.run(caller.hears(620, lasting=1.0))
    hotline.run(rung.hears(CALLER_HZ, lasting=1.0))
    hotline.run(caller.hang_up())
    record = hotline.record(NUMBER)
    hotline.row("SELECT 1 FROM recording WHERE call_id = :id AND status = 'stored'", id=record["id"])

    page = sign_in("supervisor")
    page.goto("/records")
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response) if "/audio" in response.url else None)
    wanted = page.get_by_test_id("filter-number").locator("input")
    wanted.fill(NUMBER)
    wanted.press("Enter")
    row = page.get_by_test_id(f"record-{record['id']}")
    expect(row).to_contain_text("王芳")
    row.get_by_role("link").click()
    detail = page.get_by_test_id("call-detail")
    expect(detail).to_contain_text("人工服务")
    assert answers == [], "every listening is logged: nothing is fetched before somebody asks"

    detail.get_by_test_id("recording-play").click()
    audio = page.get_by_test_id("recording-audio")
    audio.evaluate(UNTIL_HEARD)
    length = audio.evaluate("audio => audio.duration")
    assert abs(length * 1000 - record["talk_ms"]) < 1500
    assert 206 in [answer.status for answer in answers], "the player asks by Range"
    expect(page.locator(".player__waves canvas").first).to_be_visible()
    picture(page, "records-player-zh")
    hotline.row("SELECT 1 FROM audit_log WHERE action LIKE 'recording%'")
