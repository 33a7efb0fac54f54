"""What can be wrong with a flow file, told so that whoever wrote the file can put it right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

import msgspec


class FlowError(msgspec.Struct, frozen=True, kw_only=True):
    """One defect in one place.

    `line` and `column` count from 1; 0 means that the defect belongs to the file as a whole.
    `path` is where the value stands in the file, such as `nodes.welcome.menu.choices.1`.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        path = f" {self.path}:" if self.path else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}:{path} {self.message}{hint}"


class FlowErrors(Exception):
    """A flow set was refused; `errors` holds every defect found, ordered by file and line."""

    def __init__(self, errors: Iterable[FlowError]) -> None:
        self.errors: tuple[FlowError, ...] = tuple(sorted(errors, key=lambda e: (e.file, e.line, e.column, e.message)))
        super().__init__("\n".join(str(error) for error in self.errors))


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint naming the known word closest to `word`, or the known words if none is close and they are few."""
    choices: Sequence[str] = sorted(known)
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    if 0 < len(choices) <= 12:
        return "known: " + ", ".join(choices)
    return ""
