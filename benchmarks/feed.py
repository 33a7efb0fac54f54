"""How long an event takes to reach the pages that watch: many websockets, a steady stream of events.

    python -m benchmarks.feed [--pages 200] [--rates 50 150] [--seconds 10] [--screens]

The HTTP server with its feed runs in a process of its own, on doubles of the store; the pages are supervisors' sockets
in this one. Four of five events are an agent's, one is one of ten queues'; none is thinned out at these rates.
Measured is from the instant at which the feed publishes (`ts` of the message) to its text in the page's process, both
on this machine's clock; parsing and painting in a browser come on top. With --screens the pages are wallboards under
a link (`/ws/board`), and the board's own figures are told four times a second beside the events.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import multiprocessing
import os
import tempfile
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
import structlog
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

from benchmarks.feed_stage import LINK_TOKEN, FeedStage
from tests.component.api.fake_store import PASSWORD

SETTLE_S = 0.5
"""For the last messages to arrive."""


class Head(msgspec.Struct):
    """What of a message is looked at."""

    type: str
    ts: float


@dataclass
class Received:
    delays_s: list[float] = field(default_factory=list[float])
    snapshots: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rates", type=int, nargs="+", default=[50, 150], help="events per second")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--screens", action="store_true", help="wallboards under a link instead of supervisors' pages")
    args = parser.parse_args()
    print(f"{args.pages} pages, {args.seconds:g} s each, load average {os.getloadavg()[0]:.1f}")
    print(
        f"{'events/s':>9}{'messages':>10}{'missing':>9}{'snapshots':>11}{'p50':>10}{'p95':>10}{'max':>10}{'processor':>11}"
    )
    for rate in args.rates:
        measure(args.pages, rate, args.seconds, screens=args.screens)


def measure(pages: int, rate: int, seconds: float, *, screens: bool) -> None:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, rate, seconds))
    server.start()
    try:
        received, published, processor_s = asyncio.run(watch(ours, pages, screens=screens))
    finally:
        server.join(timeout=10)
        server.kill()
    delays = sorted(received.delays_s)
    p50, p95 = delays[len(delays) // 2], delays[int(len(delays) * 0.95)]
    resyncs = received.snapshots - pages  # each page's first message is a snapshot
    missing = published * pages - len(delays)
    print(
        f"{published / seconds:>9.0f}{len(delays):>10,}{missing:>9}{resyncs:>11}"
        f"{p50 * 1000:>7.1f} ms{p95 * 1000:>7.1f} ms{delays[-1] * 1000:>7.0f} ms{processor_s / seconds:>10.0%}"
    )


async def watch(pipe: Connection, pages: int, *, screens: bool) -> tuple[Received, int, float]:
    """What all pages received, how many events were published, and the server's processor seconds."""
    port: int = await asyncio.to_thread(pipe.recv)
    base = f"http://127.0.0.1:{port}"
    received = Received()
    sessions: list[ClientSession] = []
    async with asyncio.TaskGroup() as group:
        readers: list[asyncio.Task[None]] = []
        for _ in range(pages):
            session = ClientSession(cookie_jar=CookieJar(unsafe=True))
            sessions.append(session)
            if screens:
                socket = await session.ws_connect(f"{base}/ws/board", headers={"Authorization": f"Bearer {LINK_TOKEN}"})
            else:
                await session.post(f"{base}/api/session", json={"login": "supervisor", "password": PASSWORD})
                socket = await session.ws_connect(f"{base}/ws/events", headers={"Origin": base})
            readers.append(group.create_task(read(socket, received)))
        pipe.send("all are here")
        published, processor_s = await asyncio.to_thread(pipe.recv)
        await asyncio.sleep(SETTLE_S)
        for reader in readers:
            reader.cancel()
    for session in sessions:
        await session.close()
    pipe.send("all have left")
    return received, published, processor_s


async def read(socket: ClientWebSocketResponse, received: Received) -> None:
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            return
        at = time.time()
        head = msgspec.json.decode(message.data, type=Head)
        if head.type == "snapshot":
            received.snapshots += 1
        elif head.type != "ping":
            received.delays_s.append(at - head.ts)


def serve(pipe: Connection, rate: int, seconds: float) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(publish(pipe, Path(folder), rate, seconds))


async def publish(pipe: Connection, folder: Path, rate: int, seconds: float) -> None:
    """Starts the server, says its port, waits for the pages, publishes, tells what it took."""
    stage = FeedStage(folder)
    await stage.server.start()
    pipe.send(stage.server.port)
    await asyncio.to_thread(pipe.recv)
    processor = time.process_time()
    published = await stage.publish(rate, seconds)
    pipe.send((published, time.process_time() - processor))
    await asyncio.to_thread(pipe.recv)
    await stage.server.stop()


if __name__ == "__main__":
    main()
