"""`ctiserver watchdog`: a process of its own that looks at Asterisk and the daemon, and has restarted what hangs."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
from pathlib import Path

import structlog
from prometheus_client import start_http_server

from ctiserver.commands import Subparsers
from ctiserver.config import Settings, load_settings
from ctiserver.log import set_up_logging
from ctiserver.watchdog.judge import Rule
from ctiserver.watchdog.probes import asterisk_probe, daemon_probe
from ctiserver.watchdog.watch import Watched, look_once, watch

log = structlog.get_logger()


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("watchdog", help="watch Asterisk and the daemon from outside, restart what hangs")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the daemon's settings; section `watchdog`")
    parser.add_argument("--once", action="store_true", help="look once, restart nothing; exit code 0: all answer")


def run(args: argparse.Namespace) -> int:
    settings = load_settings(args.config)
    set_up_logging(settings.log.form, settings.log.level)
    watched = parts(settings)
    if args.once:
        return 0 if asyncio.run(look_once(watched)) else 1
    if settings.watchdog.metrics_port:
        start_http_server(settings.watchdog.metrics_port, addr="127.0.0.1")
    asyncio.run(_until_stopped(watched, settings.watchdog.every_s))
    return 0


def parts(settings: Settings) -> list[Watched]:
    wanted = settings.watchdog
    rule = Rule(failures=wanted.failures, grace_s=wanted.grace_s, most_per_hour=wanted.most_per_hour)
    return [
        Watched("asterisk", asterisk_probe(settings), wanted.restart_asterisk, rule),
        Watched("daemon", daemon_probe(settings), wanted.restart_daemon, rule),
    ]


async def _until_stopped(watched: list[Watched], every_s: float) -> None:
    loop = asyncio.get_running_loop()
    watching = asyncio.create_task(watch(watched, every_s), name="watchdog")
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, watching.cancel)
    log.info("watchdog_ready", parts=[each.part for each in watched], every_s=every_s)
    with contextlib.suppress(asyncio.CancelledError):
        await watching
