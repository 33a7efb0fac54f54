"""Service level: eight formulas over the same counts. Which one a contract means is a setting; none is more true.

    A answered   a of them within T      B abandoned   b within T   s within S (short)      F left by overflow

"Within" is ≤, in milliseconds. The clock starts on entering the queue, so that the ringing belongs to the wait.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import msgspec

Formula = Literal["SL1", "SL2", "SL3", "SL4", "SL5", "SL6", "SL7", "SLq"]
DEFAULT_FORMULA: Final[Formula] = "SL1"


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Stays in queues that ended; `entries` also counts those that have not."""

    answered: int = 0
    abandoned: int = 0
    overflowed: int = 0
    answered_within: int = 0
    abandoned_within: int = 0
    overflowed_within: int = 0
    short_abandoned: int = 0
    entries: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})


_FRACTIONS: Final[dict[Formula, tuple[str, Callable[[Counts], tuple[int, int]]]]] = {
    "SL1": ("(a + b) / (A + B)", lambda c: (c.answered_within + c.abandoned_within, c.answered + c.abandoned)),
    "SL2": ("a / A", lambda c: (c.answered_within, c.answered)),
    "SL3": ("a / (A + B)", lambda c: (c.answered_within, c.answered + c.abandoned)),
    "SL4": ("a / (A + B − b)", lambda c: (c.answered_within, c.answered + c.abandoned - c.abandoned_within)),
    "SL5": ("(a + s) / (A + B)", lambda c: (c.answered_within + c.short_abandoned, c.answered + c.abandoned)),
    "SL6": ("a / (A + B − s)", lambda c: (c.answered_within, c.answered + c.abandoned - c.short_abandoned)),
    "SL7": ("a / (A + B + F)", lambda c: (c.answered_within, c.answered + c.abandoned + c.overflowed)),
    "SLq": (
        "waits ≤ T / entries",
        lambda c: (c.answered_within + c.abandoned_within + c.overflowed_within, c.entries),
    ),
}
FORMULAS: Final[tuple[Formula, ...]] = tuple(_FRACTIONS)


def service_level(formula: Formula, counts: Counts) -> float | None:
    """A share from 0 to 1; None where there is nothing to divide by."""
    met, all_ = _FRACTIONS[formula][1](counts)
    return met / all_ if all_ > 0 else None


def formula_text(formula: Formula) -> str:
    return _FRACTIONS[formula][0]


def formula_of(*words: object) -> Formula:
    """The first word that names a formula (a queue's contract, then the centre's); otherwise the default."""
    named: list[Formula] = [formula for word in words for formula in FORMULAS if word == formula]
    return named[0] if named else DEFAULT_FORMULA
