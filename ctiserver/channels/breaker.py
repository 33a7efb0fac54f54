"""When to leave an outside part alone: a circuit breaker. Pure; instants are seconds of a clock that never steps back.

closed ── `after` failures in a row ──▶ open ── `rest_s` later ──▶ half open: one try ── success ──▶ closed
                                         ▲                                      └── failure ──▶ open again
"""

from __future__ import annotations


class Breaker:
    """Ask `allows` before each try and tell `succeeded` or `failed` afterwards."""

    def __init__(self, *, after: int = 5, rest_s: float = 15.0) -> None:
        self._after = after
        self._rest_s = rest_s
        self._failures = 0
        self._open_until: float | None = None
        self._trying_until = 0.0

    @property
    def failures(self) -> int:
        """In a row."""
        return self._failures

    def is_open(self, now: float) -> bool:
        return self._open_until is not None and now < self._open_until

    @property
    def is_closed(self) -> bool:
        return self._open_until is None

    def allows(self, now: float) -> bool:
        """Whether to try. After the rest a single try is let through; the next one only when that one has ended, or
        when it has not been heard of for as long as the rest took."""
        if self._open_until is None:
            return True
        if now < self._open_until or now < self._trying_until:
            return False
        self._trying_until = now + self._rest_s
        return True

    def succeeded(self) -> None:
        self._failures = 0
        self._open_until = None
        self._trying_until = 0.0

    def failed(self, now: float) -> None:
        self._failures += 1
        self._trying_until = 0.0
        if self._failures >= self._after:
            self._open_until = now + self._rest_s
