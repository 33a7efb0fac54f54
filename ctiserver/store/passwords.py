"""Passwords: argon2id, computed in a thread and by few at a time, since each takes a core and 64 MiB for a moment."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from ctiserver.errors import Retryable

TODAYS = PasswordHasher()
AT_ONCE = 2


class Passwords:
    """Another `hasher` is for tests: theirs may be cheap."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or TODAYS
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether it is the password; takes the same time where there is no such user (None)."""
        if password_hash is None:
            self._nobody = self._nobody or await self.hash("")
        async with self._turn:
            right = await asyncio.to_thread(_verify, password_hash or self._nobody or "", password)
        return right and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return TODAYS.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    except VerificationError as error:  # argon2 says so where it gets no memory: the password may well be right
        raise Retryable(f"passwords can't be checked now: {error}", hint="try again") from error


def outdated(password_hash: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return TODAYS.check_needs_rehash(password_hash)
