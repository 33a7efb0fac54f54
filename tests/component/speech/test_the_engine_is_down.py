"""When the engine is down callers hear what is cached, then the fallback: never silence, never an exception."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path

from ctiserver.channels.speech import REST_AFTER_FAILURES, REST_S, CachedSpeech
from tests.component.speech.speech_doubles import Clock, FakeEngine, write_wav


async def test_a_cached_text_is_heard_and_a_new_one_becomes_the_tone(speech: CachedSpeech, engine: FakeEngine) -> None:
    cached = await speech.render("您好", "zh-CN")
    engine.down = True

    assert await speech.render("您好", "zh-CN") == cached
    fallback = await speech.render("从未听过", "zh-CN")
    assert fallback.name == "fallback.wav"
    with wave.open(str(fallback)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
        samples = file.readframes(file.getnframes())
        assert file.getnframes() > 4000
    assert max(samples) > 0
    assert "not there" in speech.last_error


async def test_a_recorded_fallback_is_preferred(engine: FakeEngine, tmp_path: Path) -> None:
    recorded = tmp_path / "sorry.wav"
    speech = CachedSpeech(engine, tmp_path / "prompts", fallback=recorded)
    engine.down = True
    assert (await speech.render("您好", "zh-CN")).name == "fallback.wav"

    write_wav(recorded, 1234)
    speech = CachedSpeech(engine, tmp_path / "prompts", fallback=recorded)
    engine.down = False
    assert await speech.prerender([]) == 0
    engine.down = True
    heard = await speech.render("您好", "zh-CN")
    assert heard.name != "fallback.wav"
    assert engine.rendered[-2:] == ["sorry", "您好"]


async def test_a_dead_engine_is_left_alone_for_a_while(speech: CachedSpeech, engine: FakeEngine, clock: Clock) -> None:
    engine.down = True
    for n in range(REST_AFTER_FAILURES + 5):
        await speech.render(f"text {n}", "en")
    assert len(engine.rendered) == REST_AFTER_FAILURES
    assert speech.is_resting

    engine.down = False
    clock.now += REST_S + 1
    assert (await speech.render("back again", "en")).name != "fallback.wav"
    assert speech.last_error == ""


async def test_a_text_the_engine_cannot_say_does_not_stop_the_others(speech: CachedSpeech, engine: FakeEngine) -> None:
    engine.broken = True
    for _ in range(REST_AFTER_FAILURES + 2):
        assert (await speech.render("；", "zh-CN")).name == "fallback.wav"
    engine.broken = False
    assert (await speech.render("您好", "zh-CN")).name != "fallback.wav"


async def test_a_slow_engine_does_not_keep_the_caller_waiting_but_fills_the_cache(
    engine: FakeEngine, tmp_path: Path
) -> None:
    speech = CachedSpeech(engine, tmp_path / "prompts", patience_s=0.01)
    engine.gate = asyncio.Event()
    assert (await speech.render("您好", "zh-CN")).name == "fallback.wav"
    engine.gate.set()
    patient = CachedSpeech(engine, tmp_path / "prompts")
    assert (await patient.render("您好", "zh-CN")).name != "fallback.wav"
    await speech.stop()
    await patient.stop()


async def test_a_failed_render_leaves_nothing_behind(speech: CachedSpeech, engine: FakeEngine, tmp_path: Path) -> None:
    engine.broken = True
    await speech.render("；", "zh-CN")
    left = [path for path in (tmp_path / "prompts").rglob("*") if path.is_file() and path.name != "fallback.wav"]
    assert left == []


async def test_a_cache_folder_that_cannot_be_written_is_no_exception(engine: FakeEngine, tmp_path: Path) -> None:
    blocked = tmp_path / "prompts"
    blocked.write_text("a file where the folder should be")
    speech = CachedSpeech(engine, blocked)
    assert (await speech.render("您好", "zh-CN")).name == "fallback.wav"
