"""The hotline's settings in Postgres: read whole, changed one by one; each change raises the revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.clock import to_datetime
from ctiserver.hotline_settings import CalendarSetup, DaySetup, Duty, HotlineSettings, ShiftSetup
from ctiserver.ivr.emergency import Announcement
from ctiserver.store.database import Database, fetch_all

REVISION = "SELECT revision FROM hotline_revision"
RAISE_REVISION = """
INSERT INTO hotline_revision (id, revision) VALUES (1, 1)
ON CONFLICT (id) DO UPDATE SET revision = hotline_revision.revision + 1
"""
ANNOUNCEMENTS = "SELECT * FROM announcement ORDER BY id"
SPOKEN_BULLETINS = """
SELECT id, title, spoken, starts_at, ends_at, areas <> '{}' OR estates <> '{}' AS local,
    CASE WHEN estates <> '{}' THEN estates
        ELSE array(SELECT unnest(area.districts) FROM area WHERE area.id = ANY(bulletin.areas)) END AS places
FROM bulletin WHERE withdrawn_at IS NULL AND spoken <> '{}'::jsonb AND ends_at > now() - interval '1 day' ORDER BY id
"""
ADD_ANNOUNCEMENT = """
INSERT INTO announcement (title, texts, prompt, dialled, areas, active_from, active_until, enabled, hang_up)
VALUES (:title, cast(:texts AS jsonb), :prompt, :dialled, :areas, :active_from, :active_until, :enabled, :hang_up)
RETURNING *
"""
CHANGE_ANNOUNCEMENT = """
UPDATE announcement SET title = :title, texts = cast(:texts AS jsonb), prompt = :prompt, dialled = :dialled,
    areas = :areas, active_from = :active_from, active_until = :active_until, enabled = :enabled, hang_up = :hang_up,
    version = version + 1, updated_at = now()
WHERE id = :id AND (version = :version OR :version = 0) RETURNING *
"""
DELETE_ANNOUNCEMENT = "DELETE FROM announcement WHERE id = :id RETURNING id"
CALENDARS = "SELECT * FROM calendar ORDER BY name"
PUT_CALENDAR = """
INSERT INTO calendar (name, title, timezone, weekly, holidays, holiday_hours, days)
VALUES (:name, cast(:title AS jsonb), :timezone, cast(:weekly AS jsonb), :holidays, :holiday_hours,
    cast(:days AS jsonb))
ON CONFLICT (name) DO UPDATE SET title = excluded.title, timezone = excluded.timezone, weekly = excluded.weekly,
    holidays = excluded.holidays, holiday_hours = excluded.holiday_hours, days = excluded.days,
    version = calendar.version + 1
