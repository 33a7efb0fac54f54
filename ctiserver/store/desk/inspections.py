"""Quality inspection (质检): score sheets, calls and orders drawn at random, marks, disputes, results per agent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import insert, text

from ctiserver.clock import to_datetime
from ctiserver.desk.inspection import Criterion, check_sheet, score
from ctiserver.store import mapped
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.desk_user import Account
from ctiserver.store.desk.notices import Telling, tell
from ctiserver.store.desk.refusals import NotThere, Stale, Unfit
from ctiserver.store.rows import Row

SHEETS = "SELECT * FROM score_sheet WHERE retired_at IS NULL ORDER BY id"
SHEET = "SELECT * FROM score_sheet WHERE id = :id"
RETIRE = "UPDATE score_sheet SET retired_at = now() WHERE id = :id AND retired_at IS NULL RETURNING id"
DRAW: Final[Mapping[str, str]] = {
    "call": """
INSERT INTO inspection (sheet_id, call_id, agent_user_id)
SELECT :sheet_id, id, user_id FROM (
    SELECT call.id, agent.user_id, row_number() OVER (PARTITION BY agent.id ORDER BY random()) AS place
    FROM call JOIN agent ON agent.id = call.agent_id
    WHERE call.started_at >= :since AND call.started_at < :until AND call.ended_at IS NOT NULL AND call.talk_ms > 0
        AND NOT EXISTS (SELECT 1 FROM inspection WHERE inspection.call_id = call.id)) AS drawn
WHERE place <= :per_agent ON CONFLICT DO NOTHING RETURNING id
""",
    "order": """
INSERT INTO inspection (sheet_id, order_id, agent_user_id)
SELECT :sheet_id, id, created_by FROM (
    SELECT work_order.id, created_by, row_number() OVER (PARTITION BY created_by ORDER BY random()) AS place
    FROM work_order WHERE created_at >= :since AND created_at < :until AND created_by IS NOT NULL
        AND state IN ('closed', 'resolved_on_call', 'archived')
        AND NOT EXISTS (SELECT 1 FROM inspection WHERE inspection.order_id = work_order.id)) AS drawn
WHERE place <= :per_agent ON CONFLICT DO NOTHING RETURNING id
""",
}
LIST = """
SELECT i.*, u.name AS agent_name, s.name AS sheet_name FROM inspection i
LEFT JOIN app_user u ON u.id = i.agent_user_id JOIN score_sheet s ON s.id = i.sheet_id
WHERE (:state = '' OR i.state = :state) AND (:agent = 0 OR i.agent_user_id = :agent)
    AND (NOT :told_only OR i.state <> 'drawn')
ORDER BY i.drawn_at DESC, i.id DESC LIMIT :limit OFFSET :offset
"""
ONE = """
SELECT i.*, u.name AS agent_name, s.name AS sheet_name, s.criteria FROM inspection i
LEFT JOIN app_user u ON u.id = i.agent_user_id JOIN score_sheet s ON s.id = i.sheet_id WHERE i.id = :id
"""
LOCK = ONE + " FOR UPDATE OF i"
CHANGE = """
UPDATE inspection SET state = :state, marks = cast(:marks AS jsonb), score = :score, fatal = :fatal, remark = :remark,
    dispute = :dispute, settlement = :settlement, inspector = :inspector, published_at = :published_at,
    version = version + 1
WHERE id = :id
"""
RESULTS = """
SELECT u.id AS user_id, u.name, count(*) AS inspected, avg(i.score) AS average, min(i.score) AS lowest,
    count(*) FILTER (WHERE i.fatal) AS fatal, count(*) FILTER (WHERE i.dispute <> '') AS disputed
