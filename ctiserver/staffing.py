"""How many agents a queue needs now and in the next hour, from what has been seen of it. Pure.

Arrivals now: the mean of the rates of the last 30 and 60 minutes. Next hour: what the same weekday brought in that hour
on average, scaled by how today's last hour compares with the same weekdays' (between half and double); without such
history as now. Agents: Erlang A where enough callers gave up to know their patience, else Erlang C.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from acd.erlang import agents_needed
from ctiserver.directory import Queue

FEWEST_ABANDONS = 10  # fewer say little about patience
FEWEST_HANDLED = 5
LARGEST_SCALE = 2.0


class QueueFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of arrivals; means over the same weekday of the last weeks; seconds. None: nothing is known."""

    last_30_min: int = 0
    last_60_min: int = 0
    history_last_hour: float | None = None
    history_next_hour: float | None = None
    handled: int = 0
    mean_handling_s: float | None = None  # talk, hold and wrap-up
    abandoned: int = 0
    waited_s: float = 0.0  # of all who waited while so many gave up


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """`agents_now`, `agents_next_hour`: None where too few calls have been handled to know how long they take."""

    per_hour_now: float
    per_hour_next: float
    mean_handling_s: float | None
    patience_s: float | None
    agents_now: int | None
    agents_next_hour: int | None


def advise(facts: QueueFacts, queue: Queue) -> Advice:
    now = (facts.last_30_min * 2 + facts.last_60_min) / 2
    following = _next_hour(facts, now)
    patience_s = facts.waited_s / facts.abandoned if facts.abandoned >= FEWEST_ABANDONS else None
    mean_s = facts.mean_handling_s if facts.handled >= FEWEST_HANDLED else None

    def needed(per_hour: float) -> int | None:
        if per_hour <= 0:
            return 0
        if not mean_s:
            return None
        return agents_for(
            round(per_hour, 1), round(mean_s), queue.service_level_target, queue.service_level_s,
            None if patience_s is None else max(1, round(patience_s)),
        )  # fmt: skip

    return Advice(
        per_hour_now=now,
        per_hour_next=following,
        mean_handling_s=mean_s,
        patience_s=patience_s,
        agents_now=needed(now),
        agents_next_hour=needed(following),
    )


def _next_hour(facts: QueueFacts, now: float) -> float:
    before, after = facts.history_last_hour, facts.history_next_hour
    if not after:
        return now
    if not before:
        return max(after, now)
    scale = min(LARGEST_SCALE, max(1 / LARGEST_SCALE, facts.last_60_min / before))
    return after * scale


@lru_cache(maxsize=4096)
def agents_for(per_hour: float, mean_s: float, target: float, within_s: float, patience_s: float | None) -> int:
    """A target of all callers cannot be planned for: 99 % stand for it."""
    return agents_needed(per_hour, max(1.0, mean_s), min(0.99, max(0.01, target)), within_s, patience_s).agents
