"""A prompt cache in a folder of its own, with an engine that tests command."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ctiserver.asterisk.local import AsteriskPrograms
from ctiserver.channels.espeak import EspeakNg
from ctiserver.channels.speech import CachedSpeech
from tests.component.speech.speech_doubles import Clock, FakeEngine
from tests.real_parts import asterisk_programs, parts_cache

__all__ = ["asterisk_programs", "parts_cache"]


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def speech(engine: FakeEngine, clock: Clock, tmp_path: Path) -> AsyncIterator[CachedSpeech]:
    speech = CachedSpeech(engine, tmp_path / "prompts", patience_s=5, workers=2, clock=clock)
    yield speech
    await speech.stop()


@pytest.fixture
def espeak(asterisk_programs: AsteriskPrograms) -> EspeakNg:
    return EspeakNg(**asterisk_programs.speech_settings(), timeout_s=30)
