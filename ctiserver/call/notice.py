"""A phone that is rung about messages in a box: the messages, and how far whoever picked up has come. Shapes only."""

from __future__ import annotations

from typing import Literal

import msgspec

Stage = Literal["ringing", "pin", "menu", "announcing", "playing", "after", "goodbye"]


class NoticedMessage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`path` is below the recordings folder; `at` UTC seconds."""

    id: str
    path: str
    at: float
    caller: str = ""


class MessageNotice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One attempt to have one phone listen to what is unheard in one box.

    stage: ringing · pin (asked for) · menu (how many there are) · announcing (which one comes) · playing · after (what
    now?) · goodbye (hangs up when it has been said).
    """

    box: str
    title: str
    phone: str
    endpoint: str  # "PJSIP/1001"
    messages: tuple[NoticedMessage, ...]
    attempt: int = 1
    shown: str = ""  # the number that the phone sees
    pin_hash: str = ""  # empty: nothing is asked for
    language: str = "zh-CN"
    ring_timeout_s: float = 30.0
    inside: bool = True  # a phone of this house, not a number outside
    stage: Stage = "ringing"
    typed: str = ""  # of the PIN
    wrong_pins: int = 0
    silences: int = 0
    position: int = 0  # of the message in hand
    taken: tuple[str, ...] = ()  # heard here or elsewhere, or removed: not offered any more

    @property
    def current(self) -> NoticedMessage:
        return self.messages[self.position]

    @property
    def left(self) -> tuple[NoticedMessage, ...]:
        return tuple(message for message in self.messages if message.id not in self.taken)
