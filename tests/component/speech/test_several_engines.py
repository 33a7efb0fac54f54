"""Engines in order of preference: piper as a program, any engine over HTTP, and espeak-ng when they fail."""

from __future__ import annotations

import io
import sys
import wave
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from ctiserver.asterisk.local import AsteriskPrograms
from ctiserver.channels.http_speech import HttpSpeech, filled
from ctiserver.channels.piper import Piper
from ctiserver.channels.speech import CachedSpeech, SpeechEngineDown, SpeechEngineError
from ctiserver.channels.speech_chain import SpeechChain
from ctiserver.channels.speech_engines import speech_of
from ctiserver.channels.telephone_wav import Programs
from ctiserver.config import SpeechSettings
from ctiserver.errors import ConfigurationError
from ctiserver.ivr.messages import Spoken
from tests.component.http_engine import served
from tests.component.speech.speech_doubles import FakeEngine

PIPER = """
import sys, wave
arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
text = sys.stdin.read()
assert arguments["--model"] == "/models/zh.onnx", arguments
assert text.count(chr(10)) == 1, text
with wave.open(arguments["--output_file"], "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(22050)
    file.writeframes(bytes([0, 32, 0, 224]) * 5000)
"""


@pytest.fixture
def programs(asterisk_programs: AsteriskPrograms) -> Programs:
    settings: Mapping[str, Any] = asterisk_programs.speech_settings()
    return Programs(settings["sox"], settings["environment"], 30)


def form_of(path: Path) -> tuple[int, int, int]:
    with wave.open(str(path)) as file:
        assert file.getnframes() > 1000
        return file.getframerate(), file.getsampwidth(), file.getnchannels()


class Engine:
    """An HTTP engine that can be told to fail."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.status = 200
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((await request.json(), request.headers.get("Authorization")))
        sound = io.BytesIO()
        with wave.open(sound, "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(16000)
            file.writeframes(bytes([0, 32, 0, 32, 0, 224, 0, 224]) * 5000)
        body = sound.getvalue() if self.status == 200 else b"{}"
        return web.Response(status=self.status if self.status != 299 else 200, body=body)


@pytest.fixture
async def engine_over_http() -> AsyncIterator[Engine]:
    engine = Engine()
    async with served("/speak", engine.answer) as engine.url:
        yield engine


def http_speech(engine: Engine, programs: Programs) -> HttpSpeech:
    return HttpSpeech(
        url=engine.url,
        headers={"Authorization": "Bearer abc"},
        body={"input": {"text": "{text}", "lang": "{language}"}, "voice": "{voice}", "speed": 1.0},
        voices={"zh-CN": "xiaoyan"},
        programs=programs,
        timeout_s=30,
    )


async def test_piper_speaks_through_a_program(programs: Programs, tmp_path: Path) -> None:
    piper = Piper(command=[sys.executable, "-c", PIPER], models={"zh-CN": "/models/zh.onnx"}, programs=programs)
    await piper.synthesise("您好，\n--help", "zh-CN", tmp_path / "out.wav")
    assert form_of(tmp_path / "out.wav") == (8000, 2, 1)
    with pytest.raises(SpeechEngineError, match="no model for en"):
        await piper.synthesise("Hello", "en", tmp_path / "out.wav")


async def test_an_engine_over_http_gets_its_own_shape(
    engine_over_http: Engine, programs: Programs, tmp_path: Path
) -> None:
    await http_speech(engine_over_http, programs).synthesise("您好 {voice}", "zh-CN", tmp_path / "out.wav")
    assert form_of(tmp_path / "out.wav") == (8000, 2, 1)
    body = {"input": {"text": "您好 {voice}", "lang": "zh-CN"}, "voice": "xiaoyan", "speed": 1.0}
    assert engine_over_http.asked == [(body, "Bearer abc")]


@pytest.mark.parametrize(
    ("status", "kind"), [(503, SpeechEngineDown), (400, SpeechEngineError), (299, SpeechEngineError)]
)
async def test_an_engine_that_fails_says_how(
    engine_over_http: Engine, programs: Programs, tmp_path: Path, status: int, kind: type[Exception]
) -> None:
    engine_over_http.status = status
    with pytest.raises(kind) as failed:
        await http_speech(engine_over_http, programs).synthesise("您好", "zh-CN", tmp_path / "out.wav")
    assert "您好" not in str(failed.value)


async def test_the_next_engine_speaks_what_the_first_can_not(tmp_path: Path) -> None:
    first, second = FakeEngine(), FakeEngine()
    first.voice, second.voice = "best", "plain"
    chain = SpeechChain([CachedSpeech(engine, tmp_path) for engine in (first, second)])
    cached = await chain.render("您好", "zh-CN")
    first.down = True
    assert await chain.render("您好", "zh-CN") == cached  # the best voice, from its cache
    assert (await chain.render("新的", "zh-CN")).name != "fallback.wav"
    assert (first.rendered, second.rendered) == (["您好", "新的"], ["新的"])
    second.down = True
    assert (await chain.render("全坏", "zh-CN")).name == "fallback.wav"
    assert await chain.prerender([Spoken(text="您好", language="zh-CN"), Spoken(text="无", language="zh-CN")]) == 1
    assert "not there" in chain.last_error
    await chain.stop()


async def test_a_resting_engine_is_passed_over_and_the_chain_rests_with_its_last(tmp_path: Path) -> None:
    first, second = FakeEngine(), FakeEngine()
    first.voice, second.voice = "best", "plain"
    first.down = True
    chain = SpeechChain([CachedSpeech(engine, tmp_path) for engine in (first, second)])
    for number in range(6):
        assert (await chain.render(f"text {number}", "en")).name != "fallback.wav"
    assert len(first.rendered) == 3
    assert not chain.is_resting
    await chain.stop()


def test_settings_choose_engines_and_their_order(tmp_path: Path) -> None:
    one = SpeechSettings()
    assert isinstance(speech_of(one, tmp_path, tmp_path / "f.wav"), CachedSpeech)
    several = SpeechSettings.model_validate(
        {"engines": ["http", "espeak-ng"], "http": {"url": "http://tts.example/speak"}}
    )
    assert isinstance(speech_of(several, tmp_path, tmp_path / "f.wav"), SpeechChain)
    for wrong in ({"engines": ["piper"]}, {"engines": ["http"]}):
        with pytest.raises(ConfigurationError, match="speech"):
            speech_of(SpeechSettings.model_validate(wrong), tmp_path, tmp_path / "f.wav")


def test_a_text_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    assert filled(["{text}", 1, {"a": "<{voice}>"}], {"{text}": "{voice}", "{voice}": "v"}) == [
        "{voice}",
        1,
        {"a": "<v>"},
    ]
