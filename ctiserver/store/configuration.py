"""What operations staff set up, read and changed in Postgres: one change, its checks and its audit row are one
transaction, and changes of all nodes stand in one line, so that each is checked against what is really there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.configured import (
    AgentSetup,
    AnySetup,
    Change,
    Configured,
    DispositionSetup,
    Kind,
    QueueSetup,
    ReasonCodeSetup,
    RoutingSetup,
    UserSetup,
    WordSetup,
    versioned,
)
from ctiserver.store import configuration_sql as sql
from ctiserver.store.audit import Actor, write_row
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.directory_store import queue_fields

Edit = Callable[[Configured], Change]
"""Looks at what there is and says what to change; raises what makes it impossible."""


class LastChange(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the audit log about one object: `detail` holds the changed fields before and after."""

    actor: str
    at: float
    action: str
    detail: dict[str, Any]


class Configuration:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self) -> Configured:
        async with self._database.reading() as connection:
            await connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return await _read(connection)

    async def change(self, edit: Edit, by: Actor) -> AnySetup | None:
        """Makes the change that `edit` asks for and returns the object as it stands; None: it was deleted.

        What `edit` raises undoes everything.
        """
        async with self._database.writing() as connection:
            await connection.execute(text(sql.ONE_AT_A_TIME))
            change = edit(await _read(connection))
            if change.before == change.after and change.secret is None:
                return change.after
            stored = await _write(connection, change)
            action, detail = change.audited()
            subject = stored if stored is not None else change.before
            key = change.id or (subject.id if isinstance(subject, AgentSetup | UserSetup) else 0)
            await write_row(connection, by, action, f"{change.kind}:{key}", detail)
            return stored

    async def history(self, kind: Kind, key: str | int) -> list[LastChange]:
        """The last hundred changes of one object, newest first."""
        async with self._database.reading() as connection:
            rows = await fetch_all(connection, sql.HISTORY, {"kind": kind, "id": str(key)})
        return [LastChange(**row) for row in rows]


async def _read(connection: AsyncConnection) -> Configured:
    words = {table: await fetch_all(connection, query) for table, query in sql.WORDS.items()}
    options = await fetch_all(connection, sql.ROUTING)
    return Configured(
        queues={row["id"]: _queue(row) for row in await fetch_all(connection, sql.QUEUES)},
        skills={row["id"]: versioned(WordSetup(id=row["id"], name=row["name"])) for row in words["skill"]},
        teams={row["id"]: versioned(WordSetup(id=row["id"], name=row["name"])) for row in words["team"]},
        agents={row["id"]: _agent(row) for row in await fetch_all(connection, sql.AGENTS)},
        reason_codes={row["code"]: _reason_code(row) for row in await fetch_all(connection, sql.REASON_CODES)},
        dispositions={row["code"]: _disposition(row) for row in await fetch_all(connection, sql.DISPOSITIONS)},
        users={row["id"]: _user(row) for row in await fetch_all(connection, sql.USERS)},
        routing={"routing": versioned(RoutingSetup(options={row["name"]: row["value"] for row in options}))},
    )


async def _write(connection: AsyncConnection, change: Change) -> AnySetup | None:
    match change.after:
        case None:
            await connection.execute(text(sql.DELETE[change.kind]), {"id": change.id})
            return None
        case RoutingSetup() as routing:
            await _execute(connection, sql.CLEAR_ROUTING, {})
            for name, value in routing.options.items():
                await _execute(connection, sql.SAVE_ROUTING, {"name": name, "value": _json(value)})
            return versioned(routing)
        case WordSetup() as word:
            await connection.execute(text(sql.SAVE_WORD[change.kind]), {"id": word.id, "name": _json(word.name)})
            return versioned(word)
        case QueueSetup() as queue:
            await _write_queue(connection, queue)
            return versioned(queue)
        case AgentSetup() as agent:
            return versioned(await _write_agent(connection, agent, change.secret))
        case ReasonCodeSetup() as code:
            limit_ms = None if code.limit_s is None else _ms(code.limit_s)
            values = {**msgspec.structs.asdict(code), "name": _json(code.name), "limit_ms": limit_ms}
            await _execute(connection, sql.SAVE_REASON_CODE, values)
            return versioned(code)
        case DispositionSetup() as disposition:
            values = {**msgspec.structs.asdict(disposition), "name": _json(disposition.name)}
            await _execute(connection, sql.SAVE_DISPOSITION, values)
            return versioned(disposition)
        case UserSetup() as user:
            return versioned(await _write_user(connection, user, change.secret))


