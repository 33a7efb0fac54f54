"""Story: on a working day ops see where callers go, change a menu, make a mistake, try it out, publish, and go back."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import FLOWS, Hotline

LINE = "202"
NOW = (FLOWS / "office.yaml").read_text(encoding="utf-8")
BETTER = NOW.replace('{"1": pay}', '{"1": pay, "2": moved}').replace(
    "  bye:", "  moved: {say: 营业厅已经搬到人民路。, next: bye}\n  bye:"
)
BROKEN = BETTER.replace('"2": moved', '"2": mooved')


def ring(hotline: Hotline, number: str, key: str = "") -> list[str]:
    """A whole call: into the menu, perhaps a key, and out again. Returns the nodes."""
    caller = hotline.call(LINE, number)
    hotline.run(caller.wait_for("connected"))
    at = (
        "SELECT 1 FROM call_path path JOIN call ON call.id = call_id"
        " WHERE caller_number = :number AND path.node = :node"
    )
    hotline.row(at, number=number, node="welcome")
    if key:
        hotline.run(caller.dtmf(key))
        hotline.row(at, number=number, node="pay" if key == "1" else "moved")
    hotline.run(caller.hang_up())
    record = hotline.record(number)
    path = hotline.run(
        hotline.stack.query("SELECT node FROM call_path WHERE call_id = :call ORDER BY id", call=record["id"])
    )
    return [row["node"] for row in path]


def write(page: Page, text: str, errors: int) -> None:
    page.get_by_test_id("tab-source").click()
    page.locator(".cm-content").fill(text)
    expect(page.get_by_test_id("flow-checked")).to_have_attribute("data-errors", str(errors))


def publish(page: Page, note: str) -> None:
    page.get_by_test_id("publish").click()
    page.get_by_test_id("publish-note").fill(note)
    page.get_by_test_id("publish-now").click()


def test_a_menu_is_changed_tried_out_published_and_taken_back(
    hotline: Hotline, sign_in: SignIn, picture: Picture
) -> None:
    assert ring(hotline, "13800202001", "1") == ["welcome", "pay"]
    assert ring(hotline, "13800202002") == ["welcome"]

    page = sign_in("ops")
    page.goto("/flows/office")
    welcome = page.get_by_test_id("node-welcome")
    expect(welcome).to_contain_text("×2")
    expect(welcome.get_by_title("今日在此挂机")).to_have_text(re.compile("1"))
    expect(page.get_by_test_id("node-pay")).to_contain_text("×1")
    expect(page.get_by_test_id("flow-drawing").get_by_text("1  ×1")).to_be_visible()
    picture(page, "flow_with_todays_callers")

    write(page, BROKEN, errors=1)
    messages = page.get_by_test_id("flow-checked")
    expect(messages).to_contain_text("office.yaml:5:")
    expect(messages).to_contain_text("did you mean moved?")
    expect(page.locator(".cm-lintRange-error").first).to_be_visible()
    publish(page, "搬迁")
    expect(page.get_by_role("dialog")).to_contain_text("office.yaml:5:")
    page.get_by_role("dialog").get_by_role("button", name="取消").click()

    write(page, BETTER, errors=0)
    page.get_by_test_id("tab-try").click()
    page.get_by_test_id("key-2").click()
    expect(page.get_by_test_id("walk-heard")).to_contain_text("营业厅已经搬到人民路")
    page.get_by_test_id("run-tests").click()
    expect(page.get_by_test_id("test-result")).to_have_attribute("data-ok", "true")
    page.get_by_test_id("tab-differences").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("moved: {say: 营业厅已经搬到人民路。, next: bye}")

    publish(page, "营业厅搬迁")
    expect(page.get_by_test_id("publish-now")).to_have_count(0)
    assert ring(hotline, "13800202003", "2") == ["welcome", "moved"]

    page.goto("/flows?view=history")
    expect(page.get_by_test_id("release-2")).to_contain_text("营业厅搬迁")
    page.get_by_test_id("release-1").get_by_test_id("roll-back").click()
    page.get_by_test_id("roll-back-now").click()
    expect(page.get_by_test_id("release-3")).to_contain_text("使用中")
    page.goto("/flows/office?tab=source")
    expect(page.locator(".cm-content")).not_to_contain_text("moved")
    assert ring(hotline, "13800202004", "1") == ["welcome", "pay"]
