"""The form of a spool segment: framed records that reveal a torn or damaged tail.

```
file    = MAGIC  checkpoint  step*
frame   = length u32 · crc32 u32 · payload          (little endian; the CRC covers the payload)
payload = kind (one byte: C or S) · bytes
```

Behind a damaged record the next whole step is found by kind and CRC: a flipped bit costs one step, not all after it.

The checkpoint is whatever the journal's owner needs to rebuild its state before the first step; a step is JSON.
A frame never has length 0, so that a tail of zeros, as file systems leave after a power cut, is no valid record.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import msgspec

from ctiserver.call.events import Step

MAGIC = b"CTISPL1\n"
CHECKPOINT = b"C"
STEP = b"S"
MAX_PAYLOAD = 256 * 1024 * 1024  # anything longer is damage, not data
_HEAD = struct.Struct("<II")
_STEP_BEGINS = STEP + b"{"

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Step)


class Frame(NamedTuple):
    kind: bytes
    body: bytes
    end: int  # offset behind the frame


def frame(kind: bytes, body: bytes) -> bytes:
    payload = kind + body
    return _HEAD.pack(len(payload), zlib.crc32(payload)) + payload


def frames(data: bytes, offset: int) -> Iterator[Frame]:
    """All whole, undamaged frames from `offset` on; ends silently at the first that is neither."""
    while offset + _HEAD.size < len(data):
        length, crc = _HEAD.unpack_from(data, offset)
        begin = offset + _HEAD.size
        payload = data[begin : begin + length]
        if not 0 < length <= MAX_PAYLOAD or len(payload) < length or zlib.crc32(payload) != crc:
            return
        offset = begin + length
        yield Frame(payload[:1], payload[1:], offset)


def next_step(data: bytes, offset: int) -> int | None:
    """Where the first whole, undamaged step at or behind `offset` begins; None: there is none.

    For what was written before and is not being written any more: a record that is only half there is no damage.
    """
    while (found := data.find(_STEP_BEGINS, offset + _HEAD.size)) >= 0:
        offset = found - _HEAD.size
        if next(frames(data, offset), None) is not None:
            return offset
        offset += 1
    return None


def encode_step(step: Step) -> bytes:
    """A step as JSON. Text that is no valid Unicode (half a surrogate pair from a SIP header) is replaced by "?"."""
    try:
        return _encoder.encode(step)
    except UnicodeEncodeError:
        return _encoder.encode(_valid_text(msgspec.to_builtins(step, builtin_types=(msgspec.Raw,))))


def storable(step: Step) -> tuple[Step, bytes]:
    """The step as everybody after the disk may see it, which is as the disk holds it, and what the disk gets."""
    try:
        return step, _encoder.encode(step)
    except UnicodeEncodeError:
        body = encode_step(step)
        return decode_step(body), body


def decode_step(body: bytes) -> Step:
    """Raises msgspec.MsgspecError for JSON that is no step (written by a later version)."""
    return _decoder.decode(body)


def _valid_text(value: object) -> object:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode("utf-8")
        case dict():
            return {key: _valid_text(item) for key, item in cast("dict[str, Any]", value).items()}
        case list() | tuple():
            return [_valid_text(item) for item in cast("list[Any]", value)]
        case _:
            return value
