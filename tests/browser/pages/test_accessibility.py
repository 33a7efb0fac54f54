"""axe finds nothing on any page, in either theme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.conftest import WEB, OpenPage, Stub

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(frozen=True)
class Scene:
    login: str | None
    address: str
    ready: str  # test id that says: the page is there
    prepare: Callable[[Page, Stub], None] = lambda page, stub: None


def _wrap_up(page: Page, stub: Stub) -> None:
    stub.do("pop/known")
    stub.do("answer")
    stub.do("end")
    page.get_by_test_id("wrapup-left").wait_for()


def _talking(page: Page, stub: Stub) -> None:
    stub.do("pop/known")
    stub.do("answer")
    stub.do("broadcast")
    page.get_by_test_id("hold").click()
    page.get_by_test_id("pause-recording").click()
    page.locator("[data-flag=recording-paused]").wait_for()
    page.get_by_test_id("pickups").click()
    page.get_by_test_id("transfer").click()
    page.locator(".target").first.wait_for()


def _consulting(page: Page, stub: Stub) -> None:
    stub.do("pop/known")
    stub.do("answer")
    page.get_by_test_id("invite").click()
    page.get_by_test_id("target-agent:5").click()
    stub.do("party")
    page.get_by_test_id("consult").click()
    page.get_by_test_id("target-queue:bills").click()
    page.get_by_test_id("consult-panel").wait_for()
    page.get_by_test_id("keypad").click()
    page.get_by_test_id("keypad-keys").wait_for()


def _floor(page: Page, stub: Stub) -> None:
    stub.do("help")
    page.get_by_test_id("agent-4").get_by_test_id("watch").click()
    page.get_by_test_id("watching").wait_for()
    page.get_by_test_id("help-3").wait_for()


def _adjusting(page: Page, stub: Stub) -> None:
    page.get_by_test_id("adjust").first.click()
    page.get_by_test_id("priority-300").wait_for()


def _menu(page: Page, stub: Stub) -> None:
    page.get_by_test_id("presence-button").click()
    page.get_by_test_id("presence-ready").wait_for()


SCENES = {
    "sign-in": Scene(None, "/", "login-name"),
    "agent idle": Scene("agent", "/agent", "presence-button"),
    "presence menu": Scene("agent", "/agent", "presence-button", _menu),
    "unknown caller": Scene("agent", "/agent", "presence-button", lambda page, stub: stub.do("pop/unknown")),
    "wrap-up": Scene("agent", "/agent", "presence-button", _wrap_up),
    "a held caller and where to": Scene("agent", "/agent", "presence-button", _talking),
    "consult and conference": Scene("agent", "/agent", "presence-button", _consulting),
    "wallboard": Scene("supervisor", "/wallboard", "wb-waiting"),
    "supervisor": Scene("supervisor", "/supervisor", "call-c1"),
    "listening and help": Scene("supervisor", "/supervisor", "call-c1", _floor),
    "a caller who waits": Scene("supervisor", "/supervisor", "call-c1", _adjusting),
    "a line to everybody": Scene(
        "supervisor", "/supervisor", "call-c1", lambda page, stub: page.get_by_test_id("broadcast").click()
    ),
    "explanation": Scene(
        "supervisor", "/supervisor", "call-c1", lambda page, stub: page.get_by_test_id("explain").first.click()
    ),
    "a queue's rules": Scene("ops", "/admin/queues/repairs", "queue-form"),
    "skill levels": Scene("ops", "/admin/matrix", "skill-matrix"),
    "a message box": Scene("ops", "/admin/boxes/new-one", "box-form"),
    "an agent": Scene("ops", "/admin/agents/1", "agent-form"),
    "records": Scene("supervisor", "/records/r1", "recording-play"),
    "a report": Scene("supervisor", "/reports?compare=before&by=queue", "report-table"),
    "next week": Scene("supervisor", "/reports?report=staffing", "staffing-table"),
    "reports by mail": Scene("supervisor", "/reports?report=schedules&queue=repairs", "schedule-1"),
    "a board's rules": Scene("ops", "/admin/boards/repairs", "add-figure"),
    "links of boards": Scene("admin", "/admin/boardLinks", "add-link"),
    "every condition": Scene("supervisor", "/records?note=x", "more-filters"),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_axe_finds_nothing(open_page: OpenPage, stub: Stub, scene: Scene, theme: str) -> None:
    page = open_page(scene.login, theme=theme)
    page.goto(scene.address)
    expect(page.get_by_test_id(scene.ready)).to_be_visible()
    scene.prepare(page, stub)
    page.wait_for_load_state("networkidle")
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run().then(({violations}) => violations)")
    assert [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for rule in found for node in rule["nodes"]
    ] == []
