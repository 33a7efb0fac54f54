"""`ctiserver up`: the whole system on this machine, in the foreground, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from ctiserver.commands import Subparsers
from ctiserver.commands.stack import running_stack
from ctiserver.commands.stack_folder import StackFolder
from ctiserver.commands.stop_signals import StopSignals
from ctiserver.log import set_up_logging


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("up", help="run Postgres, Asterisk and ctiserver on this machine until Ctrl-C")
    parser.add_argument("--json", action="store_true", help="print one line of JSON when ready (it holds passwords)")
    parser.add_argument("--var", type=Path, help="folder of this stack (default: var/ of the checkout)")
    parser.add_argument("--no-demo-data", action="store_true", help="no demo people, queues and customers")


def run(args: argparse.Namespace) -> int:
    set_up_logging(level="WARNING")
    return asyncio.run(_up(StackFolder.at(args.var), as_json=args.json, demo_data=not args.no_demo_data))


async def _up(folder: StackFolder, *, as_json: bool, demo_data: bool) -> int:
    signals = StopSignals()
    try:
        async with running_stack(folder, demo_data=demo_data, progress=_say, signals=signals) as stack:
            print(stack.ready.as_json() if as_json else stack.ready.for_people(), flush=True)
            await stack.watch()
    except asyncio.CancelledError:
        _say("stopped")
    return 0


def _say(text: str) -> None:
    print(f"ctiserver up: {text}", file=sys.stderr, flush=True)
