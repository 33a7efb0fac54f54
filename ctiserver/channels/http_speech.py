"""Any speech engine over HTTP: the text goes there in a JSON body of its own shape, a wav comes back."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import aiohttp

from ctiserver.channels.speech import SpeechEngineDown, SpeechEngineError
from ctiserver.channels.telephone_wav import Programs, temporary_wav

LARGEST = 20 * 1024 * 1024  # bytes: ten minutes of CD sound would be too much


class HttpSpeech:
    """An Engine. In `body`, "{text}", "{language}" and "{voice}" are replaced wherever they stand in a text."""

    def __init__(
        self,
        *,
        url: str,
        headers: Mapping[str, str],
        body: Mapping[str, object],
        voices: Mapping[str, str],
        programs: Programs,
        timeout_s: float,
    ) -> None:
        self._url = url
        self._headers = dict(headers)
        self._body = dict(body)
        self._voices = dict(voices)
        self._programs = programs
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)

    def fingerprint(self, language: str) -> str:
        shape = json.dumps([self._url, self._body, self._voices.get(language, "")], sort_keys=True)
        return f"http/1/{hashlib.sha256(shape.encode()).hexdigest()[:16]}"

    async def synthesise(self, text: str, language: str, into: Path) -> None:
        values = {"{text}": text, "{language}": language, "{voice}": self._voices.get(language, "")}
        sound = await self._ask(filled(self._body, values))
        raw = await asyncio.to_thread(temporary_wav, into.parent)
        try:
            await asyncio.to_thread(raw.write_bytes, sound)
            await self.convert(raw, into)
        finally:
            await asyncio.to_thread(raw.unlink, missing_ok=True)

    async def convert(self, recording: Path, into: Path) -> None:
        await self._programs.to_telephone(recording, into)

    async def _ask(self, body: object) -> bytes:
        sound = bytearray()
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, headers=self._headers) as http,
                http.post(self._url, json=body, allow_redirects=False) as answer,
            ):
                if answer.status >= 500 or answer.status in (401, 403, 429):
                    raise SpeechEngineDown(f"the speech engine at {self._host} answers {answer.status}")
                if answer.status != 200:
                    raise SpeechEngineError(f"the speech engine at {self._host} answers {answer.status}")
                async for part in answer.content.iter_any():
                    sound += part
                    if len(sound) > LARGEST:
                        raise SpeechEngineError(f"the speech engine at {self._host} sends too much")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            told = f"the speech engine at {self._host} does not answer: {type(error).__name__}"
            raise SpeechEngineDown(told) from error
        if not sound.startswith(b"RIFF"):
            raise SpeechEngineError(f"the speech engine at {self._host} sends no wav")
        return bytes(sound)

    @property
    def _host(self) -> str:
        return self._url.partition("://")[2].partition("/")[0].rpartition("@")[2]


def filled(shape: object, values: Mapping[str, str]) -> object:
    """`shape` with placeholders replaced in one pass, so that a text that looks like one stays as it is."""
    if isinstance(shape, str):
        for placeholder, value in values.items():
            if placeholder in shape:
                before, _, after = shape.partition(placeholder)
                return f"{filled(before, values)}{value}{filled(after, values)}"
        return shape
    if isinstance(shape, Mapping):
        return {key: filled(inner, values) for key, inner in cast("Mapping[str, object]", shape).items()}
    if isinstance(shape, list):
        return [filled(inner, values) for inner in cast("list[object]", shape)]
    return shape
