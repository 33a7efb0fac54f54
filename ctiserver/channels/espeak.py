"""espeak-ng speaks, sox brings it into the telephone's form. Both are argument lists: they may need a loader."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from ctiserver.channels.telephone_wav import Programs, temporary_wav

DEFAULT_VOICES = {"zh-CN": "cmn", "en": "en-us"}
WORDS_PER_MINUTE = {"zh-CN": 170, "en": 150}
_FORM_VERSION = 1
"""Goes up when the same text comes out differently, so that old cache entries aren't used."""


class EspeakNg:
    """An Engine. `environment` is added to ours (ESPEAK_DATA_PATH for an unpacked espeak-ng)."""

    def __init__(
        self,
        *,
        command: Sequence[str] = ("espeak-ng",),
        sox: Sequence[str] = ("sox",),
        environment: Mapping[str, str] | None = None,
        voices: Mapping[str, str] | None = None,
        timeout_s: float = 5.0,
    ) -> None:
        self._command = tuple(command)
        self._programs = Programs(sox, environment, timeout_s)
        self._voices = {**DEFAULT_VOICES, **(voices or {})}

    def fingerprint(self, language: str) -> str:
        return f"espeak-ng/{_FORM_VERSION}/{self._voice(language)}/{self._rate(language)}"

    async def synthesise(self, text: str, language: str, into: Path) -> None:
        raw = await asyncio.to_thread(temporary_wav, into.parent)
        speak = ("-v", self._voice(language), "-s", str(self._rate(language)), "-b", "1", "--stdin", "-w", str(raw))
        try:
            # Through stdin: every user of the machine can read arguments, and a text may look like an option.
            words = text.encode(errors="replace")
            await self._programs.run("espeak-ng", "speech.command", (*self._command, *speak), words)
            await self.convert(raw, into)
        finally:
            await asyncio.to_thread(raw.unlink, missing_ok=True)

    async def convert(self, recording: Path, into: Path) -> None:
        await self._programs.to_telephone(recording, into)

    def _voice(self, language: str) -> str:
        voice = self._voices.get(language) or self._voices.get(language.split("-")[0])
        return voice if voice is not None else self._voices["en"]

    def _rate(self, language: str) -> int:
        return WORDS_PER_MINUTE.get(language, 160)
