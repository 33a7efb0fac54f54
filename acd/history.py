"""What a queue remembers of the recent past for forecasting: handling times and how patient callers are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

REMEMBERED = 200
PATIENCE_FADING = 0.995


class QueueHistory:
    """Recent handling times in seconds, and waiting time against abandonments with old ones fading out."""

    __slots__ = ("abandoned", "handled", "waited_s")

    def __init__(self, handled: Iterable[float] = (), waited_s: float = 0.0, abandoned: float = 0.0) -> None:
        self.handled: deque[float] = deque(handled, maxlen=REMEMBERED)
        self.waited_s = waited_s
        self.abandoned = abandoned

    def note_handled(self, seconds: float) -> None:
        """A contact was handled: conversation and wrap-up."""
        self.handled.append(seconds)

    def note_waited(self, seconds: float, *, abandoned: bool) -> None:
        """A contact stopped waiting."""
        self.waited_s = self.waited_s * PATIENCE_FADING + seconds
        self.abandoned = self.abandoned * PATIENCE_FADING + abandoned

    @property
    def mean_handling_s(self) -> float | None:
        return sum(self.handled) / len(self.handled) if self.handled else None

    @property
    def abandon_rate(self) -> float:
        """Abandonments per second of waiting."""
        return self.abandoned / self.waited_s if self.waited_s > 0 else 0.0
