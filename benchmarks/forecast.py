"""How well the router forecasts a wait, beside the moving average of past waits that app_queue announces.

    python -m benchmarks.forecast [--contacts 20000] [--days 4]

Every caller who has to wait is told a forecast (P50) on entering; the error is what then happened minus that. Printed
is the root of the mean squared error, relative to the mean wait, for both, and the share of waits below P50 and P90.

Nothing but the position tells anything about a wait among exponential conversations, so a forecast that knew the true
mean duration and the number of agents is the best there is: its ratio to the moving average stands beside ours
("known"; only where nobody gives up). One day's ratio is a matter of chance, .59 to .76 for the same rules, since a
day at high load has few independent busy periods: squares are summed over several days, each with its own callers.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, field

from acd import Decision, Forecast, Offer
from acd.forecast import quantiles
from acd.scenario import QueueScenario, Scenario, load
from acd.simulate import Replication

MEAN_S = 180.0
OLD_SHARE = 0.75  # app_queue: three quarters of the old average, one quarter of the newest wait


@dataclass
class Told:
    """What a caller was told, and by what rule."""

    forecast: Forecast
    known_s: float
    average_s: float


@dataclass
class Errors:
    """Squares of the errors of all rules."""

    forecast: list[float] = field(default_factory=list[float])
    known: list[float] = field(default_factory=list[float])
    average: list[float] = field(default_factory=list[float])
    waits: list[float] = field(default_factory=list[float])
    below_p50: int = 0
    below_p90: int = 0


class Listening(Replication):
    """A simulation in which every caller is told what to expect."""

    def __init__(self, scenario: Scenario, day: int, agents: int, errors: Errors) -> None:
        super().__init__(scenario, day)
        self.served_per_s = agents / MEAN_S
        self.average_s = 0.0
        self.told: dict[str, Told] = {}
        self.errors = errors

    def _arrival(self, queue: QueueScenario, now: float) -> None:
        average_s = self.average_s
        super()._arrival(queue, now)
        contact_id = str(self.arrived)
        forecast = self.router.forecast(contact_id)
        if forecast is not None and now >= self.scenario.warmup_s:
            known_s, _ = quantiles(forecast.position - 1, self.served_per_s, 0.0)
            self.told[contact_id] = Told(forecast, known_s, average_s)

    def _answer(self, offer: Offer, now: float) -> list[Decision]:
        wait_s = offer.why.waited_s
        self.average_s = OLD_SHARE * self.average_s + (1 - OLD_SHARE) * wait_s
        if offer.contact_id in self.told:
            told = self.told.pop(offer.contact_id)
            self.errors.waits.append(wait_s)
            self.errors.forecast.append((wait_s - told.forecast.p50_s) ** 2)
            self.errors.known.append((wait_s - told.known_s) ** 2)
            self.errors.average.append((wait_s - told.average_s) ** 2)
            self.errors.below_p50 += wait_s <= told.forecast.p50_s
            self.errors.below_p90 += wait_s <= told.forecast.p90_s
        return super()._answer(offer, now)


def scenario(agents: int, load_share: float, contacts: int, patience_s: float | None = None) -> Scenario:
    per_hour = agents * load_share * 3600 / MEAN_S
    warmup_s = 7200.0
    queue: dict[str, object] = {"id": "q", "arrivals": {"per_hour": per_hour}, "service": {"mean_s": MEAN_S}}
    if patience_s is not None:
        queue["patience"] = {"mean_s": patience_s}
    return load(
        {
            "horizon_s": warmup_s + contacts / per_hour * 3600,
            "warmup_s": warmup_s,
            "replications": 1,
            "queues": [queue],
            "agents": [{"group": "all", "count": agents}],
        }
    )


def relative(squares: list[float], waits: list[float]) -> float:
    """Root of the mean squared error as a share of the mean wait."""
    return math.sqrt(sum(squares) / len(squares)) / (sum(waits) / len(waits))


def main() -> None:
    parser = argparse.ArgumentParser(description="Forecast of waiting against a moving average of past waits.")
    parser.add_argument("--contacts", type=int, default=20_000, help="of one day")
    parser.add_argument("--days", type=int, default=4)
    options = parser.parse_args()
    names = f"{'agents':>6} {'load':>5} {'patience':>8} {'waits':>6} {'P50 rmse':>9} {'average':>8} {'ratio':>6}"
    print(f"{names} {'known':>6}  of each day              below P50  P90")
    for agents in (10, 100):
        for share, patience_s in ((0.9, None), (0.95, None), (1.05, 120.0)):
            days = [Errors() for _ in range(options.days)]
            for day, errors in enumerate(days):
                Listening(scenario(agents, share, options.contacts, patience_s), day, agents, errors).finish()
            print(_row(agents, share, patience_s, days))


def _row(agents: int, share: float, patience_s: float | None, days: list[Errors]) -> str:
    waits = [wait for day in days for wait in day.waits]
    ours = relative([square for day in days for square in day.forecast], waits)
    theirs = relative([square for day in days for square in day.average], waits)
    known = relative([square for day in days for square in day.known], waits) / theirs
    daily = " ".join(f"{relative(day.forecast, day.waits) / relative(day.average, day.waits):.2f}" for day in days)
    below_p50 = sum(day.below_p50 for day in days) / len(waits)
    below_p90 = sum(day.below_p90 for day in days) / len(waits)
    return (
        f"{agents:6} {share:5} {patience_s or '-':>8} {len(waits):6} {ours:9.3f} {theirs:8.3f} {ours / theirs:6.3f} "
        f"{'-' if patience_s else f'{known:.3f}':>6}  {daily:24} {below_p50:9.2f} {below_p90:4.2f}"
    )


if __name__ == "__main__":
    main()
