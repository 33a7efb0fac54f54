"""When is a part that does not answer to be restarted? Pure: answers and instants in, a verdict out.

fine ──no answer──▶ failing ──as often as `failures` in a row──▶ restart ──within `grace_s` nothing is judged──▶ …
                                                                   └─ more than `most_per_hour` ─▶ given_up
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Verdict = Literal["fine", "well_again", "failing", "restart", "given_up", "recovering"]
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Rule:
    """`failures` in a row until a restart; seconds of `grace_s` after it; not more than `most_per_hour` restarts."""

    failures: int = 3
    grace_s: float = 60.0
    most_per_hour: int = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one part so far. Instants are of a monotonic clock."""

    failures: int = 0
    restarts: tuple[float, ...] = ()  # within the last hour


def judge(seen: Seen, answered: bool, now: float, rule: Rule) -> tuple[Seen, Verdict]:
    """After each look. `restart`: now; it counts as done whatever comes of it."""
    recent = tuple(at for at in seen.restarts if now - at < HOUR_S)
    if answered:
        return Seen(0, recent), "well_again" if seen.failures >= rule.failures or _in_grace(seen, now, rule) else "fine"
    if _in_grace(seen, now, rule):
        return replace(seen, restarts=recent), "recovering"
    failures = seen.failures + 1
    if failures < rule.failures:
        return Seen(failures, recent), "failing"
    if len(recent) >= rule.most_per_hour:
        return Seen(failures, recent), "given_up"
    return Seen(failures, (*recent, now)), "restart"


def _in_grace(seen: Seen, now: float, rule: Rule) -> bool:
    return seen.failures > 0 and bool(seen.restarts) and now - seen.restarts[-1] < rule.grace_s
