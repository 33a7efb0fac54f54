"""Calls of another system, from a CSV file into the journal and so into all read models.

Each row becomes the steps that our own centre would have journalled, under a node of their own ("import"), so that a
rebuild keeps them. The same row again is the same call: it is recognised by its id and left alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Final, Literal

import msgspec
from sqlalchemy import text

from ctiserver.call import events as ev
from ctiserver.call.events import Step
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.driver import driver_connection
from ctiserver.store.projection import Projection

NODE: Final = "import"
COLUMNS: Final = ("start", "queue_entry", "queue_exit", "outcome", "service_start", "service_end", "agent", "type")
NEEDED: Final = ("start", "outcome")
FORMS: Final = (
    "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
    "%y%m%d %H:%M:%S", "%Y%m%d %H:%M:%S", "%d/%m/%Y %H:%M:%S",
)  # fmt: skip
NEVER: Final = ("", "0", "0:00:00", "00:00:00", "-", "null", "NULL")
PIECE: Final = 400
Outcome = Literal["answered", "abandoned", "overflowed", "skip"]
AGENTS = "SELECT id, number FROM agent"
# A retired agent: figures name who worked then, nobody can sign in with it.
ADD_AGENT = """
INSERT INTO agent (number, name, extension, sip_password, retired_at)
VALUES (:number, :number, :extension, '', now()) RETURNING id
"""
ADD_QUEUE = "INSERT INTO queue (id, name) VALUES (:id, '{}') ON CONFLICT (id) DO NOTHING"
KNOWN = "SELECT id FROM call WHERE id = ANY(cast(:ids AS text[]))"


class RowProblem(msgspec.Struct, frozen=True, kw_only=True):
    """`line` counts from 1, with the heading."""

    line: int
    field: str
    problem: str


class PastCall(msgspec.Struct, frozen=True, kw_only=True):
    """One call as the file tells it; instants are UTC seconds. Without `entered` it never came to a queue."""

    id: str
    start: float
    entered: float | None
    left: float | None
    outcome: Outcome
    served_from: float | None
    served_until: float | None
    agent: str
    queue: str


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """Our columns as the file's ("date+q_start": a date and a time of day), and what its outcomes mean."""

    columns: dict[str, str]
    outcomes: dict[str, Outcome]
    queue: str = "import"
    dialled: str = "import"


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    calls: int
    new: int
    skipped: int
    problems: tuple[RowProblem, ...]


def read_rows(
    rows: Iterable[dict[str, str]], mapping: Mapping, timezone: tzinfo
) -> Iterator[PastCall | RowProblem | None]:
    """A call, or what is wrong with the row, or None for one that is to be left out."""
    for line, row in enumerate(rows, 2):
        yield _read_row(row, line, mapping, timezone)


def steps_of(call: PastCall, agents: dict[str, int], mapping: Mapping) -> list[Step]:
    """As our own centre would have journalled it. Numbers are given later."""
    found: list[Step] = []

    def say(at: float, made_by: ev.Input, *facts: ev.Fact, subject: str = call.id) -> None:
        found.append(Step(at=at, subject=subject, input=made_by, facts=facts))

    said = {"call_id": call.id, "dialled": mapping.dialled, "caller_number": "", "caller_name": "", "flow": "import"}
    arrived = msgspec.convert({**said, "channel_id": f"{call.id}-c"}, ev.CallArrived)
    say(call.start, arrived, msgspec.convert(said, ev.CallStarted))
    ended_at, agent = call.start, agents.get(call.agent, 0)
    if call.entered is not None and call.left is not None and call.outcome != "skip":
        say(call.entered, ev.DeadlinePassed(name="import"), ev.QueueEntered(queue_id=call.queue))
        ended_at = call.left
        facts: list[ev.Fact] = [
            ev.QueueLeft(
                queue_id=call.queue,
                outcome=call.outcome,
                reason="import",
                entered_at=call.entered,
                waited_s=call.left - call.entered,
            )
        ]
        if call.outcome == "answered":
            facts.append(ev.TalkStarted(agent_id=agent, queue_id=call.queue))
        say(call.left, ev.DeadlinePassed(name="import"), *facts)
    if call.outcome == "answered" and call.served_from is not None and call.served_until is not None:
        ended_at = call.served_until
        talked = ev.TalkEnded(
            agent_id=agent,
            queue_id=call.queue,
            started_at=call.served_from,
            talk_s=call.served_until - call.served_from,
            hold_s=0.0,
        )
        say(call.served_until, ev.DeadlinePassed(name="import"), talked)
    how = "answered" if call.outcome == "answered" else "abandoned"
    say(
        ended_at,
        ev.CallerHungUp(cause=16),
        ev.CallEnded(call_id=call.id, started_at=call.start, ended_by="caller", reason="import", outcome=how, cause=16),
    )
    return found


