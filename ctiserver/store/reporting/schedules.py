"""Schedules of reports by mail, and their deliveries: each due instant of a schedule is one row, sent at most once.

A delivery is taken by noting that it is being sent. Where a daemon dies before it has noted the outcome, nobody can
tell whether the mail has left: it is told as `unknown` and not sent again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy import text

from ctiserver.clock import to_datetime
from ctiserver.kpi.schedules import Every, ReportSpan, Rule
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.reporting.catalogue import without_uncounted
from ctiserver.store.rows import Row

# The last delivery stands beside each schedule.
LIST = """
SELECT report_schedule.*, app_user.name AS owner, last.state AS last_state, last.due_at AS last_due_at,
    last.error AS last_error, last.ended_at AS last_ended_at, last.attempts AS last_attempts
FROM report_schedule JOIN app_user ON app_user.id = report_schedule.owner_id
LEFT JOIN LATERAL (
    SELECT * FROM report_delivery WHERE schedule_id = report_schedule.id ORDER BY due_at DESC LIMIT 1
) AS last ON true
"""
ONE = LIST + "WHERE report_schedule.id = :id"
ADD = """
INSERT INTO report_schedule (name, owner_id, report, query, span, every, minute, weekday, month_day, format, language,
    recipients, enabled, next_at)
VALUES (:name, :owner_id, :report, cast(:query AS jsonb), :span, :every, :minute, :weekday, :month_day, :format,
    :language, :recipients, :enabled, :next_at)
RETURNING id
"""
CHANGE = """
UPDATE report_schedule SET name = :name, report = :report, query = cast(:query AS jsonb), span = :span, every = :every,
    minute = :minute, weekday = :weekday, month_day = :month_day, format = :format, language = :language,
    recipients = :recipients, enabled = :enabled, next_at = :next_at, changed_at = now()
