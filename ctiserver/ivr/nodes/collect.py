"""collect: the caller keys in a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.fields import Keys, Target, VariableName
from ctiserver.ivr.nodes.question import Asking

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class Collect(Asking, frozen=True, kw_only=True):
    """`digits` is the exact length, or else `min_digits` to `max_digits`, ended by the `end` key or a pause.

    A `secret` number is neither logged, shown, spoken nor stored.
    """

    type_name: ClassVar[str] = "collect"
    active_edges: ClassVar[frozenset[str]] = frozenset({"invalid", "next"})
    assigns_on: ClassVar[frozenset[str] | None] = frozenset({"next"})

    into: VariableName
    next: Target
    digits: int | None = None
    min_digits: int = 1
    max_digits: int = 20
    end: Keys | None = None
    secret: bool = False

    @property
    def shortest(self) -> int:
        return self.digits or self.min_digits

    @property
    def longest(self) -> int:
        return self.digits or self.max_digits

    def problem(self) -> str | None:
        """What the field types cannot express."""
        if self.digits is not None and not 1 <= self.digits <= 32:
            return "digits lies between 1 and 32"
        if not 1 <= self.min_digits <= self.max_digits <= 32:
            return "1 <= min_digits <= max_digits <= 32 is required"
        if self.end is not None and (len(self.end) != 1 or self.end.isdigit()):
            return "end must be # or *"
        return super().problem()

    def claims(self, turn: Turn, key: str) -> bool:
        return key.isdigit() or key == self.end

    def on_key(self, turn: Turn, key: str) -> str | None:
        if key == self.end:
            return self._complete(turn)
        if not key.isdigit():
            return None
        turn.digits += key
        if len(turn.digits) < self.longest:
            return None
        if self.end is not None:
            turn.expect_end_key(self.end)
        return self._complete(turn)

    def on_pause(self, turn: Turn) -> str | None:
        return self._complete(turn)

    def _complete(self, turn: Turn) -> str | None:
        if len(turn.digits) < self.shortest:
            return self.refuse(turn)
        turn.keep_input(self.into, turn.digits, secret=self.secret)
        turn.digits = ""
        return self.next
