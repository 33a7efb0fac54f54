"""Comments and marks on records of calls: by those who supervise the agent, and by the agent who had the call."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field, StringConstraints

from ctiserver.api.audit import require
from ctiserver.api.identity import EVERY_ROLE
from ctiserver.api.problems import ApiError, forbidden, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import NO_NUL, Body
from ctiserver.api.scope import require_row
from ctiserver.errors import DatabaseAwayError
from ctiserver.store.call_notes import CallNotesStore, Mark
from ctiserver.store.rows import CallComment, CallNotes


class CommentBody(Body):
    """`position_s`: seconds after the call's beginning that the comment is about; none: the whole call."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True, pattern=NO_NUL)]
    position_s: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False, strict=False)] | None = None


async def read_notes(ask: Ask, call_id: str) -> CallNotes:
    """Comments and marks of a call, oldest first, with who left them and when."""
    await _require_call(ask, call_id)
    return await _notes(ask).of_call(call_id)


async def add_comment(ask: Ask, call_id: str, body: CommentBody) -> CallComment:
    """Writes a comment on a call."""
    await _require_call(ask, call_id)
    who = ask.who
    made = await _notes(ask).add(
        call_id, text=body.text, position_s=body.position_s, user_id=who.user_id or None, author=who.name or who.login
    )
    if made is None:
        raise not_found("call")
    await require(ask, "call.comment", f"call:{call_id}", {"comment": made.id, "text": made.text})
    return made


async def change_comment(ask: Ask, call_id: str, comment_id: int, body: CommentBody) -> CallComment:
    """Only its author may; the audit log keeps what it said before."""
    former = await _own_comment(ask, call_id, comment_id)
    made = await _notes(ask).change(call_id, comment_id, text=body.text, position_s=body.position_s)
    if made is None:
        raise not_found("comment")
    detail = {"comment": comment_id, "text": made.text, "former": former.text}
    await require(ask, "call.comment_changed", f"call:{call_id}", detail)
    return made


async def remove_comment(ask: Ask, call_id: str, comment_id: int) -> None:
    """Its author may, and admins."""
    former = await _own_comment(ask, call_id, comment_id, or_admin=True)
    await require(ask, "call.comment_removed", f"call:{call_id}", {"comment": comment_id, "former": former.text})
    if not await _notes(ask).remove(call_id, comment_id):
        raise not_found("comment")


async def set_mark(ask: Ask, call_id: str, mark: str) -> None:
    """Marks a call: important, example, training, inspect, complaint or follow_up."""
    _require_mark(mark)
    await _require_call(ask, call_id)
    if not await _notes(ask).mark(call_id, mark, ask.who.name or ask.who.login):
        raise not_found("call")
    await require(ask, "call.mark", f"call:{call_id}", {"mark": mark})


async def remove_mark(ask: Ask, call_id: str, mark: str) -> None:
    """Takes a mark off a call."""
    _require_mark(mark)
    await _require_call(ask, call_id)
    if not await _notes(ask).unmark(call_id, mark):
        raise not_found("mark")
    await require(ask, "call.unmark", f"call:{call_id}", {"mark": mark})


def _notes(ask: Ask) -> CallNotesStore:
    if ask.context.call_notes is None:
        raise DatabaseAwayError("this daemon runs without comments on calls")
    return ask.context.call_notes


def _require_mark(mark: str) -> None:
    if mark not in get_args(Mark):
        raise not_found("mark")


async def _require_call(ask: Ask, call_id: str) -> None:
    """An agent's business are the own calls, a supervisor's those of the team."""
    call = await ask.context.calls.details(call_id)
    if call is None:
        raise not_found("call")
    require_row(ask, call.agent)
    if not ask.who.viewer.staff and (call.agent is None or call.agent.id != ask.who.agent_id):
        raise ApiError(403, "other_agent", "this is another agent's call")


async def _own_comment(ask: Ask, call_id: str, comment_id: int, *, or_admin: bool = False) -> CallComment:
    await _require_call(ask, call_id)
    comment = await _notes(ask).find(call_id, comment_id)
    if comment is None:
        raise not_found("comment")
    own = comment.user_id is not None and comment.user_id == ask.who.user_id
    if not own and not (or_admin and ask.who.role == "admin"):
        raise forbidden("only the author of a comment may change it")
    return comment


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/calls/{call_id}/notes", read_notes, EVERY_ROLE),
    route("POST", "/api/calls/{call_id}/comments", add_comment, EVERY_ROLE, 201),
    route("PUT", "/api/calls/{call_id}/comments/{comment_id}", change_comment, EVERY_ROLE),
    route("DELETE", "/api/calls/{call_id}/comments/{comment_id}", remove_comment, EVERY_ROLE, 204),
    route("PUT", "/api/calls/{call_id}/marks/{mark}", set_mark, EVERY_ROLE, 204),
    route("DELETE", "/api/calls/{call_id}/marks/{mark}", remove_mark, EVERY_ROLE, 204),
)
