"""Writes steps to Postgres: the journal's rows, the read models and the node's position, in one transaction.

A step whose read models can't be written (a defect, or data that a constraint refuses) must not hold up the others: it
is written to the journal with its error, counted, and can be projected again by `rebuild` once the cause is mended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it ships none
import msgspec
import structlog

from ctiserver.call.events import Step
from ctiserver.clock import to_datetime
from ctiserver.errors import DatabaseAwayError
from ctiserver.store.driver import DriverConnection
from ctiserver.store.read_models import Statement, batches, statements

log = structlog.get_logger()

WRITE_EVENT = """
INSERT INTO journal_event (node, seq, call_id, at, type, body) VALUES ($1, $2, $3, $4, $5, $6::jsonb)
"""
WRITE_ERROR = "UPDATE journal_event SET projection_error = $3 WHERE node = $1 AND seq = $2"
WRITE_POSITION = """
INSERT INTO journal_position (node, seq) VALUES ($1, $2)
ON CONFLICT (node) DO UPDATE SET seq = excluded.seq WHERE journal_position.seq < excluded.seq
"""
READ_POSITION = "SELECT seq FROM journal_position WHERE node = $1"
LOCK_POSITION = READ_POSITION + " FOR UPDATE"

STEPS_IN_ONE_GO = 10  # about a millisecond's work, after which the loop looks after calls

DATA_ERRORS = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.exceptions.SyntaxOrAccessError,
    asyncpg.InternalClientError,
)


class Projection:
    """`errors` counts the steps whose read models were left out."""

    def __init__(self, node: str, region: str) -> None:
        self._node = node
        self._region = region
        self.errors = 0

    async def position(self, connection: DriverConnection) -> int:
        """The number of this node's last step in Postgres; 0: none."""
        return int(await connection.fetchval(READ_POSITION, self._node) or 0)

    async def write(self, connection: DriverConnection, steps: Sequence[Step], *, after: int = 0) -> int:
        """Writes the steps that Postgres doesn't have yet; returns how many. All or none of them are committed.

        `after`: steps that it had already. Raises DatabaseAwayError where it does not know of them any more.
        """
        try:
            return await self._write_together(connection, steps, after)
        except asyncpg.UndefinedTableError:
            raise  # another database: no step is at fault
        except DATA_ERRORS as error:
            log.warning("projection_isolates_steps", steps=len(steps), error=str(error))
            return await self._write_one_by_one(connection, steps, after)

    async def _write_together(self, connection: DriverConnection, steps: Sequence[Step], after: int) -> int:
        async with connection.transaction():
            # A plan that is made while a table is small reads it whole, and is kept as the table grows.
            await connection.execute("SET LOCAL random_page_cost = 1.1")
            missing = await self._missing(connection, steps, after)
            if missing:
                rows: list[tuple[object, ...]] = []
                found: list[Statement] = []
                for number, step in enumerate(missing, 1):
                    rows.append(self._event(step))
                    found += self.statements(step)
                    if number % STEPS_IN_ONE_GO == 0:
                        await asyncio.sleep(0)  # calls first
                await connection.executemany(WRITE_EVENT, rows)
                await run(connection, found)
                await connection.execute(WRITE_POSITION, self._node, missing[-1].seq)
        return len(missing)

    async def _write_one_by_one(self, connection: DriverConnection, steps: Sequence[Step], after: int) -> int:
        failed = 0
        async with connection.transaction():
            missing = await self._missing(connection, steps, after)
            for step in missing:
                await connection.execute(WRITE_EVENT, *self._event(step))
                failed += not await self.project(connection, step)
            if missing:
                await connection.execute(WRITE_POSITION, self._node, missing[-1].seq)
        self.errors += failed
        return len(missing)

    async def project(self, connection: DriverConnection, step: Step) -> bool:
        """One step's read models in a savepoint; False: refused, and noted in the journal."""
        try:
            async with connection.transaction():
                await run(connection, self.statements(step))
        except DATA_ERRORS as error:
            log.error("projection_failed", seq=step.seq, type=type(step.input).__name__, error=str(error))
            await connection.execute(WRITE_ERROR, self._node, step.seq, f"{type(error).__name__}: {error}")
            return False
        return True

    def statements(self, step: Step) -> list[Statement]:
        return statements(step, node=self._node, region=self._region)

    async def _missing(self, connection: DriverConnection, steps: Sequence[Step], after: int) -> list[Step]:
        """A commit whose answer was lost may have brought them already."""
        known = int(await connection.fetchval(LOCK_POSITION, self._node) or 0)
        if known < after:
            raise DatabaseAwayError(
                f"this Postgres has the steps of node {self._node} up to {known}, but took them up to {after} before:"
                " it is another one, or was restored",
                hint="bring the right one back; or, if this is to be the one, restart the daemon: what it lost is lost",
            )
        return [step for step in steps if step.seq > known]

    def _event(self, step: Step) -> tuple[object, ...]:
        call_id = None if step.subject.startswith("agent:") else step.subject
        return (self._node, step.seq, call_id, to_datetime(step.at), type(step.input).__name__, event_body(step))


async def run(connection: DriverConnection, found: Sequence[Statement]) -> None:
    for batch in batches(found):
        await connection.executemany(batch.text, [_storable_values(row) for row in batch.rows])


def event_body(step: Step) -> str:
    """The step as JSON, without the subject's state, which stays on this node's disk."""
    shipped = Step(
        seq=step.seq, at=step.at, subject=step.subject, input=step.input, facts=step.facts, commands=step.commands
    )
    body = msgspec.json.encode(shipped)
    if rb"\u0000" in body:  # jsonb can't hold the character NUL, which a hostile SIP header may carry
        body = msgspec.json.encode(_without_nul(msgspec.json.decode(body)))
    return body.decode()


def _storable_values(row: tuple[object, ...]) -> tuple[object, ...]:
    """Text in Postgres can't hold the character NUL."""
    return tuple(value.replace("\0", "") if isinstance(value, str) and "\0" in value else value for value in row)


def _without_nul(value: object) -> object:
    match value:
        case str():
            return value.replace("\0", "")
        case dict():
            return {key: _without_nul(item) for key, item in cast("dict[str, Any]", value).items()}
        case list():
            return [_without_nul(item) for item in cast("list[Any]", value)]
        case _:
            return value
