"""The single-page application: files from the build, and index.html for every other path."""

from __future__ import annotations

from pathlib import PurePosixPath

from aiohttp import web

from ctiserver.api.problems import ApiError
from ctiserver.api.route import Ask

KINDS = {  # what a build holds; the system's table differs between machines
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
}
FILES = frozenset({*KINDS, ".map", ".xml"})  # other dots are part of a name, such as the category repair.leak
IMMUTABLE = "public, max-age=31536000, immutable"  # below assets/: names hold a hash
NOT_BUILT = "The pages are not built: run `make pages`, or name their folder in http.web_folder.\n"


async def read_page(ask: Ask, tail: str) -> web.StreamResponse:
    """A file of the application, or its index.html, whose router knows the path."""
    folder = ask.context.web
    file = await folder.find(tail)
    is_asset = tail.startswith("assets/")
    if file is None:
        if is_asset or PurePosixPath(tail).suffix in FILES:
            raise ApiError(404, "not_found", "no such file")
        file = await folder.find("index.html")
        if file is None:
            return web.Response(status=503, text=NOT_BUILT)
    kind = KINDS.get(file.suffix, "application/octet-stream")
    headers = {"Content-Type": kind, "Cache-Control": IMMUTABLE if is_asset else "no-cache"}
    return web.FileResponse(file, headers=headers)  # gives the .gz beside it to those who take gzip
