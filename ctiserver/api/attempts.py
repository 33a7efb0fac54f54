"""Slows down guessing of passwords: failed sign-ins are counted per login and per address.

An attempt counts from its begin, so that many at once can't slip through; success gives it back.
"""

from __future__ import annotations

from collections import OrderedDict, deque

from prometheus_client import Counter

from ctiserver.api.problems import too_many_attempts
from ctiserver.clock import Clock

WINDOW_S = 300.0
PER_LOGIN = 8  # from one address
PER_ADDRESS = 60  # a whole office may share one
REMEMBERED = 10_000

REFUSED = Counter("cti_sign_in_refused_total", "Sign-ins refused because of too many attempts.")


class Attempts:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun: OrderedDict[str, deque[float]] = OrderedDict()

    def begin(self, login: str, address: str) -> None:
        """Counts an attempt; raises ApiError 429 where there were too many within five minutes.

        The login counts together with the address: nobody can lock a colleague out from elsewhere.
        """
        limits = {f"{address}\n{login.casefold()}": PER_LOGIN, address: PER_ADDRESS}
        waits = [self._wait_s(key, limit) for key, limit in limits.items()]
        if max(waits) > 0:
            REFUSED.inc()
            raise too_many_attempts(max(waits))
        for key in limits:
            self._begun.setdefault(key, deque()).append(self._clock.now())
            self._begun.move_to_end(key)
        while len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)

    def succeeded(self, login: str, address: str) -> None:
        """Forgets the failures of this login from this address, and this attempt of the address."""
        self._begun.pop(f"{address}\n{login.casefold()}", None)
        if begun := self._begun.get(address):
            begun.pop()

    def _wait_s(self, key: str, limit: int) -> float:
        begun = self._begun.get(key)
        if not begun:
            return 0.0
        while begun and begun[0] <= self._clock.now() - WINDOW_S:
            begun.popleft()
        return begun[0] + WINDOW_S - self._clock.now() if len(begun) >= limit else 0.0
