"""Text to speech: rendered once, kept by content, and never silence.

    render(text) ─▶ in the cache? ─▶ yes: its path
                        │ no
                        ▼
                one render per text, at most `workers` at once, each with a time-out ─▶ cache
                        │ engine down, too slow, broken
                        ▼
                the fallback: a recorded `fallback.wav`, or a soft tone

A prompt's id is the SHA-256 of engine, voice and text, its file `ab/abcdef….wav`: 8 kHz, 16-bit, mono, levelled.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import structlog

from ctiserver.channels import fallback_tone
from ctiserver.ivr.messages import Spoken
from ctiserver.tasks import TaskOwner

log = structlog.get_logger()

REST_AFTER_FAILURES = 3
REST_S = 15.0
FALLBACK = "fallback"


class SpeechEngineError(Exception):
    """The engine could not render a text; the message says why, without the text."""


class SpeechEngineDown(SpeechEngineError):
    """The engine can't be started or doesn't answer: other texts will fare no better."""


class Engine(Protocol):
    """Turns text into a telephone wav."""

    def fingerprint(self, language: str) -> str:
        """Engine, voice and everything else that changes how a text sounds."""
        ...

    async def synthesise(self, text: str, language: str, into: Path) -> None:
        """Writes 8 kHz 16-bit mono wav to `into`. Raises SpeechEngineError."""
        ...

    async def convert(self, recording: Path, into: Path) -> None:
        """Writes `recording`, any wav, as a telephone wav. Raises SpeechEngineError."""
        ...


class Speech(Protocol):
    """What speaks: one cached engine, or several in a chain. Nothing here raises."""

    @property
    def is_resting(self) -> bool: ...

    @property
    def last_error(self) -> str: ...

    async def render(self, text: str, language: str) -> Path:
        """The file to be played."""
        ...

    async def converted(self, recording: Path) -> Path | None:
        """A recorded prompt as telephone wav; None if it isn't there or is no sound."""
        ...

    async def fallback_file(self) -> Path:
        """What is heard where nothing else can be."""
        ...

    async def prerender(self, texts: Iterable[Spoken]) -> int:
        """Fills the cache; answers how many texts are missing."""
        ...

    async def prune(self, *, unused_for_s: float) -> int: ...

    async def stop(self) -> None: ...


class CachedSpeech:
    """`folder` is the prompt cache; it may be shared and outlives restarts.

    `fallback` is a recording that is played where a prompt can't be had; a missing file is no mistake.
    """

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        *,
        patience_s: float = 5.0,
        workers: int = 2,
        fallback: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._folder = folder.resolve()
        self._patience_s = patience_s
        self._slots = asyncio.Semaphore(workers)
        self._fallback = fallback
        self._clock = clock
        self._renders: dict[str, asyncio.Task[Path | None]] = {}
        self._tasks = TaskOwner("speech")
        self._failures = 0
        self._resting_until = 0.0
        self.last_error = ""

    def prompt_id(self, text: str, language: str) -> str:
        content = "\n".join((self._engine.fingerprint(language), language, text))
        return hashlib.sha256(content.encode(errors="replace")).hexdigest()

    @property
    def is_resting(self) -> bool:
        """Whether the engine has failed so often that only the cache is used for a while."""
        return self._clock() < self._resting_until

    async def render(self, text: str, language: str) -> Path:
        """The text's file; the fallback's if it can't be had in time. A render that is late still fills the cache."""
        ready = await self.prepared(text, language)
        return ready if ready is not None else await self.fallback_file()

    async def prepared(self, text: str, language: str) -> Path | None:
        """The text's file, rendered if need be; None if it can't be had in time."""
        prompt = self.prompt_id(text, language)

        async def make(into: Path) -> None:
            await self._engine.synthesise(text, language, into)

        return await self._obtain(prompt, make)

    async def prerender(self, texts: Iterable[Spoken]) -> int:
        """Fills the cache, one text at a time so that calls aren't kept waiting. Answers how many are missing."""
        missing = 0
        if self._fallback is not None:
            await self.converted(self._fallback)
        for text in texts:
            if await self.prepared(text.text, text.language) is None:
                missing += 1
        return missing

    async def prune(self, *, unused_for_s: float) -> int:
        """Removes prompts that nobody has heard for so long; answers how many."""
        return await asyncio.to_thread(_prune, self._folder, time.time() - unused_for_s)

    async def stop(self) -> None:
        await self._tasks.stop()

    async def converted(self, recording: Path) -> Path | None:
        """A recording as telephone wav, converted once per content; None if it isn't there or can't be converted."""
        try:
            content = await asyncio.to_thread(recording.read_bytes)
        except OSError:
            return None

        async def make(into: Path) -> None:
            await self._engine.convert(recording, into)

        return await self._obtain(hashlib.sha256(content).hexdigest(), make)

    async def _obtain(self, prompt: str, make: _Make) -> Path | None:
        path = self._folder / prompt[:2] / f"{prompt}.wav"
        if await asyncio.to_thread(_touch, path):
            return path
        render = self._renders.get(prompt)
        if render is None:
            if self.is_resting:
                return None
            render = self._tasks.start(f"render-{prompt[:8]}", self._render(path, make))
            self._renders[prompt] = render
            render.add_done_callback(lambda _: self._renders.pop(prompt, None))
        done, _ = await asyncio.wait({render}, timeout=self._patience_s)
        return render.result() if done and not render.cancelled() else None

    async def _render(self, path: Path, make: _Make) -> Path | None:
        async with self._slots:
            if self.is_resting:
                return None
            work: Path | None = None
            try:
                work = await asyncio.to_thread(_work_file, path.parent)
                await make(work)
                await asyncio.to_thread(os.replace, work, path)
            except (SpeechEngineError, OSError) as error:
                self._note_failure(error)
                if work is not None:
                    await asyncio.to_thread(work.unlink, missing_ok=True)
                return None
            self._failures = 0
            self.last_error = ""
            return path

    def _note_failure(self, error: Exception) -> None:
        self.last_error = str(error)
        self._failures += isinstance(error, SpeechEngineDown)
        resting = self._failures >= REST_AFTER_FAILURES
        if resting:
            self._resting_until = self._clock() + REST_S
        log.error("speech_render_failed", error=str(error), in_a_row=self._failures, resting=resting)

    async def fallback_file(self) -> Path:
        """What stands for a prompt that can't be had: the recorded fallback if it can be played, else the tone."""
        if self._fallback is not None and (recorded := await self.converted(self._fallback)) is not None:
            return recorded
        path = self._folder / f"{FALLBACK}.wav"
        try:
            await asyncio.to_thread(_ensure_tone, path)
        except OSError as error:  # a full or read-only disk: the path may still exist from before
            log.error("fallback_prompt_unwritable", error=str(error))
        return path


class _Make(Protocol):
    async def __call__(self, into: Path) -> None: ...


def _touch(path: Path) -> bool:
    """Whether the file is there; marks it as used."""
    try:
        os.utime(path)
    except OSError:
        return False
    return True


def _work_file(folder: Path) -> Path:
    """An empty file beside its destination, so that the rename is atomic; its name is no prompt's."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".render-", suffix=".wav")
    os.fchmod(handle, 0o644)  # Asterisk may run as another user and read the folder itself
    os.close(handle)
    return Path(name)


def _ensure_tone(path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    work = _work_file(path.parent)
    work.write_bytes(fallback_tone.wav())
    os.replace(work, path)


def _prune(folder: Path, before: float) -> int:
    removed = 0
    for path in folder.glob("??/*.wav"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
