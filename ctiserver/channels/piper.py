"""piper, a neural voice that runs on this machine: an outside program, a model per language."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from ctiserver.channels.speech import SpeechEngineError
from ctiserver.channels.telephone_wav import Programs, temporary_wav


class Piper:
    """An Engine. `models`: language → path of the model; a language without one is left to the next engine."""

    def __init__(self, *, command: Sequence[str], models: Mapping[str, str], programs: Programs) -> None:
        self._command = tuple(command)
        self._models = dict(models)
        self._programs = programs

    def fingerprint(self, language: str) -> str:
        return f"piper/1/{self._models.get(language, '')}"

    async def synthesise(self, text: str, language: str, into: Path) -> None:
        model = self._models.get(language)
        if model is None:
            raise SpeechEngineError(f"piper has no model for {language}: name one in speech.piper.models")
        raw = await asyncio.to_thread(temporary_wav, into.parent)
        try:
            line = " ".join(text.split()).encode(errors="replace") + b"\n"  # a line is an utterance to piper
            command = (*self._command, "--model", model, "--output_file", str(raw))
            await self._programs.run("piper", "speech.piper.command", command, line)
            await self.convert(raw, into)
        finally:
            await asyncio.to_thread(raw.unlink, missing_ok=True)

    async def convert(self, recording: Path, into: Path) -> None:
        await self._programs.to_telephone(recording, into)
