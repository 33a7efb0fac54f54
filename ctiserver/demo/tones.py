"""Which tone is in a piece of audio: detection for tests and for simulated callers, and wav files as arrays.

Every phone of a test sends a tone of its own, so that "who hears whom" becomes "which frequency is where".
Samples are float arrays in -1..1, times are seconds, frequencies Hz.
"""

import functools
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

WINDOW_S = 0.1  # tones 40 Hz apart are told apart
AUDIBLE = 0.02  # amplitude of full scale, -34 dBFS: above comfort noise, below any voice
SHARE = 0.2  # of a window's power: three mixed tones are each found, speech does not pass for one
LASTING_S = 0.3  # how long a tone must stay; a vowel may sit on a frequency for less


class ToneMissing(AssertionError):
    """A tone that should be heard is not there."""


class ToneUnwanted(AssertionError):
    """A tone that must not be heard is there."""


def amplitude(samples: Samples, rate: int, hz: float) -> float:
    """Amplitude (0..1) of the sinusoid at `hz` in the Hann-weighted `samples`: Goertzel's one bin of the DFT."""
    if not len(samples):
        return 0.0
    return float(np.abs(samples @ _probes(len(samples), rate, (hz,)))[0])


def loudness(samples: Samples) -> float:
    """Root mean square, 0..1."""
    return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0


def presence(samples: Samples, rate: int, frequencies: Sequence[float]) -> npt.NDArray[np.bool_]:
    """Whether each of `frequencies` is a substantial part of each window, alone or in a mix: (windows, frequencies)."""
    windows = _windows(samples, rate)
    levels = np.abs(windows @ _probes(windows.shape[1], rate, tuple(frequencies)))
    power = np.mean(np.square(windows), axis=1, keepdims=True)
    return (levels >= AUDIBLE) & (np.square(levels) / 2 >= SHARE * power)


def longest_run(samples: Samples, rate: int, hz: float) -> float:
    """Seconds of the longest uninterrupted stretch of the tone `hz`."""
    longest = run = 0
    for present in presence(samples, rate, (hz,))[:, 0]:
        run = run + 1 if present else 0
        longest = max(longest, run)
    return longest * WINDOW_S


def longest_gap(samples: Samples, rate: int, hz: float) -> float:
    """Seconds of the longest stretch without the tone `hz`."""
    longest = run = 0
    for present in presence(samples, rate, (hz,))[:, 0]:
        run = 0 if present else run + 1
        longest = max(longest, run)
    return longest * WINDOW_S


def first_heard(
    samples: Samples, rate: int, frequencies: Sequence[float], lasting_s: float = LASTING_S
) -> float | None:
    """The frequency that first lasts for `lasting_s` seconds without interruption, None if none does."""
    runs = np.zeros(len(frequencies))
    for present in presence(samples, rate, frequencies):
        runs = np.where(present, runs + WINDOW_S, 0.0)
        if runs.size and runs.max() >= lasting_s - WINDOW_S / 2:
            return frequencies[int(runs.argmax())]
    return None


def heard_for(samples: Samples, rate: int, hz: float) -> float:
    """Seconds in which the tone `hz` is present, all stretches together."""
    return float(presence(samples, rate, (hz,)).sum()) * WINDOW_S


def longest_sound(samples: Samples, rate: int) -> float:
    """Seconds of the longest stretch that is not silence, pauses of one window forgiven."""
    longest = run = pause = 0
    for window in _windows(samples, rate):
        if loudness(window) >= AUDIBLE / 2:
            run, pause = run + 1 + pause, 0
        elif pause or not run:
            run = pause = 0
        else:
            pause = 1
        longest = max(longest, run)
    return longest * WINDOW_S


def dominant(samples: Samples, rate: int) -> float | None:
    """The strongest frequency, to about 1 Hz on half a second of a steady tone; None for silence."""
    if loudness(samples) < AUDIBLE / 2:
        return None
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    spectrum[0] = 0
    peak = int(np.argmax(spectrum))
    if not 0 < peak < len(spectrum) - 1:
        return peak * rate / len(samples)
    left, middle, right = (float(value) for value in np.log(spectrum[peak - 1 : peak + 2] + 1e-12))
    curvature = left - 2 * middle + right
    offset = 0.5 * (left - right) / curvature if curvature else 0.0
    return (peak + offset) * rate / len(samples)


