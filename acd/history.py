"""What a queue remembers of the recent past for forecasting: handling times and how patient callers are.

Old conversations fade out rather than fall out of a window: two numbers instead of a list, and the mean of about the
last two thousand, which is what it takes for its own error (2 % when durations vary as much as their mean) not to
matter beside the chance in the wait itself.
"""

from __future__ import annotations

from dataclasses import dataclass

HANDLING_FADING = 0.9995
PATIENCE_FADING = 0.995
ERROR_FADING = 0.999


@dataclass(slots=True)
class QueueHistory:
    """Faded sums: conversations and their seconds, seconds of waiting and abandonments."""

    handled: float = 0.0
    handled_s: float = 0.0
    waited_s: float = 0.0
    abandoned: float = 0.0

    def note_handled(self, seconds: float) -> None:
        """A contact was handled: conversation and wrap-up."""
        self.handled = self.handled * HANDLING_FADING + 1
        self.handled_s = self.handled_s * HANDLING_FADING + seconds

    def note_waited(self, seconds: float, *, abandoned: bool) -> None:
        """A contact stopped waiting."""
        self.waited_s = self.waited_s * PATIENCE_FADING + seconds
        self.abandoned = self.abandoned * PATIENCE_FADING + abandoned

    @property
    def mean_handling_s(self) -> float | None:
        return self.handled_s / self.handled if self.handled else None

    @property
    def abandon_rate(self) -> float:
        """Abandonments per second of waiting."""
        return self.abandoned / self.waited_s if self.waited_s > 0 else 0.0


@dataclass(slots=True)
class ForecastErrors:
    """Faded sums over contacts that were told a forecast and then answered."""

    told: float = 0.0
    below_p50: float = 0.0
    below_p90: float = 0.0
    squared_error: float = 0.0
    waited_s: float = 0.0

    def note(self, waited_s: float, p50_s: float, p90_s: float) -> None:
        """What was told, and what then happened."""
        self.told = self.told * ERROR_FADING + 1
        self.below_p50 = self.below_p50 * ERROR_FADING + (waited_s <= p50_s)
        self.below_p90 = self.below_p90 * ERROR_FADING + (waited_s <= p90_s)
        self.squared_error = self.squared_error * ERROR_FADING + (waited_s - p50_s) ** 2
        self.waited_s = self.waited_s * ERROR_FADING + waited_s
