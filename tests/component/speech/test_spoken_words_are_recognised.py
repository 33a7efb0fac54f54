"""A recogniser over HTTP, in the three shapes that engines take: asked, slow, broken, talkative, away."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from ctiserver.channels.http_recogniser import HttpRecogniser, recogniser_of
from ctiserver.config import RecognitionSettings
from ctiserver.errors import ConfigurationError
from tests.component.http_engine import served
from tests.component.speech.speech_doubles import Clock, write_wav

WORDS = ("水费", "报修")


class Engine:
    """`say` is what it answers; it keeps what it was sent."""

    def __init__(self) -> None:
        self.say: Any = {"result": [{"text": " 我要查水费 "}]}
        self.status = 200
        self.raw: bytes | None = None
        self.asked: list[dict[str, Any]] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            self.asked.append(await request.json())
        elif request.content_type == "audio/wav":
            self.asked.append({"audio": await request.read(), **request.query})
        else:
            fields = await request.post()
            self.asked.append({n: v.file.read() if isinstance(v, web.FileField) else v for n, v in fields.items()})
        if self.raw is not None:
            return web.Response(body=self.raw, status=self.status)
        return web.json_response(self.say, status=self.status)


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    engine = Engine()
    async with served("/asr", engine.answer) as engine.url:
        yield engine


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    write_wav(tmp_path / "said.wav", 4000)
    return tmp_path / "said.wav"


def settings(engine: Engine, **others: Any) -> RecognitionSettings:
    return RecognitionSettings(url=engine.url, text="result[0].text", languages={"zh-CN": "zh"}, **others)


@pytest.mark.parametrize("send", ["json", "form", "wav"])
async def test_the_sound_goes_there_and_the_text_comes_back(engine: Engine, sound: Path, send: str) -> None:
    body = {"lang": "{language}", "hints": "{words}"} | ({"audio": "{audio}"} if send == "json" else {})
    recogniser = HttpRecogniser(settings(engine, send=send, body=body, file_field="audio"))
    assert await recogniser.understand(sound, "zh-CN", WORDS) == "我要查水费"
    (asked,) = engine.asked
    assert (asked["lang"], asked["hints"]) == ("zh", "水费，报修")
    audio = base64.b64decode(asked["audio"]) if send == "json" else asked["audio"]
    assert audio == await asyncio.to_thread(sound.read_bytes)


async def test_an_answer_without_words_is_silence_and_no_failure(engine: Engine, sound: Path) -> None:
    recogniser = HttpRecogniser(settings(engine))
    engine.say = {"result": []}
    for _ in range(10):
        assert await recogniser.understand(sound, "zh-CN", WORDS) == ""
    assert len(engine.asked) == 10


@pytest.mark.parametrize(
    ("status", "raw"),
    [(500, b""), (302, b""), (200, b"<html>"), (200, b" " * 300_000), (200, b'{"result":[{"text":1}]}')],
)
async def test_an_engine_that_fails_again_and_again_is_left_alone_for_a_while(
    engine: Engine, sound: Path, status: int, raw: bytes
) -> None:
    clock = Clock()
    recogniser = HttpRecogniser(settings(engine), clock)
    engine.status, engine.raw = status, raw
    for _ in range(20):
        assert await recogniser.understand(sound, "zh-CN", WORDS) == ""
    assert len(engine.asked) == 5
    clock.now += 60
    engine.status, engine.raw = 200, None
    assert await recogniser.understand(sound, "zh-CN", WORDS) == "我要查水费"


async def test_nobody_there_and_no_file(engine: Engine, sound: Path, tmp_path: Path) -> None:
    away = RecognitionSettings(url="http://127.0.0.1:9/asr")
    assert await HttpRecogniser(away).understand(sound, "zh-CN", WORDS) == ""
    assert await HttpRecogniser(settings(engine)).understand(tmp_path / "none.wav", "zh-CN", WORDS) == ""
    assert not engine.asked


def test_what_is_configured_wrongly_is_said_at_the_start() -> None:
    assert recogniser_of(RecognitionSettings()) is None
    with pytest.raises(ConfigurationError, match=r"recognition\.url"):
        recogniser_of(RecognitionSettings(url="asr.example.com"))
    with pytest.raises(ConfigurationError, match=r"recognition\.text"):
        recogniser_of(RecognitionSettings(url="http://asr.example.com", text="a..b"))