WHERE id = :id RETURNING id
"""
REMOVE = "DELETE FROM report_schedule WHERE id = :id RETURNING id"
DUE = "SELECT * FROM report_schedule WHERE enabled AND next_at <= :now ORDER BY next_at LIMIT 50 FOR UPDATE SKIP LOCKED"
ADVANCE = "UPDATE report_schedule SET next_at = :next_at WHERE id = :id"
QUEUE = """
INSERT INTO report_delivery (schedule_id, due_at, next_at) VALUES (:id, :due_at, :now)
ON CONFLICT (schedule_id, due_at) DO NOTHING RETURNING id
"""
TAKE = """
UPDATE report_delivery SET state = 'sending', attempts = attempts + 1, next_at = :until
WHERE id = (
    SELECT id FROM report_delivery WHERE state = 'waiting' AND next_at <= :now
    ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id, schedule_id, due_at, attempts
"""
LOST = """
UPDATE report_delivery SET state = 'unknown', ended_at = :now, error = 'the daemon ended while it was being sent'
WHERE state = 'sending' AND next_at <= :now RETURNING id
"""
ENDED = """
UPDATE report_delivery SET state = :state, error = :error, next_at = :next_at, ended_at = :ended_at
WHERE id = :id AND state = 'sending'
"""
OWNER = "SELECT role, team_id AS team, disabled_at IS NULL AS active FROM app_user WHERE id = :id"


class Delivery(Row, frozen=True, kw_only=True):
    state: str  # waiting, sending, sent, failed, unknown
    due_at: float
    ended_at: float | None
    attempts: int
    error: str


class Schedule(Row, frozen=True, kw_only=True):
    """`query`: what the report is asked beside its span; `next_at`: when it leaves next."""

    id: int
    name: str
    owner_id: int
    owner: str
    report: str
    query: dict[str, str | int]
    span: ReportSpan
    every: Every
    minute: int
    weekday: int
    month_day: int
    format: str
    language: str
    recipients: tuple[str, ...]
    enabled: bool
    next_at: float
    last: Delivery | None

    @property
    def rule(self) -> Rule:
        return Rule(every=self.every, minute=self.minute, weekday=self.weekday, month_day=self.month_day)


class Taken(msgspec.Struct, frozen=True):
    """A delivery that is ours to send; `attempts` counts this one too."""

    id: int
    schedule_id: int
    due_at: float
    attempts: int


class Owner(msgspec.Struct, frozen=True):
    role: str
    team: str | None
    active: bool


class Schedules:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, owner_id: int | None = None) -> list[Schedule]:
        """Of one owner, or of everybody."""
        chosen = "WHERE owner_id = :owner_id" if owner_id is not None else ""
        query = f"{LIST}{chosen} ORDER BY report_schedule.name, report_schedule.id LIMIT 500"
        async with self._database.reading() as connection:
            rows = await fetch_all(connection, query, {"owner_id": owner_id} if chosen else {})
        return [_schedule(row) for row in rows]

    async def find(self, schedule_id: int) -> Schedule | None:
        async with self._database.reading() as connection:
            rows = await fetch_all(connection, ONE, {"id": schedule_id})
        return _schedule(rows[0]) if rows else None

    async def add(self, owner_id: int, values: Mapping[str, Any]) -> Schedule:
        async with self._database.writing() as connection:
            [made] = await fetch_all(connection, ADD, {**_stored(values), "owner_id": owner_id})
            [row] = await fetch_all(connection, ONE, {"id": made["id"]})
        return _schedule(row)

    async def change(self, schedule_id: int, values: Mapping[str, Any]) -> Schedule | None:
        async with self._database.writing() as connection:
            if not await fetch_all(connection, CHANGE, {**_stored(values), "id": schedule_id}):
                return None
            [row] = await fetch_all(connection, ONE, {"id": schedule_id})
        return _schedule(row)

    async def remove(self, schedule_id: int) -> bool:
        async with self._database.writing() as connection:
            return bool(await fetch_all(connection, REMOVE, {"id": schedule_id}))

    async def queue_due(self, now: float, following: Callable[[float, Rule], float]) -> int:
        """Makes deliveries of what is due; `following` tells after which instant a rule is due next.
        What was missed while nobody was there leaves once."""
        async with self._database.writing() as connection:
            due = await fetch_all(connection, DUE, {"now": to_datetime(now)})
            for row in due:
                rule = Rule(
                    every=row["every"], minute=row["minute"], weekday=row["weekday"], month_day=row["month_day"]
                )
                values = {"id": row["id"], "due_at": row["next_at"], "now": to_datetime(now)}
                await connection.execute(text(QUEUE), values)
                await connection.execute(text(ADVANCE), {"id": row["id"], "next_at": to_datetime(following(now, rule))})
        return len(due)

    async def queue_now(self, schedule_id: int, now: float) -> None:
        """Somebody wants it at once."""
        async with self._database.writing() as connection:
            values = {"id": schedule_id, "due_at": to_datetime(now), "now": to_datetime(now)}
            await connection.execute(text(QUEUE), values)

    async def take(self, now: float, lease_s: float) -> Taken | None:
        """The next delivery whose time has come. Those that nobody ended in time are given up first."""
        async with self._database.writing() as connection:
            await fetch_all(connection, LOST, {"now": to_datetime(now)})
            values = {"now": to_datetime(now), "until": to_datetime(now + lease_s)}
            rows = await fetch_all(connection, TAKE, values)
        if not rows:
            return None
        [row] = rows
        return Taken(row["id"], row["schedule_id"], row["due_at"].timestamp(), row["attempts"])

    async def end(self, delivery_id: int, state: str, error: str, now: float, again_at: float | None = None) -> None:
        """`again_at`: it waits for another attempt."""
        values = {
            "id": delivery_id,
            "state": state,
            "error": error[:500],
            "next_at": to_datetime(now if again_at is None else again_at),
            "ended_at": to_datetime(now),
        }
        async with self._database.writing() as connection:
            await connection.execute(text(ENDED), values)

    async def owner(self, user_id: int) -> Owner | None:
        async with self._database.reading() as connection:
            rows = await fetch_all(connection, OWNER, {"id": user_id})
        return Owner(rows[0]["role"], rows[0]["team"], rows[0]["active"]) if rows else None


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **values,
        "query": json.dumps(values["query"], ensure_ascii=False),
        "recipients": list(values["recipients"]),
        "next_at": to_datetime(values["next_at"]),
    }


def _schedule(row: Mapping[str, Any]) -> Schedule:
    same = (
        "id", "name", "owner_id", "owner", "report", "span", "every", "minute", "weekday", "month_day",
        "format", "language", "enabled",
    )  # fmt: skip
    ended = row["last_ended_at"]
    last = Delivery(
        state=row["last_state"],
        due_at=row["last_due_at"].timestamp(),
        ended_at=ended.timestamp() if ended is not None else None,
        attempts=row["last_attempts"],
        error=row["last_error"],
    ) if row["last_state"] is not None else None  # fmt: skip
    return Schedule(
        **{name: row[name] for name in same},
        # Filters that never changed anything were stored once; asked with them, the report would be refused at night.
        query=without_uncounted(row["report"], row["query"]),
        recipients=tuple(row["recipients"]),
        next_at=row["next_at"].timestamp(),
        last=last,
    )
