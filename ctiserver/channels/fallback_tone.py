"""The sound that stands for a prompt which can't be had: two soft tones, so that nobody listens to silence."""

from __future__ import annotations

import array
import io
import math
import sys
import wave

RATE = 8000
_TONES_HZ = (660.0, 550.0)
_TONE_S = 0.25
_GAP_S = 0.1
_LEVEL = 6000
_FADE_S = 0.02


def wav() -> bytes:
    """8 kHz, 16-bit, mono, 0.7 s."""
    samples = array.array("h")
    for frequency in _TONES_HZ:
        samples.extend(_tone(frequency))
        samples.extend([0] * int(_GAP_S * RATE))
    if sys.byteorder == "big":
        samples.byteswap()
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())
    return file.getvalue()


def _tone(frequency: float) -> list[int]:
    count = int(_TONE_S * RATE)
    fade = _FADE_S * RATE
    return [
        int(_LEVEL * min(1.0, n / fade, (count - n) / fade) * math.sin(2 * math.pi * frequency * n / RATE))
        for n in range(count)
    ]
