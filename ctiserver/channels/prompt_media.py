"""Utterances as media URIs for Asterisk: fetched over HTTP by id, or read from a folder that both can see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog

from ctiserver.channels.speech import Speech
from ctiserver.ivr.fields import prompt_id
from ctiserver.ivr.messages import Recorded, Spoken

log = structlog.get_logger()


class PromptMedia:
    """`media_url` is how Asterisk reaches us; with `shared` it reads our prompt cache under the same path instead."""

    def __init__(self, speech: Speech, recordings: Path, *, media_url: str, shared: bool = False) -> None:
        self._speech = speech
        self._recordings = recordings
        self._media_url = media_url.rstrip("/")
        self._shared = shared

    async def media(self, utterances: Sequence[object]) -> Sequence[str]:
        """One URI for each utterance, in order; several are rendered side by side."""
        paths = await asyncio.gather(*(self._path(utterance) for utterance in utterances))
        return [self._uri(path) for path in paths]

    async def _path(self, utterance: object) -> Path:
        match utterance:
            case Spoken():
                return await self._speech.render(utterance.text, utterance.language)
            case Recorded():
                recording = await asyncio.to_thread(find_recording, self._recordings, utterance)
                return await self._speech.recorded(recording)
            case _:
                log.error("utterance_unknown", kind=type(utterance).__name__)
                return await self._speech.recorded(self._recordings / "unknown")

    def _uri(self, path: Path) -> str:
        if self._shared:
            return f"sound:{path.with_suffix('')}"
        return f"sound:{self._media_url}/media/prompts/{path.name}"


def find_recording(folder: Path, recorded: Recorded) -> Path:
    """`<folder>/<language>/<id>.wav` if it exists, else `<folder>/<id>.wav`; never outside of `folder`."""
    try:
        name = f"{prompt_id(recorded.prompt)}.wav"
    except ValueError:
        return folder / "unknown.wav"
    own = folder / recorded.language / name
    return own if own.is_file() else folder / name
