"""Utterances become media URIs that Asterisk can play."""

from __future__ import annotations

from pathlib import Path

from ctiserver.channels.prompt_media import PromptMedia
from ctiserver.channels.speech import CachedSpeech
from ctiserver.ivr.messages import Captured, Recorded, Spoken
from tests.component.speech.speech_doubles import FakeEngine, write_wav


async def test_texts_are_fetched_by_id_over_http(speech: CachedSpeech, tmp_path: Path) -> None:
    prompts = PromptMedia(speech, tmp_path, media_url="http://10.0.0.5:8080/")
    texts = [Spoken(text="您好", language="zh-CN"), Spoken(text="Welcome", language="en")]
    assert await prompts.media(texts) == [
        f"sound:http://10.0.0.5:8080/media/prompts/{speech.prompt_id(text.text, text.language)}.wav" for text in texts
    ]


async def test_a_shared_folder_is_named_without_the_extension(speech: CachedSpeech, tmp_path: Path) -> None:
    prompts = PromptMedia(speech, tmp_path, media_url="", shared=True)
    (uri,) = await prompts.media([Spoken(text="您好", language="zh-CN")])
    prompt = speech.prompt_id("您好", "zh-CN")
    assert uri == f"sound:{tmp_path}/prompts/{prompt[:2]}/{prompt}"


async def test_what_the_caller_has_just_recorded_is_played_by_asterisk_itself(
    speech: CachedSpeech, tmp_path: Path
) -> None:
    prompts = PromptMedia(speech, tmp_path, media_url="http://h")
    own, hint = await prompts.media([Captured(recording="n1-7.m1"), Spoken(text="重录请按2", language="zh-CN")])
    assert own == "recording:n1-7.m1"
    assert hint.startswith("sound:http://h/media/prompts/")


async def test_a_recorded_prompt_is_converted_once_and_follows_its_content(
    speech: CachedSpeech, engine: FakeEngine, tmp_path: Path
) -> None:
    prompts = PromptMedia(speech, tmp_path, media_url="http://h")
    recorded = Recorded(prompt="welcome", language="zh-CN")
    write_wav(tmp_path / "welcome.wav", 100)
    first = await prompts.media([recorded, recorded])
    write_wav(tmp_path / "welcome.wav", 200)
    second = await prompts.media([recorded])
    assert first[0] == first[1] != second[0]
    assert engine.rendered == ["welcome", "welcome"]


async def test_the_recording_in_the_callers_language_is_preferred(
    speech: CachedSpeech, engine: FakeEngine, tmp_path: Path
) -> None:
    (tmp_path / "en").mkdir()
    write_wav(tmp_path / "welcome.wav", 100)
    write_wav(tmp_path / "en" / "welcome.wav", 300)
    prompts = PromptMedia(speech, tmp_path, media_url="http://h")
    chinese, english = await prompts.media(
        [Recorded(prompt="welcome", language="zh-CN"), Recorded(prompt="welcome", language="en")]
    )
    assert chinese != english


async def test_a_missing_recording_and_one_from_elsewhere_become_the_fallback(
    speech: CachedSpeech, tmp_path: Path
) -> None:
    folder = tmp_path / "recorded"
    folder.mkdir()
    write_wav(tmp_path / "secret.wav", 100)
    prompts = PromptMedia(speech, folder, media_url="http://h")
    missing = Recorded(prompt="nowhere", language="en")
    outside = Recorded(prompt="../secret", language="en")
    assert await prompts.media([missing, outside]) == ["sound:http://h/media/prompts/fallback.wav"] * 2
