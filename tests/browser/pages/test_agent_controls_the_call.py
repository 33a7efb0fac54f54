"""The buttons for a live call: each by mouse and by hotkey, pending until the feed shows it, always in place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages.conftest import OpenPage, Stub

TOOLS = (
    "hold",
    "mute",
    "pause-recording",
    "keypad",
    "piece",
    "transfer",
    "consult",
    "invite",
    "survey",
    "help",
    "hangup",
)


@pytest.fixture
def page(open_page: OpenPage, stub: Stub) -> Page:
    page = open_page("agent")
    expect(page.get_by_test_id("presence-state")).to_have_attribute("data-presence", "signed_out")
    return page


@pytest.fixture
def talking(page: Page, stub: Stub) -> Page:
    stub.do("pop/known")
    stub.do("answer")
    expect(page.get_by_test_id("hold")).to_be_enabled()
    expect(page.get_by_test_id("survey")).to_be_enabled()  # the flows are known
    return page


def left(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["x"]


def test_buttons_keep_their_places_and_hanging_up_comes_last(page: Page, stub: Stub) -> None:
    before = [left(page.get_by_test_id(tool)) for tool in TOOLS]
    assert before == sorted(before)
    for tool in TOOLS[:-2]:
        expect(page.get_by_test_id(tool)).to_be_disabled()
    stub.do("pop/known")
    stub.do("answer")
    page.get_by_test_id("hold").click()
    expect(page.get_by_test_id("hold")).to_have_attribute("aria-pressed", "true")
    assert [left(page.get_by_test_id(tool)) for tool in TOOLS] == pytest.approx(before, abs=40)
    hang_up, nearest = page.get_by_test_id("hangup").bounding_box(), page.get_by_test_id("help").bounding_box()
    assert hang_up is not None
    assert nearest is not None
    assert hang_up["x"] - (nearest["x"] + nearest["width"]) >= 12
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("by", ["mouse", "hotkey"])
def test_hold_mute_and_pause_are_seen_until_they_are_taken_back(talking: Page, stub: Stub, by: str) -> None:
    for tool, key, flag in (("hold", "Alt+L", "held"), ("mute", "Alt+M", "muted"), ("pause-recording", "Alt+G", None)):
        button, shown = talking.get_by_test_id(tool), talking.locator(f"[data-flag={flag or 'recording-paused'}]")
        for pressed in ("true", "false"):
            if by == "mouse":
                button.click()
            else:
                talking.keyboard.press(key)
            expect(button).to_have_attribute("aria-pressed", pressed)
            expect(shown).to_have_count(int(pressed == "true"))
    assert [act["act"] for act in stub.acts()] == ["hold", "hold", "mute", "mute", "recording", "recording"]


def test_keys_are_sent_by_click_and_by_the_keyboard(talking: Page, stub: Stub) -> None:
    talking.keyboard.press("Alt+K")
    expect(talking.get_by_role("button", name="1", exact=True)).to_be_focused()
    talking.keyboard.type("12")
    talking.get_by_role("button", name="井号").click()
    expect(talking.get_by_test_id("sent-keys")).to_have_text("12#")
    expect(talking.get_by_test_id("keypad-keys")).to_be_visible()
    talking.keyboard.press("Escape")
    expect(talking.get_by_test_id("keypad-keys")).to_have_count(0)
    assert "".join(act["digits"] for act in stub.acts()) == "12#"


def test_the_caller_is_sent_to_whom_the_search_finds(talking: Page, stub: Stub) -> None:
    talking.keyboard.press("Alt+T")
    search = talking.get_by_test_id("target-search")
    expect(search).to_be_focused()
    search.fill("bills")
    expect(talking.locator(".target")).to_have_count(1)
    search.press("Enter")
    expect(talking.get_by_test_id("pop")).to_have_attribute("data-state", "wrap_up")
    (act,) = stub.acts()
    assert act == {"act": "transfer", "to": {"kind": "queue", "queue_id": "bills", "priority_s": None}}


def test_targets_are_walked_with_arrows_and_left_with_escape(talking: Page, stub: Stub) -> None:
    talking.get_by_test_id("transfer").click()
    expect(talking.locator(".target:not(:disabled)").first).to_be_visible()
    talking.keyboard.press("ArrowDown")
    expect(talking.locator(".target:not(:disabled)").first).to_be_focused()
    talking.keyboard.press("Escape")
    expect(talking.get_by_test_id("targets")).to_have_count(0)
    assert stub.acts() == []


def test_a_number_outside_goes_with_the_number_that_is_to_be_shown(talking: Page, stub: Stub) -> None:
    talking.get_by_test_id("transfer").click()
    talking.get_by_label("显示号码").last.select_option("02885550000")
    talking.get_by_test_id("target-search").fill("028-8555 1234")
    talking.get_by_test_id("target-number").click()
    expect(talking.get_by_test_id("pop")).to_have_attribute("data-state", "wrap_up")
    assert stub.acts()[0]["to"] == {"kind": "number", "number": "02885551234", "shown": "02885550000"}


def test_a_colleague_is_asked_and_everybody_ends_up_together(talking: Page, stub: Stub) -> None:
    talking.keyboard.press("Alt+U")
    talking.get_by_test_id("target-agent:5").click()
    panel = talking.get_by_test_id("consult-panel")
    expect(panel).to_have_attribute("data-state", "ringing")
    expect(talking.get_by_test_id("consult-swap")).to_be_disabled()  # nobody there yet
    expect(talking.get_by_test_id("hold")).to_be_disabled()  # the caller waits anyway
    stub.do("party")
    expect(panel).to_have_attribute("data-state", "joined")
    expect(talking.get_by_test_id("consult-caller")).to_contain_text("听音乐等待")
    talking.keyboard.press("Alt+W")
    expect(talking.get_by_test_id("consult-caller")).to_contain_text("正在与您通话")
    talking.get_by_test_id("consult-merge").click()
    conference = talking.get_by_test_id("conference")
    expect(conference).to_contain_text("通话成员 3")
    member = talking.get_by_test_id("member-leg2")
    member.get_by_test_id("member-mute").click()
    expect(member).to_contain_text("已静音")
    member.get_by_test_id("member-remove").click()
    expect(conference).to_have_count(0)
    assert [act.get("choice") or act["act"] for act in stub.acts()] == ["consult", "swap", "merge", "mute", "remove"]


def test_what_was_asked_is_taken_back(talking: Page, stub: Stub) -> None:
    talking.get_by_test_id("consult").click()
    talking.get_by_test_id("target-queue:bills").click()
    expect(talking.get_by_test_id("consult-party")).to_contain_text("账单水费")
    talking.keyboard.press("Alt+Z")
    expect(talking.get_by_test_id("consult-panel")).to_have_count(0)
    expect(talking.get_by_test_id("hold")).to_be_enabled()


def test_one_more_is_invited_and_the_agent_leaves_the_others(talking: Page, stub: Stub) -> None:
    talking.keyboard.press("Alt+I")
    talking.get_by_test_id("target-search").fill("1005")
    talking.get_by_test_id("target-agent:5").click()
    expect(talking.get_by_test_id("member-leg2")).to_contain_text("振铃中")
    stub.do("party")
    expect(talking.get_by_test_id("member-leg2")).to_contain_text("成员")
    talking.keyboard.press("Alt+Q")
    expect(talking.get_by_test_id("pop")).to_have_attribute("data-state", "wrap_up")


def test_the_caller_is_handed_to_the_survey(talking: Page, stub: Stub) -> None:
    talking.keyboard.press("Alt+S")
    expect(talking.get_by_test_id("pop")).to_have_attribute("data-state", "wrap_up")
    assert stub.acts()[0]["to"] == {"kind": "flow", "flow": "satisfaction_survey", "come_back": False}


def test_a_piece_is_played(talking: Page, stub: Stub) -> None:
    talking.get_by_test_id("piece").click()
    talking.get_by_role("button", name="privacy").click()
    talking.get_by_role("button", name="停止播放").click()
    expect(talking.get_by_role("button", name="停止播放")).to_be_visible()
    assert [act["prompt"] for act in stub.acts()] == ["privacy", ""]


def test_help_is_asked_answered_and_taken_back(page: Page, stub: Stub) -> None:
    stub.do("agent", {"presence": "ready"})
    button = page.get_by_test_id("help")
    expect(button).to_be_enabled()
    page.keyboard.press("Alt+Y")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_whoever_is_signed_out_asks_nobody_for_help_by_the_key_either(page: Page, stub: Stub) -> None:
    expect(page.get_by_test_id("help")).to_be_disabled()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/help") else None)
    page.keyboard.press("Alt+Y")
    stub.do("agent", {"presence": "ready"})
    expect(page.get_by_test_id("help")).to_be_enabled()  # whatever the key would have sent is out by now
    assert asked == []


def test_a_number_is_dialled_and_dialled_again(page: Page, stub: Stub) -> None:
    stub.do("agent", {"presence": "ready"})
    page.keyboard.press("Alt+B")
    field = page.get_by_test_id("dial-number")
    expect(field).to_be_focused()
    field.fill("028 8555 1234")
    expect(page.get_by_test_id("dial")).to_be_enabled()  # only whoever is signed in dials
    field.press("Enter")
    expect(page.locator(".call-bar")).to_have_attribute("data-state", "dialling")
    stub.do("end")
    stub.do("finish")
    page.get_by_test_id("redial").click()
    expect(page.locator(".call-bar")).to_have_attribute("data-state", "dialling")
    number = {"kind": "number", "number": "02885551234", "shown": ""}
    assert [act["to"] for act in stub.acts()] == [number, number]


def test_a_colleague_is_dialled_by_number(page: Page, stub: Stub) -> None:
    stub.do("agent", {"presence": "ready"})
    page.get_by_test_id("dial-number").fill("1005")
    page.get_by_test_id("dial").click()
    expect(page.locator(".call-bar")).to_have_attribute("data-state", "dialling")
    assert stub.acts()[0]["to"] == {"kind": "agent", "agent_id": 5}


def test_a_waiting_caller_is_picked_up(page: Page, stub: Stub) -> None:
    stub.do("agent", {"presence": "ready"})
    page.get_by_test_id("pickups").click()
    page.get_by_test_id("pickup-take").first.click()
    expect(page.get_by_test_id("activity-state")).to_have_attribute("data-activity", "ringing")
    assert stub.acts()[0]["act"] == "take_over"


def test_a_line_from_supervision_stays_until_it_is_read(page: Page, stub: Stub) -> None:
    stub.do("broadcast")
    expect(page.get_by_test_id("broadcasts")).to_contain_text("城东片区爆管")
    page.reload()
    expect(page.get_by_test_id("broadcasts")).to_contain_text("城东片区爆管")
    page.get_by_test_id("broadcast-read").click()
    expect(page.get_by_test_id("broadcasts")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("presence-state")).to_be_visible()
    expect(page.get_by_test_id("broadcasts")).to_have_count(0)
