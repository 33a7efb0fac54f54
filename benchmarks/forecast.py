"""How well the router forecasts a wait, beside the moving average of past waits that app_queue announces.

    python -m benchmarks.forecast [--contacts 20000]

Every caller who has to wait is told a forecast (P50) on entering; the error is what then happened minus that. Printed
is the root of the mean squared error, relative to the mean wait, for both, and the share of waits below P50 and P90.
With exponential conversations nothing but the position tells anything about the wait, so a forecast that knew the true
mean would be the best there is; on the same callers its ratio lies between .65 and .73, by chance of the day, and
ours at most 3 % above it.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, field

from acd import Decision, Forecast, Offer
from acd.scenario import QueueScenario, Scenario, load
from acd.simulate import Replication

OLD_SHARE = 0.75  # app_queue: three quarters of the old average, one quarter of the newest wait


@dataclass
class Told:
    """What a caller was told, and by what rule."""

    forecast: Forecast
    average_s: float


@dataclass
class Errors:
    """Squares of the errors of both rules."""

    forecast: list[float] = field(default_factory=list[float])
    average: list[float] = field(default_factory=list[float])
    waits: list[float] = field(default_factory=list[float])
    below_p50: int = 0
    below_p90: int = 0


class Listening(Replication):
    """A simulation in which every caller is told what to expect."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario, 0)
        self.average_s = 0.0
        self.told: dict[str, tuple[Told, float]] = {}
        self.errors = Errors()

    def _arrival(self, queue: QueueScenario, now: float) -> None:
        average_s = self.average_s
        super()._arrival(queue, now)
        contact_id = str(self.arrived)
        forecast = self.router.forecast(contact_id)
        if forecast is not None and now >= self.scenario.warmup_s:
            self.told[contact_id] = (Told(forecast, average_s), now)

    def _answer(self, offer: Offer, now: float) -> list[Decision]:
        wait_s = offer.why.waited_s
        self.average_s = OLD_SHARE * self.average_s + (1 - OLD_SHARE) * wait_s
        if offer.contact_id in self.told:
            told, _ = self.told.pop(offer.contact_id)
            self.errors.waits.append(wait_s)
            self.errors.forecast.append((wait_s - told.forecast.p50_s) ** 2)
            self.errors.average.append((wait_s - told.average_s) ** 2)
            self.errors.below_p50 += wait_s <= told.forecast.p50_s
            self.errors.below_p90 += wait_s <= told.forecast.p90_s
        return super()._answer(offer, now)


def scenario(agents: int, load_share: float, contacts: int, patience_s: float | None = None) -> Scenario:
    per_hour = agents * load_share * 3600 / 180
    warmup_s = 7200.0
    queue: dict[str, object] = {"id": "q", "arrivals": {"per_hour": per_hour}, "service": {"mean_s": 180}}
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
    parser.add_argument("--contacts", type=int, default=20_000)
    options = parser.parse_args()
    names = f"{'agents':>6} {'load':>5} {'patience':>8} {'waits':>6} {'P50 rmse':>9} {'average':>8} {'ratio':>6}"
    print(f"{names} below P50  P90")
    for agents in (10, 100):
        for share, patience_s in ((0.9, None), (0.95, None), (1.05, 120.0)):
            run = Listening(scenario(agents, share, options.contacts, patience_s))
            run.finish()
            errors = run.errors
            ours, theirs = relative(errors.forecast, errors.waits), relative(errors.average, errors.waits)
            count = len(errors.waits)
            below = f"{errors.below_p50 / count:9.2f} {errors.below_p90 / count:4.2f}"
            print(
                f"{agents:6} {share:5} {patience_s or '-':>8} {count:6} "
                f"{ours:9.3f} {theirs:8.3f} {ours / theirs:6.2f} {below}"
            )


if __name__ == "__main__":
    main()