WHERE calendar.version = :version OR :version = 0
RETURNING *
"""
DELETE_CALENDAR = "DELETE FROM calendar WHERE name = :name RETURNING name"
DAYS = "SELECT * FROM calendar_day ORDER BY day"
PUT_DAY = """
INSERT INTO calendar_day (day, kind, name) VALUES (:day, :kind, cast(:name AS jsonb))
ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name
"""
DELETE_DAY = "DELETE FROM calendar_day WHERE day = :day RETURNING day"
SHIFTS = "SELECT * FROM shift ORDER BY name, weekday, since"
DELETE_SHIFT = "DELETE FROM shift WHERE name = :name RETURNING name"
ADD_SHIFT_HOURS = "INSERT INTO shift (name, weekday, since, until) VALUES (:name, :weekday, :since, :until)"
DUTIES = "SELECT * FROM duty WHERE day >= :first AND day <= :last ORDER BY day, shift, agent_id"
CLEAR_DUTIES = "DELETE FROM duty WHERE day = :day"
ADD_DUTY = "INSERT INTO duty (day, shift, agent_id) VALUES (:day, :shift, :agent_id)"


class Hotline:
    """All methods raise DatabaseAwayError. Those that change answer None (or False) where there is nothing to change,
    or somebody else has changed it since that version; version 0 is whatever stands there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def revision(self) -> int:
        rows = await self._database.glance(REVISION)
        return int(rows[0]["revision"]) if rows else 0

    async def read(self, today: date) -> HotlineSettings:
        """All of it in one consistent read; duties from the day before `today` to the day after."""
        async with self._database.reading() as connection:
            await connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return HotlineSettings(
                revision=int((await connection.execute(text(REVISION))).scalar() or 0),
                announcements=(
                    *(_announcement(row) for row in await fetch_all(connection, ANNOUNCEMENTS)),
                    *_of_bulletins(await fetch_all(connection, SPOKEN_BULLETINS)),
                ),
                calendars=tuple(_calendar(row) for row in await fetch_all(connection, CALENDARS)),
                days=tuple(_day(row) for row in await fetch_all(connection, DAYS)),
                shifts=_shifts(await fetch_all(connection, SHIFTS)),
                duties=await _duties(connection, today - timedelta(days=1), today + timedelta(days=1)),
            )

    async def add_announcement(self, made: Announcement) -> Announcement:
        rows = await self._change(ADD_ANNOUNCEMENT, _columns(made))
        return _announcement(rows[0])

    async def change_announcement(self, made: Announcement) -> Announcement | None:
        values = {**_columns(made), "id": made.id, "version": made.version}
        rows = await self._change(CHANGE_ANNOUNCEMENT, values)
        return _announcement(rows[0]) if rows else None

    async def delete_announcement(self, announcement_id: int) -> bool:
        return bool(await self._change(DELETE_ANNOUNCEMENT, {"id": announcement_id}))

    async def put_calendar(self, made: CalendarSetup) -> CalendarSetup | None:
        values = {
            "name": made.name,
            "title": _json(made.title),
            "timezone": made.timezone,
            "weekly": _json(made.weekly),
            "holidays": made.holidays,
            "holiday_hours": made.holiday_hours,
            "days": _json(made.days),
            "version": made.version,
        }
        rows = await self._change(PUT_CALENDAR, values)
        return _calendar(rows[0]) if rows else None

    async def delete_calendar(self, name: str) -> bool:
        return bool(await self._change(DELETE_CALENDAR, {"name": name}))

    async def put_day(self, made: DaySetup) -> None:
        values = {"day": date.fromisoformat(made.day), "kind": made.kind, "name": _json(made.name)}
        await self._change(PUT_DAY, values)

    async def delete_day(self, day: date) -> bool:
        return bool(await self._change(DELETE_DAY, {"day": day}))

    async def put_shift(self, name: str, hours: Sequence[tuple[int, time, time]]) -> None:
        """`hours`: ISO weekday, from, until; replaces what stood under that name."""
        async with self._database.writing() as connection:
            await connection.execute(text(DELETE_SHIFT), {"name": name})
            for weekday, since, until in hours:
                values = {"name": name, "weekday": weekday, "since": since, "until": until}
                await connection.execute(text(ADD_SHIFT_HOURS), values)
            await connection.execute(text(RAISE_REVISION))

    async def delete_shift(self, name: str) -> bool:
        return bool(await self._change(DELETE_SHIFT, {"name": name}))

    async def duties(self, first: date, last: date) -> tuple[Duty, ...]:
        async with self._database.reading() as connection:
            return await _duties(connection, first, last)

    async def put_duties(self, day: date, shifts: Mapping[str, Sequence[int]]) -> None:
        """Who works which shift on that day: all of it, or with an empty mapping nobody."""
        async with self._database.writing() as connection:
            await connection.execute(text(CLEAR_DUTIES), {"day": day})
            for shift, agents in shifts.items():
                for agent_id in dict.fromkeys(agents):
                    await connection.execute(text(ADD_DUTY), {"day": day, "shift": shift, "agent_id": agent_id})
            await connection.execute(text(RAISE_REVISION))

    async def _change(self, statement: str, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        async with self._database.writing() as connection:
            result = await connection.execute(text(statement), dict(values))
            rows: list[Mapping[str, Any]] = []
            if result.returns_rows:
                rows = [dict(row) for row in result.mappings()]
                if not rows:
                    return rows
            await connection.execute(text(RAISE_REVISION))
            return rows


async def _duties(connection: AsyncConnection, first: date, last: date) -> tuple[Duty, ...]:
    rows = await fetch_all(connection, DUTIES, {"first": first, "last": last})
    return tuple(Duty(day=row["day"].isoformat(), shift=row["shift"], agent_id=row["agent_id"]) for row in rows)


def _columns(made: Announcement) -> dict[str, Any]:
    return {
        "title": made.title,
        "texts": _json(made.texts),
        "prompt": made.prompt,
        "dialled": list(made.dialled),
        "areas": list(made.areas),
        "active_from": to_datetime(made.active_from) if made.active_from is not None else None,
        "active_until": to_datetime(made.active_until) if made.active_until is not None else None,
        "enabled": made.enabled,
        "hang_up": made.hang_up,
    }


def _announcement(row: Mapping[str, Any]) -> Announcement:
    return Announcement(
        id=row["id"],
        title=row["title"],
        texts=row["texts"],
        prompt=row["prompt"],
        dialled=tuple(row["dialled"]),
        areas=tuple(row["areas"]),
        active_from=row["active_from"].timestamp() if row["active_from"] else None,
        active_until=row["active_until"].timestamp() if row["active_until"] else None,
        enabled=row["enabled"],
        hang_up=row["hang_up"],
        version=row["version"],
    )


def _of_bulletins(rows: Sequence[Mapping[str, Any]]) -> list[Announcement]:
    """What bulletins have callers told. Their ids are negative: they are changed as bulletins, not as announcements.

    One for areas of which no district is known is for nobody, rather than for everybody.
    """
    return [
        Announcement(
            id=-row["id"],
            title=row["title"],
            texts=row["spoken"],
            areas=tuple(row["places"]),
            active_from=row["starts_at"].timestamp(),
            active_until=row["ends_at"].timestamp(),
        )
        for row in rows
        if row["places"] or not row["local"]
    ]


def _calendar(row: Mapping[str, Any]) -> CalendarSetup:
    return CalendarSetup(
        name=row["name"],
        title=row["title"],
        timezone=row["timezone"],
        weekly=row["weekly"],
        holidays=row["holidays"],
        holiday_hours=row["holiday_hours"],
        days=row["days"],
        version=row["version"],
    )


def _day(row: Mapping[str, Any]) -> DaySetup:
    return DaySetup(day=row["day"].isoformat(), kind=row["kind"], name=row["name"])


def _shifts(rows: Sequence[Mapping[str, Any]]) -> tuple[ShiftSetup, ...]:
    hours: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        span = f"{row['since']:%H:%M}-{row['until']:%H:%M}"
        hours.setdefault(row["name"], {}).setdefault(str(row["weekday"]), []).append(span)
    return tuple(
        ShiftSetup(name=name, hours={day: ", ".join(spans) for day, spans in by_day.items()})
        for name, by_day in hours.items()
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
