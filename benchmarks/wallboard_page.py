"""How busy a wallboard keeps the browser's main thread: 200 agents, 50 events a second, painted by Chromium.

    python -m benchmarks.wallboard_page [--rate 50] [--seconds 10] [--width 1920 --height 1080]

Needs the built pages (scripts/build_pages) and Chromium. The server runs in a process of its own, as in
benchmarks/feed.py; the page is `/board` under a link that shows agents. Measured is the DevTools' `TaskDuration` of the
page (all that its main thread did: messages, script, style, layout, paint) over the time that passed.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import multiprocessing
import os
import shutil
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import structlog
from playwright.sync_api import sync_playwright

from benchmarks.feed_stage import LINK_TOKEN, FeedStage

WEB = Path(__file__).parents[1] / "web" / "dist"
WARM_S = 2.0
PARTS = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
PATIENCE_MS = 60_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=50, help="events per second")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--width", type=int, default=1920)
    parser.add_argument("--height", type=int, default=1080)
    args = parser.parse_args()
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=serve, args=(theirs, args.rate, args.seconds + 2 * WARM_S)
    )
    server.start()
    try:
        print(f"{args.rate} events/s, {args.width} × {args.height}, load average {os.getloadavg()[0]:.1f}")
        for part, share in measure(ours, args.seconds, args.width, args.height).items():
            print(f"{part:>22} {share:6.1%}")
        ours.send("the page has left")
    finally:
        server.join(timeout=15)
        server.kill()


def measure(pipe: Connection, seconds: float, width: int, height: int) -> dict[str, float]:
    """Shares of the time that passed, by what the main thread did."""
    port: int = pipe.recv()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(f"http://127.0.0.1:{port}/board#{LINK_TOKEN}")
        page.get_by_test_id("wb-waiting").wait_for(timeout=PATIENCE_MS)
        tools: Any = page.context.new_cdp_session(page)
        tools.send("Performance.enable")
        pipe.send("the page is there")
        page.wait_for_timeout(WARM_S * 1000)
        before, begun = _metrics(tools), time.monotonic()
        page.wait_for_timeout(seconds * 1000)
        after, passed = _metrics(tools), time.monotonic() - begun
        browser.close()
    return {part: (after[part] - before[part]) / passed for part in PARTS}


def _metrics(tools: Any) -> dict[str, float]:
    """`tools` is a CDPSession, whose answers have no types."""
    return {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}


def serve(pipe: Connection, rate: int, seconds: float) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_publish(pipe, Path(folder), rate, seconds))


async def _publish(pipe: Connection, folder: Path, rate: int, seconds: float) -> None:
    stage = FeedStage(folder, WEB)
    await stage.server.start()
    pipe.send(stage.server.port)
    await asyncio.to_thread(pipe.recv)
    await stage.publish(rate, seconds)
    await asyncio.to_thread(pipe.recv)
    await stage.server.stop()


if __name__ == "__main__":
    main()
