"""Wallboards as people set them up, links for screens that nobody signs in to, and alerts with who saw them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import text

from ctiserver.clock import to_datetime
from ctiserver.kpi.boards import Alert, Board
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.notices import Telling, tell
from ctiserver.store.rows import Row

BOARDS = "SELECT * FROM wallboard ORDER BY position, id"
PUT = """
INSERT INTO wallboard (id, name, setup, position) VALUES (:id, cast(:name AS jsonb), cast(:setup AS jsonb), :position)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, setup = excluded.setup, position = excluded.position,
    version = wallboard.version + 1, changed_at = now()
WHERE wallboard.version = :version OR :version = 0
RETURNING *
"""
DELETE = "DELETE FROM wallboard WHERE id = :id RETURNING id"
LINKS = """
SELECT id, name, boards, tiles, language, theme, created_by, created_at, expires_at, revoked_at, used_at
FROM wallboard_link ORDER BY id DESC LIMIT 200
"""
ADD_LINK = """
INSERT INTO wallboard_link (name, token_hash, boards, tiles, language, theme, created_by, expires_at)
VALUES (:name, :token_hash, :boards, :tiles, :language, :theme, :created_by, :expires_at)
RETURNING id, name, boards, tiles, language, theme, created_by, created_at, expires_at, revoked_at, used_at
"""
REVOKE_LINK = "UPDATE wallboard_link SET revoked_at = coalesce(revoked_at, now()) WHERE id = :id RETURNING id"
USE_LINK = """
UPDATE wallboard_link SET used_at = now() WHERE token_hash = :token_hash AND revoked_at IS NULL
    AND (expires_at IS NULL OR expires_at > now())
