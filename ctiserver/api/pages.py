"""The single-page application: files from the build, and index.html for every other path."""

from __future__ import annotations

import mimetypes

from aiohttp import web

from ctiserver.api.problems import ApiError
from ctiserver.api.route import Ask

IMMUTABLE = "public, max-age=31536000, immutable"  # below assets/: names hold a hash
NOT_BUILT = "The pages are not built: run `make web`, or name their folder in http.web_folder.\n"


async def read_page(ask: Ask, tail: str) -> web.StreamResponse:
    """A file of the application, or its index.html, whose router knows the path."""
    folder = ask.context.web
    file = await folder.find(tail)
    is_asset = tail.startswith("assets/")
    if file is None:
        if is_asset or "." in tail.rpartition("/")[2]:
            raise ApiError(404, "not_found", "no such file")
        file = await folder.find("index.html")
        if file is None:
            return web.Response(status=503, text=NOT_BUILT)
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind == "application/javascript"
    headers = {
        "Content-Type": f"{kind}; charset=utf-8" if text else kind,
        "Cache-Control": IMMUTABLE if is_asset else "no-cache",
    }
    return web.FileResponse(file, headers=headers)  # gives the .gz beside it to those who take gzip
