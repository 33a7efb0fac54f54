"""Prompts for Asterisk, which fetches and keeps them by URL: /media/prompts/{name}.wav, without credentials."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web

from ctiserver.api.problems import not_found
from ctiserver.api.route import Ask, Route

NAMED_BY_CONTENT = "public, max-age=31536000, immutable"
MAY_CHANGE = "public, no-cache"  # recorded prompts can be recorded again: ask with the ETag


async def read_prompt(ask: Ask, prompt: str) -> web.StreamResponse:
    """A prompt by id: synthesised (named by content) or recorded (named by people)."""
    settings = ask.context.settings
    places = {
        settings.var / "prompts" / prompt[:2] / f"{prompt}.wav": NAMED_BY_CONTENT,
        settings.var / "prompts" / f"{prompt}.wav": NAMED_BY_CONTENT,
        settings.flows / "prompts" / f"{prompt}.wav": MAY_CHANGE,
    }
    file = await asyncio.to_thread(_first_file, list(places))
    if file is None:
        raise not_found("prompt")
    # not application/json's rule: Asterisk chooses the format by this type
    return web.FileResponse(file, headers={"Content-Type": "audio/wav", "Cache-Control": places[file]})


def _first_file(places: list[Path]) -> Path | None:
    return next((place for place in places if place.is_file()), None)


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/media/prompts/{prompt}.wav", handler=read_prompt, access="public", content="audio/wav"),
)
