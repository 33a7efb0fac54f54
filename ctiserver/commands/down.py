"""`ctiserver down`: stops what `ctiserver up` runs, from another terminal."""

from __future__ import annotations

import argparse
import os
import signal
import time
from pathlib import Path

import psutil

from ctiserver.commands import Subparsers
from ctiserver.commands.stack_folder import StackFolder
from ctiserver.errors import PartError

PATIENCE_S = 60.0


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("down", help="stop a running stack")
    parser.add_argument("--var", type=Path, help="folder of the stack (default: var/ of the checkout)")


def run(args: argparse.Namespace) -> int:
    folder = StackFolder.at(args.var)
    pid = folder.supervisor_pid()
    if pid is None:
        print(f"No stack runs in {folder.var}")
        return 0
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_S
    while _runs(pid):
        if time.monotonic() > deadline:
            raise PartError(f"The stack in {folder.var} (process {pid}) still runs after {PATIENCE_S:.0f} s")
        time.sleep(0.1)
    print(f"The stack in {folder.var} is stopped")
    return 0


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
