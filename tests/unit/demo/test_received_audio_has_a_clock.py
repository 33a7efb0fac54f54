"""The clock of received audio advances only while media flows, and the file may lag behind it."""

import time
from pathlib import Path

import numpy as np
import pytest

from ctiserver.demo import tones
from ctiserver.demo.phone_protocol import SAMPLE_RATE
from ctiserver.demo.received_audio import HEADER_BYTES, ReceivedAudio


def test_time_on_hold_does_not_count(tmp_path: Path) -> None:
    audio = ReceivedAudio(tmp_path / "a.wav")
    now = time.monotonic()
    audio.media_changed("both_ways", now - 10)
    audio.media_changed("held_here", now - 7)
    audio.media_changed("held_here", now - 6)
    audio.media_changed("both_ways", now - 2)
    audio.media_changed("both_ways", now - 1)
    audio.media_changed("none", now)
    assert audio.position() == pytest.approx(5)


async def test_reading_starts_where_asked(tmp_path: Path) -> None:
    audio = ReceivedAudio(tmp_path / "a.wav")
    assert len(await audio.since(0)) == 0

    ramp = np.arange(SAMPLE_RATE, dtype="<i2")
    audio.path.write_bytes(bytes(HEADER_BYTES) + ramp.tobytes() + b"\x07")
    heard = await audio.since(0.5)
    assert len(heard) == SAMPLE_RATE // 2
    assert heard[0] == tones.pcm16(ramp.tobytes())[0][SAMPLE_RATE // 2]
    assert len(await audio.since(2)) == 0


async def test_waiting_for_more_ends_with_the_call(tmp_path: Path) -> None:
    audio = ReceivedAudio(tmp_path / "a.wav")
    far = time.monotonic() + 60
    await audio.more_than(0, far, lambda: True)
    await audio.more_than(0, time.monotonic() - 1, lambda: False)
    audio.path.write_bytes(bytes(HEADER_BYTES + 100))
    await audio.more_than(0, far, lambda: False)