FROM inspection i JOIN app_user u ON u.id = i.agent_user_id
WHERE i.state <> 'drawn' AND i.published_at >= :since AND i.published_at < :until
GROUP BY u.id, u.name ORDER BY 4 DESC NULLS LAST, 2
"""


class SheetRow(Row, frozen=True, kw_only=True):
    id: int
    name: str
    subject: str  # call, order
    criteria: tuple[Criterion, ...]


class InspectionRow(Row, frozen=True, kw_only=True):
    """`state`: drawn, published, disputed, settled. An agent sees the own ones once they are published."""

    id: int
    version: int
    sheet_id: int
    sheet_name: str
    call_id: str | None
    order_id: int | None
    agent_user_id: int | None
    agent_name: str
    state: str
    marks: dict[str, float | None]
    score: float | None
    fatal: bool
    remark: str
    dispute: str
    settlement: str
    inspector: str
    drawn_at: float
    published_at: float | None


class AgentResult(Row, frozen=True, kw_only=True):
    user_id: int
    name: str
    inspected: int
    average: float | None
    lowest: float | None
    fatal: int
    disputed: int


class Inspections:
    """All raise DatabaseAwayError; changes also Stale, Unfit, NotThere."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sheets(self) -> list[SheetRow]:
        async with self._database.reading() as connection:
            return [_sheet(row) for row in await fetch_all(connection, SHEETS)]

    async def add_sheet(self, name: str, subject: str, criteria: tuple[Criterion, ...]) -> SheetRow:
        if problem := check_sheet(criteria):
            raise Unfit(("criteria", problem))
        values = {"name": name, "subject": subject, "criteria": msgspec.to_builtins(criteria)}
        async with self._database.writing() as connection:
            made = await connection.execute(insert(mapped.ScoreSheet).values(values).returning(mapped.ScoreSheet.id))
            [row] = await fetch_all(connection, SHEET, {"id": int(made.scalar_one())})
        return _sheet(row)

    async def retire_sheet(self, sheet_id: int) -> None:
        async with self._database.writing() as connection:
            if (await connection.execute(text(RETIRE), {"id": sheet_id})).first() is None:
                raise NotThere("score sheet")

    async def draw(self, sheet_id: int, *, since: float, until: float, per_agent: int) -> int:
        """So many of each agent in that time that were never inspected; how many it became."""
        async with self._database.writing() as connection:
            found = await fetch_all(connection, SHEET, {"id": sheet_id})
            if not found or found[0]["retired_at"] is not None:
                raise Unfit(("sheet_id", "unknown"))
            values = {
                "sheet_id": sheet_id, "since": to_datetime(since), "until": to_datetime(until), "per_agent": per_agent,
            }  # fmt: skip
            return len((await connection.execute(text(DRAW[found[0]["subject"]]), values)).all())

    async def search(
        self, *, state: str, agent_user_id: int | None, told_only: bool, page: int, page_size: int
    ) -> list[InspectionRow]:
        values = {
            "state": state, "agent": agent_user_id or 0, "told_only": told_only, "limit": page_size,
            "offset": (page - 1) * page_size,
        }  # fmt: skip
        async with self._database.reading() as connection:
            return [_inspection(row) for row in await fetch_all(connection, LIST, values)]

    async def mark(
        self, inspection_id: int, marks: dict[str, float | None], remark: str, *, version: int, by: Account, now: float
    ) -> InspectionRow:
        """Publishes the result to the agent."""

        def change(row: Mapping[str, Any]) -> dict[str, Any]:
            _state(row, "drawn")
            result = _scored(row, marks)
            return {**result, "remark": remark, "state": "published", "published_at": to_datetime(now)}

        return await self._change(inspection_id, version, by, change, "inspection_published")

    async def dispute(self, inspection_id: int, reason: str, *, version: int, by: Account) -> InspectionRow:
        """By the agent concerned, once."""

        def change(row: Mapping[str, Any]) -> dict[str, Any]:
            if row["agent_user_id"] != by.user_id:
                raise NotThere("inspection")
            _state(row, "published")
            return {"dispute": reason, "state": "disputed"}

        return await self._change(inspection_id, version, by, change, "inspection_disputed")

    async def settle(
        self, inspection_id: int, marks: dict[str, float | None], words: str, *, version: int, by: Account
    ) -> InspectionRow:
        """Decides a dispute, with the marks as they then are."""

        def change(row: Mapping[str, Any]) -> dict[str, Any]:
            _state(row, "disputed")
            return {**_scored(row, marks), "settlement": words, "state": "settled"}

        return await self._change(inspection_id, version, by, change, "inspection_settled")

    async def results(self, since: float, until: float) -> list[AgentResult]:
        async with self._database.reading() as connection:
            found = await fetch_all(connection, RESULTS, {"since": to_datetime(since), "until": to_datetime(until)})
        return [AgentResult(**row) for row in found]

    async def _change(self, inspection_id: int, version: int, by: Account, change: Any, told: str) -> InspectionRow:
        async with self._database.writing() as connection:
            found = await fetch_all(connection, LOCK, {"id": inspection_id})
            if not found:
                raise NotThere("inspection")
            [row] = found
            if row["version"] != version:
                raise Stale(version=row["version"], actor=row["inspector"], at=0.0, action=row["state"])
            changed = {**row, **change(row)}
            inspector = row["inspector"] if told == "inspection_disputed" else by.name
            marks = msgspec.json.encode(changed["marks"]).decode()
            await connection.execute(text(CHANGE), {**changed, "marks": marks, "inspector": inspector})
            telling = Telling(duty="supervisor") if told == "inspection_disputed" else Telling(
                user_id=row["agent_user_id"], duty=None if row["agent_user_id"] else "supervisor")  # fmt: skip
            params = {"inspection": inspection_id, "score": changed["score"]}
            await tell(connection, telling, told, params, sender=by.name)
            [after] = await fetch_all(connection, ONE, {"id": inspection_id})
        return _inspection(after)


def _state(row: Mapping[str, Any], needed: str) -> None:
    if row["state"] != needed:
        raise Unfit(("state", f"not_{needed}"))


def _scored(row: Mapping[str, Any], marks: dict[str, float | None]) -> dict[str, Any]:
    try:
        result = score(msgspec.convert(row["criteria"], tuple[Criterion, ...]), marks)
    except ValueError as error:
        raise Unfit(("marks", str(error))) from None
    return {"marks": marks, "score": result.score, "fatal": result.fatal}


def _sheet(row: Mapping[str, Any]) -> SheetRow:
    criteria = msgspec.convert(row["criteria"], tuple[Criterion, ...])
    return SheetRow(id=row["id"], name=row["name"], subject=row["subject"], criteria=criteria)


def _inspection(row: Mapping[str, Any]) -> InspectionRow:
    same = (
        "id", "version", "sheet_id", "sheet_name", "call_id", "order_id", "agent_user_id", "state", "marks", "score",
        "fatal", "remark", "dispute", "settlement", "inspector",
    )  # fmt: skip
    return InspectionRow(
        **{name: row[name] for name in same},
        agent_name=row["agent_name"] or "",
        drawn_at=row["drawn_at"].timestamp(),
        published_at=row["published_at"].timestamp() if row["published_at"] else None,
    )