async def _write_queue(connection: AsyncConnection, queue: QueueSetup) -> None:
    values = msgspec.structs.asdict(queue)
    for name in ("name", "skills", "options"):
        values[name] = _json(values[name])
    for name in ("ring_timeout", "wrap_up", "service_level", "short_abandon", "max_wait", "priority"):
        seconds = values[f"{name}_s"]
        values[f"{name}_ms"] = None if seconds is None else _ms(seconds)
    await _execute(connection, sql.SAVE_QUEUE, values)
    await _execute(connection, sql.CLEAR_STEPS, {"id": queue.id})
    for ordinal, step in enumerate(queue.steps):
        rest = {name: value for name, value in step.items() if name != "after_s"}
        after_ms = _ms(float(str(step.get("after_s", 0))))
        made = {"id": queue.id, "ordinal": ordinal, "after_ms": after_ms, "options": _json(rest)}
        await _execute(connection, sql.SAVE_STEP, made)


async def _write_agent(connection: AsyncConnection, agent: AgentSetup, secret: str | None) -> AgentSetup:
    values = {**msgspec.structs.asdict(agent), "options": _json(agent.options), "secret": secret}
    if agent.id:
        await _execute(connection, sql.CHANGE_AGENT, values)
        await _execute(connection, sql.CLEAR_AGENT_SKILLS, {"id": agent.id})
    else:
        made = await connection.execute(text(sql.ADD_AGENT), values)
        agent = msgspec.structs.replace(agent, id=made.scalar_one())
    for skill, level in agent.skills.items():
        await _execute(connection, sql.SAVE_AGENT_SKILL, {"id": agent.id, "skill": skill, "level": level})
    return agent


async def _write_user(connection: AsyncConnection, user: UserSetup, secret: str | None) -> UserSetup:
    """Who is disabled or gets another password is signed out everywhere."""
    values = {**msgspec.structs.asdict(user), "secret": secret}
    if not user.id:
        made = await connection.execute(text(sql.ADD_USER), values)
        return msgspec.structs.replace(user, id=made.scalar_one())
    await _execute(connection, sql.CHANGE_USER, values)
    if user.disabled or secret is not None:
        await _execute(connection, sql.END_SESSIONS, {"id": user.id})
    return user


async def _execute(connection: AsyncConnection, statement: str, values: Mapping[str, Any]) -> None:
    await connection.execute(text(statement), dict(values))


def _queue(row: Mapping[str, Any]) -> QueueSetup:
    steps = tuple({**step, "after_s": float(step["after_s"])} for step in row["steps"])
    return versioned(QueueSetup(**queue_fields(row), steps=steps))


def _agent(row: Mapping[str, Any]) -> AgentSetup:
    return versioned(
        AgentSetup(
            id=row["id"],
            number=row["number"],
            name=row["name"],
            extension=row["extension"],
            team=row["team_id"],
            user_id=row["user_id"],
            auto_answer=row["auto_answer"],
            webrtc=row["webrtc"],
            skills=row["skills"],
            options=row["options"],
            retired=row["retired_at"] is not None,
        )
    )


def _reason_code(row: Mapping[str, Any]) -> ReasonCodeSetup:
    limit_ms = row["limit_ms"]
    return versioned(
        ReasonCodeSetup(
            code=row["code"],
            presence=row["presence"],
            name=row["name"],
            limit_s=None if limit_ms is None else limit_ms / 1000,
            position=row["position"],
        )
    )


def _disposition(row: Mapping[str, Any]) -> DispositionSetup:
    return versioned(DispositionSetup(code=row["code"], name=row["name"], position=row["position"]))


def _user(row: Mapping[str, Any]) -> UserSetup:
    return versioned(
        UserSetup(
            id=row["id"],
            login=row["login"],
            name=row["name"],
            role=row["role"],
            team=row["team_id"],
            language=row["language"],
            disabled=row["disabled_at"] is not None,
        )
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
