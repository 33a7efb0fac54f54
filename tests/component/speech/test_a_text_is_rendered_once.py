"""A text is rendered once: for callers at the same moment, for later ones, and after a restart."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from ctiserver.channels.speech import CachedSpeech
from ctiserver.ivr.messages import Spoken
from tests.component.speech.speech_doubles import FakeEngine, eventually


async def test_callers_at_the_same_moment_share_one_render(speech: CachedSpeech, engine: FakeEngine) -> None:
    engine.gate = asyncio.Event()
    waiting = [asyncio.create_task(speech.render("您好", "zh-CN")) for _ in range(20)]
    await eventually(lambda: engine.running == 1)
    engine.gate.set()
    paths = await asyncio.gather(*waiting)

    assert engine.rendered == ["您好"]
    assert set(paths) == {paths[0]}
    assert paths[0].stat().st_size > 44


async def test_later_callers_and_later_daemons_take_it_from_the_cache(
    speech: CachedSpeech, engine: FakeEngine, tmp_path: Path
) -> None:
    first = await speech.render("您好", "zh-CN")
    assert await speech.render("您好", "zh-CN") == first
    after_restart = CachedSpeech(engine, tmp_path / "prompts")
    assert await after_restart.render("您好", "zh-CN") == first
    assert engine.rendered == ["您好"]


async def test_the_name_says_what_it_sounds_like(speech: CachedSpeech, engine: FakeEngine) -> None:
    path = await speech.render("您好", "zh-CN")
    prompt = speech.prompt_id("您好", "zh-CN")
    assert path.name == f"{prompt}.wav"
    assert path.parent.name == prompt[:2]

    others = {await speech.render("再见", "zh-CN"), await speech.render("您好", "en")}
    engine.voice = "v2"
    others.add(await speech.render("您好", "zh-CN"))
    assert len(others | {path}) == 4


async def test_a_caller_who_hangs_up_does_not_spoil_it_for_the_others(speech: CachedSpeech, engine: FakeEngine) -> None:
    engine.gate = asyncio.Event()
    gone = asyncio.create_task(speech.render("您好", "zh-CN"))
    stays = asyncio.create_task(speech.render("您好", "zh-CN"))
    await eventually(lambda: engine.running == 1)
    gone.cancel()
    engine.gate.set()
    assert (await stays).name == f"{speech.prompt_id('您好', 'zh-CN')}.wav"
    assert engine.rendered == ["您好"]


async def test_many_texts_never_start_more_engines_than_allowed(speech: CachedSpeech, engine: FakeEngine) -> None:
    engine.gate = asyncio.Event()
    waiting = [asyncio.create_task(speech.render(f"text {n}", "en")) for n in range(10)]
    await eventually(lambda: engine.running == 2)
    engine.gate.set()
    assert len(set(await asyncio.gather(*waiting))) == 10
    assert engine.most_at_once == 2


async def test_prompts_rendered_beforehand_cost_nothing_in_the_call(speech: CachedSpeech, engine: FakeEngine) -> None:
    texts = [Spoken(text=text, language="zh-CN", static=True) for text in ("您好", "再见")]
    assert await speech.prerender(texts) == 0
    await speech.render("再见", "zh-CN")
    assert engine.rendered == ["您好", "再见"]


async def test_what_nobody_hears_any_more_is_removed(speech: CachedSpeech) -> None:
    old = await speech.render("old", "en")
    heard = await speech.render("heard", "en")
    os.utime(old, (0, 0))
    assert await speech.prune(unused_for_s=3600) == 1
    assert not old.exists()
    assert heard.exists()
