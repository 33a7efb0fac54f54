"""Small tasks between colleagues (工作协同)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import insert, text

from ctiserver.clock import to_datetime
from ctiserver.store import mapped
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.desk_user import Account
from ctiserver.store.desk.notices import Telling, tell
from ctiserver.store.desk.refusals import NotThere, Unfit
from ctiserver.store.rows import Row

TASKS = """
SELECT t.*, f.name AS from_name, r.name AS to_name FROM colleague_task t
LEFT JOIN app_user f ON f.id = t.from_user_id JOIN app_user r ON r.id = t.to_user_id
"""
OF_USER = (
    TASKS
    + """
WHERE (t.to_user_id = :user_id OR t.from_user_id = :user_id) AND (:ended OR t.state = 'open')
ORDER BY t.state <> 'open', t.due_at NULLS LAST, t.id DESC LIMIT 200
"""
)
BY_ID = TASKS + "WHERE t.id = :id"
END = """
UPDATE colleague_task SET state = :state, answer = :answer, ended_at = :now
WHERE id = :id AND to_user_id = :user_id AND state = 'open' RETURNING from_user_id, title
"""


class TaskRow(Row, frozen=True, kw_only=True):
    id: int
    title: str
    text: str
    from_user_id: int | None
    from_name: str
    to_user_id: int
    to_name: str
    order_id: int | None
    due_at: float | None
    state: str
    answer: str
    created_at: float
    ended_at: float | None


class ColleagueTasks:
    """All raise DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_user(self, account: Account, *, ended: bool) -> list[TaskRow]:
        """Asked of the user and by the user; open ones first."""
        async with self._database.reading() as connection:
            return [
                _row(row) for row in await fetch_all(connection, OF_USER, {"user_id": account.user_id, "ended": ended})
            ]

    async def ask(
        self, to_user_id: int, title: str, words: str, *, order_id: int | None, due_at: float | None, by: Account
    ) -> TaskRow:
        async with self._database.writing() as connection:
            query = "SELECT 1 FROM app_user WHERE id = :id AND disabled_at IS NULL"
            if not await fetch_all(connection, query, {"id": to_user_id}):
                raise Unfit(("to_user_id", "unknown"))
            if order_id and not await fetch_all(
                connection, "SELECT 1 FROM work_order WHERE id = :id", {"id": order_id}
            ):
                raise Unfit(("order_id", "unknown"))
            values = {
                "title": title, "text": words, "from_user_id": by.user_id or None, "to_user_id": to_user_id,
                "order_id": order_id, "due_at": None if due_at is None else to_datetime(due_at),
            }  # fmt: skip
            made = await connection.execute(
                insert(mapped.ColleagueTask).values(values).returning(mapped.ColleagueTask.id)
            )
            task_id = int(made.scalar_one())
            telling = Telling(user_id=to_user_id)
            await tell(connection, telling, "task_asked", {"title": title}, order_id=order_id, sender=by.name)
            [row] = await fetch_all(connection, BY_ID, {"id": task_id})
        return _row(row)

    async def end(
        self, task_id: int, state: Literal["done", "declined"], answer: str, by: Account, now: float
    ) -> TaskRow:
        """Only by whom it was asked of; NotThere also when it has ended before."""
        async with self._database.writing() as connection:
            values = {"id": task_id, "state": state, "answer": answer, "user_id": by.user_id, "now": to_datetime(now)}
            ended = (await connection.execute(text(END), values)).mappings().first()
            if ended is None:
                raise NotThere("task")
            if ended["from_user_id"] is not None:
                params = {"title": ended["title"], "answer": answer}
                await tell(connection, Telling(user_id=ended["from_user_id"]), f"task_{state}", params, sender=by.name)
            [row] = await fetch_all(connection, BY_ID, {"id": task_id})
        return _row(row)


def _row(row: Mapping[str, Any]) -> TaskRow:
    same = ("id", "title", "text", "from_user_id", "to_user_id", "to_name", "order_id", "state", "answer")
    return TaskRow(
        **{name: row[name] for name in same},
        from_name=row["from_name"] or "",
        due_at=row["due_at"].timestamp() if row["due_at"] else None,
        created_at=row["created_at"].timestamp(),
        ended_at=row["ended_at"].timestamp() if row["ended_at"] else None,
    )
