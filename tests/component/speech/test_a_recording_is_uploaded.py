"""Story: somebody uploads a recording. It is checked, made mono, cut, and brought to the loudness of all others."""

from __future__ import annotations

import array
import asyncio
import io
import math
import wave
from pathlib import Path

import pytest

from ctiserver.asterisk.local import AsteriskPrograms
from ctiserver.channels.prompt_recording import LOUDNESS_DB, RATE, prepare_recording
from ctiserver.channels.telephone_wav import Programs
from ctiserver.recorded_prompts import RecordingRefused


@pytest.fixture
def programs(asterisk_programs: AsteriskPrograms) -> Programs:
    settings = asterisk_programs.speech_settings()
    return Programs(settings["sox"], settings["environment"], 60)


def sound(
    seconds: float, level: float, *, rate: int = 44100, channels: int = 1, silence_s: float = 0.0, width: int = 2
) -> bytes:
    """A tone of `level` (1: full scale) on the left channel, with silence before and behind it."""
    quiet = [0] * int(silence_s * rate) * channels
    loud: list[int] = []
    for at in range(int(seconds * rate)):
        sample = int(32767 * level * math.sin(2 * math.pi * 440 * at / rate))
        loud += [sample, *([0] * (channels - 1))]
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(array.array("h", [*quiet, *loud, *quiet]).tobytes())
    return content.getvalue()


def measured(wav: bytes) -> tuple[int, int, float, float]:
    """Rate, channels, seconds, RMS of the middle in dB."""
    with wave.open(io.BytesIO(wav), "rb") as file:
        frames = array.array("h", file.readframes(file.getnframes()))
        form = file.getframerate(), file.getnchannels()
    middle = frames[len(frames) // 4 : len(frames) * 3 // 4]
    rms = math.sqrt(sum(sample * sample for sample in middle) / len(middle))
    return *form, len(frames) / form[0], 20 * math.log10(rms / 32768)


@pytest.mark.parametrize("level", [0.02, 0.3, 0.95])
async def test_loud_and_quiet_recordings_come_out_alike(programs: Programs, level: float) -> None:
    ready = await prepare_recording(programs, sound(1.0, level, channels=2, silence_s=0.5))
    rate, channels, seconds, loudness = measured(ready.sound)
    assert (rate, channels) == (RATE, 1)
    assert seconds == pytest.approx(1.08, abs=0.1)  # the silence is cut, a breath of it is left
    assert seconds == pytest.approx(ready.seconds, abs=0.02)
    assert loudness == pytest.approx(LOUDNESS_DB, abs=1.0)
    assert ready.peak_db == pytest.approx(20 * math.log10(level), abs=0.5)
    assert not ready.clipped


async def test_pauses_do_not_count_for_loudness(programs: Programs) -> None:
    once = sound(0.5, 0.2, silence_s=0)
    with wave.open(io.BytesIO(once), "rb") as file:
        spoken = file.readframes(file.getnframes())
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((1, 2, 44100, 0, "NONE", ""))
        file.writeframes(spoken + bytes(4 * 44100) + spoken)
    plain = await prepare_recording(programs, once)
    paused = await prepare_recording(programs, content.getvalue())
    assert paused.loudness_db == pytest.approx(plain.loudness_db, abs=1.0)


async def test_what_was_recorded_too_loud_is_told(programs: Programs) -> None:
    assert (await prepare_recording(programs, sound(0.5, 1.0))).clipped


REFUSED = {
    "a text": (b"this is no sound at all", "not_audio"),
    "nothing": (b"", "not_audio"),
    "half a header": (sound(0.5, 0.3)[:30], "not_audio"),
    "a header without sound": (sound(0.5, 0.3)[:44], "nothing_heard"),
    "silence": (sound(1.0, 0.0), "nothing_heard"),
    "noise of the line": (sound(1.0, 0.003), "nothing_heard"),
    "six channels": (sound(0.2, 0.3, channels=6), "too_many_channels"),
    "a dictaphone": (sound(0.5, 0.3, rate=4000), "rate_too_low"),
    "half an hour": (sound(190, 0.3, rate=8000), "too_long"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(1000), "not_audio"),
    "an MP3 in name only": (b"ID3" + bytes(1000), "not_audio"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_can_not_be_a_prompt_is_refused_by_a_word_of_its_own(programs: Programs, name: str) -> None:
    upload, error_id = REFUSED[name]
    with pytest.raises(RecordingRefused) as refused:
        await prepare_recording(programs, upload)
    assert refused.value.error_id == error_id


async def test_nothing_is_left_behind(programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    await prepare_recording(programs, sound(0.3, 0.3))
    with pytest.raises(RecordingRefused):
        await prepare_recording(programs, sound(0.3, 0.0))
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []
