"""Pages of a running call centre: real Asterisk, phones and Postgres; Chromium is the agent's and the supervisor's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.stories.hotline import Background, Hotline, open_hotline, running_hotline
from tests.real_stack import RealStack

WEB = Path(__file__).parents[3] / "web"
PREFERENCES = "if (!localStorage['cti.preferences']) localStorage['cti.preferences'] = JSON.stringify({preferences})"
PATIENCE_MS = 15_000  # a maximum on a busy machine, not a measure

expect.set_options(timeout=PATIENCE_MS)

SignIn = Callable[..., Page]
Picture = Callable[[Page, str], None]


@pytest.fixture(scope="session")
def results(pytestconfig: pytest.Config) -> Path:
    """Where pictures and the daemon's log are left for people: test-results/stories/."""
    folder = Path(str(pytestconfig.getoption("--output"))) / "stories"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def stack(browser: Browser, results: Path) -> Iterator[RealStack]:
    """The whole system, once there is a Chromium to look at it."""
    if not (WEB / "dist" / "index.html").is_file():
        pytest.fail("the pages are not built: make pages")
    with running_hotline() as stack:
        yield stack
        (results / "ctiserver.log").write_text(stack.daemon_log, encoding="utf-8")


@pytest.fixture(scope="session")
def background() -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


@pytest.fixture
def hotline(stack: RealStack, background: Background, tmp_path: Path) -> Iterator[Hotline]:
    with open_hotline(stack, background, tmp_path) as hotline:
        yield hotline


@pytest.fixture
def open_page(browser: Browser, stack: RealStack) -> Iterator[SignIn]:
    """open_page(language=, theme=, size=): the sign-in page. Errors in any page of the story fail it."""
    errors: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(language: str = "zh-CN", theme: str = "light", size: tuple[int, int] = (1600, 900)) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, timezone_id="Asia/Shanghai", base_url=stack.base_url
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        state = {"state": {"theme": theme, "language": language, "ringing": True}, "version": 0}
        context.add_init_script(PREFERENCES.format(preferences=json.dumps(state)))
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto("/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def sign_in(open_page: SignIn, stack: RealStack) -> SignIn:
    """sign_in(login, language=, theme=, size=): a page of that person, connected to the feed."""

    def signed_in(login: str, **looks: object) -> Page:
        page = open_page(**looks)
        page.get_by_test_id("login-name").fill(login)
        page.get_by_test_id("login-password").fill(stack.account(login)["password"])
        page.get_by_test_id("login-submit").click()
        expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live")
        return page

    return signed_in


@pytest.fixture
def picture(results: Path) -> Picture:
    """picture(page, name): a screenshot for people, in test-results/stories/."""

    def taken(page: Page, name: str) -> None:
        page.screenshot(path=results / f"{name}.png")

    return taken
