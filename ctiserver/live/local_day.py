"""The local day that today's figures belong to. Days have 23 to 25 hours where clocks are set."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo


class LocalDay:
    """`midnight` is the instant at which the day at hand began; 0: nobody has asked yet."""

    def __init__(self, timezone: tzinfo, midnight: float = 0.0) -> None:
        self.midnight = midnight
        self._timezone = timezone
        self._ends = 0.0

    def turns(self, now: float) -> bool:
        """Whether a later day has begun than the one at hand. Asked with each step: mostly one comparison."""
        if now < self._ends:
            return False
        began, self._ends = local_midnight(now, self._timezone), local_midnight(now, self._timezone, days=1)
        if began <= self.midnight:
            return False
        self.midnight = began
        return True


def local_midnight(now: float, timezone: tzinfo, *, days: int = 0) -> float:
    """The instant at which the local day of `now` began, or the one so many days later."""
    local = datetime.fromtimestamp(now, timezone) + timedelta(days=days)  # on the wall, however long a day is
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()
