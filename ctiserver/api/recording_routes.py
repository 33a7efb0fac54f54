"""Recordings: listed and played. An agent gets the own ones, who supervises all; each playing is audited."""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import web

from ctiserver.api.audio import send_audio
from ctiserver.api.audit import require
from ctiserver.api.identity import EVERY_ROLE
from ctiserver.api.problems import ApiError, forbidden, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import RecordingSearch, RecordingUse
from ctiserver.api.scope import require_row, scope_of
from ctiserver.live.audience import number_for
from ctiserver.store.rows import CallFilter, RecordingPage


async def search_recordings(ask: Ask, query: RecordingSearch) -> RecordingPage:
    """Recordings, newest first; an agent sees the own ones."""
    who = ask.who
    agent_id = query.agent if who.viewer.staff else ask.agent_id
    if query.agent is not None and query.agent != agent_id:
        raise forbidden("an agent sees the own recordings")
    page = await ask.context.recordings.search(
        CallFilter(
            started_from=query.from_,
            started_to=query.to,
            queue_id=query.queue,
            agent_id=agent_id,
            scope=scope_of(ask),
            page=query.page,
            page_size=query.page_size,
        )
    )
    items = tuple(
        msgspec.structs.replace(
            row,
            caller_number=number_for(who.viewer, row.caller_number, agent_id=row.agent.id if row.agent else None),
        )
        for row in page.items
    )
    return msgspec.structs.replace(page, items=items)


async def play_recording(ask: Ask, recording_id: str, query: RecordingUse) -> web.StreamResponse:
    """The audio, caller left and agent right; parts of it by Range. Taking it away as a file is for who supervises."""
    found = await ask.context.recordings.find(recording_id)
    if found is None:
        raise not_found("recording")
    row, path = found
    require_row(ask, row.agent)
    viewer = ask.who.viewer
    if not viewer.staff and (row.agent is None or row.agent.id != viewer.agent_id):
        raise forbidden("an agent may play the own recordings")
    if query.download and not viewer.staff:
        raise forbidden("who supervises may take recordings away")
    file = await asyncio.to_thread(ask.context.audio.locate, str(path))
    if file is None:
        raise ApiError(404, "recording_lost", "the recording's file is missing")
    if query.download:
        await require(ask, "recording.download", f"recording:{recording_id}", {"call_id": row.call_id})
    elif ask.context.plays.is_new(who=ask.who.login, recording_id=recording_id):
        await require(ask, "recording.play", f"recording:{recording_id}", {"call_id": row.call_id})
        ask.context.plays.add(who=ask.who.login, recording_id=recording_id)
    name = f"{row.call_id}.wav" if query.download else ""
    return await send_audio(ask.http, ask.context.audio, file, save_as=name)


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/recordings", search_recordings, EVERY_ROLE),
    Route(
        method="GET",
        path="/api/recordings/{recording_id}/audio",
        handler=play_recording,
        access=EVERY_ROLE,
        content="audio/wav",
    ),
)
