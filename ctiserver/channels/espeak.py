"""espeak-ng speaks, sox brings it into the telephone's form. Both are argument lists: they may need a loader."""

from __future__ import annotations

import asyncio
import os
import tempfile
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path

from ctiserver.channels.speech import SpeechEngineDown, SpeechEngineError

DEFAULT_VOICES = {"zh-CN": "cmn", "en": "en-us"}
WORDS_PER_MINUTE = {"zh-CN": 170, "en": 150}
_FORM_VERSION = 1
"""Goes up when the same text comes out differently, so that old cache entries aren't used."""
_TELEPHONE = ("-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer", "-t", "wav")
_LEVELLED = ("highpass", "120", "norm", "-4", "pad", "0.05", "0.1")
_RATE = 8000
_SETTING = {"espeak-ng": "command", "sox": "sox"}


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
        self._sox = tuple(sox)
        self._environment = dict(environment or {})
        self._voices = {**DEFAULT_VOICES, **(voices or {})}
        self._timeout_s = timeout_s

    def fingerprint(self, language: str) -> str:
        return f"espeak-ng/{_FORM_VERSION}/{self._voice(language)}/{self._rate(language)}"

    async def synthesise(self, text: str, language: str, into: Path) -> None:
        raw = await asyncio.to_thread(_temporary, into.parent)
        speak = ("-v", self._voice(language), "-s", str(self._rate(language)), "-b", "1", "--stdin", "-w", str(raw))
        try:
            # Through stdin: every user of the machine can read arguments, and a text may look like an option.
            await self._run("espeak-ng", (*self._command, *speak), text.encode(errors="replace"))
            await self.convert(raw, into)
        finally:
            await asyncio.to_thread(raw.unlink, missing_ok=True)

    async def convert(self, recording: Path, into: Path) -> None:
        await self._run("sox", (*self._sox, "-V1", str(recording), *_TELEPHONE, str(into), *_LEVELLED))
        await asyncio.to_thread(_require_sound, into)

    def _voice(self, language: str) -> str:
        voice = self._voices.get(language) or self._voices.get(language.split("-")[0])
        return voice if voice is not None else self._voices["en"]

    def _rate(self, language: str) -> int:
        return WORDS_PER_MINUTE.get(language, 160)

    async def _run(self, program: str, command: Sequence[str], stdin: bytes = b"") -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE if stdin else asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                env={**os.environ, **self._environment},
            )
        except OSError as error:
            way_out = f"install it, or name it in speech.{_SETTING[program]}"
            raise SpeechEngineDown(f"{program} can't be started: {error.strerror or error} — {way_out}") from error
        try:
            async with asyncio.timeout(self._timeout_s):
                _, complaint = await process.communicate(stdin or None)
        except TimeoutError as error:
            raise SpeechEngineDown(f"{program} took longer than {self._timeout_s:g} s") from error
        except (OSError, RuntimeError) as error:  # uvloop's RuntimeError: it ended before it had read the text
            raise SpeechEngineDown(f"{program} does not listen: {error}") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            last = complaint.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
            raise SpeechEngineError(f"{program} failed with {process.returncode}: {last[0][:200]}")


def _temporary(folder: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix=".speech-", suffix=".wav")
    os.close(handle)
    return Path(name)


def _require_sound(path: Path) -> None:
    """Raises SpeechEngineError if the file isn't a telephone wav with something in it."""
    try:
        with wave.open(str(path), "rb") as file:
            form = (file.getframerate(), file.getsampwidth(), file.getnchannels())
            frames = file.getnframes()
    except (wave.Error, EOFError) as error:
        raise SpeechEngineError(f"the result is not a wav file: {error}") from error
    if form != (_RATE, 2, 1):
        raise SpeechEngineError(f"the result is not 8 kHz 16-bit mono but {form}")
    if frames == 0:
        raise SpeechEngineError("the result is empty")
