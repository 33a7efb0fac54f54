"""Pages in Chromium against web/dev/stub_server.py: the pages' own behaviour, without telephony or a database."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[3]
WEB = ROOT / "web"
PREFERENCES = "if (!localStorage['cti.preferences']) localStorage['cti.preferences'] = JSON.stringify({preferences})"
START_LIMIT_S = 30.0


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is missing: apt-get install chromium fonts-noto-cjk")
    return {**browser_type_launch_args, "executable_path": chromium, "args": ["--no-sandbox"]}


@dataclass(frozen=True)
class Stub:
    url: str

    def do(self, step: str, body: object = None) -> None:
        """Makes something happen in the stub's world, e.g. do("pop/known")."""
        data = b"" if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/stub/{step}", data=data, method="POST")  # noqa: S310 - our own stub
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - our own stub
            pass

    def acts(self) -> list[dict[str, Any]]:
        """What pages have asked of calls and of the floor, oldest first."""
        with urllib.request.urlopen(f"{self.url}/stub/acts", timeout=5) as answer:  # noqa: S310 - our own stub
            return json.load(answer)

    def summaries(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/stub/summaries", timeout=5) as answer:  # noqa: S310 - our own stub
            return json.load(answer)


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A fresh world for each test."""
    if not (WEB / "dist" / "index.html").is_file():
        pytest.fail("the pages are not built: npm ci && npm run build in web/")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(WEB / "dev" / "stub_server.py"), "--port", str(port), "--still"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(url, process)
        yield Stub(url)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = monotonic() + START_LIMIT_S
    while monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the stub server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/", timeout=1):  # noqa: S310 - our own stub
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            continue
    pytest.fail(f"the stub server did not answer within {START_LIMIT_S:g} s")


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, stub: Stub) -> Iterator[OpenPage]:
    """open_page(login, language=, theme=, size=): a page, signed in if there is a login; its errors fail the test."""
    errors: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(
        login: str | None = None, language: str = "zh-CN", theme: str = "light", size: tuple[int, int] = (1600, 900)
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, timezone_id="Asia/Shanghai", base_url=stub.url
        )
        contexts.append(context)
        state = {"state": {"theme": theme, "language": language, "ringing": True}, "version": 0}
        context.add_init_script(PREFERENCES.format(preferences=json.dumps(state)))
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto("/")
        if login is not None:
            page.get_by_test_id("login-name").fill(login)
            page.get_by_test_id("login-password").fill("demo")
            page.get_by_test_id("login-submit").click()
            page.get_by_test_id("connection").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []
