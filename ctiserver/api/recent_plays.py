"""One playing is one audit row: a player asks for a recording in many parts, and again when somebody seeks."""

from __future__ import annotations

from collections import OrderedDict

from ctiserver.clock import Clock

SAME_PLAYING_S = 600.0
KEPT = 5_000


class RecentPlays:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._played_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def is_new(self, *, who: str, recording_id: str) -> bool:
        """Whether this request, for whichever part of it, begins another playing."""
        played_at = self._played_at.get((who, recording_id))
        return played_at is None or self._clock.now() - played_at > SAME_PLAYING_S

    def add(self, *, who: str, recording_id: str) -> None:
        self._played_at[(who, recording_id)] = self._clock.now()
        self._played_at.move_to_end((who, recording_id))
        while len(self._played_at) > KEPT:
            self._played_at.popitem(last=False)
