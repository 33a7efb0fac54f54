"""`ctiserver openapi [FILE]`: the OpenAPI document of this version, printed or written."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ctiserver.api.openapi import encoded
from ctiserver.commands import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("openapi", help="print or write the OpenAPI document")
    parser.add_argument("file", nargs="?", type=Path, help="where to write it; else it is printed")


def run(args: argparse.Namespace) -> int:
    file: Path | None = args.file
    if file is None:
        sys.stdout.buffer.write(encoded())
    else:
        file.write_bytes(encoded())
    return 0
