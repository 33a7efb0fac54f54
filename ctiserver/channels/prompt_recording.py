"""A recording that somebody uploads as a prompt: is it sound, how long, how loud; then brought into one form.

    upload ─▶ known kind of file? ─▶ sox: mono, 16 kHz, 16-bit, silence at both ends cut ─▶ measured ─▶ levelled

What is kept is 16 kHz, better than a telephone hears; calls get 8 kHz made of it (speech.CachedSpeech.recorded).
Speech is brought to one loudness, measured over the parts in which somebody speaks, so that recordings made on
different days and synthetic voices follow each other without a jump.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
import wave
from pathlib import Path

from ctiserver.channels.speech import SpeechEngineDown, SpeechEngineError
from ctiserver.channels.telephone_wav import Programs
from ctiserver.recorded_prompts import PreparedRecording, RecordingRefused

LARGEST = 32 * 1024 * 1024
LONGEST_S = 180.0
SHORTEST_S = 0.1
LEAST_RATE = 8000
RATE = 16000
LOUDNESS_DB = -21.0
"""RMS over the speaking parts, below full scale; about what the synthetic voices have."""
MOST_GAIN_DB = 30.0
_QUIET_PEAK_DB = -45.0
_CLIPPED_DB = 0.05
_TRIM = ("silence", "1", "0.02", "-52d", "reverse", "silence", "1", "0.02", "-52d", "reverse")
_PAUSES_CUT = ("silence", "1", "0.02", "-45d", "-1", "0.15", "-45d")
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"RIFF", "wav"),
    (b"RF64", "wav"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b".snd", "au"),
    (b"FORM", "aiff"),
)


async def prepare_recording(programs: Programs, upload: bytes) -> PreparedRecording:
    """Raises RecordingRefused where it can't be used, SpeechEngineDown where sox can't be run."""
    kind = _kind_of(upload)
    folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="prompt-")
    try:
        return await _prepare(programs, upload, Path(folder), kind)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _prepare(programs: Programs, upload: bytes, folder: Path, kind: str) -> PreparedRecording:
    raw, plain, level = (folder / name for name in (f"raw.{kind}", "plain.wav", "level.wav"))
    await asyncio.to_thread(raw.write_bytes, upload)
    try:
        peak = await _peak(programs, raw)
        form = ("-r", str(RATE), "-c", "1", "-b", "16", "-e", "signed-integer", "-t", "wav")
        cut = ("trim", "0", f"{LONGEST_S + 1:g}")
        await programs.sox(raw, *form, plain, *cut, "highpass", "80", *_TRIM)
    except SpeechEngineDown:
        raise
    except SpeechEngineError as error:
        raise RecordingRefused("not_audio", f"the file can't be read as sound: {error}", "send a WAV file") from error
    seconds = await asyncio.to_thread(_seconds, plain)
    if peak < _QUIET_PEAK_DB or seconds < SHORTEST_S:
        raise RecordingRefused("nothing_heard", "there is nothing to be heard in it", "record it again, louder")
    if seconds > LONGEST_S:
        raise RecordingRefused("too_long", f"a prompt is at most {LONGEST_S:g} s long", "split it")
    loudness = await _loudness(programs, plain)
    gain = min(LOUDNESS_DB - loudness, MOST_GAIN_DB)
    await programs.sox(plain, "-b", "16", level, *_gain(gain), "pad", "0.03", "0.05")
    return PreparedRecording(
        sound=await asyncio.to_thread(level.read_bytes),
        seconds=round(await asyncio.to_thread(_seconds, level), 2),
        loudness_db=round(loudness, 1),
        peak_db=round(peak, 1),
        clipped=peak > -_CLIPPED_DB,
    )


def _gain(decibels: float) -> tuple[str, ...]:
    """Peaks are limited where it becomes louder; sox's limiter is of no use the other way round."""
    return ("gain", "-l", f"{decibels:.2f}") if decibels > 0 else ("gain", f"{decibels:.2f}")


def _kind_of(upload: bytes) -> str:
    for sign, kind in _KINDS:
        if upload.startswith(sign):
            if kind == "wav":
                _check_wav(upload)
            return kind
    raise RecordingRefused("not_audio", "this is no file of sound that is known here", "send a WAV file")


def _check_wav(upload: bytes) -> None:
    """The format chunk, which says more than sox does. Raises RecordingRefused."""
    at = upload.find(b"fmt ", 12, 4096)
    if upload[8:12] != b"WAVE" or at < 0 or len(upload) < at + 24:
        raise RecordingRefused("not_audio", "the file begins like a WAV file but has no format", "export it again")
    channels = int.from_bytes(upload[at + 10 : at + 12], "little")
    rate = int.from_bytes(upload[at + 12 : at + 16], "little")
    if not 1 <= channels <= 2:
        raise RecordingRefused("too_many_channels", f"it has {channels} channels", "mono or stereo")
    if rate < LEAST_RATE:
        raise RecordingRefused("rate_too_low", f"{rate} samples a second are less than a telephone has", "8000 or more")


async def _peak(programs: Programs, raw: Path) -> float:
    """Of the loudest sample of any channel, before anything was done to it."""
    told = await programs.sox(raw, "-n", "trim", "0", f"{LONGEST_S + 1:g}", "stats")
    return _figure(told, "Pk lev dB")


async def _loudness(programs: Programs, plain: Path) -> float:
    """Over what is left when pauses are cut out; of a very short word over all of it."""
    told = await programs.sox(plain, "-n", *_PAUSES_CUT, "stats")
    level = _figure(told, "RMS lev dB")
    return level if level > -200 else _figure(await programs.sox(plain, "-n", "stats"), "RMS lev dB")


def _figure(told: str, name: str) -> float:
    """The first figure of a line of sox's `stats`; silence (-inf) and nothing at all are far below everything."""
    found = re.search(rf"^{re.escape(name)}\s+(-?[\d.]+|-inf)", told, re.MULTILINE)
    return float(found[1]) if found is not None and found[1] != "-inf" else -999.0


def _seconds(path: Path) -> float:
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()
