"""What an article says is recorded once and played to the caller from the agent's page, in the middle of the talk."""

from __future__ import annotations

import io
import math
import struct
import wave

from playwright.sync_api import expect

from tests.browser.stories.agent_page import AgentPage
from tests.browser.stories.conftest import Picture, SignIn
from tests.browser.stories.hotline import STRAIGHT, Hotline

CALLER, ARTICLE = "13700000611", 1
SOUND_HZ, RATE, LASTS_S = 1000, 16_000, 4


def _recording() -> bytes:
    samples = (int(12_000 * math.sin(2 * math.pi * SOUND_HZ * n / RATE)) for n in range(RATE * LASTS_S))
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return file.getvalue()


def test_the_caller_hears_the_article(hotline: Hotline, sign_in: SignIn, picture: Picture) -> None:
    office = sign_in("admin")
    office.goto("/admin/prompts")
    office.get_by_test_id("prompt-name").fill("how_to_read")
    office.get_by_test_id("prompt-upload").set_input_files(
        {"name": "how.wav", "mimeType": "audio/wav", "buffer": _recording()}
    )
    expect(office.locator("[data-testid^='prompt-row-how_to_read']")).to_be_visible()
    office.goto(f"/desk/knowledge/{ARTICLE}")
    office.get_by_test_id("article-edit").click()
    office.get_by_test_id("article-audio").fill("how_to_read")
    office.get_by_test_id("article-save").click()
    expect(office.get_by_test_id("article")).to_contain_text("how_to_read")

    phone = hotline.phone("1006")
    agent = AgentPage(sign_in("1006"))
    agent.become_ready()
    caller = hotline.call(STRAIGHT, CALLER)
    rung = hotline.run(phone.next_call(30))
    hotline.run(rung.answer())
    agent.shows("talking")
    agent.part("call-knowledge-search").fill("水费如何计算")
    agent.part(f"call-article-{ARTICLE}").click()
    agent.part("play-to-caller").click()
    hotline.run(caller.hears(SOUND_HZ))
    picture(agent.page, "agent-article-played-zh")
    hotline.run(caller.hang_up())
