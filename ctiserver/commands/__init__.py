"""What `ctiserver …` can do: each module gives `add_parser(subparsers)` and `run(args) -> exit code`."""

from __future__ import annotations

import argparse
from typing import Protocol


class Subparsers(Protocol):
    """What `add_parser` is given: argparse's own class has no public name."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser: ...
