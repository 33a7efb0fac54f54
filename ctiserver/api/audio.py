"""Sends stored sound, whole or in parts (Range), whether it lies in clear or sealed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import structlog
from aiohttp import web

from ctiserver.api.problems import ApiError
from ctiserver.store.audio_files import AudioFiles
from ctiserver.store.sealed_files import SealedFile, SealError

log = structlog.get_logger()

PIECE = 256 * 1024
HEADERS = {"Content-Type": "audio/wav", "Cache-Control": "private, no-cache", "Accept-Ranges": "bytes"}


async def send_audio(request: web.Request, files: AudioFiles, file: Path, *, save_as: str = "") -> web.StreamResponse:
    """Raises ApiError 500 `recording_sealed` where the key is missing or the file was changed.

    `save_as` is the name under which a browser keeps it; empty: to be played.
    """
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{save_as}"'} if save_as else HEADERS
    try:
        sealed = await asyncio.to_thread(files.open_sealed, file)
        if sealed is None:
            return web.FileResponse(file, headers=headers)
        try:
            return await _send_part(request, sealed, headers)
        finally:
            sealed.close()
    except SealError as error:
        log.error("recording_sealed", file=file.name, problem=str(error))
        raise ApiError(500, "recording_sealed", str(error)) from error


async def _send_part(request: web.Request, sealed: SealedFile, headers: Mapping[str, str]) -> web.StreamResponse:
    try:
        wanted = request.http_range
    except ValueError:
        return _beyond(sealed.size)
    start, stop, _ = slice(wanted.start, wanted.stop).indices(sealed.size)
    if wanted.start is not None and wanted.start >= sealed.size:
        return _beyond(sealed.size)
    first = await asyncio.to_thread(sealed.read, start, min(PIECE, stop - start))  # errors come before the headers
    partial = "Range" in request.headers
    response = web.StreamResponse(status=206 if partial else 200, headers=headers)
    response.content_length = stop - start
    if partial:
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{sealed.size}"
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    await response.write(first)
    for at in range(start + len(first), stop, PIECE):
        await response.write(await asyncio.to_thread(sealed.read, at, min(PIECE, stop - at)))
    await response.write_eof()
    return response


def _beyond(size: int) -> web.Response:
    return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"})
