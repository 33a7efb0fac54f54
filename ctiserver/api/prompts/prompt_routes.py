"""Recorded prompts: listed with who plays them, uploaded, listened to, taken back, removed; in force for the next call.

The language of a recording is zh-CN or en, or `any` for one that everybody hears.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from aiohttp import web
from pydantic import Field, StringConstraints

from ctiserver.api.audit import require
from ctiserver.api.desk.asking import read_upload
from ctiserver.api.identity import OPS_UP, SUPERVISOR_UP
from ctiserver.api.problems import ApiError, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import NO_NUL, Answer, Body, Query
from ctiserver.channels.prompt_recording import LARGEST
from ctiserver.channels.speech import SpeechEngineError
from ctiserver.errors import DatabaseAwayError
from ctiserver.ivr.fields import LANGUAGES, prompt_id
from ctiserver.ivr.spoken.clips import ClipSet, clip_sets
from ctiserver.live.prompt_desk import PromptDesk
from ctiserver.recorded_prompts import RecordingRefused
from ctiserver.store.flow_rows import Author
from ctiserver.store.prompt_recordings import PromptRow

EVERY_LANGUAGE = "any"
WAV = {"Content-Type": "audio/wav", "Cache-Control": "private, no-cache"}

Note = Annotated[str, StringConstraints(max_length=400, pattern=NO_NUL)]
Version = Annotated[int, Field(ge=0, le=2_147_483_647)]


class PromptNote(Query):
    note: Note = ""


class PromptVersion(Query):
    version: Version = 0


class RestoreBody(Body):
    version: Annotated[int, Field(ge=1, le=2_147_483_647)]
    note: Note = ""


class PromptLine(Answer, frozen=True, kw_only=True):
    """A prompt in one language. `uploaded` None: a file beside the flows, or (with `exists` false) none at all yet."""

    prompt: str
    language: str
    exists: bool
    uploaded: PromptRow | None
    users: tuple[str, ...]


class PromptList(Answer, frozen=True, kw_only=True):
    """`value_sets`: the forms in which values can be said, and which recordings they still lack."""

    prompts: tuple[PromptLine, ...]
    value_sets: tuple[ClipSet, ...]


async def list_prompts(ask: Ask) -> PromptList:
    """All recorded prompts, those that flows ask for but nobody has recorded yet, and the sets for spoken values."""
    desk = _desk(ask)
    uploaded = {(row.prompt, row.language): row for row in desk.library.uploaded()}
    files = await asyncio.to_thread(desk.library.in_files)
    recordings = await asyncio.to_thread(desk.library.recordings)
    there = {(prompt, language) for language, prompts in recordings.items() for prompt in prompts}
    named = {prompt for prompt, _ in there}
    wanted = {(prompt, "") for prompt in desk.named() if prompt not in named}
    lines = [
        PromptLine(
            prompt=prompt,
            language=language or EVERY_LANGUAGE,
            exists=(prompt, language) in uploaded or prompt in files.get(language, ()),
            uploaded=uploaded.get((prompt, language)),
            users=tuple(desk.users(prompt)),
        )
        for prompt, language in sorted(there | wanted)
    ]
    return PromptList(prompts=tuple(lines), value_sets=clip_sets(recordings))


async def upload_prompt(ask: Ask, prompt: str, language: str, query: PromptNote) -> PromptRow:
    """Takes the body as a file of sound: checked, made mono, levelled, and in force at once.

    A WAV is always read, FLAC, Ogg, MP3 where the sox of this machine can. 409: not_audio, nothing_heard, too_long …
    """
    desk, name, spoken = _desk(ask), _prompt(prompt), _language(language)
    upload = await read_upload(ask, LARGEST)
    try:
        recording = await desk.prepare(upload)
    except RecordingRefused as refused:
        hint = f" — {refused.hint}" if refused.hint else ""
        raise ApiError(409, refused.error_id, f"{refused.message}{hint}") from None
    except SpeechEngineError as error:
        raise ApiError(503, "sound_tools_missing", str(error)) from None
    row = await desk.store.add(name, spoken, recording, note=query.note, author=_author(ask))
    await _changed(ask, "prompt.upload", row)
    return row


async def restore_prompt(ask: Ask, prompt: str, language: str, body: RestoreBody) -> PromptRow:
    """Brings an earlier version back, as a new one."""
    row = await _desk(ask).store.restore(
        _prompt(prompt), _language(language), body.version, note=body.note, author=_author(ask)
    )
    if row is None:
        raise not_found("prompt")
    await _changed(ask, "prompt.restore", row)
    return row


async def delete_prompt(ask: Ask, prompt: str, language: str) -> None:
    """Refused while a flow plays it and has nothing else to say; its versions stay and can be brought back."""
    desk, name, spoken = _desk(ask), _prompt(prompt), _language(language)
    users = list(desk.needed_by(name))
    if users and not await asyncio.to_thread(_is_elsewhere, desk, name, spoken):
        raise ApiError(409, "still_used", f"played by {', '.join(users)}", params={"by": users})
    row = await desk.store.remove(name, spoken, note="", author=_author(ask))
    if row is None:
        raise not_found("prompt")
    await _changed(ask, "prompt.delete", row)


async def list_prompt_versions(ask: Ask, prompt: str, language: str) -> list[PromptRow]:
    """All versions, newest first; a removal is one too."""
    return await _desk(ask).store.versions(_prompt(prompt), _language(language))


async def read_prompt_sound(ask: Ask, prompt: str, language: str, query: PromptVersion) -> web.StreamResponse:
    """The sound in force, or of one version: to listen to before callers do."""
    desk, name, spoken = _desk(ask), _prompt(prompt), _language(language)
    if query.version:
        sound = await desk.store.sound(name, spoken, query.version)
        if sound is None:
            raise not_found("prompt")
        return web.Response(body=sound, headers=WAV)
    file: Path | None = await asyncio.to_thread(desk.library.exactly, name, spoken)
    if file is None:
        raise not_found("prompt")
    return web.FileResponse(file, headers=WAV)


async def _changed(ask: Ask, action: str, row: PromptRow) -> None:
    detail = {"version": row.version, "seconds": row.duration_ms / 1000, "back_to": row.back_to, "note": row.note}
    await require(ask, action, f"prompt:{row.prompt}:{row.language or EVERY_LANGUAGE}", detail)
    await _desk(ask).library.look()


def _is_elsewhere(desk: PromptDesk, prompt: str, language: str) -> bool:
    """Whether callers would still hear a recording of that name: of another language, or the file beside the flows."""
    others: Iterable[str] = (*LANGUAGES, "")
    files = desk.library.in_files()
    uploaded = {row.language for row in desk.library.uploaded() if row.prompt == prompt}
    return any(prompt in files.get(each, ()) or (each != language and each in uploaded) for each in others)


def _desk(ask: Ask) -> PromptDesk:
    if ask.context.prompts is None:
        raise DatabaseAwayError("this daemon runs without recorded prompts")
    return ask.context.prompts


def _prompt(prompt: str) -> str:
    try:
        return str(prompt_id(prompt))
    except ValueError:
        raise not_found("prompt") from None


def _language(language: str) -> str:
    if language == EVERY_LANGUAGE:
        return ""
    if language not in LANGUAGES:
        raise not_found("language")
    return language


def _author(ask: Ask) -> Author:
    who = ask.who
    return Author(name=who.name or who.login, user_id=who.user_id if who.token else None)


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/prompts", list_prompts, SUPERVISOR_UP),
    Route(
        method="POST",
        path="/api/prompts/{prompt}/{language}",
        handler=upload_prompt,
        access=OPS_UP,
        status=201,
        largest_body=LARGEST + 1,
    ),
    route("DELETE", "/api/prompts/{prompt}/{language}", delete_prompt, OPS_UP, 204),
    route("POST", "/api/prompts/{prompt}/{language}/restore", restore_prompt, OPS_UP),
    route("GET", "/api/prompts/{prompt}/{language}/versions", list_prompt_versions, SUPERVISOR_UP),
    Route(
        method="GET",
        path="/api/prompts/{prompt}/{language}/sound",
        handler=read_prompt_sound,
        access=SUPERVISOR_UP,
        content="audio/wav",
    ),
)
