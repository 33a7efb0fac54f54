"""How many retries a source may cost: a token bucket, so that a sick system isn't asked twice as often as a sound one.

Pure: every question earns a part of a retry, each retry costs one, and the bucket has a bottom and a rim.
"""

from __future__ import annotations


class RetryBudget:
    def __init__(self, *, per_question: float = 0.1, most: float = 10.0) -> None:
        self._per_question = per_question
        self._most = most
        self._tokens = most

    def earn(self) -> None:
        self._tokens = min(self._most, self._tokens + self._per_question)

    def spend(self) -> bool:
        """False: nothing is left, so don't try again."""
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True
