"""Where a call stands in its flow: all that is needed to go on after a restart of the daemon."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias, TypeVar

import msgspec

from ctiserver.ivr.messages import Action

Phase: TypeAlias = Literal[
    "idle", "playing", "listening", "queue", "lookup", "recording", "outside", "room", "fax", "ended"
]

T = TypeVar("T")

MASK = "•"


class Frame(msgspec.Struct, frozen=True):
    """Where to go on when the flow that was entered from here returns."""

    flow_id: str
    content_hash: str
    node: str


class Visit(msgspec.Struct, frozen=True):
    """A node was entered; `by` is the edge of the node before that led here.

    Besides the edges of the file: `keys.0` (a global key), `goto`, `return`, `on_error`, `resume` (the same node once
    more, after a restart of the daemon); "" for the first.
    """

    flow: str
    node: str
    at: datetime
    by: str = ""


class Entered(msgspec.Struct, frozen=True):
    """What the caller keyed in; a secret is one mask sign per key."""

    flow: str
    node: str
    name: str
    value: str
    at: datetime


class Swallow(msgspec.Struct, frozen=True):
    """An end key that comes right after a number which was complete without it means nothing more."""

    key: str
    until: datetime


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """`secrets` and the keys in `typed` and `digits` must not be stored or shown: see `public`.

    `flow_set` is the digest of the set in which the call began. `stage` is the present node's own note of its progress.
    `path` and `entered` hold the latest only; `path_count` and `entered_count` count all there ever were.
    """

    flow_id: str
    version: int
    content_hash: str
    node: str
    language: str
    flow_set: str = ""
    phase: Phase = "idle"
    interruptible: bool = True
    turn: int = 0
    vars: dict[str, object] = {}
    secrets: dict[str, str] = {}
    secrets_lost: tuple[str, ...] = ()
    typed: str = ""
    digits: str = ""
    swallow: Swallow | None = None
    attempts: int = 0
    silences: int = 0
    stage: str = ""
    trail: tuple[str, ...] = ()
    stack: tuple[Frame, ...] = ()
    path: tuple[Visit, ...] = ()
    path_count: int = 0
    entered: tuple[Entered, ...] = ()
    entered_count: int = 0
    fault: str = ""

    def public(self) -> Cursor:
        """The same without anything secret, fit for the journal. `interpreter.resume` knows how to go on from it."""
        return msgspec.structs.replace(
            self,
            secrets={},
            secrets_lost=tuple(sorted({*self.secrets_lost, *self.secrets})),
            typed="",
            digits="",
        )

    def after(self, former: Cursor) -> Cursor:
        """The same, with the way and the entries of a flow that the caller was in before."""
        return msgspec.structs.replace(
            self,
            path=(*former.path, *self.path),
            path_count=former.path_count + self.path_count,
            entered=(*former.entered, *self.entered),
            entered_count=former.entered_count + self.entered_count,
        )


def new_visits(before: Cursor | None, after: Cursor) -> tuple[Visit, ...]:
    """The nodes entered between two cursors of a call."""
    return _latest(after.path, after.path_count - (before.path_count if before is not None else 0))


def newly_entered(before: Cursor | None, after: Cursor) -> tuple[Entered, ...]:
    """What was keyed in between two cursors of a call."""
    return _latest(after.entered, after.entered_count - (before.entered_count if before is not None else 0))


def _latest(items: tuple[T, ...], count: int) -> tuple[T, ...]:
    return items[-count:] if count > 0 else ()


class Step(msgspec.Struct, frozen=True):
    """What to do now, in this order, and where the call then stands."""

    cursor: Cursor
    actions: tuple[Action, ...]


def encode(cursor: Cursor) -> bytes:
    """The public part as JSON."""
    return msgspec.json.encode(cursor.public())


def decode(data: bytes) -> Cursor:
    """Raises msgspec.ValidationError or msgspec.DecodeError."""
    return msgspec.json.decode(data, type=Cursor)
