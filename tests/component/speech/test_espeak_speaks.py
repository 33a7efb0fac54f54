"""The real espeak-ng and sox, as unpacked beside Asterisk: Mandarin and English as the telephone wants it."""

from __future__ import annotations

import array
import sys
import wave
from pathlib import Path

import pytest

from ctiserver.channels.espeak import EspeakNg
from ctiserver.channels.speech import SpeechEngineDown, SpeechEngineError


def _samples(path: Path) -> array.array[int]:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
        return array.array("h", file.readframes(file.getnframes()))


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize(("language", "text"), [("zh-CN", "您好，欢迎致电供水服务热线。"), ("en", "Welcome.")])
async def test_a_sentence_comes_out_at_telephone_quality_and_level(
    language: str, text: str, espeak: EspeakNg, tmp_path: Path
) -> None:
    await espeak.synthesise(text, language, tmp_path / "out.wav")
    samples = _samples(tmp_path / "out.wav")
    assert 0.4 * 8000 < len(samples) < 8 * 8000
    loudest = max(abs(sample) for sample in samples)
    assert 0.55 * 32768 < loudest < 0.7 * 32768  # -4 dB of full scale
    assert _names(tmp_path) == ["out.wav"]


async def test_chinese_and_english_voices_differ(espeak: EspeakNg, tmp_path: Path) -> None:
    await espeak.synthesise("123", "zh-CN", tmp_path / "zh.wav")
    await espeak.synthesise("123", "en", tmp_path / "en.wav")
    assert _samples(tmp_path / "zh.wav") != _samples(tmp_path / "en.wav")


async def test_a_text_that_looks_like_an_option_is_spoken(espeak: EspeakNg, tmp_path: Path) -> None:
    await espeak.synthesise("--help", "en", tmp_path / "out.wav")
    assert len(_samples(tmp_path / "out.wav")) > 2000


async def test_a_missing_program_is_named(tmp_path: Path) -> None:
    engine = EspeakNg(command=["no-such-espeak"])
    with pytest.raises(SpeechEngineDown, match="espeak-ng can't be started"):
        await engine.synthesise("您好", "zh-CN", tmp_path / "out.wav")


async def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    engine = EspeakNg(command=[sys.executable, "-c", "import time; time.sleep(60)"], timeout_s=0.3)
    with pytest.raises(SpeechEngineDown, match="longer than"):
        await engine.synthesise("您好", "zh-CN", tmp_path / "out.wav")
    assert _names(tmp_path) == []


async def test_a_program_that_fails_is_quoted(tmp_path: Path) -> None:
    engine = EspeakNg(command=[sys.executable, "-c", "import sys; sys.exit('voice not found')"])
    with pytest.raises(SpeechEngineError, match="voice not found"):
        await engine.synthesise("您好", "zh-CN", tmp_path / "out.wav")


async def test_the_environment_reaches_the_program(tmp_path: Path) -> None:
    script = "import os, sys; sys.exit(os.environ['ESPEAK_DATA_PATH'])"
    engine = EspeakNg(command=[sys.executable, "-c", script], environment={"ESPEAK_DATA_PATH": "/data/espeak"})
    with pytest.raises(SpeechEngineError, match="/data/espeak"):
        await engine.synthesise("您好", "zh-CN", tmp_path / "out.wav")
