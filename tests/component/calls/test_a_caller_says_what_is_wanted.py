"""A menu that listens: what the caller says is recorded, recognised by an engine over HTTP, and compared with words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from ctiserver.call.events import CallEnded, QueueEntered
from ctiserver.channels.http_recogniser import HttpRecogniser
from ctiserver.config import RecognitionSettings
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk, FakeCaller
from tests.component.http_engine import served

FLOW = """
flow: asks
entry: ask
nodes:
  ask:
    menu:
      say: 请说水费、报修或人工。
      choices: {"1": bills, "2": repairs}
      words: {"1": [水费, 账单], "2": [报修, 漏水]}
      retries: 1
      no_input: bye
  bills: {queue: {queue: service}}
  repairs: {queue: {queue: repairs}}
  bye: {hang_up: 再见。}
"""


class Engine:
    """Understands what it is told to."""

    def __init__(self) -> None:
        self.says = ""
        self.heard: list[bytes] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.heard.append(await request.read())
        return web.json_response({"text": self.says})


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    engine = Engine()
    async with served("/asr", engine.answer) as engine.url:
        yield engine


async def asked(fake: FakeAsterisk, open_house: OpenHouse, engine: Engine, tmp_path: Path) -> tuple[House, FakeCaller]:
    """A caller who may speak now."""
    flows = tmp_path / "edited"
    flows.mkdir()
    (flows / "asks.yaml").write_text(FLOW, encoding="utf-8")
    (flows / "lines.yaml").write_text('lines: {"100": asks}\n', encoding="utf-8")
    recogniser = HttpRecogniser(RecognitionSettings(url=engine.url, timeout_s=8))
    house = await open_house(agent(1, service=9, repairs=9), flows=flows, recogniser=recogniser)
    caller = await fake.call("100")
    await may_speak(caller)
    return house, caller


async def may_speak(caller: FakeCaller) -> None:
    await caller.wait_for_prompt("请说水费")
    caller.finish_prompt()
    await caller.wait_for_the_tone()


async def test_the_word_decides(fake: FakeAsterisk, open_house: OpenHouse, engine: Engine, tmp_path: Path) -> None:
    engine.says = "我家厨房漏水了"
    house, caller = await asked(fake, open_house, engine, tmp_path)
    caller.falls_silent()
    assert (await house.until_fact(QueueEntered)).queue_id == "repairs"
    assert engine.heard[0].startswith(b"RIFF")
    assert not fake.ari.rest.errands.messages.stored, "nobody keeps what was said"


async def test_who_is_not_understood_is_asked_again_and_may_press_a_key_meanwhile(
    fake: FakeAsterisk, open_house: OpenHouse, engine: Engine, tmp_path: Path
) -> None:
    engine.says = "今天天气不错"
    house, caller = await asked(fake, open_house, engine, tmp_path)
    caller.falls_silent()
    await may_speak(caller)
    caller.press("1")
    assert (await house.until_fact(QueueEntered)).queue_id == "service"
    assert len(engine.heard) == 1


async def test_who_is_never_understood_is_led_on(
    fake: FakeAsterisk, open_house: OpenHouse, engine: Engine, tmp_path: Path
) -> None:
    house, caller = await asked(fake, open_house, engine, tmp_path)
    caller.falls_silent()
    await may_speak(caller)
    caller.falls_silent()
    await caller.wait_for_prompt("再见")
    caller.finish_prompt()
    assert (await house.until_fact(CallEnded)).ended_by == "flow"


async def test_hanging_up_while_the_engine_thinks(
    fake: FakeAsterisk, open_house: OpenHouse, engine: Engine, tmp_path: Path
) -> None:
    house, caller = await asked(fake, open_house, engine, tmp_path)
    caller.hang_up()
    await house.until_quiet()
    assert (await house.until_fact(CallEnded)).ended_by == "caller"
    assert not engine.heard
