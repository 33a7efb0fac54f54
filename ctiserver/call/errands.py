"""What a flow has sent for and waits for: one errand at a time, and the sound it has kept for later.

Plain state, stored with the call. Ids are the call's with a letter and a number: `CALL.q1` lookup, `CALL.m1` message,
`CALL.t1` leg of a transfer, `CALL.f1` fax, `CALL.w1` request to somebody else.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.ivr.messages import LegKind

Purpose = Literal["voicemail", "record", "words", "fax"]


class ErrandBase(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Base of all errands; `type` is the class name."""


class AskedLookup(ErrandBase, frozen=True, kw_only=True, tag=True):
    lookup_id: str
    source: str
    since: float


class RunningMessage(ErrandBase, frozen=True, kw_only=True, tag=True):
    """The caller is being recorded."""

    message_id: str
    since: float
    purpose: Purpose
    box: str = ""
    node: str = ""
    min_s: float = 0.0
    words: tuple[str, ...] = ()  # that may be said, in `language`
    language: str = ""


class OutsideLeg(ErrandBase, frozen=True, kw_only=True, tag=True):
    """Somebody outside of the queues is rung, or talks with the caller."""

    leg_id: str
    target: str
    kind: LegKind
    since: float
    bridge_id: str = ""  # its own: an agent may wait in the call's
    limit_s: float | None = None
    record: bool = False
    picked_up: bool = False
    talking_since: float | None = None
    recording_id: str = ""


class RoomStay(ErrandBase, frozen=True, kw_only=True, tag=True):
    room: str
    since: float


class RunningFax(ErrandBase, frozen=True, kw_only=True, tag=True):
    """The caller's channel is in the dialplan, with Asterisk's fax engine. `document`: what is sent."""

    fax_id: str
    since: float
    box: str = ""
    document: str = ""
    confirmed: int | None = None  # pages of one that came through, though the caller hung up on the last one


Errand = AskedLookup | RunningMessage | OutsideLeg | RoomStay | RunningFax


class KeptSound(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message or fax that was taken and is not stored yet. `asked`: it is being fetched."""

    message_id: str
    purpose: Purpose
    box: str
    node: str
    since: float
    seconds: float | None = None  # None: the caller hung up, only the file knows
    min_s: float = 0.0
    asked: bool = False
