"""Sessions as the API needs them: from token to identity, fast, and for a while without Postgres.

Tokens and keys are random and opaque; the store knows only their hashes. Here they are kept, also hashed, for seconds:
an ended session is gone at once on this node, a changed role takes effect within `FRESH_S`.
While Postgres is away those who are signed in stay so for `STALE_S`: an agent must be able to take a break.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from aiohttp import web

from ctiserver.api.identity import Identity
from ctiserver.api.records import Users
from ctiserver.clock import Clock
from ctiserver.errors import DatabaseAwayError
from ctiserver.store.rows import UserRow

COOKIE = "cti_session"
FRESH_S = 15.0
STALE_S = 3600.0
AWAY_S = 5.0  # after Postgres was found away, those we know do not wait for it again for so long
KEPT = 10_000
LONGEST_TOKEN = 200


class _Kept(NamedTuple):
    identity: Identity
    read_at: float


class Sessions:
    def __init__(self, users: Users, clock: Clock, team_agents: Callable[[str], frozenset[int]]) -> None:
        """`team_agents`: who belongs to a team now; a supervisor's rights follow it within FRESH_S."""
        self._users = users
        self._clock = clock
        self._team_agents = team_agents
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._away_until = 0.0

    async def identify(self, request: web.Request) -> Identity | None:
        """Who sends this request; None for nobody we know. Raises DatabaseAwayError where that can't be told."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.casefold() == "bearer" and key:
            return await self._lookup(key.strip(), self._users.api_key_user, machine=True)
        token = request.cookies.get(COOKIE, "")
        return await self.of_token(token) if token else None

    async def of_token(self, token: str) -> Identity | None:
        return await self._lookup(token, self._users.session_user, machine=False)

    def opened(self, user: UserRow, token: str) -> Identity:
        """A session has just been opened."""
        identity = self._identity_of(user, token=token)
        self._keep(_fingerprint(token, machine=False), identity)
        return identity

    async def close(self, token: str) -> None:
        """Ends a session, here at once and in the store."""
        self._kept.pop(_fingerprint(token, machine=False), None)
        await self._users.close_session(token)

    def forget(self, token: str) -> None:
        """The next request reads the user again: something about them changed."""
        self._kept.pop(_fingerprint(token, machine=False), None)

    def forget_everybody(self) -> None:
        """The next requests read their users again: somebody's rights changed."""
        self._kept.clear()

    async def _lookup(
        self, token: str, read: Callable[[str], Awaitable[UserRow | None]], *, machine: bool
    ) -> Identity | None:
        if len(token) > LONGEST_TOKEN:
            return None
        fingerprint, now = _fingerprint(token, machine=machine), self._clock.now()
        kept = self._kept.get(fingerprint)
        if kept and (now - kept.read_at < FRESH_S or now < self._away_until):
            return kept.identity
        try:
            user = await read(token)
        except DatabaseAwayError:
            self._away_until = now + AWAY_S
            if kept and now - kept.read_at < STALE_S:
                return kept.identity
            raise
        if user is None:
            self._kept.pop(fingerprint, None)
            return None
        identity = self._identity_of(user, token="" if machine else token)
        self._keep(fingerprint, identity)
        return identity

    def _identity_of(self, user: UserRow, *, token: str) -> Identity:
        limited = user.role == "supervisor" and user.team is not None
        return Identity(
            user_id=user.id,
            login=user.login,
            name=user.name,
            role=user.role,
            language=user.language,
            team=user.team,
            agent_id=user.agent_id,
            token=token,
            scope=self._team_agents(user.team) if limited and user.team else None,
        )

    def _keep(self, fingerprint: str, identity: Identity) -> None:
        self._kept[fingerprint] = _Kept(identity, self._clock.now())
        self._kept.move_to_end(fingerprint)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def csrf_token(token: str) -> str:
    """Bound to the session and useless without it: pages send it back as X-CSRF-Token."""
    return hmac.new(_bytes(token), b"ctiserver csrf", hashlib.sha256).hexdigest()


def csrf_matches(token: str, sent: str) -> bool:
    return hmac.compare_digest(csrf_token(token).encode(), _bytes(sent))


def set_cookie(response: web.StreamResponse, token: str, *, lasts_s: float, secure: bool) -> None:
    response.set_cookie(COOKIE, token, max_age=int(lasts_s), path="/", httponly=True, samesite="Lax", secure=secure)


def delete_cookie(response: web.StreamResponse, *, secure: bool) -> None:
    response.del_cookie(COOKIE, path="/", httponly=True, samesite="Lax", secure=secure)


def _fingerprint(token: str, *, machine: bool) -> str:
    return hashlib.sha256(_bytes(f"{'key' if machine else 'session'}:{token}")).hexdigest()


def _bytes(word: str) -> bytes:
    """What came in a header, also where it was no UTF-8."""
    return word.encode(errors="surrogateescape")
