"""set: give variables a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.computed import Computed
from ctiserver.ivr.fields import Target, VariableName
from ctiserver.ivr.nodes.base import Node

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class SetVariables(Node, frozen=True, kw_only=True):
    """In this order, so that later ones can use earlier ones; what can't be computed becomes nothing (None)."""

    type_name: ClassVar[str] = "set"
    short: ClassVar[str | None] = "values"

    values: dict[VariableName, Computed]
    next: Target

    def enter(self, turn: Turn) -> str | None:
        for name, value in self.values.items():
            turn.assign(name, value.of(turn.variables))
        return self.next
