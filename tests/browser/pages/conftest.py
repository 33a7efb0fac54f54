"""Pages in Chromium against web/dev/stub_server.py: the pages' own behaviour, without telephony or a database."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[3]
WEB = ROOT / "web"
PREFERENCES = "if (!localStorage['cti.preferences']) localStorage['cti.preferences'] = JSON.stringify({preferences})"


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


@pytest.fixture(scope="session")
def stub_nursery() -> Iterator[subprocess.Popen[str]]:
    """Gives birth to worlds: a port on its standard input, a process id on its standard output."""
    if not (WEB / "dist" / "index.html").is_file():
        pytest.fail("the pages are not built: npm ci && npm run build in web/")
    command = [sys.executable, str(Path(__file__).with_name("stub_nursery.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        yield process
        process.terminate()


@pytest.fixture
def stub(stub_nursery: subprocess.Popen[str]) -> Iterator[Stub]:
    """A fresh world for each test."""
    assert stub_nursery.stdin is not None
    assert stub_nursery.stdout is not None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stub_nursery.stdin.write(f"{port}\n")
    world = stub_nursery.stdout.readline().strip()
    if not world:
        pytest.fail("the stub server could not be started: run python web/dev/stub_server.py to see why")
    try:
        yield Stub(f"http://127.0.0.1:{port}")
    finally:
        os.kill(int(world), signal.SIGTERM)


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
            page.locator("main > :not([role=status])").first.wait_for()  # a page that still loads hears no key
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []
