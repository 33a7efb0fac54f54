"""`ctiserver doctor`: each part – found, version, reachable, what to do. Exit code 1 if something needed is wrong."""

from __future__ import annotations

import argparse
import asyncio
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from ctiserver.commands import Subparsers
from ctiserver.commands.doctor_checks import Finding, State, installed_parts, running_parts
from ctiserver.commands.stack_folder import StackFolder
from ctiserver.log import set_up_logging

MARKS = {State.FINE: "✓", State.IDLE: "–", State.OPTIONAL: "○", State.WRONG: "✗"}
LEGEND = "✓ 正常 fine   – 未运行 not running   ○ 可选 optional, absent   ✗ 有问题 wrong"


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("doctor", help="each part: found, version, reachable, what to do")
    parser.add_argument("--var", type=Path, help="folder of the stack (default: var/ of the checkout)")
    parser.add_argument("--config", type=Path, help="settings file of a daemon that runs without `ctiserver up`")


def run(args: argparse.Namespace) -> int:
    set_up_logging(level="ERROR")
    findings = asyncio.run(examine(StackFolder.at(args.var), args.config))
    print(table(findings))
    print(f"\n{LEGEND}")
    return 1 if any(finding.state is State.WRONG for finding in findings) else 0


async def examine(folder: StackFolder, config: Path | None) -> list[Finding]:
    return [*await asyncio.to_thread(installed_parts), *await running_parts(folder, config)]


def table(findings: Sequence[Finding]) -> str:
    rows = [("", "Part", "Found", "What to do")]
    rows += [(MARKS[finding.state], finding.part, finding.found, finding.advice) for finding in findings]
    widths = [max(_width(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join([*(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def _width(text: str) -> int:
    """Columns in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
