"""`ctiserver drain`: the running daemon takes no new calls, lets those under way end, and ends."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import cast

from ctiserver.commands import Subparsers
from ctiserver.config import load_settings
from ctiserver.errors import PartError
from ctiserver.one_daemon import DRAIN, running_daemon

POLL_S = 0.2


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("drain", help="no new calls; the daemon ends when those under way are over")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the settings that the daemon was started with")
    parser.add_argument("--wait", type=float, metavar="SECONDS", default=0.0, help="wait so long for its end")


def run(args: argparse.Namespace) -> int:
    settings = load_settings(cast("Path | None", args.config))
    process = running_daemon(settings.var)
    if process is None:
        raise PartError(f"no ctiserver runs with the folder {settings.var}", hint="name its settings: --config FILE")
    os.kill(process, DRAIN)
    print(f"ctiserver (process {process}) takes no new calls and ends with the last one", file=sys.stderr)
    deadline = time.monotonic() + args.wait
    while args.wait and running_daemon(settings.var) == process:
        if time.monotonic() > deadline:
            print("calls are still under way", file=sys.stderr)
            return 1
        time.sleep(POLL_S)
    return 0
