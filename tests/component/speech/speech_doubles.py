"""A speech engine that does what a test tells it, and a clock that stands still."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Callable
from pathlib import Path

from ctiserver.channels.speech import SpeechEngineDown, SpeechEngineError


class FakeEngine:
    """Writes a short wav; `gate` holds renders back, `broken` and `down` make them fail."""

    def __init__(self) -> None:
        self.rendered: list[str] = []
        self.running = self.most_at_once = 0
        self.gate: asyncio.Event | None = None
        self.down = False
        self.broken = False
        self.voice = "v1"

    def fingerprint(self, language: str) -> str:
        return f"fake/{self.voice}/{language}"

    async def synthesise(self, text: str, language: str, into: Path) -> None:
        self.rendered.append(text)
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            if self.gate is not None:
                await self.gate.wait()
        finally:
            self.running -= 1
        if self.down:
            raise SpeechEngineDown("the engine is not there")
        if self.broken:
            raise SpeechEngineError("the engine does not like this text")
        await asyncio.to_thread(write_wav, into, len(text) * 100)

    async def convert(self, recording: Path, into: Path) -> None:
        await self.synthesise(recording.stem, "", into)


def write_wav(path: Path, frames: int, rate: int = 8000, channels: int = 1) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"\0\1" * frames * channels)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def eventually(condition: Callable[[], bool]) -> None:
    """Lets other tasks run until `condition` holds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0)
