"""What a phone has heard so far: follows the wav file that it records while the call lasts."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from ctiserver.demo import tones
from ctiserver.demo.phone_protocol import SAMPLE_RATE, MediaFlow

HEADER_BYTES = 44  # PJSIP's wav writer: RIFF, fmt, data
LOOK_EVERY_S = 0.05
IN_FLIGHT_S = (
    0.2  # jitter buffers and one packet on the way: older sound may still arrive after an order has been given
)


class ReceivedAudio:
    """A recording with a clock of its own: it advances only while media flows both ways.

    The file lags up to half a second behind (it is written in blocks), therefore "from now on" is computed from the
    clock, not from the size of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._flowing_since: float | None = None
        self._flowed_s = 0.0

    def media_changed(self, flow: MediaFlow, at: float) -> None:
        """Media started or stopped at the monotonic time `at`."""
        if flow == "both_ways" and self._flowing_since is None:
            self._flowing_since = at
        elif flow != "both_ways" and self._flowing_since is not None:
            self._flowed_s += at - self._flowing_since
            self._flowing_since = None

    def position(self) -> float:
        """Seconds of audio received until now."""
        running = 0.0 if self._flowing_since is None else time.monotonic() - self._flowing_since
        return self._flowed_s + running

    async def since(self, start_s: float) -> tones.Samples:
        """All that is in the file from `start_s` seconds of audio on."""
        return await asyncio.to_thread(self._read_from, start_s)

    async def more_than(self, seconds: float, deadline: float, over: Callable[[], bool]) -> None:
        """Wait until the file holds more than `seconds` of audio, until the monotonic `deadline`, or until `over`."""
        size = HEADER_BYTES + 2 * round(seconds * SAMPLE_RATE)
        while not over() and time.monotonic() < deadline:
            await asyncio.sleep(LOOK_EVERY_S)  # a file that another process writes announces nothing
            if await asyncio.to_thread(self._bytes) > size:
                return

    def _bytes(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def _read_from(self, start_s: float) -> tones.Samples:
        if not self.path.exists():
            return tones.pcm16(b"")[0]
        with self.path.open("rb") as file:
            file.seek(HEADER_BYTES + 2 * round(start_s * SAMPLE_RATE))
            return tones.pcm16(file.read())[0]
