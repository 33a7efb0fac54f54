"""Quality inspection: score sheets with weights and fatal items, and what a set of marks comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """`points` is the most that it gives; a `fatal` one that fails (0 points) makes the whole result 0."""

    id: str
    name: dict[str, str]
    points: float
    fatal: bool = False


class Result(msgspec.Struct, frozen=True, kw_only=True):
    score: float  # 0 to 100, one decimal
    fatal: bool


def check_sheet(criteria: Sequence[Criterion]) -> str:
    """A problem word, or empty."""
    if not criteria:
        return "empty"
    if len({each.id for each in criteria}) != len(criteria):
        return "twice"
    if any(each.points < 0 for each in criteria) or not any(each.points > 0 for each in criteria):
        return "no_points"
    return ""


def score(criteria: Sequence[Criterion], marks: Mapping[str, float | None]) -> Result:
    """Of what applies: a mark of None means "does not apply". Raises ValueError naming the criterion."""
    unknown = set(marks) - {each.id for each in criteria}
    if unknown:
        raise ValueError(f"no such criterion: {', '.join(sorted(unknown))}")
    reached = possible = 0.0
    fatal = False
    for each in criteria:
        if each.id not in marks:
            raise ValueError(f"{each.id} has no mark")
        mark = marks[each.id]
        if mark is None:
            continue
        if not 0 <= mark <= each.points:
            raise ValueError(f"{each.id}: {mark} is not between 0 and {each.points}")
        fatal |= each.fatal and mark == 0
        reached += mark
        possible += each.points
    whole = round(100 * reached / possible, 1) if possible else 100.0
    return Result(score=0.0 if fatal else whole, fatal=fatal)
