"""Reading what a request carries: within its size, within a time, as it was sent."""

from __future__ import annotations

import asyncio
from typing import Final, cast

import orjson
from aiohttp import web

from ctiserver.api.problems import ApiError

BODY_S = 30.0  # a form of at most some kilobytes
UPLOAD_S = 300.0  # files, also over a slow line
DEEPEST: Final = 64
MOST_EXACT: Final = 2.0**53


def refuse_compressed(request: web.Request) -> None:
    """Some kilobytes may be a gigabyte when unpacked, and no client of ours packs. Raises ApiError 415."""
    if request.headers.get("Content-Encoding", "identity").strip().casefold() != "identity":
        raise ApiError(415, "unsupported_media_type", "send the body as it is, without Content-Encoding")


async def read_body(request: web.Request, *, patience_s: float | None = None) -> bytes:
    """All of it; the same again when asked twice. Raises ApiError 408 and aiohttp's 413 by `client_max_size`."""
    try:
        async with asyncio.timeout(BODY_S if patience_s is None else patience_s):
            return await request.read()
    except TimeoutError:
        raise ApiError(408, "body_too_slow", "the body did not arrive in time") from None


async def read_json(request: web.Request) -> object:
    """Raises ApiError 400, 408, 413 or 415."""
    if request.content_type != "application/json":
        raise ApiError(415, "unsupported_media_type", "send application/json")
    try:
        return _whole_numbers(orjson.loads(await read_body(request)), DEEPEST)
    except orjson.JSONDecodeError as error:
        raise ApiError(400, "invalid", f"the body is not JSON: {error.msg} at character {error.pos}") from None


def _whole_numbers(value: object, deeper: int) -> object:
    """JSON knows one kind of number: 2.0 is a whole one, as the document says."""
    if not deeper:
        raise ApiError(400, "invalid", f"the body is nested deeper than {DEEPEST} levels")
    match value:
        case float() if value.is_integer() and abs(value) < MOST_EXACT:
            return int(value)
        case list():
            return [_whole_numbers(one, deeper - 1) for one in cast("list[object]", value)]
        case dict():
            return {name: _whole_numbers(one, deeper - 1) for name, one in cast("dict[str, object]", value).items()}
        case _:
            return value
