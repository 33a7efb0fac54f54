"""Detection of tones: alone, mixed, quiet, beside speech-like noise, and in stereo recordings."""

import itertools
import wave
from pathlib import Path

import numpy as np
import pytest

from ctiserver.demo import tones

RATE = 8000


def tone(hz: float, seconds: float = 1.0, amplitude: float = 0.25) -> tones.Samples:
    return amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)


def silence(seconds: float) -> tones.Samples:
    return np.zeros(round(seconds * RATE))


def speech_like(seconds: float) -> tones.Samples:
    """A gliding voice: harmonics of a pitch that moves between 110 and 180 Hz, three syllables a second."""
    time = np.arange(round(seconds * RATE)) / RATE
    pitch = 145 + 35 * np.sin(2 * np.pi * 0.9 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = sum((np.sin(n * phase) / n for n in range(1, 12)), start=np.zeros(len(time)))
    return 0.15 * voice * (0.55 + 0.45 * np.sin(2 * np.pi * 3 * time))


def write_wav(path: Path, *channels: tones.Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.stack(channels, axis=1) * 32767).astype("<i2").tobytes())
    return path


@pytest.mark.parametrize("hz", [300, 440, 600, 1800, 3000])
def test_a_pure_tone_is_dominant_and_measured(hz: float) -> None:
    assert tones.dominant(tone(hz), RATE) == pytest.approx(hz, abs=1)
    assert tones.amplitude(tone(hz), RATE, hz) == pytest.approx(0.25, rel=0.02)
    assert tones.longest_run(tone(hz), RATE, hz) == pytest.approx(1.0)


def test_silence_has_no_frequency() -> None:
    assert tones.dominant(silence(1), RATE) is None
    assert tones.longest_run(silence(1), RATE, 440) == 0
    assert tones.amplitude(silence(0), RATE, 440) == 0


def test_neighbours_are_told_apart() -> None:
    for sent, other in itertools.permutations((440, 480, 520), 2):
        assert tones.longest_run(tone(sent), RATE, other) == 0


def test_each_of_three_mixed_tones_is_found() -> None:
    mix = tone(440) + tone(600) + tone(800)
    assert tones.presence(mix, RATE, (440, 600, 800, 700)).all(axis=0).tolist() == [True, True, True, False]


def test_a_tone_far_below_the_loudest_is_not_presence() -> None:
    assert tones.longest_run(tone(440) + tone(600, amplitude=0.03), RATE, 600) == 0


def test_speech_does_not_pass_for_a_tone() -> None:
    voice = speech_like(6)
    assert tones.longest_sound(voice, RATE) > 3
    for hz in range(300, 1500, 20):
        tones.assert_no_tone(voice, RATE, hz)


def test_a_tone_shorter_than_a_vowel_does_not_count() -> None:
    audio = np.concatenate([silence(0.5), tone(440, 0.2), silence(0.5)])
    tones.assert_no_tone(audio, RATE, 440)
    with pytest.raises(tones.ToneMissing, match=r"440 Hz is heard for 0\.\d s, not 0.3 s"):
        tones.assert_tone(audio, RATE, 440)


def test_interruptions_break_a_run_but_not_the_sum() -> None:
    audio = np.concatenate([tone(440, 1), silence(1), tone(440, 2)])
    assert tones.longest_run(audio, RATE, 440) == pytest.approx(2)
    assert tones.heard_for(audio, RATE, 440) == pytest.approx(3)


def test_the_first_of_several_tones_is_named() -> None:
    audio = np.concatenate([silence(0.5), tone(800, 0.2), tone(600, 0.5), tone(440, 1)])
    assert tones.first_heard(audio, RATE, (440, 600, 800)) == 600
    assert tones.first_heard(audio, RATE, (500, 700)) is None
    assert tones.first_heard(audio[:100], RATE, (440,)) is None


def test_the_longest_gap_in_a_tone() -> None:
    heard = np.concatenate([tone(440), silence(0.3), tone(440), silence(0.1), tone(600, 0.5), tone(440)])
    assert tones.longest_gap(heard, RATE, 440) == pytest.approx(0.6, abs=0.11)
    assert tones.longest_gap(tone(440), RATE, 440) == 0


def test_an_unwanted_tone_is_reported_with_what_is_there() -> None:
    with pytest.raises(tones.ToneUnwanted, match=r"440 Hz .* second by second: 440 Hz, silence"):
        tones.assert_no_tone(np.concatenate([tone(440), silence(1)]), RATE, 440)


def test_a_stereo_recording_has_the_caller_left_and_the_agent_right(tmp_path: Path) -> None:
    recording = tones.read_wav(write_wav(tmp_path / "call.wav", tone(440, 2), tone(600, 2)))

    assert recording.seconds == pytest.approx(2)
    tones.assert_tone(recording.left, RATE, 440, at_least_s=1.9)
    tones.assert_no_tone(recording.left, RATE, 600)
    tones.assert_tone(recording.right, RATE, 600, at_least_s=1.9)
    with pytest.raises(tones.ToneMissing):
        tones.assert_tone(recording.right, RATE, 440)


def test_a_mono_recording_has_no_right_side(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has 1 channel"):
        _ = tones.read_wav(write_wav(tmp_path / "mono.wav", tone(440))).right


def test_a_file_that_is_still_written_is_read_to_its_end(tmp_path: Path) -> None:
    data = write_wav(tmp_path / "whole.wav", tone(440, 1)).read_bytes()
    growing = tmp_path / "growing.wav"
    growing.write_bytes(data[:40] + bytes(4) + data[44 : 44 + RATE] + b"\x01")
    assert tones.read_wav(growing).seconds == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"", "not a wav file"), (b"RIFF\0\0\0\0WAVE", "no audio"), (b"OggS" + bytes(40), "not a wav file")],
)
def test_other_files_are_refused_by_name(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "other.wav"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"other.wav: {complaint}"):
        tones.read_wav(path)