def describe(samples: Samples, rate: int) -> str:
    """What is in `samples`, for an error message: length, loudness and the frequencies that dominate its seconds."""
    seconds = len(samples) / rate
    found: list[str] = []
    for start in range(0, len(samples), rate):
        hz = dominant(samples[start : start + rate], rate)
        found.append("silence" if hz is None else f"{hz:.0f} Hz")
    return f"{seconds:.1f} s of audio, loudness {loudness(samples):.3f}, second by second: {', '.join(found) or 'none'}"


def assert_tone(samples: Samples, rate: int, hz: float, *, at_least_s: float = LASTING_S) -> None:
    """Raise ToneMissing unless `hz` is heard for `at_least_s` seconds without interruption."""
    run = longest_run(samples, rate, hz)
    if run < at_least_s - WINDOW_S / 2:
        raise ToneMissing(f"{hz:g} Hz is heard for {run:.1f} s, not {at_least_s:g} s, in {describe(samples, rate)}")


def assert_no_tone(samples: Samples, rate: int, hz: float) -> None:
    """Raise ToneUnwanted if `hz` is heard for LASTING_S seconds or more."""
    run = longest_run(samples, rate, hz)
    if run >= LASTING_S - WINDOW_S / 2:
        raise ToneUnwanted(f"{hz:g} Hz is heard for {run:.1f} s in {describe(samples, rate)}")


@dataclass(frozen=True)
class Wav:
    """A PCM wav file: `channels` has the shape (channels, samples)."""

    rate: int
    channels: npt.NDArray[np.float64]

    @property
    def seconds(self) -> float:
        """Duration."""
        return self.channels.shape[1] / self.rate

    def channel(self, index: int) -> Samples:
        """One channel; of a conversation 0 (left) is the caller and 1 (right) the agent."""
        if index >= self.channels.shape[0]:
            raise ValueError(f"the recording has {self.channels.shape[0]} channel(s), there is no channel {index}")
        return self.channels[index]

    @property
    def left(self) -> Samples:
        """The caller's side."""
        return self.channel(0)

    @property
    def right(self) -> Samples:
        """The agent's side."""
        return self.channel(1)


def read_wav(path: Path) -> Wav:
    """Read 16-bit PCM. A file still being written (its header says less than is there) is read to its end.

    Raises ValueError naming the file if it is not such a file.
    """
    data = path.read_bytes()
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError(f"{path}: not a wav file")
    at, rate, channels = 12, 0, 0
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name == b"fmt ":
            encoding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", data, at + 8)
            if (encoding, bits) != (1, 16):
                raise ValueError(f"{path}: format {encoding} with {bits} bits, expected 16-bit PCM")
        if name == b"data":
            if not rate:
                break
            return Wav(rate, pcm16(data[at + 8 :] if size == 0 else data[at + 8 : at + 8 + size], channels))
        at += 8 + size + size % 2
    raise ValueError(f"{path}: no audio in it")


def pcm16(data: bytes, channels: int = 1) -> npt.NDArray[np.float64]:
    """Interleaved little-endian 16-bit PCM as floats (channels, samples); half a frame at the end is left out."""
    frame = 2 * channels
    whole = np.frombuffer(data[: len(data) // frame * frame], dtype="<i2")
    return whole.reshape(-1, channels).T.astype(np.float64) / 32768


def _windows(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    size = round(WINDOW_S * rate)
    whole = len(samples) // size * size
    return samples[:whole].reshape(-1, size)


@functools.lru_cache(maxsize=64)
def _probes(size: int, rate: int, frequencies: tuple[float, ...]) -> npt.NDArray[np.complex128]:
    """One column per frequency; samples times a column is that wave's amplitude, Hann-weighted."""
    weights = np.hanning(size)
    angles = 2 * np.pi * np.outer(np.arange(size), np.array(frequencies)) / rate
    waves = np.empty((size, len(frequencies)), dtype=np.complex128)
    waves.real, waves.imag = np.cos(angles), -np.sin(angles)
    return waves * (2 * weights / np.sum(weights))[:, np.newaxis]
