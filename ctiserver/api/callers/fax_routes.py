"""Faxes: listed, opened, sent on by mail; answers of surveys with their figures."""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import web

from ctiserver.api.audit import require
from ctiserver.api.callers.asking import boxes_of, check_box, store_of
from ctiserver.api.callers.bodies import FaxSearch, ForwardBody, SurveySearch
from ctiserver.api.identity import EVERY_ROLE, SUPERVISOR_UP
from ctiserver.api.problems import ApiError, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Accepted
from ctiserver.api.scope import scope_of
from ctiserver.live.audience import number_for
from ctiserver.store.callers.rows import FaxPage, FaxRow, SurveyPage


async def list_faxes(ask: Ask, query: FaxSearch) -> FaxPage:
    """Faxes, newest first; an agent sees those of the boxes that the agent answers for."""
    boxes = await boxes_of(ask)
    return await store_of(ask).faxes.search(query.span, boxes=boxes, box=query.box, direction=query.direction)


async def read_fax(ask: Ask, fax_id: str) -> web.StreamResponse:
    """The pages as they were received (TIFF)."""
    row, path = await _find(ask, fax_id)
    file = await asyncio.to_thread(ask.context.audio.locate, path)
    if file is None:
        raise ApiError(404, "fax_lost", "the fax's file is missing")
    await require(ask, "fax.read", f"fax:{fax_id}", {"call_id": row.call_id})
    headers = {
        "Content-Type": "image/tiff",
        "Content-Disposition": f'attachment; filename="{fax_id}.tif"',
        "Cache-Control": "private, no-cache",
    }
    return web.FileResponse(file, headers=headers)


async def send_fax_on(ask: Ask, fax_id: str, body: ForwardBody) -> Accepted:
    """To a mail address, by the sender of mails."""
    row, path = await _find(ask, fax_id)
    await require(ask, "fax.send_on", f"fax:{fax_id}", {"mail": body.mail})
    await store_of(ask).faxes.send_on(row, path, body.mail, ask.who.login)
    return Accepted()


async def list_answers(ask: Ask, query: SurveySearch) -> SurveyPage:
    """Answers of surveys, newest first, with call and agent: about the own conversations, or about the team's."""
    who = ask.who
    agent_id = query.agent if who.viewer.staff else ask.agent_id
    page = await store_of(ask).answers.search(
        query.span,
        survey=query.survey,
        queue_id=query.queue,
        agent_id=agent_id,
        call_id=query.call,
        scope=scope_of(ask),
    )
    items = tuple(
        msgspec.structs.replace(
            row,
            caller_number=number_for(who.viewer, row.caller_number, agent_id=row.agent.id if row.agent else None),
        )
        for row in page.items
    )
    return msgspec.structs.replace(page, items=items)


async def _find(ask: Ask, fax_id: str) -> tuple[FaxRow, str]:
    found = await store_of(ask).faxes.find(fax_id)
    if found is None:
        raise not_found("fax")
    row, path = found
    await check_box(ask, row.box, "fax")
    if path is None:
        raise ApiError(404, "fax_lost", "nothing of this fax was stored")
    return row, str(path)


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/faxes", list_faxes, EVERY_ROLE),
    Route(method="GET", path="/api/faxes/{fax_id}/document", handler=read_fax, access=EVERY_ROLE, content="image/tiff"),
    route("POST", "/api/faxes/{fax_id}/send", send_fax_on, SUPERVISOR_UP, 202),
    route("GET", "/api/survey-answers", list_answers, EVERY_ROLE),
)
