"""How long a waiting contact will still wait, from who serves now and how long conversations take now.

With `n` agents at work on the queue and everybody ahead patient, the wait is the time until `ahead + 1` conversations
end: a sum of exponential stages. Those ahead who may give up make the stages shorter. Mean and variance of the sum
give a gamma distribution, whose P50 and P90 come from the Wilson and Hilferty approximation.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

from acd.contacts import Contact, Told
from acd.state import Queue, State

_Z90 = 1.2815515655446004
_SUMMED_STAGES = 16


@dataclass(frozen=True, slots=True)
class Forecast:
    """Position from 1 and seconds still to wait: half wait less than `p50_s`, nine in ten less than `p90_s`."""

    position: int
    p50_s: float
    p90_s: float


@dataclass(frozen=True, slots=True)
class ForecastReport:
    """About the last thousand contacts that had to wait: shares that waited no longer than they would have been told
    (ideally .5 and .9), and the root mean squared error of P50 as a share of the mean wait. None before the first.
    """

    told: int
    below_p50: float | None
    below_p90: float | None
    relative_error: float | None


def expected_wait(state: State, contact: Contact) -> Forecast | None:
    """None while nothing is known: nobody at work, or no conversation finished yet."""
    queue = state.queues.get(contact.queue_id)
    if queue is None or contact.route is None:
        return None
    ahead = bisect_left(queue.ranks, contact.rank)
    mean_s = queue.history.mean_handling_s
    agents = serving_agents(queue, contact)
    if mean_s is None or mean_s <= 0 or agents == 0:
        return None
    p50_s, p90_s = quantiles(ahead, agents / mean_s, queue.history.abandon_rate)
    return Forecast(ahead + 1, p50_s, p90_s)


def serving_agents(queue: Queue, contact: Contact) -> int:
    """Agents whose next free moment may go to this contact: those at work on the queue, one at least if any is in."""
    route = contact.route
    if route is None:
        return 0
    waiting_offers = 1 if contact.phase == "offered" else 0
    return max(queue.in_service - waiting_offers, 1 if route.staffed else 0)


def quantiles(ahead: int, service_rate: float, abandon_rate: float) -> tuple[float, float]:
    """P50 and P90 of the time until `ahead + 1` departures, at `service_rate` per second plus those who give up."""
    if abandon_rate <= 0:
        mean = (ahead + 1) / service_rate
        variance = mean / service_rate
    else:
        rates = [service_rate + abandon_rate * still_ahead for still_ahead in range(min(ahead + 1, _SUMMED_STAGES))]
        mean = sum(1 / rate for rate in rates)
        variance = sum(1 / (rate * rate) for rate in rates)
        if ahead >= _SUMMED_STAGES:
            # The rest of the sum by the midpoint rule, so that a long queue costs no more than a short one.
            first = service_rate + abandon_rate * (_SUMMED_STAGES - 0.5)
            last = service_rate + abandon_rate * (ahead + 0.5)
            mean += math.log(last / first) / abandon_rate
            variance += (1 / first - 1 / last) / abandon_rate
    spread = variance / (9 * mean * mean)
    return mean * (1 - spread) ** 3, mean * (1 - spread + _Z90 * math.sqrt(spread)) ** 3


def tell(state: State, contact: Contact) -> None:
    """Note what would be told to a contact that begins to wait, to be compared with what happens."""
    forecast = expected_wait(state, contact)
    contact.told = None if forecast is None else Told(state.now, forecast.p50_s, forecast.p90_s)


def report(queue: Queue) -> ForecastReport:
    """How the queue's forecasts have turned out lately."""
    errors = queue.forecast_errors
    if errors.told < 1 or errors.waited_s <= 0:
        return ForecastReport(0, None, None, None)
    mean_wait_s = errors.waited_s / errors.told
    return ForecastReport(
        told=round(errors.told),
        below_p50=errors.below_p50 / errors.told,
        below_p90=errors.below_p90 / errors.told,
        relative_error=math.sqrt(errors.squared_error / errors.told) / mean_wait_s,
    )
