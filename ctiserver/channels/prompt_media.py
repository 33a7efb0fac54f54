"""Utterances as media URIs for Asterisk: fetched over HTTP by id, or read from a folder that both can see."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from ctiserver.channels.speech import Speech
from ctiserver.ivr.fields import prompt_id
from ctiserver.ivr.messages import Captured, Kept, Recorded, Spoken

log = structlog.get_logger()

FindRecording = Callable[[str, str], Path | None]
"""From a prompt's id and a language to its file."""


class PromptMedia:
    """`media_url` is how Asterisk reaches us; with `shared` it reads our prompt cache under the same path instead.

    `recordings` is the folder of recorded prompts, or what finds them; `kept` finds a message that a caller left.
    """

    def __init__(
        self,
        speech: Speech,
        recordings: Path | FindRecording,
        *,
        media_url: str,
        shared: bool = False,
        kept: Callable[[str], Path | None] = lambda _: None,
    ) -> None:
        self._speech = speech
        self._kept = kept
        self._find = recordings if not isinstance(recordings, Path) else _in_folder(recordings)
        self._media_url = media_url.rstrip("/")
        self._shared = shared

    async def media(self, utterances: Sequence[object]) -> Sequence[str]:
        """One URI for each utterance, in order; several are rendered side by side.

        Raises FileNotFoundError for a message that is not there: nothing else may be taken for it.
        """
        return await asyncio.gather(*(self._one(utterance) for utterance in utterances))

    async def _one(self, utterance: object) -> str:
        if isinstance(utterance, Captured):  # Asterisk has it
            return f"recording:{utterance.recording}"
        return self._uri(await self._path(utterance))

    async def _path(self, utterance: object) -> Path:
        match utterance:
            case Spoken():
                return await self._speech.render(utterance.text, utterance.language)
            case Recorded():
                return await self._recorded(utterance)
            case Kept():
                return await self._message(utterance)
            case _:
                log.error("utterance_unknown", kind=type(utterance).__name__)
                return await self._speech.fallback_file()

    async def _recorded(self, utterance: Recorded) -> Path:
        """The recording; where there is none that can be played, its text, and without one the fallback."""
        found = await asyncio.to_thread(self._find, utterance.prompt, utterance.language)
        if found is not None and (ready := await self._speech.converted(found)) is not None:
            return ready
        if utterance.text:
            return await self._speech.render(utterance.text, utterance.text_language or utterance.language)
        log.error("recorded_prompt_unusable", prompt=utterance.prompt)
        return await self._speech.fallback_file()

    async def _message(self, utterance: Kept) -> Path:
        found = await asyncio.to_thread(self._kept, utterance.path)
        ready = await self._speech.converted(found) if found is not None else None
        if ready is None:
            raise FileNotFoundError(f"the message {utterance.path} is not there, or no sound")
        return ready

    def _uri(self, path: Path) -> str:
        if self._shared:
            return f"sound:{path.with_suffix('')}"
        return f"sound:{self._media_url}/media/prompts/{path.name}"


def _in_folder(folder: Path) -> FindRecording:
    """`<folder>/<language>/<id>.wav` if it exists, else `<folder>/<id>.wav`; never outside of `folder`."""

    def find(prompt: str, language: str) -> Path | None:
        try:
            name = f"{prompt_id(prompt)}.wav"
        except ValueError:
            return None
        return next((file for file in (folder / language / name, folder / name) if file.is_file()), None)

    return find
