"""branch: go by what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from ctiserver.ivr.expressions import Expression, ExpressionFailed
from ctiserver.ivr.fields import Target
from ctiserver.ivr.nodes.base import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctiserver.ivr.turn import Turn


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    condition: Expression = msgspec.field(name="if")
    go: Target


class Branch(Node, frozen=True, kw_only=True):
    """The first case whose condition holds; a condition that can't be evaluated doesn't hold."""

    type_name: ClassVar[str] = "branch"

    cases: tuple[Case, ...]
    otherwise: Target = msgspec.field(name="else")

    def enter(self, turn: Turn) -> str | None:
        return next((case.go for case in self.cases if _holds(case.condition, turn.variables)), self.otherwise)


def _holds(condition: Expression, variables: Mapping[str, object]) -> bool:
    try:
        return bool(condition.evaluate(variables))
    except ExpressionFailed:
        return False
