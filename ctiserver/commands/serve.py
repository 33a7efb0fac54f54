"""`ctiserver serve`: the daemon alone, against the Asterisk and the Postgres that the settings name."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import cast

import uvloop

from ctiserver.app import serve
from ctiserver.commands import Subparsers
from ctiserver.config import load_settings
from ctiserver.log import set_up_logging
from ctiserver.open_files import allow_many

THREADS_YIELD_AFTER_S = 0.0005  # ten times as often as by default: the loop must not wait for the threads of the disk


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("serve", help="run the daemon alone")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings as YAML; CTI_… variables win over it")
    parser.add_argument("--take-over", action="store_true", help="go on with the calls of the daemon that runs now")


def run(args: argparse.Namespace) -> int:
    settings = load_settings(cast("Path | None", args.config))
    set_up_logging(settings.log.form, settings.log.level)
    allow_many()
    sys.setswitchinterval(THREADS_YIELD_AFTER_S)
    uvloop.run(serve(settings, take_over=args.take_over))
    return 0
