"""Erlang's formulas for one queue: Erlang C (everybody waits) and Erlang A (callers have exponential patience).

Erlang A here is M/M/n+M. With c = agents, m = service rate and a = abandon rate, the density of the wait that a caller
with endless patience would see is  P(c in system) · c·m · exp(−c·m·v + (rate/a)·(1 − e^(−a·v)));  a caller of ordinary
patience is still there after v with probability e^(−a·v). Everything below follows from these two.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

_INTERVALS = 2000
_NEGLIGIBLE_LOG = -35.0
MAX_AGENTS = 100_000
MAX_WAITING = 1_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """Steady state. Waits in seconds, None where the queue grows without end; the rest are shares from 0 to 1."""

    p_wait: float
    asa_s: float | None
    service_level: float
    p_abandon: float
    wait_all_s: float | None
    occupancy: float
    agents: int


def erlang(
    per_hour: float, mean_s: float, agents: int, patience_s: float | None = None, within_s: float = 20.0
) -> Result:
    """One queue with identical agents. Raises ValueError for figures that make no sense."""
    if not (per_hour > 0 and mean_s > 0 and agents >= 1 and within_s >= 0):
        raise ValueError("per_hour and mean_s must be must be more than 0, agents at least 1, within_s not negative")
    if patience_s is not None and not patience_s > 0:
        raise ValueError("patience_s must be more than 0")
    rate = per_hour / 3600
    if patience_s is None:
        return _erlang_c(rate, mean_s, agents, within_s)
    return _erlang_a(rate, mean_s, agents, 1 / patience_s, within_s)


def agents_needed(
    per_hour: float, mean_s: float, target: float, within_s: float, patience_s: float | None = None
) -> Result:
    """The smallest number of agents that reaches the share `target` within `within_s`, with its figures."""
    if not 0 < target < 1:
        raise ValueError("the target must lie between 0 and 1")
    low, high = 0, max(1, math.ceil(per_hour / 3600 * mean_s))
    while erlang(per_hour, mean_s, high, patience_s, within_s).service_level < target:
        low, high = high, high * 2
        if high > MAX_AGENTS:
            raise ValueError(f"more than {MAX_AGENTS} agents would be needed")
    while high - low > 1:
        middle = (low + high) // 2
        if erlang(per_hour, mean_s, middle, patience_s, within_s).service_level < target:
            low = middle
        else:
            high = middle
    return erlang(per_hour, mean_s, high, patience_s, within_s)


def blocking(load: float, agents: int) -> float:
    """Erlang B: the share that finds all agents busy when nobody can wait."""
    share = 1.0
    for number in range(1, agents + 1):
        share = load * share / (number + load * share)
    return share


def _erlang_c(rate: float, mean_s: float, agents: int, within_s: float) -> Result:
    load = rate * mean_s
    if load >= agents:
        return Result(1.0, None, 0.0, 0.0, None, 1.0, agents)
    blocked = blocking(load, agents)
    p_wait = agents * blocked / (agents - load * (1 - blocked))
    spare = (agents - load) / mean_s
    return Result(
        p_wait=p_wait,
        asa_s=p_wait / spare,
        service_level=1 - p_wait * math.exp(-spare * within_s),
        p_abandon=0.0,
        wait_all_s=p_wait / spare,
        occupancy=load / agents,
        agents=agents,
    )


def _erlang_a(rate: float, mean_s: float, agents: int, abandon_rate: float, within_s: float) -> Result:
    load = rate * mean_s
    full_rate = agents / mean_s
    # Logarithms of probabilities relative to "all agents busy, nobody waiting": a long queue overflows a float.
    queued_logs = [0.0]
    while queued_logs[-1] > max(queued_logs) + _NEGLIGIBLE_LOG or len(queued_logs) * abandon_rate + full_rate < rate:
        queued_logs.append(queued_logs[-1] + math.log(rate / (full_rate + len(queued_logs) * abandon_rate)))
        if len(queued_logs) > MAX_WAITING:
            raise ValueError(f"more than {MAX_WAITING} callers would wait")
    largest = max(queued_logs)
    queued = [math.exp(log - largest) for log in queued_logs]
    blocked = blocking(load, agents)
    below = (1 / blocked - 1) * math.exp(-largest) if blocked else math.inf
    all_busy_log = -largest - math.log(below + sum(queued))
    p_wait = sum(queued) / (below + sum(queued))
    wait_all_s = sum(number * share for number, share in enumerate(queued)) / (below + sum(queued)) / rate
    p_abandon = abandon_rate * wait_all_s

    def served_at(wait: float) -> float:
        patience_used = abandon_rate * wait
        log = all_busy_log - patience_used - full_rate * wait + rate / abandon_rate * -math.expm1(-patience_used)
        return full_rate * math.exp(log)

    longest = _longest(served_at, _likeliest(rate, full_rate, abandon_rate), full_rate)
    answered_wait = _integrate(lambda wait: wait * served_at(wait), longest)
    return Result(
        p_wait=p_wait,
        asa_s=answered_wait / (1 - p_abandon),
        service_level=(1 - p_wait) + _integrate(served_at, within_s),
        p_abandon=p_abandon,
        wait_all_s=wait_all_s,
        occupancy=load * (1 - p_abandon) / agents,
        agents=agents,
    )


def _likeliest(rate: float, full_rate: float, abandon_rate: float) -> float:
    """The wait of which the density is greatest: the time until so many have given up that the agents keep up."""
    return math.log(rate / full_rate) / abandon_rate if rate > full_rate else 0.0


def _longest(density: Callable[[float], float], likeliest: float, full_rate: float) -> float:
    """A wait so long that what comes after it does not count."""
    further = 1 / full_rate
    while density(likeliest + further) * further > 1e-12:
        further *= 1.5
    return likeliest + further


def _integrate(function: Callable[[float], float], until: float) -> float:
    """Simpson's rule from 0."""
    if until <= 0:
        return 0.0
    width = until / _INTERVALS
    inner = sum(function(width * number) * (4 if number % 2 else 2) for number in range(1, _INTERVALS))
    return width / 3 * (function(0.0) + inner + function(until))
