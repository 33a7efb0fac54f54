"""How long to wait before the next attempt to connect."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import SystemRandom

_random = SystemRandom()


@dataclass(slots=True)
class Backoff:
    """Doubles from `first_s` up to `most_s`; ± `jitter`, so that many clients don't come back in the same instant."""

    first_s: float = 0.1
    most_s: float = 5.0
    jitter: float = 0.3
    _next_s: float = field(default=0.0, init=False)

    def next_s(self) -> float:
        base = self._next_s or self.first_s
        self._next_s = min(base * 2, self.most_s)
        return base * _random.uniform(1 - self.jitter, 1 + self.jitter)

    def succeeded(self) -> None:
        self._next_s = 0.0
