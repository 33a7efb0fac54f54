"""Users, their sessions, and keys for machines. Tokens and keys are kept as hashes: a copy of the tables opens none."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from ctiserver.directory import Role
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.passwords import Passwords, outdated
from ctiserver.store.rows import UserRow

USER = """
SELECT app_user.id, login, app_user.name, role, language, app_user.team_id, agent.id AS agent_id, password_hash
FROM app_user LEFT JOIN agent ON agent.user_id = app_user.id AND agent.retired_at IS NULL
"""
BY_LOGIN = USER + "WHERE login = :login AND disabled_at IS NULL"
BY_SESSION = (
    USER
    + """JOIN user_session ON user_session.user_id = app_user.id
WHERE token_hash = :hash AND expires_at > now() AND disabled_at IS NULL
"""
)
BY_KEY = """
SELECT name, role FROM api_key
WHERE key_hash = :hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
"""
OPEN_SESSION = """
INSERT INTO user_session (token_hash, user_id, created_at, expires_at, address, agent_string)
VALUES (:hash, :user_id, now(), now() + make_interval(secs => :lasts_s), :address, :browser)
"""
FORGET_EXPIRED = "DELETE FROM user_session WHERE expires_at < now()"
CLOSE_SESSION = "DELETE FROM user_session WHERE token_hash = :hash"
CLOSE_ALL = "DELETE FROM user_session WHERE user_id = :user_id"
SET_LANGUAGE = "UPDATE app_user SET language = :language WHERE id = :user_id"
SET_HASH = "UPDATE app_user SET password_hash = :hash WHERE id = :user_id"
MAKE_KEY = "INSERT INTO api_key (name, key_hash, role) VALUES (:name, :hash, :role)"
ADD_USER = """
INSERT INTO app_user (login, name, role, language, password_hash) VALUES (:login, :name, :role, :language, :hash)
ON CONFLICT (login) DO NOTHING RETURNING id
"""


class Users:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._passwords = Passwords()

    async def sign_in(self, login: str, password: str) -> UserRow | None:
        """The user, if both are right; takes the same time whether or not the login exists."""
        row = await self._find(BY_LOGIN, {"login": login})
        right = await self._passwords.matches(row["password_hash"] if row else None, password)
        if row is None or not right:
            return None
        if outdated(row["password_hash"]):
            await self._change(SET_HASH, user_id=row["id"], hash=await self._passwords.hash(password))
        return _user(row)

    async def open_session(self, user_id: int, *, lasts_s: float, address: str, browser: str) -> str:
        """The token for the cookie: 256 random bits."""
        token = secrets.token_urlsafe(32)
        values = {"user_id": user_id, "lasts_s": lasts_s, "address": address, "browser": browser[:400]}
        await self._change(FORGET_EXPIRED)
        await self._change(OPEN_SESSION, hash=_hash(token), **values)
        return token

    async def session_user(self, token: str) -> UserRow | None:
        row = await self._find(BY_SESSION, {"hash": _hash(token)})
        return _user(row) if row else None

    async def close_session(self, token: str) -> None:
        await self._change(CLOSE_SESSION, hash=_hash(token))

    async def set_language(self, user_id: int, language: str) -> None:
        """ "zh-CN" or "en"; the database refuses others."""
        await self._change(SET_LANGUAGE, user_id=user_id, language=language)

    async def set_password(self, user_id: int, password: str) -> None:
        """Ends all sessions of the user."""
        await self._change(SET_HASH, user_id=user_id, hash=await self._passwords.hash(password))
        await self._change(CLOSE_ALL, user_id=user_id)

    async def add(self, login: str, password: str, *, name: str, role: Role, language: str) -> int | None:
        """The id of the new user; None: the login is taken (also by somebody who is disabled)."""
        values = {"login": login, "name": name, "role": role, "language": language}
        hashed = await self._passwords.hash(password)
        async with self._database.writing() as connection:
            made = await connection.execute(text(ADD_USER), {**values, "hash": hashed})
            return made.scalar_one_or_none()

    async def make_api_key(self, name: str, role: Role) -> str:
        """A new key, shown this once."""
        key = secrets.token_urlsafe(32)
        await self._change(MAKE_KEY, name=name, role=role, hash=_hash(key))
        return key

    async def api_key_user(self, key: str) -> UserRow | None:
        """The machine as a user with id 0."""
        row = await self._find(BY_KEY, {"hash": _hash(key)})
        if row is None:
            return None
        login = f"key:{row['name']}"
        return UserRow(id=0, login=login, name=row["name"], role=row["role"], language="en", team=None, agent_id=None)

    async def _find(self, query: str, values: Mapping[str, object]) -> Mapping[str, Any] | None:
        async with self._database.reading() as connection:
            return next(iter(await fetch_all(connection, query, values)), None)

    async def _change(self, statement: str, **values: object) -> None:
        async with self._database.writing() as connection:
            await connection.execute(text(statement), values)


def _hash(token: str) -> bytes:
    """Fast is enough here: unlike a password, a token can't be guessed."""
    return hashlib.sha256(token.encode(errors="surrogateescape")).digest()


def _user(row: Mapping[str, Any]) -> UserRow:
    return UserRow(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        role=row["role"],
        language=row["language"],
        team=row["team_id"],
        agent_id=row["agent_id"],
    )