RETURNING id, name, boards, tiles, language, theme, created_by, created_at, expires_at, revoked_at, used_at
"""
RAISE = """
INSERT INTO wallboard_alert (id, board, figure, value, target, raised_at)
VALUES (:id, :board, :figure, :value, :target, :raised_at) ON CONFLICT (id) DO NOTHING RETURNING id
"""
TOLD_ALREADY = """
SELECT 1 FROM wallboard_alert WHERE board = :board AND figure = :figure AND id <> :id AND cleared_at IS NULL LIMIT 1
"""
CLEAR = "UPDATE wallboard_alert SET cleared_at = :at WHERE id = :id AND cleared_at IS NULL"
ACKNOWLEDGE = """
UPDATE wallboard_alert SET acknowledged_at = :at, acknowledged_by = :by, note = :note
WHERE id = :id AND acknowledged_at IS NULL RETURNING *
"""
OPEN_ALERTS = "SELECT * FROM wallboard_alert WHERE cleared_at IS NULL ORDER BY raised_at, id LIMIT 500"
PAST_ALERTS = """
SELECT * FROM wallboard_alert WHERE raised_at >= :since AND raised_at < :until ORDER BY raised_at DESC, id LIMIT :most
"""


class BoardLink(Row, frozen=True, kw_only=True):
    """A screen that shows boards without signing in. Whoever has its token sees figures, and with `tiles` agents."""

    id: int
    name: str
    boards: tuple[str, ...]  # empty: all
    tiles: bool
    language: str
    theme: str
    created_by: str
    created_at: float
    expires_at: float | None
    revoked_at: float | None
    used_at: float | None


class Boards:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> tuple[Board, ...]:
        async with self._database.reading() as connection:
            return tuple(_board(row) for row in await fetch_all(connection, BOARDS))

    async def put(self, board: Board) -> Board | None:
        """None: somebody has changed it since that version (0: whatever stands there)."""
        setup = msgspec.to_builtins(board)
        for beside in ("id", "name", "position", "version"):
            del setup[beside]
        values = {
            "id": board.id,
            "name": _json(board.name),
            "setup": _json(setup),
            "position": board.position,
            "version": board.version,
        }
        async with self._database.writing() as connection:
            rows = await fetch_all(connection, PUT, values)
        return _board(rows[0]) if rows else None

    async def delete(self, board_id: str) -> bool:
        async with self._database.writing() as connection:
            return bool(await fetch_all(connection, DELETE, {"id": board_id}))

    async def links(self) -> list[BoardLink]:
        async with self._database.reading() as connection:
            return [_link(row) for row in await fetch_all(connection, LINKS)]

    async def add_link(
        self,
        *,
        name: str,
        boards: Sequence[str],
        tiles: bool,
        language: str,
        theme: str,
        by: str,
        expires_at: float | None,
    ) -> tuple[BoardLink, str]:
        """The link and its token, which is told this once: only its hash is kept."""
        token = secrets.token_urlsafe(32)
        values = {
            "name": name,
            "token_hash": _hash(token),
            "boards": list(boards),
            "tiles": tiles,
            "language": language,
            "theme": theme,
            "created_by": by,
            "expires_at": to_datetime(expires_at) if expires_at is not None else None,
        }
        async with self._database.writing() as connection:
            return _link((await fetch_all(connection, ADD_LINK, values))[0]), token

    async def revoke_link(self, link_id: int) -> bool:
        async with self._database.writing() as connection:
            return bool(await fetch_all(connection, REVOKE_LINK, {"id": link_id}))

    async def link_of(self, token: str) -> BoardLink | None:
        """The link with that token, unless it was revoked or is over; notes that it is in use."""
        async with self._database.writing() as connection:
            rows = await fetch_all(connection, USE_LINK, {"token_hash": _hash(token)})
        return _link(rows[0]) if rows else None

    async def raise_alert(self, alert: Alert, board: Board, told: Mapping[str, Any]) -> None:
        """Once, with a notice for those who supervise, and for the board's recipients of mail and SMS; `told` is what
        the sentence needs.

        The notices stand in the transaction that writes the alert, so that one written again after a lost answer
        sends nothing. Nor does one whose figure has an alert of a former process that is still open: a daemon that
        begins without Postgres does not know of it.
        """
        values = {
            **{name: getattr(alert, name) for name in ("id", "board", "figure", "value", "target")},
            "raised_at": to_datetime(alert.raised_at),
        }
        async with self._database.writing() as connection:
            told_already = await fetch_all(
                connection, TOLD_ALREADY, {name: values[name] for name in ("id", "board", "figure")}
            )
            if await fetch_all(connection, RAISE, values) and not told_already:
                for telling in _tellings(board):
                    await tell(connection, telling, "board_alert", dict(told))

    async def clear_alert(self, alert_id: str, at: float) -> None:
        async with self._database.writing() as connection:
            await connection.execute(text(CLEAR), {"id": alert_id, "at": to_datetime(at)})

    async def acknowledge(self, alert_id: str, *, by: str, note: str, at: float) -> Alert | None:
        """None: there is none of that id, or somebody was faster."""
        values = {"id": alert_id, "by": by, "note": note, "at": to_datetime(at)}
        async with self._database.writing() as connection:
            rows = await fetch_all(connection, ACKNOWLEDGE, values)
        return _alert(rows[0]) if rows else None

    async def open_alerts(self) -> list[Alert]:
        async with self._database.reading() as connection:
            return [_alert(row) for row in await fetch_all(connection, OPEN_ALERTS)]

    async def alerts(self, since: float, until: float, most: int) -> list[Alert]:
        """Those raised in [since, until), newest first."""
        values = {"since": to_datetime(since), "until": to_datetime(until), "most": most}
        async with self._database.reading() as connection:
            return [_alert(row) for row in await fetch_all(connection, PAST_ALERTS, values)]


def _tellings(board: Board) -> Iterator[Telling]:
    """To each recipient alone: nobody is told the others' addresses, and a refused one holds up no other."""
    yield Telling(duty="supervisor")
    for address in board.mail:
        yield Telling(channel="mail", address=address)
    for number in board.sms:
        yield Telling(channel="sms", address=number)


def _board(row: Mapping[str, Any]) -> Board:
    beside = {name: row[name] for name in ("id", "name", "position", "version")}
    return msgspec.convert({**row["setup"], **beside}, Board)


def _link(row: Mapping[str, Any]) -> BoardLink:
    return msgspec.convert(_instants(row, "created_at", "expires_at", "revoked_at", "used_at"), BoardLink)


def _alert(row: Mapping[str, Any]) -> Alert:
    return msgspec.convert(_instants(row, "raised_at", "acknowledged_at", "cleared_at"), Alert)


def _instants(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**row, **{name: row[name].timestamp() if row[name] else None for name in names}}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
