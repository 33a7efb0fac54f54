"""A recorded prompt that was checked and levelled, and why one is refused."""

from __future__ import annotations

import msgspec

from ctiserver.errors import Rejected


class PreparedRecording(msgspec.Struct, frozen=True, kw_only=True):
    """`sound`: WAV, 16 kHz, 16-bit, mono, levelled. The figures in dB (below full scale) are of what was uploaded."""

    sound: bytes
    seconds: float
    loudness_db: float
    peak_db: float
    clipped: bool  # it was recorded too loud: what is lost can't be mended


class RecordingRefused(Rejected):
    """What was uploaded can't become a prompt. `error_id` is stable."""

    def __init__(self, error_id: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.error_id = error_id
