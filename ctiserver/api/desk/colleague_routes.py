"""Notices, messages and small tasks between colleagues (工作协同)."""

from __future__ import annotations

from ctiserver.api.desk.asking import account_of, desk_of, tell_pages
from ctiserver.api.desk.colleague_bodies import MessageBody, NoticeSearch, NoticesRead, TaskBody, TaskEnd, TaskSearch
from ctiserver.api.identity import SIGNED_IN
from ctiserver.api.route import Ask, Route, route
from ctiserver.store.desk.colleagues import TaskRow
from ctiserver.store.desk.notices import NoticeRow, Telling
from ctiserver.store.desk.refusals import Unfit


async def list_notices(ask: Ask, query: NoticeSearch) -> list[NoticeRow]:
    """To the asking user, the own units and duties, of the last thirty days, newest first."""
    return await desk_of(ask).notices.of_user(account_of(ask), unread=query.unread, limit=query.limit)


async def mark_notices_read(ask: Ask, body: NoticesRead) -> None:
    """Marks own notices as read."""
    await desk_of(ask).notices.mark_read(account_of(ask), body.ids)


async def send_message(ask: Ask, body: MessageBody) -> None:
    """A message to a colleague or to a unit."""
    desk = desk_of(ask)
    if (body.user_id is None) == (not body.unit_id):
        raise Unfit(("user_id", "one_of_user_id_and_unit_id"))
    if body.unit_id and body.unit_id not in (await desk.settings.office()).units:
        raise Unfit(("unit_id", "unknown"))
    await desk.notices.send(Telling(user_id=body.user_id, unit_id=body.unit_id or None), body.text, account_of(ask))
    tell_pages(ask, "notice", 0)


async def list_tasks(ask: Ask, query: TaskSearch) -> list[TaskRow]:
    """Asked of the user and by the user; open ones first."""
    return await desk_of(ask).tasks.of_user(account_of(ask), ended=query.ended)


async def add_task(ask: Ask, body: TaskBody) -> TaskRow:
    """Asks something of a colleague."""
    task = await desk_of(ask).tasks.ask(
        body.to_user_id, body.title, body.text, order_id=body.order_id, due_at=body.due_at, by=account_of(ask)
    )
    tell_pages(ask, "task", task.id)
    return task


async def end_task(ask: Ask, task_id: int, body: TaskEnd) -> TaskRow:
    """Done or declined, by whom it was asked of."""
    now = ask.context.clock.now()
    task = await desk_of(ask).tasks.end(task_id, body.state, body.answer, account_of(ask), now)
    tell_pages(ask, "task", task.id)
    return task


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/notices", list_notices, SIGNED_IN),
    route("POST", "/api/notices/read", mark_notices_read, SIGNED_IN, 204),
    route("POST", "/api/notices/message", send_message, SIGNED_IN, 204),
    route("GET", "/api/tasks", list_tasks, SIGNED_IN),
    route("POST", "/api/tasks", add_task, SIGNED_IN),
    route("POST", "/api/tasks/{task_id}/end", end_task, SIGNED_IN),
)
