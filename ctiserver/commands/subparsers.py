"""The type of what `add_parser` is given: argparse's own class has no public name."""

from __future__ import annotations

import argparse
from typing import Protocol


class Subparsers(Protocol):
    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser: ...
