"""The connection breaks or loses something: the page says so, and comes back to the truth by itself."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.pages.conftest import OpenPage, Stub


def test_a_cut_connection_is_shown_and_restored(open_page: OpenPage, stub: Stub) -> None:
    page = open_page("agent")
    connection = page.get_by_test_id("connection")
    expect(connection).to_have_attribute("data-state", "live")
    page.evaluate(
        """() => {
          window.seen = [];
          const badge = document.querySelector('[data-testid=connection]');
          new MutationObserver(() => window.seen.push(badge.dataset.state)).observe(badge, {attributes: true});
        }"""
    )
    stub.do("drop")
    page.wait_for_function("window.seen.includes('offline')")
    expect(connection).to_have_attribute("data-state", "live")
    stub.do("agent", {"presence": "ready"})
    expect(page.get_by_test_id("presence-state")).to_have_attribute("data-presence", "ready")


def test_after_a_lost_message_the_page_asks_for_the_whole_again(open_page: OpenPage, stub: Stub) -> None:
    page = open_page("agent")
    expect(page.get_by_test_id("presence-state")).to_have_attribute("data-presence", "signed_out")
    stub.do("lose")
    stub.do("agent", {"presence": "training"})
    expect(page.get_by_test_id("presence-state")).to_have_attribute("data-presence", "training")
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live")


def test_a_command_without_effect_ends_in_a_message(open_page: OpenPage, stub: Stub) -> None:
    page = open_page("agent")
    page.route("**/api/agents/me/presence", lambda route: route.fulfill(status=202, json={}))
    page.clock.install()
    with page.expect_response("**/api/agents/me/presence"):  # the page waits from then on
        page.keyboard.press("Alt+R")
    expect(page.get_by_test_id("presence-button")).to_have_attribute("data-pending", "true")
    page.clock.run_for(9_000)
    expect(page.get_by_test_id("toasts")).to_contain_text("没有确认")
    expect(page.get_by_test_id("presence-state")).to_have_attribute("data-presence", "signed_out")