class CallImport:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database, mapping: Mapping, timezone: tzinfo) -> None:
        self._database = database
        self._mapping = mapping
        self._timezone = timezone

    async def bring_in(self, rows: Iterable[dict[str, str]], *, write: bool = True) -> Imported:
        """Rows with errors are told and left out; the others come in, each once."""
        calls: dict[str, PastCall] = {}
        problems: list[RowProblem] = []
        skipped = 0
        for found in read_rows(rows, self._mapping, self._timezone):
            match found:
                case RowProblem():
                    problems.append(found)
                case PastCall():
                    calls[found.id] = found
                case None:
                    skipped += 1
        new = await self._unknown(list(calls.values()))
        if write:
            agents = await self._prepare(new)
            for at in range(0, len(new), PIECE):
                await self._write(new[at : at + PIECE], agents)
        return Imported(calls=len(calls), new=len(new), skipped=skipped, problems=tuple(problems))

    async def _unknown(self, calls: Sequence[PastCall]) -> list[PastCall]:
        known: set[str] = set()
        async with self._database.reading() as connection:
            for at in range(0, len(calls), 10_000):
                ids = [call.id for call in calls[at : at + 10_000]]
                known |= {row["id"] for row in await fetch_all(connection, KNOWN, {"ids": ids})}
        return [call for call in calls if call.id not in known]

    async def _prepare(self, calls: Sequence[PastCall]) -> dict[str, int]:
        """Agents by number, queues by name: those that are missing are added."""
        async with self._database.writing() as connection:
            agents = {row["number"]: row["id"] for row in await fetch_all(connection, AGENTS)}
            for number in sorted({call.agent for call in calls if call.agent} - set(agents)):
                values = {"number": number, "extension": f"import-{number}"}
                [row] = await fetch_all(connection, ADD_AGENT, values)
                agents[number] = row["id"]
            for queue in sorted({call.queue for call in calls}):
                await connection.execute(text(ADD_QUEUE), {"id": queue})
        return agents

    async def _write(self, calls: Sequence[PastCall], agents: dict[str, int]) -> None:
        projection = Projection(NODE, "CN")
        async with driver_connection(self._database) as connection:
            seq = await projection.position(connection)
            steps: list[Step] = []
            for call in calls:
                for step in steps_of(call, agents, self._mapping):
                    seq += 1
                    steps.append(msgspec.structs.replace(step, seq=seq))
            await projection.write(connection, steps)


def _read_row(row: dict[str, str], line: int, mapping: Mapping, timezone: tzinfo) -> PastCall | RowProblem | None:
    told = row.get(mapping.columns["outcome"], "").strip()
    outcome = mapping.outcomes.get(told)
    if outcome is None:
        return RowProblem(line=line, field="outcome", problem=f"{told!r} is not mapped: --outcome {told or 'X'}=…")
    if outcome == "skip":
        return None
    instants: dict[str, float | None] = {}
    for name in ("start", "queue_entry", "queue_exit", "service_start", "service_end"):
        told = _text(row, mapping.columns.get(name, ""))
        try:
            instants[name] = _instant(told, timezone)
        except ValueError:
            return RowProblem(line=line, field=name, problem=f"{told!r} is no instant")
    start, served_from, served_until = instants["start"], instants["service_start"], instants["service_end"]
    if start is None:
        return RowProblem(line=line, field="start", problem="missing")
    entered, left = instants["queue_entry"], instants["queue_exit"]
    if outcome == "answered":
        if served_from is None or served_until is None:
            return RowProblem(line=line, field="service_start", problem="an answered call was served from and until")
        entered, left = (served_from, served_from) if entered is None else (entered, left or served_from)
    if entered is not None and left is None:
        return RowProblem(line=line, field="queue_exit", problem="missing")
    told_in_order = (("start", start), ("queue_entry", entered), ("queue_exit", left), ("service_end", served_until))
    order = [(name, at) for name, at in told_in_order if at is not None]
    for (_, before), (name, after) in pairwise(order):
        if after < before:
            return RowProblem(line=line, field=name, problem="before what precedes it")
    raw = "\x1f".join(f"{name}={row[name]}" for name in sorted(row))
    return PastCall(
        id=f"{NODE}-{hashlib.sha256(raw.encode()).hexdigest()[:24]}",
        start=start,
        entered=entered,
        left=left if entered is not None else None,
        outcome=outcome,
        served_from=served_from,
        served_until=served_until,
        agent=row.get(mapping.columns.get("agent", ""), "").strip(),
        queue=row.get(mapping.columns.get("type", ""), "").strip() or mapping.queue,
    )


def _text(row: dict[str, str], column: str) -> str:
    """ "date+time" joins two columns; without a time there is no instant."""
    first, plus, second = column.partition("+")
    if not plus:
        return row.get(first, "").strip()
    time = row.get(second, "").strip()
    return "" if time in NEVER else f"{row.get(first, '').strip()} {time}"


def _instant(told: str, timezone: tzinfo) -> float | None:
    """Local time, or with an offset, or seconds since 1970. Raises ValueError."""
    if told in NEVER:
        return None
    if told.replace(".", "", 1).isdigit() and len(told.partition(".")[0]) >= 9:
        return float(told)
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        found = next((each for form in FORMS if (each := _parsed(told, form)) is not None), None)
    if found is None:
        raise ValueError(told)
    aware = found if found.tzinfo is not None else found.replace(tzinfo=timezone)
    return aware.timestamp()


def _parsed(told: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(told, form)  # noqa: DTZ007 - the zone is added where there is none
    except ValueError:
        return None
