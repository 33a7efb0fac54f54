"""What a simulation counts in one replication, and the summary over all of them.

Shares and averages are ratios of sums over the replications, with confidence intervals by the delta method: a day
with twice the calls counts twice, as in a month's report. Counts and percentiles are means over replications.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Figures = dict[str, dict[str, float | None]]
Ratio = tuple[float, float]


@dataclass(slots=True)
class Tally:
    """What happened to the contacts of one queue in one replication. Waits in seconds."""

    offered: int = 0
    blocked: int = 0
    answered: list[float] = field(default_factory=list[float])
    abandoned: list[float] = field(default_factory=list[float])
    short_abandons: int = 0

    def plus(self, other: Tally) -> Tally:
        return Tally(
            self.offered + other.offered,
            self.blocked + other.blocked,
            self.answered + other.answered,
            self.abandoned + other.abandoned,
            self.short_abandons + other.short_abandons,
        )


@dataclass(slots=True)
class GroupTally:
    """What one agent group did in one replication, in agent-seconds."""

    contacts: int = 0
    worked_s: float = 0.0
    staffed_s: float = 0.0


def _within(waits: Sequence[float], threshold_s: float) -> int:
    return sum(wait <= threshold_s for wait in waits)


_COUNTS: dict[str, Callable[[Tally, float], float]] = {
    "offered": lambda tally, threshold: tally.offered,
    "served": lambda tally, threshold: len(tally.answered),
    "abandoned": lambda tally, threshold: len(tally.abandoned),
    "blocked": lambda tally, threshold: tally.blocked,
    "answered_within": lambda tally, threshold: _within(tally.answered, threshold),
    "abandoned_within": lambda tally, threshold: _within(tally.abandoned, threshold),
}


def _ratios(tally: Tally, threshold_s: float) -> dict[str, Ratio]:
    """Every share and average as (numerator, denominator). A answered, B abandoned; a, b within the threshold."""
    served, lost = len(tally.answered), len(tally.abandoned)
    a, b = _within(tally.answered, threshold_s), _within(tally.abandoned, threshold_s)
    entered = served + lost
    waited = entered - _within(tally.answered, 0.0) - _within(tally.abandoned, 0.0)
    return {
        "p_wait": (waited, entered),
        "asa_s": (sum(tally.answered), served),
        "wait_all_s": (sum(tally.answered) + sum(tally.abandoned), entered),
        "sl1": (a + b, entered),
        "sl2": (a, served),
        "sl3": (a, entered),
        "sl4": (a, entered - b),
        "sl5": (a + tally.short_abandons, entered),
        "sl6": (a, entered - tally.short_abandons),
        "sl7": (a, entered + tally.blocked),
        "slq": (a + b, entered),
    }


def summarise(tallies: Sequence[Tally], threshold_s: float) -> Figures:
    """One queue (or the total) over all replications."""
    figures: Figures = {
        name: _mean([count(tally, threshold_s) for tally in tallies]) for name, count in _COUNTS.items()
    }
    ratios = [_ratios(tally, threshold_s) for tally in tallies]
    for name in ratios[0]:
        figures[name] = _ratio([each[name] for each in ratios])
    waits = [sorted(tally.answered + tally.abandoned) for tally in tallies]
    figures["wait_p50_s"] = _mean([_percentile(each, 0.5) for each in waits if each])
    figures["wait_p90_s"] = _mean([_percentile(each, 0.9) for each in waits if each])
    return figures


def summarise_group(tallies: Sequence[GroupTally]) -> Figures:
    """One agent group over all replications."""
    return {
        "occupancy": _ratio([(tally.worked_s, tally.staffed_s) for tally in tallies]),
        "contacts": _mean([tally.contacts for tally in tallies]),
    }


def _percentile(ordered: Sequence[float], share: float) -> float:
    """Linear interpolation between the two nearest of a sorted sequence."""
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _mean(values: Sequence[float]) -> dict[str, float | None]:
    if not values:
        return {"mean": None, "half_width": None}
    mean = math.fsum(values) / len(values)
    return {"mean": mean, "half_width": _half_width([value - mean for value in values], 1.0)}


def _ratio(pairs: Sequence[Ratio]) -> dict[str, float | None]:
    top, bottom = math.fsum(pair[0] for pair in pairs), math.fsum(pair[1] for pair in pairs)
    if bottom == 0:
        return {"mean": None, "half_width": None}
    ratio = top / bottom
    return {"mean": ratio, "half_width": _half_width([a - ratio * b for a, b in pairs], bottom / len(pairs))}


def _half_width(deviations: Sequence[float], scale: float) -> float | None:
    """Of a 95 % confidence interval; None for a single replication, which says nothing about its own error."""
    count = len(deviations)
    if count < 2:
        return None
    variance = math.fsum(deviation * deviation for deviation in deviations) / (count - 1)
    return student_t(count - 1) * math.sqrt(variance / count) / scale


_SMALL_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)


def student_t(freedom: int) -> float:
    """The 97.5 % quantile of Student's t: a table up to 10 degrees of freedom, then Fisher's expansion."""
    if freedom <= len(_SMALL_T):
        return _SMALL_T[freedom - 1]
    z = 1.959963985
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
