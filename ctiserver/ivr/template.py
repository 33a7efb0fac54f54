"""Text with values in it: `您本期应缴水费{bill.amount|money}。` A doubled brace stands for the brace itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from ctiserver.ivr import expressions, spoken
from ctiserver.ivr.expressions import Expression, ExpressionFailed
from ctiserver.ivr.flow_error import nearest

MAX_TEXT = 2000


class Slot(msgspec.Struct, frozen=True):
    expression: Expression
    form: str


class Template(msgspec.Struct, frozen=True):
    source: str
    parts: tuple[str | Slot, ...]

    @property
    def is_static(self) -> bool:
        return not any(isinstance(part, Slot) for part in self.parts)

    def slots(self) -> tuple[Slot, ...]:
        return tuple(part for part in self.parts if isinstance(part, Slot))

    def names(self) -> frozenset[str]:
        """The variables it reads."""
        return frozenset(name for slot in self.slots() for name in slot.expression.names())

    def render(self, variables: Mapping[str, object], language: str, now: datetime) -> str:
        """The text to be spoken; what cannot be evaluated is left out."""
        words = (part if isinstance(part, str) else _spoken(part, variables, language, now) for part in self.parts)
        return "".join(words).strip()

    def value(self, variables: Mapping[str, object]) -> object:
        """As a value rather than as speech: a lone `{expression}` keeps its type. Raises ExpressionFailed."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Slot):
            return self.parts[0].expression.evaluate(variables)
        return "".join(
            part if isinstance(part, str) else spoken.as_text(part.expression.evaluate(variables))
            for part in self.parts
        )

    def filled(self, variables: Mapping[str, object], encode: Callable[[str], str]) -> str:
        """The text with each value encoded by `encode`. Raises ExpressionFailed."""
        return "".join(
            part if isinstance(part, str) else encode(spoken.as_text(part.expression.evaluate(variables)))
            for part in self.parts
        )


def parse(source: str) -> Template:
    """Raises ValueError saying where in the text it goes wrong."""
    if len(source) > MAX_TEXT:
        raise ValueError(f"the text is longer than {MAX_TEXT} characters")
    parts: list[str | Slot] = []
    text = ""
    position = 0
    while position < len(source):
        char = source[position]
        if source.startswith(("{{", "}}"), position):
            text += char
            position += 2
        elif char == "{":
            end = source.find("}", position)
            if end < 0:
                raise ValueError(f'the brace before "{source[position + 1 : position + 20]}" is not closed')
            if text:
                parts.append(text)
                text = ""
            parts.append(_slot(source[position + 1 : end]))
            position = end + 1
        elif char == "}":
            raise ValueError("a closing brace without an opening one; write }} for a brace that is meant")
        else:
            text += char
            position += 1
    if text:
        parts.append(text)
    return Template(source, tuple(parts))


def _slot(inside: str) -> Slot:
    source, bar, form = inside.partition("|")
    form = form.strip() if bar else "text"
    if form not in spoken.FORMATS:
        raise ValueError(f'"{form}" is not a way to say a value; {nearest(form, spoken.FORMATS)}')
    return Slot(expressions.parse(source), form)


def _spoken(slot: Slot, variables: Mapping[str, object], language: str, now: datetime) -> str:
    try:
        return spoken.say(slot.form, slot.expression.evaluate(variables), language, now)
    except ExpressionFailed:
        return ""
