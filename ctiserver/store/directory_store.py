"""The directory as kept in Postgres, and its copy beside the spool for a start while Postgres is away."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import structlog

from ctiserver.directory import Agent, Directory, Disposition, Queue, ReasonCode
from ctiserver.errors import DatabaseAwayError, PartError
from ctiserver.routing.check import accepted
from ctiserver.store.database import Database, fetch_all

log = structlog.get_logger()

AGENTS = """
SELECT agent.*, coalesce(
    (SELECT jsonb_object_agg(skill_id, level) FROM agent_skill WHERE agent_id = agent.id), '{}'
) AS skills
FROM agent WHERE retired_at IS NULL ORDER BY number
"""
QUEUES = """
SELECT queue.*, (
    SELECT jsonb_agg(jsonb_build_object('after_s', after_ms / 1000.0) || options ORDER BY ordinal)
    FROM queue_step WHERE queue_id = queue.id
) AS steps
FROM queue ORDER BY position, id
"""
SKILLS = "SELECT id, name FROM skill ORDER BY id"
TEAMS = "SELECT id, name FROM team ORDER BY id"
ROUTING = "SELECT name, value FROM routing_option ORDER BY name"
REASON_CODES = "SELECT * FROM reason_code ORDER BY position, code"
DISPOSITIONS = "SELECT * FROM disposition ORDER BY position, code"


async def load_directory(database: Database) -> Directory:
    """All of it, in one consistent read. Raises DatabaseAwayError."""
    async with database.reading() as connection:
        await connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return Directory(
            agents=tuple(_agent(row) for row in await fetch_all(connection, AGENTS)),
            queues=tuple(_queue(row) for row in await fetch_all(connection, QUEUES)),
            skills={row["id"]: row["name"] for row in await fetch_all(connection, SKILLS)},
            teams={row["id"]: row["name"] for row in await fetch_all(connection, TEAMS)},
            reason_codes=tuple(_reason_code(row) for row in await fetch_all(connection, REASON_CODES)),
            dispositions=tuple(
                Disposition(code=row["code"], name=row["name"]) for row in await fetch_all(connection, DISPOSITIONS)
            ),
            routing={row["name"]: row["value"] for row in await fetch_all(connection, ROUTING)},
        )


async def load_directory_or_copy(database: Database, copy: Path) -> tuple[Directory, bool]:
    """The directory, and whether it is fresh; refreshes the copy. Raises PartError where there is neither.

    What cannot be used of it (an unknown skill, a circle of overflows) is taken from the copy, which is what was last
    in force; each such setting is logged with its field.
    """
    kept = read_copy(copy)
    try:
        loaded = await load_directory(database)
    except DatabaseAwayError as error:
        if kept is None:
            raise PartError(
                f"{error.message}, and no copy of the directory is in {copy}",
                hint=f"the first start of a node needs Postgres: {error.hint}",
            ) from error
        log.warning("directory_from_copy", problem=error.message)
        return kept, False
    directory, problems = accepted(loaded, kept)
    for problem in problems:
        log.error("setting_refused", field=problem.field, problem=problem.message, in_force="the former setting")
    write_copy(copy, directory)
    return directory, True


def write_copy(copy: Path, directory: Directory) -> None:
    """Replaces the copy in one piece; closed to others, since it holds the phones' passwords."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    draft = copy.with_name(copy.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(directory))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(copy)


def read_copy(copy: Path) -> Directory | None:
    """None: there is none, or none that this version can read."""
    try:
        return msgspec.json.decode(copy.read_bytes(), type=Directory)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        log.error("directory_copy_unreadable", file=str(copy), problem=str(error))
        return None


def _agent(row: Mapping[str, Any]) -> Agent:
    return Agent(
        id=row["id"],
        number=row["number"],
        name=row["name"],
        extension=row["extension"],
        sip_password=row["sip_password"],
        skills=row["skills"],
        team=row["team_id"],
        auto_answer=row["auto_answer"],
        webrtc=row["webrtc"],
        user_id=row["user_id"],
        options=row["options"],
    )


def queue_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a queue is wherever it is read: columns in milliseconds become fields in seconds. Without `steps`."""
    return {
        "id": row["id"],
        "name": row["name"],
        "skills": row["skills"],
        "strategy": row["strategy"],
        "ring_timeout_s": row["ring_timeout_ms"] / 1000,
        "wrap_up_s": row["wrap_up_ms"] / 1000,
        "service_level_s": row["service_level_ms"] / 1000,
        "service_level_target": row["service_level_target"],
        "short_abandon_s": row["short_abandon_ms"] / 1000,
        "max_waiting": row["max_waiting"],
        "max_wait_s": _seconds(row["max_wait_ms"]),
        "priority_s": row["priority_ms"] / 1000,
        "music": row["music"],
        "record": row["record"],
        "announce_agent": row["announce_agent"],
        "options": row["options"],
    }


def _queue(row: Mapping[str, Any]) -> Queue:
    fields = queue_fields(row)
    if row["steps"]:
        fields["options"] = {**row["options"], "steps": row["steps"]}
    return Queue(**fields)


def _reason_code(row: Mapping[str, Any]) -> ReasonCode:
    limit_s = _seconds(row["limit_ms"])
    return ReasonCode(code=row["code"], presence=row["presence"], name=row["name"], limit_s=limit_s)


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
