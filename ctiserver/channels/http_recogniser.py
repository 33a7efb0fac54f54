"""Any recogniser of speech over HTTP: the caller's words go there as a WAV, a JSON answer with the text comes back.

Implements ports.Recogniser: whatever goes wrong, the answer is "not understood", in time, and the caller is asked again
or presses keys. An engine that fails several times in a row is left alone for a while, so that nobody waits for it.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import aiohttp
import orjson
import structlog

from ctiserver.channels.breaker import Breaker
from ctiserver.channels.http_speech import filled
from ctiserver.config import RecognitionSettings
from ctiserver.errors import ConfigurationError
from ctiserver.ivr.json_path import json_path

log = structlog.get_logger()

LARGEST_ANSWER = 256 * 1024  # bytes
LONGEST_TEXT = 1000  # characters: a caller had eight seconds


def recogniser_of(settings: RecognitionSettings) -> HttpRecogniser | None:
    """None where no engine is configured: then only keys count. Raises ConfigurationError."""
    if not settings.url:
        return None
    if not settings.url.startswith(("http://", "https://")):
        raise ConfigurationError("recognition.url is no http URL", hint="where the engine takes its POST")
    try:
        json_path(settings.text)
    except ValueError as error:
        raise ConfigurationError(f"recognition.text: {error}") from None
    return HttpRecogniser(settings)


class NotUnderstood(Exception):
    """The engine could not be asked, or gave no answer that can be read; the message is for the log."""


class HttpRecogniser:
    def __init__(self, settings: RecognitionSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._text = json_path(settings.text)
        self._timeout = aiohttp.ClientTimeout(total=settings.timeout_s)
        self._breaker = Breaker()

    async def understand(self, sound: Path, language: str, words: Sequence[str]) -> str:
        """What was said in a WAV (8 kHz, 16-bit, mono); empty: not understood. Never raises."""
        if not self._breaker.allows(self._clock()):
            return ""
        try:
            text = await self._ask(await asyncio.to_thread(sound.read_bytes), language, words)
        except NotUnderstood as error:
            self._breaker.failed(self._clock())
            log.warning("recogniser_failed", problem=str(error), failures=self._breaker.failures)
            return ""
        except OSError as error:
            log.warning("words_not_read", problem=str(error))
            return ""
        self._breaker.succeeded()
        return text[:LONGEST_TEXT].strip()

    async def _ask(self, sound: bytes, language: str, words: Sequence[str]) -> str:
        answer = bytearray()
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, headers=self._settings.headers) as http,
                http.post(self._settings.url, **self._body(sound, language, words), allow_redirects=False) as response,
            ):
                if response.status != 200:
                    raise NotUnderstood(f"the engine answers {response.status}")
                async for part in response.content.iter_any():
                    answer += part
                    if len(answer) > LARGEST_ANSWER:
                        raise NotUnderstood("the engine sends too much")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotUnderstood(f"the engine does not answer: {type(error).__name__}") from error
        try:
            text = self._text.within(orjson.loads(bytes(answer)))
        except orjson.JSONDecodeError:
            raise NotUnderstood("the engine sends no JSON") from None
        if text is None:
            return ""
        if not isinstance(text, str):
            raise NotUnderstood(f'there is no text at "{self._text}" of the answer')
        return text

    def _body(self, sound: bytes, language: str, words: Sequence[str]) -> dict[str, Any]:
        """As aiohttp takes it: a JSON body, the fields of a form with the file, or the WAV itself."""
        named = self._settings.languages.get(language, language)
        values = {"{language}": named, "{words}": "，".join(words)}
        match self._settings.send:
            case "json":
                values["{audio}"] = base64.b64encode(sound).decode()
                return {"json": filled(self._settings.body, values)}
            case "form":
                form = aiohttp.FormData()
                for name, value in cast("dict[str, object]", filled(self._settings.body, values)).items():
                    form.add_field(name, str(value))
                form.add_field(self._settings.file_field, sound, filename="said.wav", content_type="audio/wav")
                return {"data": form}
            case "wav":
                params = cast("dict[str, object]", filled(self._settings.body, values))
                return {
                    "data": sound,
                    "headers": {"Content-Type": "audio/wav"},
                    "params": {name: str(value) for name, value in params.items()},
                }
