"""The wallboard shows what the feed says, in both languages, and fits its screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.conftest import OpenPage, Stub


def test_figures_agents_and_queues(open_page: OpenPage) -> None:
    page = open_page("supervisor", size=(1920, 1080))
    page.goto("/wallboard")
    expect(page.get_by_test_id("wallboard")).to_be_visible()
    for figure in ("waiting", "longest", "answered", "abandoned", "sl"):
        expect(page.get_by_test_id(f"wb-{figure}")).not_to_be_empty()
    for state in ("ready", "talking", "ringing", "wrap_up", "break", "training", "unreachable", "signed_out"):
        expect(page.get_by_test_id(f"wb-agents-{state}")).not_to_be_empty()
    expect(page.get_by_test_id("wb-queue-repairs")).to_contain_text("报修抢修")


def test_the_longest_wait_ticks_by_itself(open_page: OpenPage) -> None:
    page = open_page("supervisor", size=(1920, 1080))
    page.goto("/wallboard")
    longest = page.get_by_test_id("wb-longest")
    before = longest.inner_text()
    expect(longest).not_to_have_text(before)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (3840, 2160)])
def test_nothing_sticks_out(open_page: OpenPage, language: str, size: tuple[int, int]) -> None:
    page = open_page("supervisor", language=language, size=size)
    page.goto("/wallboard")
    expect(page.get_by_test_id("wb-queue-repairs")).to_be_visible()
    assert _sticking_out(page) == []


def _sticking_out(page: Page) -> list[str]:
    return page.evaluate(
        """() => [...document.querySelectorAll('.panel *')]
          .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
          .filter((e) => !e.closest('.visually-hidden'))
          .map((e) => `${e.className || e.tagName}: ${e.textContent.slice(0, 40)}`)"""
    )


def test_an_agent_sees_counts_but_no_colleagues(open_page: OpenPage, stub: Stub) -> None:
    page = open_page("agent", size=(1920, 1080))
    page.goto("/wallboard")
    expect(page.get_by_test_id("wb-agents-talking")).not_to_be_empty()
    expect(page.locator(".wb-tile")).to_have_count(0)
