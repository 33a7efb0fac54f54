"""Several speech engines in order of preference: cached by the first that has it, else rendered by the first that can.

Each engine has its own cache entries, its own rest after failures and its own time-out; after the last one comes the
fallback prompt, so that nobody listens to silence.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

from ctiserver.channels.speech import CachedSpeech
from ctiserver.ivr.messages import Spoken


class SpeechChain:
    """Used like a single CachedSpeech. They share a folder; at least one is needed."""

    def __init__(self, engines: Sequence[CachedSpeech]) -> None:
        self._engines = tuple(engines)

    @property
    def is_resting(self) -> bool:
        """Whether no engine is left that could speak a new text."""
        return all(engine.is_resting for engine in self._engines)

    @property
    def last_error(self) -> str:
        return "; ".join(engine.last_error for engine in self._engines if engine.last_error)

    async def render(self, text: str, language: str) -> Path:
        ready = await self.prepared(text, language)
        return ready if ready is not None else await self._engines[-1].fallback_file()

    async def prepared(self, text: str, language: str) -> Path | None:
        for engine in self._engines:
            if (ready := await engine.prepared(text, language)) is not None:
                return ready
        return None

    async def converted(self, recording: Path) -> Path | None:
        """Conversion is the same program for all engines: the last one, which is nearest, does it."""
        return await self._engines[-1].converted(recording)

    async def fallback_file(self) -> Path:
        return await self._engines[-1].fallback_file()

    async def prerender(self, texts: Iterable[Spoken]) -> int:
        """Fills the cache; answers how many texts no engine could speak."""
        await self._engines[-1].prerender(())
        missing = 0
        for text in texts:
            missing += await self.prepared(text.text, text.language) is None
        return missing

    async def prune(self, *, unused_for_s: float) -> int:
        return await self._engines[0].prune(unused_for_s=unused_for_s)

    async def stop(self) -> None:
        await asyncio.gather(*(engine.stop() for engine in self._engines))
