"""A setting that is a plain value or computed from the call's variables: `90`, `"{90 if customer.vip else 0}"`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec

from ctiserver.ivr import spoken
from ctiserver.ivr.expressions import ExpressionFailed
from ctiserver.ivr.template import Template

MAX_RESULT = 2000
MAX_WHOLE = 2**53


class Computed(msgspec.Struct, frozen=True):
    plain: bool | int | float | str | None = None
    template: Template | None = None

    def of(self, variables: Mapping[str, object]) -> object:
        """The value; None where it can't be computed. Texts are cut off at 2000 characters."""
        if self.template is None:
            return self.plain
        try:
            value = self.template.value(variables)
        except ExpressionFailed:
            return None
        return bounded(value)

    def whole_number(self, variables: Mapping[str, object], otherwise: int) -> int:
        value = self.of(variables)
        try:
            return int(float(value)) if isinstance(value, int | float | str) else otherwise
        except (ValueError, OverflowError):
            return otherwise

    def text(self, variables: Mapping[str, object]) -> str:
        """The value as a text; empty where it can't be computed."""
        value = self.of(variables)
        return spoken.as_text(value)


class Sealed(Computed, frozen=True):
    """A setting that goes to an outside system and nowhere else: it may hold what was entered in secret."""

    def names(self) -> frozenset[str]:
        return self.template.names() if self.template is not None else frozenset()


def bounded(value: object) -> object:
    """What may become a variable: bounded, so that no flow can make a call's state grow with every round."""
    match value:
        case str():
            return value[:MAX_RESULT]
        case int():
            return value if abs(value) <= MAX_WHOLE else None
        case list() | tuple():
            items = cast("list[object] | tuple[object, ...]", value)
            return items if len(items) <= MAX_RESULT else None
        case None | float() | dict():
            return cast(object, value)
        case _:
            return None
