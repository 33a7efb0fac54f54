"""From the agent's phone receiving the INVITE to the caller's card painted in the agent's browser, on the whole system.

    python -m benchmarks.screen_pop [--calls 30]

Starts a stack of its own (Postgres, Asterisk, daemon, built pages), one SIP phone and Debian's Chromium, and prints one
row of a table. The phone takes the time in its SIP stack, the page in the frame after the card is in the document; both
read the same machine's clocks. A card that is there before the INVITE counts as negative.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from ctiserver.demo.phones import Phone
from tests.browser.stories.agent_page import AgentPage
from tests.browser.stories.hotline import STRAIGHT, Background, Hotline, open_hotline, running_hotline

AGENT = "1001"
PATIENCE_MS = 20_000
NOTE_PAINTED_CARDS = """() => {
  window.painted = {};
  const note = () => {
    const card = document.querySelector('[data-testid=pop][data-state=ringing]');
    const call = card?.dataset.callId;
    if (!call || call in window.painted) return;
    window.painted[call] = null;
    requestAnimationFrame(() => requestAnimationFrame(() => { window.painted[call] = Date.now() / 1000; }));
  };
  new MutationObserver(note).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ['data-state', 'data-call-id'],
  });
}"""

WHEN_PAINTED = """call => new Promise((tell) => {
  const look = () => (window.painted[call] ? tell(window.painted[call]) : setTimeout(look, 20));
  look();
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=30)
    calls = parser.parse_args().calls
    delays = sorted(measure(calls))
    load = os.getloadavg()[0]
    print("| calls | p50 ms | p95 ms | longest ms | 1-minute load average / cores |")
    print("|---|---|---|---|---|")
    p95 = statistics.quantiles(delays, n=20, method="inclusive")[-1]
    figures = " | ".join(f"{1000 * s:.0f}" for s in (statistics.median(delays), p95, delays[-1]))
    print(f"| {len(delays)} | {figures} | {load:.1f} / {os.cpu_count()} |")


def measure(calls: int) -> list[float]:
    """Seconds from INVITE to painted card, for each of `calls` calls one after the other."""
    background = Background()
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Chromium is missing; as root: apt-get install chromium fonts-noto-cjk")
    try:
        with (
            tempfile.TemporaryDirectory(prefix="screen-pop-") as folder,
            running_hotline() as stack,
            open_hotline(stack, background, Path(folder)) as hotline,
            sync_playwright() as playwright,
        ):
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
            page = browser.new_page(viewport={"width": 1600, "height": 900}, base_url=stack.base_url)
            page.set_default_timeout(PATIENCE_MS)
            phone = hotline.phone(AGENT)
            agent = _signed_in(page, stack.account(AGENT)["password"])
            agent.become_ready()
            page.evaluate(NOTE_PAINTED_CARDS)
            delays = [_one_call(hotline, phone, agent, n) for n in range(calls)]
            browser.close()
            return delays
    finally:
        background.close()


def _signed_in(page: Page, password: str) -> AgentPage:
    page.goto("/")
    page.get_by_test_id("login-name").fill(AGENT)
    page.get_by_test_id("login-password").fill(password)
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live", timeout=PATIENCE_MS)
    return AgentPage(page)


def _one_call(hotline: Hotline, phone: Phone, agent: AgentPage, n: int) -> float:
    caller = hotline.call(STRAIGHT, f"13800138{n % 60:03d}")
    rung = hotline.run(phone.next_call(20))
    call_id = rung.header("X-CTI-Call-Id")
    painted: float = agent.page.evaluate(WHEN_PAINTED, call_id)
    received = rung.event("invite_received")
    assert received is not None
    hotline.run(caller.hang_up())
    expect(agent.pop).to_have_count(0, timeout=PATIENCE_MS)
    agent.does("idle")
    return painted - (received.at + time.time() - time.monotonic())


if __name__ == "__main__":
    main()
